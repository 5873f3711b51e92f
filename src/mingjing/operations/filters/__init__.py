"""Saved filters of register pages, which the console calls views: kept for oneself or shared with one's unit."""
