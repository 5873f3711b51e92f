"""What waits for a person to decide it, gathered from the rooms that know of it."""
