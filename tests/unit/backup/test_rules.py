"""When a backup is owed, when it is tried out, and which go."""

from hypothesis import given
from hypothesis import strategies as st

from mingjing.backup.rules import (
    BEIJING_US,
    DRILL_EVERY_US,
    backup_due,
    drill_due,
    last_due_us,
    surplus,
)
from mingjing.kernel.clock import DAY_US, HOUR_US, SECOND_US

MOMENTS = st.integers(1_700_000_000 * SECOND_US, 2_000_000_000 * SECOND_US)
HOURS = st.integers(0, 23)


@given(MOMENTS, HOURS)
def test_the_last_due_moment_lies_within_a_day_before_now_at_the_hour_in_beijing(now: int, hour: int) -> None:
    due = last_due_us(now, hour)
    assert now - DAY_US < due <= now
    assert (due + BEIJING_US) % DAY_US == hour * HOUR_US


@given(MOMENTS, HOURS)
def test_one_backup_a_day_is_owed_and_no_second(now: int, hour: int) -> None:
    assert backup_due(now, None, hour)
    assert not backup_due(now, now, hour)
    assert backup_due(now + DAY_US, now, hour)


@given(MOMENTS, HOURS)
def test_a_backup_from_the_future_does_not_put_off_the_next(now: int, hour: int) -> None:
    assert backup_due(now, now + 2 * DAY_US, hour)


@given(MOMENTS)
def test_a_drill_is_owed_once_a_month_and_after_a_clock_from_the_future(now: int) -> None:
    assert drill_due(now, None)
    assert not drill_due(now, now - DRILL_EVERY_US + SECOND_US)
    assert drill_due(now, now - DRILL_EVERY_US)
    assert drill_due(now, now + DAY_US)


@given(st.sets(MOMENTS.map(str), max_size=30), st.integers(2, 20))
def test_the_newest_stay(names: set[str], keep: int) -> None:
    gone = surplus(sorted(names), keep)
    left = names - set(gone)
    assert len(left) == min(len(names), keep)
    assert not gone or max(gone) < min(left)
