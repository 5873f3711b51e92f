"""Places of the ten categories that have to be covered, and their key positions (HB361, article 7)."""
