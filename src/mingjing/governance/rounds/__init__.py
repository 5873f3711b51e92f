"""Rounds that are made again and again: checks of forbidden places by the unit that answers for them (SC799, article 8,
paragraph 2), and checks of signs (HB361, article 9; SC799, article 13)."""
