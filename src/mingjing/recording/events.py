"""What recording says to other rooms."""

from dataclasses import dataclass

from mingjing.recording.capacity import Forecast


@dataclass(frozen=True, slots=True)
class PlansChanged:
    """What should be recorded may have changed."""


@dataclass(frozen=True, slots=True)
class RecordingChanged:
    """A stream began or ceased to be kept."""

    channel: str
    stream: str
    state: str
    reason: str | None
    since_us: int


@dataclass(frozen=True, slots=True)
class GapLasts:
    """A gap has lasted for a minute and is not agreed."""

    channel: str
    stream: str
    since_us: int
    reason: str
    cause: str | None


@dataclass(frozen=True, slots=True)
class GapEnded:
    """A gap that raised an alarm is over."""

    channel: str
    stream: str
    until_us: int


@dataclass(frozen=True, slots=True)
class SegmentDoubted:
    """A segment is suspect, contradicted or missing."""

    channel: str
    segment: str
    problem: str


@dataclass(frozen=True, slots=True)
class DeletionPaused:
    """The clocks disagree: nothing is deleted until they agree or a person confirms."""

    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StorageShort:
    """A pool is filling (`warn`) or full with nothing that may be deleted (`full`), or well again (`ok`)."""

    pool: str
    state: str
    free_bytes: int


@dataclass(frozen=True, slots=True)
class RetentionForecast:
    """Whether the disks hold what the plans promise has another answer, or other streams ask it."""

    forecast: Forecast


@dataclass(frozen=True, slots=True)
class SegmentIndexed:
    """A segment is durable in the index."""

    stream: str
    start_us: int
    end_us: int
