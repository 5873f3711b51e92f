"""Workdays, for reminders only: a deadline never moves, its reminder comes on the workday before.

The table is the State Council's yearly notice on holidays. Beyond its last year only weekends are known.
"""

import tomllib
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Final

SATURDAY: Final = 5


@cache
def _table() -> tuple[frozenset[date], frozenset[date], int]:
    """Days off, working weekends, and the last year that is known."""
    data = tomllib.loads(
        resources.files("mingjing.law").joinpath("workdays.toml").read_text(encoding="utf-8")
    )
    off: set[date] = set()
    for year in data["years"]:
        for first, last in year["off"]:
            off |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    at_work = frozenset(day for year in data["years"] for day in year["work"])
    return frozenset(off), at_work, max(year["year"] for year in data["years"])


def known_until() -> int:
    """The last year whose holidays are known."""
    return _table()[2]


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


def reminders(last: date, before: tuple[int, ...]) -> list[date]:
    """On which days a deadline is recalled: so many days before it, or on the workday before that day."""
    return sorted({workday_not_after(last - timedelta(days=days)) for days in before})
