"""Typed records on the door between the control plane and the media plane (`docs/design/doors.md` §1, §3).

Times are integer microseconds since the Unix epoch, UTC (`_us`). Unknown fields of a newer plane are
kept out of the models but never refused; what this side sends is strict.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_serializer

from mingjing.kernel.wire import EXAMPLE_US, example
from mingjing.media.causes import Cause, Leg, LegState, StreamState


class Sent(BaseModel):
    """What the control plane says: a misspelt field is our own mistake and is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(BaseModel):
    """What the media plane says: fields that this version does not know are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class StorageRoot(Sent):
    id: str
    root: str


class PlaneConfig(Sent):
    """Everything the plane is given at start; limits that are absent have their default in Rust."""

    storage: list[StorageRoot]
    http_listen: str
    rtsp_listen: str | None = None
    ticket_key: SecretStr
    allowed_origins: list[str] = []
    segment_seconds: int = 60
    fragment_ms: int = 800
    sync_ms: int = 2000
    camera_networks: list[str] = []
    limits: dict[str, int] = {}

    @field_serializer("ticket_key", when_used="json")
    def _reveal(self, key: SecretStr) -> str:
        return key.get_secret_value()


class RtspSource(Sent):
    """A camera's address. Credentials never stand in `url`."""

    kind: Literal["rtsp"] = "rtsp"
    url: str
    user: str | None = None
    password: SecretStr | None = None
    transport: Literal["auto", "tcp", "udp", "udp_only"] = "auto"
    allow_basic: bool = True

    @field_serializer("password", when_used="json")
    def _reveal(self, password: SecretStr | None) -> str | None:
        return None if password is None else password.get_secret_value()


class FileSource(Sent):
    kind: Literal["file"] = "file"
    path: str
    loop: bool = False


class StreamSpec(Sent):
    """What the plane should do for one stream; `record` implies `always_on`."""

    stream: str
    source: Annotated[RtspSource | FileSource, Field(discriminator="kind")]
    always_on: bool = False
    record: bool = False
    audio: bool = True


class LegReport(Told):
    leg: Leg
    state: LegState
    at_us: int | None = None
    took_ms: int | None = None
    cause: Cause | None = None
    evidence: list[str] = []


class VideoStats(Told):
    codec: str
    width: int = 0
    height: int = 0
    fps: float | None = None
    codec_string: str = ""


class AudioStats(Told):
    codec: str
    sample_rate: int = 0
    channels: int = 0


class FormatStats(Told):
    video: VideoStats | None = None
    audio: AudioStats | None = None


class WriteQueue(Told):
    """What waits between a stream and the disk; all 0 where nothing is recorded."""

    bytes: int = 0
    jobs: int = 0
    dropped_fragments: int = 0
    last_write_us: int | None = None


class PlaneQueues(Told):
    """What waits between the plane and the control plane."""

    events: int = 0
    unacknowledged: int = 0


class StreamStats(Told):
    """Where a stream stands, as the plane measured it."""

    model_config = example(
        stream="ch_k2x9p4q7m1aa.main",
        state="playing",
        cause=None,
        since_us=EXAMPLE_US,
        legs=[],
        oddities={},
        fps=25.0,
        bitrate_bps=2_100_000.0,
        last_frame_us=EXAMPLE_US,
        arrived_us=EXAMPLE_US,
        reconnects=0,
        viewers=1,
        recording=True,
    )

    stream: str
    state: StreamState = StreamState.IDLE
    cause: Cause | None = None
    since_us: int | None = None
    legs: list[LegReport] = []
    oddities: dict[str, int] = {}
    format: FormatStats | None = None
    fps: float | None = None
    bitrate_bps: float | None = None
    last_frame_us: int | None = None
    """When the newest picture was taken."""
    arrived_us: int | None = None
    """When it came in: later, by as much as the way from the camera takes."""
    reconnects: int = 0
    viewers: int = 0
    recording: bool = False
    queue: WriteQueue = WriteQueue()


class Probe(Told):
    legs: list[LegReport]
    format: FormatStats | None = None
    oddities: dict[str, int] = {}


class Segment(Told):
    """One closed recording file; `path` is relative to its storage root."""

    id: str
    stream: str
    path: str
    start_us: int
    end_us: int
    bytes: int
    digest: str
    fragments: int
    video_frames: int
    key_frames: int
    codecs: str
    width: int
    height: int
    origin: str


class DamagedFile(Told):
    """A file or folder below a storage root that cannot be believed or read."""

    path: str
    problem: str


class StorageFolders(Told):
    """The folders (`stream/YYYYMMDD`) of a storage root, and what of it cannot be listed."""

    folders: list[str]
    damaged: list[DamagedFile] = []


class FolderScan(Told):
    """What one folder holds that the index does not know."""

    segments: list[Segment]
    damaged: list[DamagedFile] = []
    aside: list[str] = []
    """Paths of files that were kept aside as suspect."""


class StreamEvent(Told):
    type: Literal["stream"] = "stream"
    stream: str
    state: StreamState
    at_us: int
    cause: Cause | None = None
    attempt: int = 0
    retry_in_ms: int | None = None
    legs: list[LegReport] = []
    oddities: dict[str, int] = {}


class SegmentStored(Segment):
    type: Literal["segment_stored"] = "segment_stored"


class SegmentSuspect(Told):
    type: Literal["segment_suspect"] = "segment_suspect"
    segment: Segment
    cause: Cause
    detail: str


class GapEvent(Told):
    """Recording that should run stopped (`until_us` absent), or began again."""

    type: Literal["gap"] = "gap"
    stream: str
    from_us: int
    until_us: int | None = None
    cause: Cause


class ViewerStarted(Told):
    type: Literal["viewer_started"] = "viewer_started"
    viewer: str
    ticket: str
    stream: str
    kind: str
    at_us: int
    peer: str


class ViewerEnded(Told):
    type: Literal["viewer_ended"] = "viewer_ended"
    viewer: str
    ticket: str
    stream: str
    kind: str
    from_us: int
    until_us: int
    bytes: int
    reason: str


class ClockJump(Told):
    type: Literal["clock_jump"] = "clock_jump"
    at_us: int
    by_us: int


class Dropped(Told):
    type: Literal["dropped"] = "dropped"
    count: int


Event = Annotated[
    StreamEvent
    | SegmentStored
    | SegmentSuspect
    | GapEvent
    | ViewerStarted
    | ViewerEnded
    | ClockJump
    | Dropped,
    Field(discriminator="type"),
]


class Viewer(Told):
    """A delivery that runs now."""

    model_config = ConfigDict(extra="allow", frozen=True)

    viewer: str
    ticket: str = ""
    stream: str = ""
    kind: str = ""


class SegmentCheck(Told):
    ok: bool
    problems: list[str] = []


class Listening(Told):
    """Where the plane listens, as `ip:port`."""

    http: str
    rtsp: str | None = None
