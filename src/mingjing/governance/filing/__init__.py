"""Filings (备案): the register of the unit, the clock, and what came back from the organ (HB361, 11; SC799, 14).

Filing in law happens with the police organ. What is kept here is the unit's own record of it.
"""
