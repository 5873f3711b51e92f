"""Workdays move reminders earlier, and never a deadline; who is told of one follows from whose duty it is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing.governance.reminding.rules import receivers, stage_of
from mingjing.law.calendar import holidays_known, is_workday, workday_not_after

SCHOOL, TOWN, COUNTY = "or_county/or_town/or_school/", "or_county/or_town/", "or_county/"
PEOPLE = [("a", SCHOOL), ("b", TOWN), ("c", COUNTY), ("d", "or_other/")]


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        ("2026-10-09", True), ("2026-10-10", True), ("2026-10-11", False), ("2026-10-07", False), ("2026-10-08", True),
        ("2025-01-26", True), ("2025-01-28", False), ("2026-02-14", True), ("2026-02-23", False), ("2027-10-01", True),
        ("2027-10-02", False),
    ],
)  # fmt: skip
def test_the_state_councils_table_says_when_offices_are_open(day: str, open_: bool) -> None:
    assert is_workday(date.fromisoformat(day)) is open_


def test_a_year_without_a_table_has_its_weekends_and_says_so() -> None:
    assert [holidays_known(date(year, 10, 1)) for year in (2024, 2025, 2026, 2027)] == [
        False,
        True,
        True,
        False,
    ]


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)))
def test_a_reminder_comes_on_its_day_or_on_a_workday_before(day: date) -> None:
    found = workday_not_after(day)
    assert found <= day
    assert is_workday(found)
    assert not any(is_workday(found + timedelta(days=n)) for n in range(1, (day - found).days + 1))


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        ("2026-11-01", None), ("2026-11-02", "15"), ("2026-11-09", "15"), ("2026-11-10", "7"),
        # Three days before is Saturday the 14th: it is told on Friday.
        ("2026-11-12", "7"), ("2026-11-13", "3"), ("2026-11-16", "1"), ("2026-11-17", "1"), ("2026-11-18", "overdue"),
        ("2026-11-24", "overdue"), ("2026-11-25", "escalated"),
    ],
)  # fmt: skip
def test_a_deadline_goes_through_its_stages(today: str, stage: str | None) -> None:
    assert stage_of(date(2026, 11, 17), date.fromisoformat(today), 7) == stage


def test_the_reminder_of_a_day_after_a_holiday_comes_before_it() -> None:
    # Seven, three and one days before 8 October all lie in the National Day holiday, which begins on the first.
    assert stage_of(date(2026, 10, 8), date(2026, 9, 29), 7) == "15"
    assert stage_of(date(2026, 10, 8), date(2026, 9, 30), 7) == "1"


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(1, 60))
def test_stages_only_go_on(due: date, escalate_after: int) -> None:
    order = [None, "15", "7", "3", "1", "overdue", "escalated"]
    seen = [
        order.index(stage_of(due, due + timedelta(days=n), escalate_after))
        for n in range(-40, escalate_after + 3)
    ]
    assert seen == sorted(seen)
    assert (seen[40], seen[41]) == (4, 5), "on the last day it is not overdue, the day after it is"


@pytest.mark.parametrize(
    ("people", "first", "above"),
    [
        (PEOPLE, ["a"], ["b"]),
        (PEOPLE[1:], ["b"], ["c"]),
        (PEOPLE[2:], ["c"], ["d"]),
        (PEOPLE[3:], ["d"], ["d"]),
        ([], [], []),
        ([("x", SCHOOL), ("a", SCHOOL)], ["a", "x"], ["a", "x"]),
    ],
)
def test_those_of_the_unit_are_told_and_then_those_above_it(
    people: list[tuple[str, str]], first: list[str], above: list[str]
) -> None:
    assert receivers(SCHOOL, people, above=False) == first
    assert receivers(SCHOOL, people, above=True) == above
