"""Saved walls and tours: what somebody puts on a screen, kept for oneself or shared with one's unit."""
