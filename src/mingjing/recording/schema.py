"""Recording as it goes over the wire. Times are microseconds UTC, ranges half-open."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from mingjing.kernel.text import Line, Name


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


Weekly = dict[str, list[tuple[int, int]]]


class PlanWish(_Strict):
    """A recording plan; `weekly` gives minutes of the Beijing day for `mon` … `sun`."""

    name: Name
    mode: Literal["always", "weekly", "off"] = "always"
    weekly: Weekly = {}
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 30
    reason: Line | None = Field(default=None, description="Lawful reason for keeping less than 30 days")


class PlanPatch(_Strict):
    name: Name | None = None
    mode: Literal["always", "weekly", "off"] | None = None
    weekly: Weekly | None = None
    retention_days: Annotated[int | None, Field(ge=1, le=3650)] = None
    reason: Line | None = None


class PlanOut(BaseModel):
    id: str
    name: str
    mode: Literal["always", "weekly", "off"]
    weekly: Weekly
    retention_days: int
    reason: str | None
    cameras: int
    changed_us: int


SpanKind = Literal[
    "recorded", "imported", "device", "backfilled", "suspect", "gap", "not_due", "expired", "erased"
]


class SpanOut(BaseModel):
    """A stretch of one kind; gaps carry their reason and who established it."""

    from_us: int
    until_us: int
    kind: SpanKind
    reason: str | None = None
    witness: str | None = None


@dataclass(slots=True)
class BucketOut:
    """Sums of one step: `due_us` = kept + lost."""

    from_us: int
    due_us: int
    kept_us: int
    lost: dict[str, int]


class LaneOut(BaseModel):
    """A camera's timeline. `percent` is completeness, cut to one decimal; null where nothing was due."""

    channel: str
    stream: str
    first_us: int | None
    last_us: int | None
    percent: float | None
    spans: list[SpanOut] | None = None
    buckets: list[BucketOut] | None = None


class Timeline(BaseModel):
    from_us: int
    until_us: int
    step_us: int
    lanes: list[LaneOut]


class SegmentOut(BaseModel):
    id: str
    stream: str
    start_us: int
    end_us: int
    bytes: int
    codecs: str
    origin: str
    state: str


class GapOut(BaseModel):
    channel: str
    stream: str
    from_us: int
    until_us: int | None
    since_us: int
    reason: str
    cause: str | None
    witness: str


class CameraDay(BaseModel):
    """One camera's day: `due_us` − `kept_us` = the sum of `lost`."""

    channel: str
    name: str
    due_us: int
    kept_us: int
    percent: float | None
    lost: dict[str, int]
    main_reason: str | None


class Completeness(BaseModel):
    """Is everything being kept? Worst first."""

    day: str
    from_us: int
    until_us: int
    due_us: int
    kept_us: int
    percent: float | None
    percent_without_agreed: float | None = Field(
        description="Counting agreed outages and disabled channels as not due"
    )
    lost: dict[str, int]
    cameras: list[CameraDay]


class DayCell(BaseModel):
    day: str
    due_us: int
    kept_us: int
    percent: float | None
    main_reason: str | None


class HeatRow(BaseModel):
    channel: str
    name: str
    days: list[DayCell]


class NowOut(BaseModel):
    """A camera that is due and not being kept at this moment."""

    channel: str
    name: str
    stream: str
    since_us: int
    reason: str
    cause: str | None


class Now(BaseModel):
    recording: int
    due: int
    lost: list[NowOut]


class PoolOut(BaseModel):
    id: str
    total_bytes: int
    free_bytes: int
    recordings_bytes: int
    usable_bytes: int
    state: Literal["ok", "warn", "full", "gone"]


class ForecastOut(BaseModel):
    streams: int
    unmeasured: int
    bytes_a_day: int
    needed_bytes: int
    usable_bytes: int
    days_until_full: float | None
    days_held: float | None
    holds: bool
    arithmetic: str
    arithmetic_en: str


class DeletionOut(BaseModel):
    """Whether deleting goes on, and why not."""

    paused: bool
    doubts: list[str]
    paused_since_us: int | None
    done: int
    pending: int


class ClockOut(BaseModel):
    """The clock that deletion rests on: the machine's, the last time that was believed, and what speaks against it."""

    wall_us: int
    trusted_us: int | None
    paused_since_us: int | None
    doubts: list[str]


class ClockWord(_Strict):
    """A person's word that the machine's clock is right."""

    reason: Annotated[Line, Field(min_length=1)]


class Storage(BaseModel):
    pools: list[PoolOut]
    forecast: ForecastOut
    deletion: DeletionOut


class ImportWish(_Strict):
    """A file on the server's own disk, to be brought in as recordings of a channel."""

    path: Annotated[
        str,
        Field(
            min_length=1, max_length=1000, description="Over HTTP: its name in the server's inbox directory"
        ),
    ]
    channel: Annotated[str, Field(max_length=32)]
    start_us: Annotated[int, Field(ge=0)]
    stream: Literal["main", "sub"] = "main"


class Imported(BaseModel):
    segments: int
    from_us: int
    until_us: int
    bytes: int
    sound: str | None = Field(description="Codec of the sound that was kept")
    sound_left_out: str | None = Field(description="Codec of a sound that cannot be kept, and was left out")


class EstimateWish(_Strict):
    """What somebody thinks of taking out; asking costs no reason."""

    channels: Annotated[list[Annotated[str, Field(max_length=32)]], Field(min_length=1, max_length=16)]
    from_us: Annotated[int, Field(ge=0)]
    until_us: Annotated[int, Field(ge=0)]
    audio: bool = True


class ExportWish(EstimateWish):
    """An order: it is journalled with its reason."""

    reason: Annotated[Line, Field(min_length=1)]


class ExportFile(BaseModel):
    channel: str
    name: str
    bytes: int
    sha256: str
    sm3: str


class ExportGap(BaseModel):
    channel: str
    from_us: int
    until_us: int
    reason: str


class ExportOut(BaseModel):
    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled", "expired"]
    step: str
    done: int
    total: int
    channels: list[str]
    from_us: int
    until_us: int
    audio: bool
    reason: str
    files: list[ExportFile]
    gaps: list[ExportGap]
    problem: str | None
    created_us: int
    finished_us: int | None
    expires_us: int | None


class ChannelEstimate(BaseModel):
    channel: str
    kept_us: int
    missing_us: int
    bytes: int
    gaps: list[ExportGap]


class Estimate(BaseModel):
    channels: list[ChannelEstimate]
    bytes: int
