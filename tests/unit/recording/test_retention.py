"""No deletion rests on a single clock: histories of clocks and ages, against the law's floor."""

from hypothesis import given
from hypothesis import strategies as st

from mingjing.recording.retention import (
    FLOOR_DAYS,
    JUMP_US,
    STRIDE_US,
    ClockDoubt,
    ClockEvidence,
    carry,
    doubts,
    may_delete,
    retention_problem,
    trusted_at_start,
)
from mingjing.recording.rules import DAY_US, HOUR_US, MINUTE_US, SECOND_US

NOW = 1_790_000_000 * SECOND_US


def test_a_segment_past_its_age_may_go_and_one_a_second_younger_may_not() -> None:
    agreed = ClockEvidence(NOW, NOW, NOW - MINUTE_US)
    assert may_delete(NOW - 30 * DAY_US, 30, held=False, evidence=agreed)
    assert not may_delete(NOW - 30 * DAY_US + SECOND_US, 30, held=False, evidence=agreed)
    assert not may_delete(NOW - 90 * DAY_US, 30, held=True, evidence=agreed)


def test_each_disagreement_is_a_doubt_of_its_own() -> None:
    assert doubts(ClockEvidence(NOW + HOUR_US, NOW, None)) == [ClockDoubt.WALL_AHEAD]
    assert doubts(ClockEvidence(NOW - HOUR_US, NOW, None)) == [ClockDoubt.WALL_BEHIND]
    assert doubts(ClockEvidence(NOW, NOW, NOW + HOUR_US)) == [ClockDoubt.SEGMENT_AHEAD]


steps = st.lists(
    st.tuples(
        st.integers(1, 3 * HOUR_US),  # true time that passes
        st.sampled_from([0, 0, 0, HOUR_US, -HOUR_US, 3650 * DAY_US, -DAY_US, MINUTE_US]),  # wall clock set by
        st.booleans(),  # the program restarts
    ),
    max_size=40,
)


@given(steps)
def test_whatever_the_clock_does_while_running_nothing_under_age_is_deleted(
    history: list[tuple[int, int, bool]],
) -> None:
    """A program that is never off: true age below 30 days less the crawl allowed means no deletion."""
    true_us = wall_us = trusted_us = NOW
    made_us = NOW
    for passed, moved, _ in history:
        true_us += passed
        wall_us += passed + moved
        trusted_us = carry(trusted_us, wall_us, passed)
        evidence = ClockEvidence(wall_us, trusted_us, None)
        gone = may_delete(made_us, 30, held=False, evidence=evidence)
        assert not gone or true_us - made_us >= 29 * DAY_US


@given(st.integers(0, 4000 * DAY_US))
def test_a_clock_set_years_ahead_while_off_ages_nothing(moved: int) -> None:
    trusted = trusted_at_start(NOW + moved, NOW)
    evidence = ClockEvidence(NOW + moved, trusted, NOW)
    if moved > STRIDE_US:
        assert doubts(evidence)
    assert not may_delete(NOW - 10 * DAY_US, FLOOR_DAYS, held=False, evidence=evidence)


def test_the_crawl_of_ntp_is_followed_without_doubt() -> None:
    trusted, wall = NOW, NOW
    for _ in range(1000):
        wall += 10 * SECOND_US + 5_000
        trusted = carry(trusted, wall, 10 * SECOND_US)
    assert trusted == wall


def test_a_jump_is_not_followed() -> None:
    assert carry(NOW, NOW + SECOND_US + 2 * JUMP_US, SECOND_US) == NOW + SECOND_US


def test_the_floor_of_30_days_gives_way_only_to_a_recorded_reason() -> None:
    assert retention_problem(29, None) == "below_floor"
    assert retention_problem(29, "  ") == "below_floor"
    assert retention_problem(29, "省条例第 12 条") is None
    assert retention_problem(30, None) is None
    assert retention_problem(0, "x") == "out_of_range"
