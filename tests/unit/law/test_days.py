"""Days as the law counts them: over months, years, leap days, and whatever zone the machine is in."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing.kernel.errors import Text
from mingjing.law.days import (
    counted,
    day_of,
    days_left,
    end_us,
    last_day,
    start_us,
    window_before,
)

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
FIGURES = st.integers(1, 400)


@given(DAYS, FIGURES)
def test_the_first_day_is_not_counted_and_as_many_whole_days_follow(start: date, days: int) -> None:
    counted_days = [start + timedelta(days=n) for n in range(1, days + 1)]
    assert last_day(start, days) == counted_days[-1]
    assert len(counted_days) == days


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2025-04-01", 90, "2025-06-30"),
        ("2026-10-18", 30, "2026-11-17"),
        ("2028-01-30", 30, "2028-02-29"),
        ("2027-01-30", 30, "2027-03-01"),
        ("2026-12-15", 30, "2027-01-14"),
    ],
)
def test_months_years_and_leap_days(start: str, days: int, last: str) -> None:
    assert last_day(date.fromisoformat(start), days) == date.fromisoformat(last)


@given(DAYS)
def test_a_day_in_beijing_is_all_moments_between_its_midnights(day: date) -> None:
    first, end = start_us(day), end_us(day)
    assert end - first == 24 * 3_600_000_000
    assert day_of(first) == day_of(end - 1) == day
    assert day_of(first - 1) == day - timedelta(days=1)
    assert day_of(end) == day + timedelta(days=1)


@pytest.fixture
def zone() -> Iterator[Callable[[str], None]]:
    """Puts the machine into a time zone, and back at the end."""
    before = os.environ.get("TZ")

    def put(name: str) -> None:
        os.environ["TZ"] = name
        time.tzset()

    yield put
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


EDGES = [
    date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 29),
    date(2026, 10, 25), date(2026, 11, 30), date(2100, 2, 28), date(2100, 3, 1),
]  # fmt: skip
"""Ends of months and years, leap days and a year that has none, nights on which clocks elsewhere are changed."""


def test_no_zone_of_the_machine_moves_a_day_or_a_deadline(zone: Callable[[str], None]) -> None:
    # 16:00 UTC is midnight in Beijing.
    midnights = {day: int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) for day in EDGES}
    zones = sorted(available_timezones())
    assert len(zones) > 300
    for name in zones:
        zone(name)
        for day, at_s in midnights.items():
            first = (at_s - 8 * 3600) * 1_000_000
            assert (start_us(day), day_of(first - 1), day_of(first)) == (
                first, day - timedelta(days=1), day,
            ), name  # fmt: skip
            assert end_us(last_day(day, 30)) - first == 31 * 24 * 3_600_000_000, name


@given(DAYS, FIGURES)
def test_the_window_before_an_event_has_as_many_days_and_not_its_own(event: date, days: int) -> None:
    window = window_before(event, days)
    assert (window.end - window.first).days == days
    assert window.place(window.first) == window.place(event - timedelta(days=1)) == "within"
    assert window.place(event) == "after"
    assert window.place(window.first - timedelta(days=1)) == "before"


def test_it_is_told_how_a_deadline_was_counted() -> None:
    how = counted(Text("投用", "Entry into use"), date(2026, 10, 18), 30)
    assert how.zh == "投用 2026-10-18，次日起第 30 日 = 2026-11-17 24:00"
    assert "2026-11-17 24:00" in how.en
    assert (
        days_left(date(2026, 11, 17), date(2026, 11, 17)),
        days_left(date(2026, 11, 17), date(2026, 11, 23)),
    ) == (0, -6)
