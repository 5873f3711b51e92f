"""When a backup and a drill are due, and which old backups go. Pure: times come in."""

from collections.abc import Sequence

from mingjing.kernel.clock import DAY_US, HOUR_US

BEIJING_US = 8 * HOUR_US
DRILL_EVERY_US = 30 * DAY_US
LATE_US = 2 * DAY_US
"""A newest backup that is older than this is an alarm, whatever kept the next one from being made."""


def last_due_us(now_us: int, hour: int) -> int:
    """The latest moment not after `now_us` at which it was `hour` o'clock in Beijing."""
    at = hour * HOUR_US - BEIJING_US
    return (now_us - at) // DAY_US * DAY_US + at


def backup_due(now_us: int, newest_us: int | None, hour: int) -> bool:
    """Whether one is owed: there is none, or the hour has come since the newest.

    A newest from the future (the clock was set back) does not put off the next one.
    """
    return newest_us is None or newest_us < last_due_us(now_us, hour) or newest_us > now_us + HOUR_US


def drill_due(now_us: int, last_us: int | None) -> bool:
    """Whether the newest backup is to be tried out: never done, or a month ago."""
    return last_us is None or not now_us - DRILL_EVERY_US < last_us <= now_us + HOUR_US


def surplus(names: Sequence[str], keep: int) -> list[str]:
    """Which of the backups go, of names that sort by time: all but the newest `keep`."""
    return sorted(names)[:-keep]
