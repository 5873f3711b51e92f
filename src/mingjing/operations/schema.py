"""Operations as they go over the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from mingjing.kernel.text import Line, Note
from mingjing.kernel.wire import EXAMPLE_US, example
from mingjing.media.model import StreamStats


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TicketWish(_Strict):
    """What somebody wants to see; playback names its range of recorded time, half-open."""

    model_config = example(kind="live", channel="ch_k2x9p4q7m1aa", stream="sub")

    kind: Literal["live", "hls", "rtsp", "playback", "keyframes"]
    channel: Annotated[str, Field(max_length=32)]
    stream: Literal["main", "sub"] = "main"
    from_us: int | None = None
    until_us: int | None = None
    purpose: Line | None = None


class TicketsWish(_Strict):
    wishes: Annotated[list[TicketWish], Field(min_length=1, max_length=64)]


class TicketOut(BaseModel):
    """Shown once, within 60 s, at `url`."""

    model_config = example(
        ticket="eyJ…",
        id="ti_k3v7q2m5x4ab",
        stream="ch_k2x9p4q7m1aa.sub",
        url="/live/ws",
        start_by_us=EXAMPLE_US + 60_000_000,
    )

    ticket: str
    id: str
    stream: str
    url: str
    start_by_us: int


class TicketProblem(BaseModel):
    """Why a wish was not granted; its neighbours are not affected."""

    status: int
    code: str
    title: str
    title_en: str
    detail: str
    detail_en: str
    remedy: str
    remedy_en: str


class Tickets(BaseModel):
    """One answer a wish, in order."""

    tickets: list[TicketOut | TicketProblem]


class AlarmOut(BaseModel):
    model_config = example(
        id="al_k3v7q2m5x4ab",
        kind="recording_lost",
        level=2,
        channel="ch_k2x9p4q7m1aa",
        title="录像中断",
        title_en="Recording stopped",
        facts={"reason": "unreachable"},
        count=1,
        raised_us=EXAMPLE_US,
        last_us=EXAMPLE_US,
        ended_us=None,
        state="new",
        owner=None,
        owner_name=None,
        claimed_us=None,
        resolved_us=None,
        outcome=None,
        note=None,
    )

    id: str
    kind: str
    level: int
    channel: str | None
    title: str
    title_en: str
    facts: dict[str, object]
    count: int
    raised_us: int
    last_us: int
    ended_us: int | None
    state: Literal["new", "claimed", "resolved"]
    owner: str | None
    owner_name: str | None
    claimed_us: int | None
    resolved_us: int | None
    outcome: str | None
    note: str | None


class Resolution(_Strict):
    model_config = example(outcome="fixed", note="已更换电源")

    outcome: Literal["fixed", "false_alarm", "handed_on", "accepted"]
    note: Note = ""


class DiskOut(BaseModel):
    model_config = example(pool="pool1", total_bytes=4_000_000_000_000, free_bytes=1_200_000_000_000)

    pool: str
    total_bytes: int
    free_bytes: int


class ProcessOut(BaseModel):
    model_config = example(cpu_seconds=812.4, resident_bytes=240_000_000, open_files=96, up_seconds=86_400)

    cpu_seconds: float
    resident_bytes: int
    open_files: int
    up_seconds: int


class SystemOut(BaseModel):
    """The state of the whole, as measured at `at_us`."""

    model_config = example(
        at_us=EXAMPLE_US,
        version="0.1.0",
        media="mingjing-media 0.1.0",
        recording=8,
        playing=8,
        viewers=3,
        received_bps=17_000_000,
        alarms_open=0,
        metrics=["cpu"],
    )

    at_us: int
    version: str
    media: str
    streams: list[StreamStats]
    recording: int
    playing: int
    viewers: int
    received_bps: int
    alarms_open: int
    disks: list[DiskOut]
    process: ProcessOut
    metrics: list[str]


class Series(BaseModel):
    model_config = example(metric="cpu", points=[[EXAMPLE_US, 0.21], [EXAMPLE_US + 10_000_000, 0.19]])

    metric: str
    points: list[tuple[int, float]]
