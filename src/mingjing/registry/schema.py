"""Cameras as they go over the wire."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from mingjing.kernel.text import Line, Name, Note, line, secret
from mingjing.kernel.wire import EXAMPLE_US, DivisionCode, example
from mingjing.media.causes import Leg, LegState
from mingjing.media.model import FormatStats, LegReport, StreamStats

StreamKind = Literal["main", "sub"]
Transport = Literal["auto", "tcp", "udp", "udp_only"]
Purpose = Literal["record", "view"]
User = Annotated[str, AfterValidator(line), Field(max_length=100)]
Password = Annotated[SecretStr, AfterValidator(secret), Field(max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class StreamWish(_Strict):
    """One stream; credentials pasted into `url` are taken out of it and sealed."""

    model_config = example(kind="main", url="rtsp://10.3.7.21:554/Streaming/Channels/101")

    kind: StreamKind
    url: Annotated[
        str, Field(min_length=1, max_length=1000, examples=["rtsp://10.3.7.21:554/Streaming/Channels/101"])
    ]
    transport: Transport = "auto"
    audio: bool = True
    purpose: Purpose | None = Field(default=None, description="Default: main is recorded, sub is for viewing")


class CameraWish(_Strict):
    """A camera to be registered."""

    model_config = example(
        name="实验小学大门东", division="420115", organisation="or_k2x9p4q7m1aa", user="viewer", password="…"
    )

    name: Name
    division: DivisionCode
    organisation: Annotated[str, Field(max_length=32)]
    enabled: bool = True
    address: Line = ""
    note: Note = ""
    streams: Annotated[list[StreamWish], Field(min_length=1, max_length=2)]
    user: User | None = None
    password: Password | None = None
    allow_basic: bool = Field(
        default=True,
        description="Send the password by Basic where nothing better is offered, and never was on this stream",
    )
    plan: Annotated[str | None, Field(max_length=32)] = Field(
        default=None, description="Recording plan; absent: the default plan"
    )


class CameraPatch(_Strict):
    """What shall change; absent members stay."""

    model_config = example(name="实验小学大门西", enabled=True)

    name: Name | None = None
    division: DivisionCode | None = None
    organisation: Annotated[str, Field(max_length=32)] | None = None
    enabled: bool | None = None
    address: Line | None = None
    note: Note | None = None
    streams: Annotated[list[StreamWish], Field(min_length=1, max_length=2)] | None = None
    user: User | None = None
    password: Password | None = Field(default=None, description="Empty clears it")
    allow_basic: bool | None = None
    plan: Annotated[str | None, Field(max_length=32)] = None


class StreamOut(BaseModel):
    model_config = example(
        kind="main",
        url="rtsp://10.3.7.21:554/Streaming/Channels/101",
        transport="auto",
        audio=True,
        purpose="record",
    )

    kind: StreamKind
    url: str
    transport: Transport
    audio: bool
    purpose: Purpose


class RecordingNow(BaseModel):
    """Whether the camera is being kept at this moment."""

    model_config = example(state="recording", since_us=EXAMPLE_US, reason=None)

    state: Literal["recording", "not_due", "lost"] = "not_due"
    since_us: int | None = None
    reason: str | None = None


class CameraState(BaseModel):
    """Measured state of both streams; null where the stream is not open and never was."""

    main: StreamStats | None = None
    sub: StreamStats | None = None


class Camera(BaseModel):
    model_config = example(
        id="ch_k2x9p4q7m1aa",
        name="实验小学大门东",
        division="420115",
        organisation="or_k2x9p4q7m1aa",
        enabled=True,
        address="纸坊大街 12 号",
        note="",
        user="viewer",
        has_password=True,
        allow_basic=True,
        plan="pl_k2x9p4q7m1aa",
        retention_days=30,
        created_us=EXAMPLE_US,
        changed_us=EXAMPLE_US,
    )

    id: str
    name: str
    division: str
    organisation: str
    enabled: bool
    address: str
    note: str
    streams: list[StreamOut]
    user: str | None
    has_password: bool
    allow_basic: bool
    plan: str | None = None
    retention_days: int | None = None
    state: CameraState = CameraState()
    recording: RecordingNow = RecordingNow()
    created_us: int
    changed_us: int


class TreeItem(BaseModel):
    """A line of the camera tree; `id` is what `under` takes."""

    model_config = example(
        id="420115", kind="division", name="江夏区", parent="420100", online=41, total=43, camera=None
    )

    id: str
    kind: Literal["division", "organisation", "camera"]
    name: str
    parent: str | None
    online: int
    total: int
    camera: Camera | None = None


class ProbeWish(_Strict):
    model_config = example(url="rtsp://10.3.7.21:554/Streaming/Channels/101", user="viewer", password="…")

    url: Annotated[str, Field(min_length=1, max_length=1000)]
    user: User | None = None
    password: Password | None = None
    transport: Transport = "auto"
    allow_basic: bool = True
    camera: Annotated[str | None, Field(max_length=32)] = Field(
        default=None, description="Use the sealed password of this camera, if the host is the same"
    )


class RemedyOut(BaseModel):
    model_config = example(text="请核对口令", text_en="Check the password", act="password")

    text: str
    text_en: str
    act: str | None = None


class LegOut(BaseModel):
    """A leg in words."""

    model_config = example(
        leg="authenticated",
        name="认证",
        name_en="Authenticated",
        state="failed",
        at_us=EXAMPLE_US,
        took_ms=38,
        cause="wrong_password",
        title="口令错误",
        title_en="Wrong password",
        sentence="摄像机拒绝了此口令。",
        sentence_en="The camera refused this password.",
        evidence=["RTSP/1.0 401 Unauthorized"],
    )

    leg: str
    name: str
    name_en: str
    state: str
    at_us: int | None = None
    took_ms: int | None = None
    cause: str | None = None
    title: str | None = None
    title_en: str | None = None
    sentence: str | None = None
    sentence_en: str | None = None
    evidence: list[str] = []
    remedies: list[RemedyOut] = []


class ProbeOut(BaseModel):
    model_config = example(oddities={}, summary="口令错误", summary_en="Wrong password")

    legs: list[LegOut]
    format: FormatStats | None = None
    oddities: dict[str, int] = {}
    summary: str
    summary_en: str


class Episode(BaseModel):
    """One earlier failure: which leg, why, since when."""

    model_config = example(
        at_us=EXAMPLE_US, leg="connected", cause="unreachable", title="无法连接", title_en="Unreachable"
    )

    at_us: int
    leg: str | None
    cause: str | None
    title: str
    title_en: str


class Siblings(BaseModel):
    """How the neighbours of the same organisation and network do at this moment."""

    model_config = example(total=12, down=1, same_leg=0)

    total: int
    down: int
    same_leg: int


class DiagnosisOut(BaseModel):
    model_config = example(summary="口令错误", summary_en="Wrong password", since_us=EXAMPLE_US, live=True)

    legs: list[LegOut]
    summary: str
    summary_en: str
    since_us: int | None
    siblings: Siblings
    history: list[Episode]
    live: bool = Field(description="False where this was a run on demand")


class CellError(BaseModel):
    model_config = example(column="url", message="地址不可用", message_en="The address cannot be used")

    column: str
    message: str
    message_en: str


class ImportRow(BaseModel):
    model_config = example(
        row=2, state="ok", name="实验小学大门东", id="ch_k2x9p4q7m1aa", change="changed", errors=[]
    )

    row: int
    state: Literal["ok", "error"]
    name: str = ""
    id: str | None = None
    change: Literal["new", "changed", "unchanged"] | None = Field(
        default=None, description="What the row does; null for one that is refused"
    )
    errors: list[CellError] = []


class ImportCounts(BaseModel):
    model_config = example(rows=1, ok=1, error=0, written=1, new=1, changed=0, unchanged=0)

    rows: int
    ok: int
    error: int
    written: int
    new: int
    changed: int
    unchanged: int


class ImportReport(BaseModel):
    rows: list[ImportRow]
    counts: ImportCounts


ImportState = Literal["checking", "checked", "writing", "done", "failed", "interrupted"]
WriteMode = Literal["all", "good"]


class ImportJob(BaseModel):
    """A table under way: where it stands, what was found in it. Refused rows are told up to a bound; while the table is in
    memory, all of them stand in the table that says why."""

    model_config = example(
        id="im_k2x9p4q7m1aa", file="摄像机.xlsx", begun_us=EXAMPLE_US, mode=None, state="checked", held=True, step="checking",
        done=10_000, total=10_000, rows=[], problem=None, problem_en=None,
    )  # fmt: skip

    id: str
    file: str = Field(description="What it was called where it came from; empty where that was not said")
    begun_us: int
    mode: WriteMode | None = Field(description="How it is written; null until it is")
    state: ImportState = Field(
        description="`interrupted`: the program stopped, or nobody wrote it within an hour; `counts.written` rows stand"
    )
    held: bool = Field(description="Whether the table is in memory: its refused rows can be had")
    step: str = Field(description="`reading`, `checking`, `writing` or `judging`")
    done: int
    total: int
    counts: ImportCounts | None
    rows: list[ImportRow] = Field(description="Refused rows, the first two hundred")
    problem: str | None
    problem_en: str | None


class UrlPatternOut(BaseModel):
    model_config = example(
        vendor="海康威视",
        vendor_en="Hikvision",
        main="rtsp://{host}:554/Streaming/Channels/101",
        sub="rtsp://{host}:554/Streaming/Channels/102",
        note="",
        note_en="",
    )

    vendor: str
    vendor_en: str
    main: str
    sub: str
    note: str
    note_en: str


def all_not_reached() -> list[LegReport]:
    """Legs of a stream that was never tried."""
    return [LegReport(leg=leg, state=LegState.NOT_REACHED) for leg in Leg]
