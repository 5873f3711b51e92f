"""The settings of the whole program: every room's section, put together."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from mingjing.backup.settings import BackupSettings
from mingjing.governance.map.settings import MapSettings
from mingjing.governance.reminding.settings import GovernanceSettings
from mingjing.identity.settings import IdentitySettings
from mingjing.kernel.settings import (
    FILE_VARIABLE,
    DatabaseSettings,
    DataSettings,
    LogSettings,
    Section,
    load,
)
from mingjing.paper.settings import PaperSettings


class ServerSettings(Section):
    """`[server]`: where the console is served."""

    host: str = Field(default="127.0.0.1", description="Address of the console; 0.0.0.0 for every interface")
    port: int = Field(default=8360, ge=0, le=65535, description="Port of the console; 0: any free one")
    secure: bool = Field(
        default=False, description="Behind TLS: cookies get __Host- and Secure, HSTS is sent"
    )
    public_origins: list[str] = Field(
        default=[], description="Further origins of the console, such as https://video.example.cn"
    )
    trusted_proxies: list[str] = Field(
        default=[], description="Addresses whose forwarded headers are believed"
    )
    connections: int = Field(default=1024, ge=16, le=65_536, description="Open to the console at once")
    connections_per_source: int = Field(
        default=64,
        ge=4,
        le=65_536,
        description="Open to the console from one address that is no trusted proxy",
    )


class MediaSettings(Section):
    """`[media]`: where video goes out, and which networks cameras may be in."""

    host: str = Field(default="", description="Address of the media ports; empty: as the console")
    port: int = Field(default=8361, ge=0, le=65535, description="Port of live pictures and playback")
    rtsp_port: int = Field(default=8554, ge=-1, le=65535, description="-1: no RTSP republication")
    public_base: str = Field(
        default="",
        pattern=r"^(https?://[^/\s]+)?$",
        description="Where browsers reach it, if not the same host",
    )
    camera_networks: list[str] = Field(
        default=["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8"],
        description="Networks that cameras may be in; nothing else is ever connected to",
    )
    segment_seconds: int = Field(default=60, ge=10, le=600, description="Length of a recording file")
    fragment_ms: int = Field(
        default=800, ge=100, le=1000, description="What a kill may cost, less one frame and the writing of it"
    )
    sync_ms: int = Field(
        default=2000, ge=100, le=10_000, description="How often a file being recorded is synced"
    )


class LimitsSettings(Section):
    """`[limits]`: every bound of the media plane, by the plane's own names (`docs/ref/media-limits.md`)."""

    viewer_queue_bytes: int = Field(
        default=4 << 20,
        ge=256 << 10,
        le=1 << 30,
        description="Bytes that a live viewer may be behind before it skips to the next key frame",
    )
    viewer_stopped_ms: int = Field(
        default=15_000,
        ge=1000,
        le=600_000,
        description="A live viewer whose machine acknowledges nothing for so long is ended",
    )
    viewers_per_stream: int = Field(
        default=2000, ge=1, le=100_000, description="Deliveries of one stream at once"
    )
    viewers: int = Field(default=5000, ge=1, le=100_000, description="Deliveries at once")
    connections_per_source: int = Field(
        default=64, ge=4, le=65_536, description="Open to each media port from one address"
    )
    connections: int = Field(default=10_000, ge=16, le=65_536, description="Open to each media port at once")
    request_head_bytes: int = Field(
        default=16 << 10, ge=8 << 10, le=1 << 20, description="Head of an HTTP request"
    )
    head_ms: int = Field(default=10_000, ge=100, le=600_000, description="Time for a request's head")
    idle_ms: int = Field(
        default=60_000, ge=1000, le=3_600_000, description="A connection on which nothing moves ends"
    )
    first_message_ms: int = Field(
        default=5000, ge=100, le=600_000, description="Time for the first message of a WebSocket"
    )
    silent_ms: int = Field(
        default=10_000, ge=1000, le=600_000, description="No picture for so long: the stream is down"
    )
    key_frame_ms: int = Field(
        default=20_000, ge=1000, le=600_000, description="No key frame for so long: the stream is down"
    )
    connect_ms: int = Field(default=5000, ge=100, le=600_000, description="Time to connect to a camera")
    answer_ms: int = Field(
        default=10_000, ge=100, le=600_000, description="Time for a camera's answer to a request"
    )
    idle_close_ms: int = Field(
        default=15_000,
        ge=0,
        le=3_600_000,
        description="A stream that need not stay on closes so long after its last viewer",
    )
    write_backlog_bytes: int = Field(
        default=64 << 20,
        ge=1 << 20,
        le=1 << 30,
        description="Recording of one stream that waits for the disk; beyond it a gap is told",
    )
    write_backlog_ms: int = Field(
        default=10_000, ge=1000, le=120_000, description="As above, by the age of what waits"
    )
    events: int = Field(
        default=10_000,
        ge=100,
        le=1_000_000,
        description="Events that wait for the control plane; further ones are counted",
    )
    streams: int = Field(default=4096, ge=1, le=65_536, description="Streams at once")


class StorageSettings(Section):
    """`[storage]`: where recordings lie."""

    roots: list[Path] = Field(
        default=[],
        description="Directories of recordings; empty: in the data directory. The first is written to, all are read",
    )
    exports_at_once: int = Field(
        default=2, ge=1, le=8, description="How many exports are cut side by side; the rest wait"
    )
    inbox: Path | None = Field(
        default=None,
        description="The one directory from which a signed-in person may bring in files; default: in the data directory",
    )


class DemoSettings(Section):
    """`[demo]`: the virtual cameras of `serve --demo`."""

    port: int = Field(default=8654, ge=0, le=65535, description="Where the built-in publisher listens")
    county: bool = Field(
        default=True, description="A county of places, systems and filings around them, in an empty register"
    )


class Settings(Section):
    """Everything that can be set."""

    server: ServerSettings = ServerSettings()
    data: DataSettings = DataSettings()
    database: DatabaseSettings = DatabaseSettings()
    media: MediaSettings = MediaSettings()
    limits: LimitsSettings = LimitsSettings()
    storage: StorageSettings = StorageSettings()
    backup: BackupSettings = BackupSettings()
    identity: IdentitySettings = IdentitySettings()
    paper: PaperSettings = PaperSettings()
    governance: GovernanceSettings = GovernanceSettings()
    map: MapSettings = MapSettings()
    demo: DemoSettings = DemoSettings()
    log: LogSettings = LogSettings()

    def database_url(self) -> str:
        """The address of the database: the one set, or SQLite in the data directory."""
        given = self.database.url.get_secret_value()
        return given or f"sqlite:///{(self.data.directory / 'mingjing.sqlite3').absolute()}"

    def storage_roots(self) -> list[Path]:
        """Directories of recordings, absolute."""
        roots = self.storage.roots or [self.data.directory / "recordings"]
        return [root.absolute() for root in roots]

    def backups(self) -> Path:
        """Where the daily backups go, absolute."""
        return (self.backup.directory or self.data.directory / "backups" / "daily").absolute()

    def inbox(self) -> Path:
        """Whence files may be brought in over HTTP, absolute."""
        return (self.storage.inbox or self.data.directory / "inbox").absolute()

    def pools(self) -> dict[str, Path]:
        """Directories of recordings by the names that the index knows them by."""
        return {f"pool{number}": root for number, root in enumerate(self.storage_roots())}


def read(
    file: Path | None = None,
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> tuple[Settings, dict[str, str]]:
    """The effective settings and where each came from. Raises SYS-030, SYS-031, SYS-032."""
    env = os.environ if environment is None else environment
    if file is None and env.get(FILE_VARIABLE):
        file = Path(env[FILE_VARIABLE])
    return load(Settings, file=file, environment=env, flags=flags)
