"""The rules of recording: when a stream is due, why a second was lost, how completeness is counted.

Pure functions: no database, no web, no clock. Time and facts come in, findings come out. Deleting has its
rules in `retention.py`, disks in `capacity.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Literal

from mingjing.media.causes import Cause, StreamState
from mingjing.recording.intervals import Interval, intersect, tidy

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US

BEIJING_OFFSET_US = 8 * HOUR_US
"""China keeps one time without daylight saving: UTC+8. Weekly plans and days are Beijing's."""

JOIN_US = SECOND_US
"""Two segments this near to each other are one span: a frame or two between them is no loss of a second."""

ALARM_AFTER_US = MINUTE_US
"""A gap this old raises an alarm."""

SILENT_AFTER_US = 5 * SECOND_US
"""A stream that says that it records but shows no frame for this long does not."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

PlanMode = Literal["always", "weekly", "off"]
Weekly = Mapping[str, Iterable[tuple[int, int]]]


class Reason(StrEnum):
    """Why a second that was due is not there. Shown by colour, pattern and letter on the timeline."""

    SOURCE_OFFLINE = "source_offline"
    SOURCE_REFUSED = "source_refused"
    SOURCE_SILENT = "source_silent"
    SOURCE_UNSUPPORTED = "source_unsupported"
    PATH_NETWORK = "path_network"
    PATH_POWER = "path_power"
    DISK_FULL = "disk_full"
    DISK_FAULT = "disk_fault"
    DATA_DAMAGED = "data_damaged"
    WRITE_OVERLOAD = "write_overload"
    PLATFORM_RESTART = "platform_restart"
    CLOCK_JUMP = "clock_jump"
    AGREED_OUTAGE = "agreed_outage"
    DISABLED = "disabled"
    UNKNOWN = "unknown"


AGREED = frozenset({Reason.AGREED_OUTAGE, Reason.DISABLED})
"""Somebody decided so: no alarm, and completeness is shown both ways."""

_REASON_OF: dict[Cause, Reason] = {
    Cause.NAME_UNKNOWN: Reason.SOURCE_OFFLINE,
    Cause.ADDRESS_REFUSED: Reason.SOURCE_REFUSED,
    Cause.UNREACHABLE: Reason.SOURCE_OFFLINE,
    Cause.CONNECTION_REFUSED: Reason.SOURCE_OFFLINE,
    Cause.CONNECT_TIMEOUT: Reason.SOURCE_OFFLINE,
    Cause.NOT_RTSP: Reason.SOURCE_REFUSED,
    Cause.AUTHENTICATION_MISSING: Reason.SOURCE_REFUSED,
    Cause.WRONG_PASSWORD: Reason.SOURCE_REFUSED,
    Cause.AUTHENTICATION_UNSUPPORTED: Reason.SOURCE_REFUSED,
    Cause.BASIC_REFUSED: Reason.SOURCE_REFUSED,
    Cause.FORBIDDEN: Reason.SOURCE_REFUSED,
    Cause.PATH_UNKNOWN: Reason.SOURCE_REFUSED,
    Cause.REDIRECTED: Reason.SOURCE_REFUSED,
    Cause.SESSION_LIMIT: Reason.SOURCE_REFUSED,
    Cause.SERVER_ERROR: Reason.SOURCE_REFUSED,
    Cause.NO_ANSWER: Reason.SOURCE_SILENT,
    Cause.BAD_DESCRIPTION: Reason.SOURCE_UNSUPPORTED,
    Cause.NO_VIDEO_TRACK: Reason.SOURCE_UNSUPPORTED,
    Cause.UNSUPPORTED_CODEC: Reason.SOURCE_UNSUPPORTED,
    Cause.TRANSPORT_REFUSED: Reason.SOURCE_REFUSED,
    Cause.NO_PACKETS: Reason.SOURCE_SILENT,
    Cause.NO_VIDEO_PACKETS: Reason.SOURCE_SILENT,
    Cause.NO_KEY_FRAME: Reason.SOURCE_SILENT,
    Cause.NO_PARAMETER_SETS: Reason.SOURCE_UNSUPPORTED,
    Cause.UNDECODABLE: Reason.SOURCE_UNSUPPORTED,
    Cause.SILENT: Reason.SOURCE_SILENT,
    Cause.CLOSED_BY_CAMERA: Reason.SOURCE_OFFLINE,
    Cause.CONNECTION_RESET: Reason.PATH_NETWORK,
    Cause.PROTOCOL_ERROR: Reason.SOURCE_UNSUPPORTED,
    Cause.DISK_FULL: Reason.DISK_FULL,
    Cause.DISK_FAULT: Reason.DISK_FAULT,
    Cause.WRITE_OVERLOAD: Reason.WRITE_OVERLOAD,
    Cause.STOPPED: Reason.PLATFORM_RESTART,
}


def reason_of(cause: Cause | None) -> Reason:
    """The reason shown on the timeline for a cause of the media plane."""
    return Reason.UNKNOWN if cause is None else _REASON_OF[cause]


def weekly_problems(weekly: Weekly) -> list[str]:
    """What is wrong with a weekly schedule, as codes `day:problem`; empty when nothing is."""
    problems = [f"{day}:unknown_day" for day in weekly if day not in WEEKDAYS]
    for day, ranges in weekly.items():
        ordered = sorted(tuple(pair) for pair in ranges)
        problems += [f"{day}:bad_range" for start, end in ordered if not 0 <= start < end <= 1440]
        problems += [f"{day}:overlap" for left, right in pairwise(ordered) if right[0] < left[1]]
    return problems


def due(mode: PlanMode, weekly: Weekly, window: Interval) -> list[Interval]:
    """When recording is due within `window`: always, never, or by minutes of the week in Beijing time."""
    if mode == "off" or window.until_us <= window.from_us:
        return []
    if mode == "always":
        return [window]
    ranges: list[Interval] = []
    day = beijing_day(window.from_us)
    while day < window.until_us:
        # 1970-01-01 was a Thursday: day number 0 is index 3 of a week that begins on Monday.
        number = (day + BEIJING_OFFSET_US) // DAY_US
        for start, end in weekly.get(WEEKDAYS[(number + 3) % 7], ()):
            ranges.append(Interval(day + start * MINUTE_US, day + end * MINUTE_US))
        day += DAY_US
    return intersect(tidy(ranges), [window])


def is_due(mode: PlanMode, weekly: Weekly, at_us: int) -> bool:
    """Whether a stream should be recorded at this moment."""
    return bool(due(mode, weekly, Interval(at_us, at_us + 1)))


def beijing_day(at_us: int) -> int:
    """The beginning of the Beijing day that `at_us` lies in."""
    return at_us - (at_us + BEIJING_OFFSET_US) % DAY_US


def parse_day(text: str) -> Interval:
    """`2026-11-23` as the Beijing day. Raises ValueError."""
    number = date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()
    start = number * DAY_US - BEIJING_OFFSET_US
    return Interval(start, start + DAY_US)


def day_text(at_us: int) -> str:
    """The Beijing day of a moment, as `2026-11-23`."""
    number = (at_us + BEIJING_OFFSET_US) // DAY_US
    return date.fromordinal(date(1970, 1, 1).toordinal() + number).isoformat()


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one stream at one moment, as the ticker sees it."""

    due: bool
    enabled: bool
    known_to_node: bool
    state: StreamState
    cause: Cause | None
    recording: bool
    arrived_us: int | None
    """When the last frame came in."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`recording`, `not_due` or `lost` with a reason."""

    state: Literal["recording", "not_due", "lost"]
    reason: Reason | None = None


def judge(seen: Seen, now_us: int) -> Verdict:
    """Is this stream being kept at this moment, and if not, why?

    Frames are believed, not sockets: a stream that plays without a frame for `SILENT_AFTER_US` is lost. One whose frames
    come late over a full link is not.
    """
    if not seen.due:
        return Verdict("not_due")
    if not seen.enabled:
        return Verdict("lost", Reason.DISABLED)
    if not seen.known_to_node:
        return Verdict("lost", Reason.PLATFORM_RESTART)
    fresh = seen.arrived_us is not None and now_us - seen.arrived_us <= SILENT_AFTER_US
    if seen.recording and fresh:
        return Verdict("recording")
    if seen.cause is not None:
        return Verdict("lost", reason_of(seen.cause))
    if seen.state is StreamState.PLAYING and not fresh:
        return Verdict("lost", Reason.SOURCE_SILENT)
    return Verdict("lost", Reason.UNKNOWN)


def percent_cut(kept_us: int, due_us: int) -> float | None:
    """Completeness in percent with one decimal, cut and never rounded: 99.97 shows 99.9. None: nothing due.

    Only what is whole shows 100.
    """
    if due_us <= 0:
        return None
    return (1000 * min(kept_us, due_us) // due_us) / 10
