"""Deadlines as the rules judge them: they hold to their last moment in Beijing, over every end of month and year and every
leap day, and are broken from the next moment on."""

from datetime import date, timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from mingjing.law.days import day_of, end_us, last_day, start_us
from mingjing.law.facts import FilingFact, SystemFacts
from mingjing.law.rule import Court
from mingjing.law.rules import rules
from mingjing.law.sets import shipped

HERE = "420000/420100/420115/"
DAYS = st.dates(date(2025, 4, 1), date(2060, 12, 31))
EDGES = (date(2025, 12, 31), date(2027, 1, 30), date(2028, 1, 30), date(2028, 2, 29), date(2030, 11, 30))


def judged(rule: str, at_us: int, **members: Any) -> list[str]:
    """What a rule says of a system of Article 7 at a moment."""
    facts = SystemFacts(**{"id": "sy_1", "division_path": HERE, "regime": "art7"} | members)
    return [one.state.value for one in Court(shipped(), day_of(at_us)).judge(rules()[rule], facts)]


def over_edges(test: Any) -> Any:
    """With every edge of the calendar beside what chance finds."""
    for day in EDGES:
        test = example(day)(test)
    return test


@over_edges
@given(DAYS)
def test_an_initial_filing_is_due_until_the_thirtieth_day_at_midnight_and_late_a_moment_after(
    used: date,
) -> None:
    end = end_us(last_day(used, 30))
    assert end == start_us(used) + 31 * 24 * 3_600_000_000
    assert judged("FILE-01", start_us(used), in_use=used) == ["pending"]
    assert judged("FILE-01", end - 1, in_use=used) == ["pending"]
    assert judged("FILE-01", end, in_use=used) == ["broken"]


@over_edges
@given(DAYS)
def test_what_is_submitted_on_the_last_day_is_in_time_and_on_the_next_it_is_late(used: date) -> None:
    last = last_day(used, 30)
    after = start_us(last + timedelta(days=60))
    for submitted, accepted, state in (
        (used, False, "met"), (last, False, "met"), (last + timedelta(days=1), False, "broken"),
        (last + timedelta(days=1), True, "late"),
    ):  # fmt: skip
        filed = (FilingFact("initial", submitted, "420115", accepted),)
        assert judged("FILE-01", after, in_use=used, filings=filed) == [state], submitted


@over_edges
@given(DAYS)
def test_dismantling_is_filed_within_the_thirty_days_before_it_and_not_on_its_day(planned: date) -> None:
    day = start_us(planned)
    assert judged("DISM-02", day - 1, dismantle_planned=planned) == ["pending"]
    assert judged("DISM-02", day, dismantle_planned=planned) == ["broken"]
    for ahead, state in ((31, "unknown"), (30, "met"), (1, "met")):
        filed = (FilingFact("dismantling", planned - timedelta(days=ahead), "420115"),)
        assert judged("DISM-02", day, dismantle_planned=planned, filings=filed) == [state], ahead


@given(DAYS, st.integers(0, 24 * 3_600_000_000 - 1))
def test_at_every_moment_of_a_day_the_same_is_judged(used: date, moment_us: int) -> None:
    last = last_day(used, 30)
    assert judged("FILE-01", start_us(last) + moment_us, in_use=used) == ["pending"]
    after = start_us(last + timedelta(days=1)) + moment_us
    assert judged("FILE-01", after, in_use=used) == ["broken"]
