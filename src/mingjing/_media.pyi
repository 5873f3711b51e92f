"""The media plane (Rust). JSON goes in and comes out; docs/design/doors.md §1 has the shapes."""

class MediaPlane:
    """The media plane of this process. All methods may be called from any thread."""

    def __new__(cls, config: str) -> MediaPlane:
        """Take a PlaneConfig as JSON; nothing runs yet. Raises ValueError with a sentence."""

    def start(self) -> str:
        """Start everything: {"http": "ip:port", "rtsp": "ip:port" | null}.

        Raises OSError naming the setting and the port, ValueError for a setting seen only now.
        """

    def put_stream(self, spec: str) -> None:
        """Create or change a stream (StreamSpec as JSON); restarts only what changed. Raises ValueError."""

    def remove_stream(self, stream: str) -> None:
        """End a stream's session, recording and live viewers. Unknown streams are no error."""

    def probe(self, spec: str, timeout_ms: int) -> str:
        """Look at a camera once: {"legs": […], "format": {…} | null, "oddities": {…}}. Blocks without the GIL."""

    def revoke_ticket(self, ticket: str) -> int:
        """End what runs against the ticket of this id, and keep it from starting. Deliveries ended."""

    def revoke_holder(self, holder: str) -> int:
        """End whatever the holder watches, and keep its tickets from starting. Deliveries ended."""

    def acknowledge(self, segments: list[str]) -> None:
        """The index has these segments: stop announcing them. Allowed after stop()."""

    def latest_key_frame(self, stream: str) -> bytes | None:
        """The newest key frame as one-picture fMP4; None while there is none (asking opens the stream)."""

    def streams(self) -> str:
        """JSON list of StreamStats."""

    def viewers(self) -> str:
        """JSON list of deliveries: {viewer, ticket, holder, stream, kind, from_us, bytes, peer}."""

    def queues(self) -> str:
        """JSON {events, unacknowledged}: what waits to be drained, and segments that no index has taken yet."""

    def event_fd(self) -> int:
        """A descriptor that is readable while events wait; it belongs to the plane."""

    def events(self, most: int) -> str:
        """Take at most this many events, as a JSON list. Allowed after stop()."""

    def stop(self, timeout_ms: int) -> None:
        """No new viewers, end deliveries, close and sync segments, end. A second call does nothing."""

class Publisher:
    """RTSP publisher of the virtual cameras: files looped in phase with the wall clock, Digest sign-in.

    `config` is JSON: {listen: "127.0.0.1:0", user, password, channels: [{path, file,
    flaky: {up_ms, down_ms} | null, number_frames: bool}]}. A file is an ordinary MP4 or MOV with H.264 or
    H.265 and AAC, G.711 or no sound; it is read only while somebody watches. `number_frames` puts
    {path, sequence, wall clock} into every picture (media/src/ingest/file/numbering.rs has the layout).
    """

    def __new__(cls, config: str) -> Publisher:
        """Take the configuration; nothing runs yet."""

    def start(self) -> str:
        """Open all files, listen, serve: "ip:port".

        Raises ValueError for a configuration or file that cannot be used, OSError for the port,
        RuntimeError if it runs already.
        """

    def stop(self) -> None:
        """End all sessions. A second call does nothing."""

def build_info() -> str:
    """JSON {version, profile, target, video, audio}."""

def own_storage(root: str, id: str, now_us: int) -> None:
    """Check that a root is storage `id`; an empty one becomes it. Works beside a running plane.

    Raises ValueError with a sentence for another storage's disk or one with recordings and no identity file.
    """

def adopt_storage(root: str, id: str, now_us: int) -> None:
    """Make a root storage `id`, whatever it was. Raises ValueError while a plane uses it."""

def storage_folders(root: str) -> str:
    """JSON {folders: ["stream/day"], damaged: [{path, problem}]} below `root`. Raises OSError for the disk."""

def scan_folder(root: str, folder: str, known: str) -> str:
    """JSON {segments: [Segment], damaged: [{path, problem}], aside: [path]} of one folder, from the files alone.

    Closed files whose names without suffix are in the JSON list `known` are not looked at. Of a damaged file, what
    its digests still hold is among the segments. Raises ValueError for a list or folder that is none, OSError for
    the disk.
    """

def verify_segment(path: str, depth: str) -> str:
    """JSON {ok, problems} of one segment at depth "presence", "size" or "hash"."""

def import_file(root: str, source: str, stream: str, start_us: int, segment_seconds: int) -> str:
    """Bring an MP4 or MOV in as segments of a stream, its first picture at `start_us`; JSON list of them.

    Raises ValueError with a sentence for a file, stream or time that cannot be used, OSError for the disk.
    """

def segment_table(path: str) -> str:
    """JSON {init_bytes, fragments, segment} of one file."""

def delete_segment(root: str, id: str) -> bool:
    """Unlink one segment by its id and sync its directory; False if it was gone already."""
