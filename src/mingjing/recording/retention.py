"""The rules of deleting recordings. Pure: the evidence comes in, a decision with its grounds comes out.

No deletion rests on a single clock: a recording deleted a day early cannot be brought back. Doing it lives in
`expiry.py`.
"""

from dataclasses import dataclass
from enum import StrEnum

from mingjing.recording.rules import DAY_US, HOUR_US, MINUTE_US

FLOOR_DAYS = 30
"""Order 799 (公共安全视频图像信息系统管理条例): kept for no fewer than 30 days, unless law says otherwise."""

MOST_DAYS = 3650

JUMP_US = 2 * MINUTE_US
"""The wall clock may stand this far from the trusted time; more is a jump."""

FUTURE_US = 10 * MINUTE_US
"""The newest segment may end this far ahead of the trusted time at most."""

STRIDE_US = 26 * HOUR_US
"""A machine may have been off for this long before its clock at start needs a person's word."""

SLEW_PARTS = 100
"""The trusted time follows NTP's crawl by at most one part in this many of the monotonic clock."""


class ClockDoubt(StrEnum):
    """Why the clocks are not believed."""

    WALL_AHEAD = "wall_ahead"
    WALL_BEHIND = "wall_behind"
    SEGMENT_AHEAD = "segment_ahead"


@dataclass(frozen=True, slots=True)
class ClockEvidence:
    """What the three witnesses say, in wall time, microseconds UTC."""

    wall_us: int
    trusted_us: int
    """The persisted high-water mark, carried on by the monotonic clock alone."""
    newest_segment_us: int | None
    """End of the newest recorded (not imported) segment."""


def trusted_at_start(wall_us: int, high_water_us: int | None) -> int:
    """The trusted time when the program starts: the wall clock, if the time since the mark is plausible.

    Otherwise the mark itself: a clock that moved by years, or back, while we were off changes nothing until a
    person confirms it.
    """
    if high_water_us is None or 0 <= wall_us - high_water_us <= STRIDE_US:
        return wall_us
    return high_water_us


def carry(trusted_us: int, wall_us: int, elapsed_us: int) -> int:
    """The trusted time `elapsed_us` of monotonic time later: it follows the clock's crawl, not its jumps."""
    expected = trusted_us + elapsed_us
    apart = wall_us - expected
    if abs(apart) > JUMP_US:
        return expected
    most = elapsed_us // SLEW_PARTS
    return expected + max(-most, min(most, apart))


def doubts(evidence: ClockEvidence) -> list[ClockDoubt]:
    """Every ground on which the clocks are not believed; empty means that they agree."""
    found: list[ClockDoubt] = []
    if evidence.wall_us > evidence.trusted_us + JUMP_US:
        found.append(ClockDoubt.WALL_AHEAD)
    if evidence.wall_us < evidence.trusted_us - JUMP_US:
        found.append(ClockDoubt.WALL_BEHIND)
    newest = evidence.newest_segment_us
    if newest is not None and newest > evidence.trusted_us + FUTURE_US:
        found.append(ClockDoubt.SEGMENT_AHEAD)
    return found


def retention_problem(days: int, lawful_reason: str | None) -> str | None:
    """Why a retention is not acceptable: `below_floor`, `out_of_range`, or None when it is."""
    if not 1 <= days <= MOST_DAYS:
        return "out_of_range"
    if days < FLOOR_DAYS and not (lawful_reason or "").strip():
        return "below_floor"
    return None


def kept_days(plan_days: int, *, released: bool) -> int:
    """Days that a recording is kept: the plan's, or for a released one no more than the legal floor."""
    return min(plan_days, FLOOR_DAYS) if released else plan_days


def believed_now_us(evidence: ClockEvidence) -> int:
    """The time that ages are counted from: the earlier of wall and trusted time."""
    return min(evidence.wall_us, evidence.trusted_us)


def entered_us(wall_us: int, high_water_us: int | None) -> int:
    """When a recording entered, for its age: a clock that fell back must not make it old on the day it was made."""
    return wall_us if high_water_us is None else max(wall_us, high_water_us)


def may_delete(end_us: int, retention_days: int, held: bool, evidence: ClockEvidence) -> bool:
    """Whether a segment that ended at `end_us` may go: past its retention by every witness, and not held."""
    if held or doubts(evidence):
        return False
    return believed_now_us(evidence) - end_us >= retention_days * DAY_US
