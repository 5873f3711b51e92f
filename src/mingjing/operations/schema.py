"""Operations as they go over the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from mingjing.kernel.text import Line, Note
from mingjing.media.model import StreamStats


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TicketWish(_Strict):
    """What somebody wants to see; playback names its range of recorded time, half-open."""

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
    outcome: Literal["fixed", "false_alarm", "handed_on", "accepted"]
    note: Note = ""


class DiskOut(BaseModel):
    pool: str
    total_bytes: int
    free_bytes: int


class ProcessOut(BaseModel):
    cpu_seconds: float
    resident_bytes: int
    open_files: int
    up_seconds: int


class SystemOut(BaseModel):
    """The state of the whole, as measured at `at_us`."""

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
    metric: str
    points: list[tuple[int, float]]
