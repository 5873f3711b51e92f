"""Schedules, reasons, verdicts and percentages, as the operators' rules put them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing.media.causes import Cause, StreamState
from mingjing.recording.capacity import ASSUMED_BPS, Load, Pool, arithmetic, forecast
from mingjing.recording.intervals import Interval, intersect, split, subtract, tidy, total_us
from mingjing.recording.rules import (
    DAY_US,
    HOUR_US,
    MINUTE_US,
    SECOND_US,
    WEEKDAYS,
    Reason,
    Seen,
    beijing_day,
    day_text,
    due,
    judge,
    parse_day,
    percent_cut,
    reason_of,
    weekly_problems,
)

intervals = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 40)).map(lambda pair: Interval(pair[0], sum(pair))),
    max_size=12,
)


def points(items: list[Interval]) -> set[int]:
    return {point for item in items for point in range(item.from_us, item.until_us)}


@given(intervals, intervals)
def test_interval_algebra_is_that_of_sets(left: list[Interval], right: list[Interval]) -> None:
    assert points(tidy(left)) == points(left)
    assert points(subtract(left, right)) == points(left) - points(right)
    assert points(intersect(left, right)) == points(left) & points(right)
    assert total_us(subtract(left, right)) == len(points(left) - points(right))


@given(st.integers(-500, 500), st.integers(1, 300), st.integers(1, 50))
def test_splitting_loses_nothing_and_respects_the_grid(start: int, length: int, step: int) -> None:
    whole = Interval(start, start + length)
    pieces = list(split(whole, step))
    assert tidy(piece for _, piece in pieces) == [whole]
    assert all(at % step == 0 and at <= p.from_us and p.until_us <= at + step for at, p in pieces)


MONDAY = parse_day("2026-11-23")


def test_a_weekly_plan_is_read_in_beijing_time() -> None:
    weekly = {"mon": [(480, 1080)], "sun": [(0, 60)]}
    found = due("weekly", weekly, Interval(MONDAY.from_us - DAY_US, MONDAY.until_us))
    sunday = MONDAY.from_us - DAY_US
    assert found == [
        Interval(sunday, sunday + HOUR_US),
        Interval(MONDAY.from_us + 8 * HOUR_US, MONDAY.from_us + 18 * HOUR_US),
    ]


@given(st.integers(0, 3 * 10**15), st.integers(0, 20 * DAY_US))
def test_a_full_week_is_always(start: int, length: int) -> None:
    window = Interval(start, start + length)
    full = {day: [(0, 1440)] for day in WEEKDAYS}
    assert due("weekly", full, window) == due("always", {}, window)
    assert due("off", full, window) == []


def test_days_are_beijing_days() -> None:
    assert day_text(MONDAY.from_us) == "2026-11-23"
    assert day_text(MONDAY.from_us - 1) == "2026-11-22"
    assert beijing_day(MONDAY.until_us - 1) == MONDAY.from_us


def test_a_weekly_plan_with_mistakes_is_told_each_of_them() -> None:
    assert weekly_problems({"mon": [(0, 60), (30, 90)], "xyz": [], "tue": [(9, 9)]}) == [
        "xyz:unknown_day",
        "mon:overlap",
        "tue:bad_range",
    ]


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_has_a_reason_that_is_not_unknown(cause: Cause) -> None:
    assert reason_of(cause) is not Reason.UNKNOWN


NOW = MONDAY.from_us


def seen(**changes: object) -> Seen:
    facts: dict[str, object] = {
        "due": True,
        "enabled": True,
        "known_to_node": True,
        "state": StreamState.PLAYING,
        "cause": None,
        "recording": True,
        "arrived_us": NOW - SECOND_US,
    }
    return Seen(**(facts | changes))  # type: ignore[arg-type]


def test_frames_are_believed_and_not_sockets() -> None:
    assert judge(seen(), NOW).state == "recording"
    assert judge(seen(arrived_us=NOW - 6 * SECOND_US), NOW).reason is Reason.SOURCE_SILENT
    assert judge(seen(recording=False, cause=Cause.WRONG_PASSWORD), NOW).reason is Reason.SOURCE_REFUSED
    assert judge(seen(enabled=False), NOW).reason is Reason.DISABLED
    assert judge(seen(known_to_node=False), NOW).reason is Reason.PLATFORM_RESTART
    assert judge(seen(due=False, recording=False), NOW).state == "not_due"


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_percent_is_cut_and_only_the_whole_is_100(kept: int, whole: int) -> None:
    shown = percent_cut(kept, whole)
    assert shown is not None
    assert (shown == 100) == (kept >= whole)
    assert shown <= 100 * kept / whole or kept >= whole


def test_99_97_shows_99_9_and_nothing_due_shows_nothing() -> None:
    assert percent_cut(9997, 10000) == 99.9
    assert percent_cut(0, 0) is None


def test_a_plan_that_the_disks_cannot_hold_shows_its_arithmetic() -> None:
    loads = [Load(f"ch_{n}.main", 2_000_000, True, 1000, 30) for n in range(10)]
    small = forecast(loads, [Pool("a", 10**12, 9 * 10**11, 0)])
    assert loads[0].bytes_a_day == 21_600_000_000
    assert small.needed_bytes == 6_480_000_000_000
    assert not small.holds
    assert "6.48 TB > 可用 850.00 GB" in arithmetic(small)[0]
    assert forecast(loads, [Pool("a", 10**13, 10**13, 0)]).holds
    assert forecast([Load("x", ASSUMED_BPS, False, 1000, 30)], []).unmeasured == 1


def test_a_minute_is_a_minute() -> None:
    assert 60 * SECOND_US == MINUTE_US
