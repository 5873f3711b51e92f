"""Cameras in their first form: what they are called, where they stand, how they are reached."""
