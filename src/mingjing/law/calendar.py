"""Workdays, for reminders only: a deadline never moves, its reminder comes on the workday before.

The table is the State Council's yearly notice on holidays (`workdays.toml`). Of a year without one only weekends are
known, and what is told then says so.
"""

import tomllib
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Final

SATURDAY: Final = 5


@cache
def _table() -> tuple[frozenset[date], frozenset[date], frozenset[int]]:
    """Days off, weekend days that are worked, and the years that are known."""
    text = resources.files("mingjing.law").joinpath("workdays.toml").read_text(encoding="utf-8")
    years = tomllib.loads(text)["years"]
    off: set[date] = set()
    for year in years:
        for first, last in year["off"]:
            off |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    at_work = frozenset(day for year in years for day in year["work"])
    return frozenset(off), at_work, frozenset(year["year"] for year in years)


def holidays_known(day: date) -> bool:
    """Whether the holidays of that year are known, not its weekends alone."""
    return day.year in _table()[2]


def is_workday(day: date) -> bool:
    """Whether offices are open."""
    off, at_work, _ = _table()
    if day in off:
        return False
    return day in at_work or day.weekday() < SATURDAY


def workday_not_after(day: date) -> date:
    """`day`, or the last workday before it."""
    while not is_workday(day):
        day -= timedelta(days=1)
    return day
