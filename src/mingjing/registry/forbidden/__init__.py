"""Forbidden places and sensitive spots (HB361, article 8; SC799, article 8), neighbourhoods of secret units with their
consents (SC799, article 10), and what a spot says of itself: inside one, or suspected of looking into one."""
