"""Reminders: before a deadline, when it is over, and then to who stands above. Each is told once, and kept."""
