"""Recording as it goes over the wire. Times are microseconds UTC, ranges half-open."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from mingjing.kernel.text import Line, Name
from mingjing.kernel.wire import EXAMPLE_US, example


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


Weekly = dict[str, list[tuple[int, int]]]


class PlanWish(_Strict):
    """A recording plan; `weekly` gives minutes of the Beijing day for `mon` … `sun`."""

    model_config = example(name="全天", mode="always", retention_days=30)

    name: Name
    mode: Literal["always", "weekly", "off"] = "always"
    weekly: Weekly = {}
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 30
    reason: Line | None = Field(default=None, description="Lawful reason for keeping less than 30 days")


class PlanPatch(_Strict):
    model_config = example(retention_days=90)

    name: Name | None = None
    mode: Literal["always", "weekly", "off"] | None = None
    weekly: Weekly | None = None
    retention_days: Annotated[int | None, Field(ge=1, le=3650)] = None
    reason: Line | None = None


class PlanOut(BaseModel):
    model_config = example(
        id="pl_k2x9p4q7m1aa",
        name="全天",
        mode="always",
        weekly={},
        retention_days=30,
        reason=None,
        cameras=8,
        changed_us=EXAMPLE_US,
        default=False,
    )

    id: str
    name: str
    mode: Literal["always", "weekly", "off"]
    weekly: Weekly
    retention_days: int
    reason: str | None
    cameras: int
    changed_us: int
    default: bool


SpanKind = Literal[
    "recorded", "imported", "device", "backfilled", "suspect", "gap", "not_due", "expired", "erased"
]


class SpanOut(BaseModel):
    """A stretch of one kind; gaps carry their reason and who established it."""

    model_config = example(
        from_us=EXAMPLE_US,
        until_us=EXAMPLE_US + 60_000_000,
        kind="gap",
        reason="unreachable",
        witness="plane",
    )

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

    model_config = example(
        channel="ch_k2x9p4q7m1aa",
        stream="main",
        first_us=EXAMPLE_US,
        last_us=EXAMPLE_US + 3_600_000_000,
        percent=98.3,
        buckets=None,
    )

    channel: str
    stream: str
    first_us: int | None
    last_us: int | None
    percent: float | None
    spans: list[SpanOut] | None = None
    buckets: list[BucketOut] | None = None


class Timeline(BaseModel):
    model_config = example(from_us=EXAMPLE_US, until_us=EXAMPLE_US + 3_600_000_000, step_us=0)

    from_us: int
    until_us: int
    step_us: int
    lanes: list[LaneOut]


class SegmentOut(BaseModel):
    model_config = example(
        id="ch_k2x9p4q7m1aa.main/1795651200000000-7",
        stream="ch_k2x9p4q7m1aa.main",
        start_us=EXAMPLE_US,
        end_us=EXAMPLE_US + 60_000_000,
        bytes=15_000_000,
        codecs="avc1.640028,mp4a.40.2",
        origin="recorded",
        state="stored",
    )

    id: str
    stream: str
    start_us: int
    end_us: int
    bytes: int
    codecs: str
    origin: str
    state: str


class GapOut(BaseModel):
    model_config = example(
        channel="ch_k2x9p4q7m1aa",
        stream="main",
        from_us=EXAMPLE_US,
        until_us=EXAMPLE_US + 60_000_000,
        since_us=EXAMPLE_US,
        reason="unreachable",
        cause=None,
        witness="plane",
    )

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

    model_config = example(
        channel="ch_k2x9p4q7m1aa",
        name="实验小学大门东",
        due_us=86_400_000_000,
        kept_us=86_340_000_000,
        percent=99.9,
        lost={"unreachable": 60_000_000},
        main_reason="unreachable",
    )

    channel: str
    name: str
    due_us: int
    kept_us: int
    percent: float | None
    lost: dict[str, int]
    main_reason: str | None


class Completeness(BaseModel):
    """Is everything being kept? Worst first."""

    model_config = example(
        day="2026-11-25",
        from_us=EXAMPLE_US - 115_200_000_000,
        until_us=EXAMPLE_US - 28_800_000_000,
        due_us=86_400_000_000,
        kept_us=86_340_000_000,
        percent=99.9,
        percent_without_agreed=99.9,
        lost={"unreachable": 60_000_000},
    )

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
    model_config = example(
        day="2026-11-25",
        due_us=86_400_000_000,
        kept_us=86_340_000_000,
        percent=99.9,
        main_reason="unreachable",
    )

    day: str
    due_us: int
    kept_us: int
    percent: float | None
    main_reason: str | None


class HeatRow(BaseModel):
    model_config = example(channel="ch_k2x9p4q7m1aa", name="实验小学大门东")

    channel: str
    name: str
    days: list[DayCell]


class NowOut(BaseModel):
    """A camera that is due and not being kept at this moment."""

    model_config = example(
        channel="ch_k2x9p4q7m1aa",
        name="实验小学大门东",
        stream="ch_k2x9p4q7m1aa.main",
        since_us=EXAMPLE_US,
        reason="unreachable",
        cause=None,
    )

    channel: str
    name: str
    stream: str
    since_us: int
    reason: str
    cause: str | None


class Now(BaseModel):
    model_config = example(recording=7, due=8)

    recording: int
    due: int
    lost: list[NowOut]


class PoolOut(BaseModel):
    model_config = example(
        id="pool1",
        total_bytes=4_000_000_000_000,
        free_bytes=1_200_000_000_000,
        recordings_bytes=2_700_000_000_000,
        usable_bytes=3_800_000_000_000,
        state="ok",
    )

    id: str
    total_bytes: int
    free_bytes: int
    recordings_bytes: int
    usable_bytes: int
    state: Literal["ok", "warn", "full", "gone"]


class ForecastOut(BaseModel):
    model_config = example(
        streams=8,
        unmeasured=0,
        bytes_a_day=180_000_000_000,
        needed_bytes=5_400_000_000_000,
        usable_bytes=3_800_000_000_000,
        days_until_full=6.1,
        days_held=21.1,
        holds=False,
        arithmetic="8 路 × 2.1 Mbit/s × 30 天 = 5.4 TB",
        arithmetic_en="8 streams × 2.1 Mbit/s × 30 days = 5.4 TB",
    )

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

    model_config = example(paused=False, doubts=[], paused_since_us=None, done=120, pending=0)

    paused: bool
    doubts: list[str]
    paused_since_us: int | None
    done: int
    pending: int


class ClockOut(BaseModel):
    """The clock that deletion rests on: the machine's, the last time that was believed, and what speaks against it."""

    model_config = example(wall_us=EXAMPLE_US, trusted_us=EXAMPLE_US, paused_since_us=None, doubts=[])

    wall_us: int
    trusted_us: int | None
    paused_since_us: int | None
    doubts: list[str]


class ClockWord(_Strict):
    """A person's word that the machine's clock is right."""

    model_config = example(reason="已与授时中心核对")

    reason: Annotated[Line, Field(min_length=1)]


class Storage(BaseModel):
    pools: list[PoolOut]
    forecast: ForecastOut
    deletion: DeletionOut


class ImportWish(_Strict):
    """A file on the server's own disk, to be brought in as recordings of a channel."""

    model_config = example(path="discs/2026-11-26-0800.mkv", channel="ch_k2x9p4q7m1aa", start_us=EXAMPLE_US)

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
    model_config = example(
        segments=60,
        from_us=EXAMPLE_US,
        until_us=EXAMPLE_US + 3_600_000_000,
        bytes=900_000_000,
        sound="pcm_alaw",
        sound_left_out=None,
    )

    segments: int
    from_us: int
    until_us: int
    bytes: int
    sound: str | None = Field(description="Codec of the sound that was kept")
    sound_left_out: str | None = Field(description="Codec of a sound that cannot be kept, and was left out")


class EstimateWish(_Strict):
    """What somebody thinks of taking out; asking costs no reason."""

    model_config = example(
        channels=["ch_k2x9p4q7m1aa"], from_us=EXAMPLE_US, until_us=EXAMPLE_US + 600_000_000
    )

    channels: Annotated[list[Annotated[str, Field(max_length=32)]], Field(min_length=1, max_length=16)]
    from_us: Annotated[int, Field(ge=0)]
    until_us: Annotated[int, Field(ge=0)]
    audio: bool = True


class ExportWish(EstimateWish):
    """An order: it is journalled with its reason."""

    model_config = example(
        channels=["ch_k2x9p4q7m1aa"],
        from_us=EXAMPLE_US,
        until_us=EXAMPLE_US + 600_000_000,
        reason="核查 1126 号警情",
    )

    reason: Annotated[Line, Field(min_length=1)]


class ExportFile(BaseModel):
    model_config = example(
        channel="ch_k2x9p4q7m1aa",
        name="ch_k2x9p4q7m1aa_1795651200.mp4",
        bytes=150_000_000,
        sha256="e07a…",
        sm3="1b5d…",
    )

    channel: str
    name: str
    bytes: int
    sha256: str
    sm3: str


class ExportGap(BaseModel):
    model_config = example(
        channel="ch_k2x9p4q7m1aa", from_us=EXAMPLE_US, until_us=EXAMPLE_US + 1_000_000, reason="unreachable"
    )

    channel: str
    from_us: int
    until_us: int
    reason: str


class ExportOut(BaseModel):
    model_config = example(
        id="ex_k3v7q2m5x4ab",
        state="done",
        step="done",
        done=1,
        total=1,
        channels=["ch_k2x9p4q7m1aa"],
        from_us=EXAMPLE_US,
        until_us=EXAMPLE_US + 600_000_000,
        audio=True,
        reason="核查 1126 号警情",
        problem=None,
        created_us=EXAMPLE_US,
        finished_us=EXAMPLE_US + 9_000_000,
        expires_us=EXAMPLE_US + 604_800_000_000,
    )

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
    model_config = example(
        channel="ch_k2x9p4q7m1aa", kept_us=599_000_000, missing_us=1_000_000, bytes=150_000_000
    )

    channel: str
    kept_us: int
    missing_us: int
    bytes: int
    gaps: list[ExportGap]


class Estimate(BaseModel):
    model_config = example(bytes=150_000_000)

    channels: list[ChannelEstimate]
    bytes: int
