"""Whether what lies in a range is one format: a file without encoding anew holds one of each track."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from mingjing.kernel.errors import MingjingError
from mingjing.recording.errors import EXPORT_MIXED
from mingjing.recording.intervals import Interval
from mingjing.recording.model import StoredSegment
from mingjing.recording.rules import BEIJING_OFFSET_US, SECOND_US

MOMENTS_MOST = 5


def require_one_format(channel: str, rows: Sequence[StoredSegment], window: Interval, *, sound: bool) -> None:
    """Raise REC-032 where picture (or, where it is wanted, sound) changes; with the parts that can be had."""
    changes = [
        after.start_us
        for before, after in pairwise(rows)
        if _format(before, sound=sound) != _format(after, sound=sound)
    ]
    if not changes:
        return
    borders = [window.from_us, *changes, window.until_us]
    raise MingjingError(
        EXPORT_MIXED,
        channel=channel,
        moments="、".join(beijing_time(at_us) for at_us in changes[:MOMENTS_MOST]),
        parts=[{"from_us": from_us, "until_us": until_us} for from_us, until_us in pairwise(borders)],
    )


def _format(row: StoredSegment, *, sound: bool) -> tuple[str, int, int]:
    # The picture's codec stands first: `avc1.640028,mp4a.40.2`.
    return (row.codecs if sound else row.codecs.partition(",")[0], row.width, row.height)


def beijing_time(at_us: int) -> str:
    """A moment as people read it."""
    moment = datetime.fromtimestamp((at_us + BEIJING_OFFSET_US) // SECOND_US, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}"
