"""Moments as people write and read them at a shell: Beijing time, as in the console."""

import re
from datetime import UTC, datetime, timedelta, timezone

import typer

from mingjing.kernel.clock import SECOND_US
from mingjing.recording.rules import BEIJING_OFFSET_US

BEIJING = timezone(timedelta(microseconds=BEIJING_OFFSET_US))
_MICROSECONDS = re.compile(r"\d{12,16}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_us(text: str) -> int:
    """`2026-11-23T08:00:00` as Beijing time, with an offset or `Z` as that says, or microseconds since 1970 UTC."""
    if _MICROSECONDS.fullmatch(text):
        return int(text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no time; write 2026-11-23T08:00:00 (Beijing time) or 2026-11-23T00:00:00Z"
        ) from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=BEIJING)
    return (found - _EPOCH) // timedelta(microseconds=1)


def shown(at_us: int) -> str:
    """A moment in Beijing time, to the second."""
    at = _EPOCH + timedelta(microseconds=at_us)
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def length(us: int) -> str:
    """A duration in seconds, or minutes and seconds, or hours and minutes."""
    seconds = us // SECOND_US
    if seconds < 60:
        return f"{us / SECOND_US:.1f} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"
