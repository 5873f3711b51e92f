"""The demo: virtual cameras from the built-in publisher, entered as ordinary cameras, and a recorded past hour."""

import json
import secrets
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from pydantic import SecretStr

from mingjing._media import Publisher
from mingjing.audit.service import SYSTEM
from mingjing.configuration import Settings
from mingjing.devices.virtual.clips import Clip, clips
from mingjing.identity import queries
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.kernel.clock import HOUR_US, MINUTE_US
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.secrets import write_private
from mingjing.recording.importing import bring_in
from mingjing.recording.schema import ImportWish
from mingjing.registry.queries import every_camera
from mingjing.registry.schema import CameraWish, StreamWish
from mingjing.registry.service import register

if TYPE_CHECKING:
    from mingjing.app import Program

_log = structlog.get_logger(__name__)

LISTEN = "127.0.0.1"
ACCOUNT = "camera"
DIVISION = "420115"
FLAKY = "hill"
FLAKY_TIMES = {"up_ms": 90_000, "down_ms": 20_000}


@dataclass(frozen=True)
class _Entered:
    clip: Clip
    channel: str
    fresh: bool


class Demo:
    """Makes the clips, publishes them, enters the cameras, brings in the past hour. Nothing else knows of it."""

    def __init__(self, program: "Program", say: Callable[[str], None]) -> None:
        self._program = program
        self._say = say
        self._stopping = threading.Event()
        self._importing = threading.Thread(target=self._import_all, name="demo-import", daemon=True)

    @staticmethod
    def widened(settings: Settings) -> Settings:
        """The settings with the demo's own network among those that cameras may be in, for one person to try.

        A second factor would want a phone within the first minute: it is demanded only where a setting says so.
        """
        networks = [*settings.media.camera_networks, f"{LISTEN}/32"]
        media = settings.media.model_copy(update={"camera_networks": networks})
        identity = settings.identity
        if "second_factor" not in identity.model_fields_set:
            identity = identity.model_copy(update={"second_factor": "off"})
        return settings.model_copy(update={"media": media, "identity": identity})

    def prepare(self) -> None:
        """Clips (encoded once, cached), publisher, register. Before recording starts."""
        program = self._program
        self._clips = clips(program.settings.data.directory / "demo", self._progress)
        password = self._password()
        channels = [
            {"path": f"{clip.scene.key}/{kind}", "file": str(path.absolute()),
             "flaky": FLAKY_TIMES if clip.scene.key == FLAKY else None}
            for clip in self._clips
            for kind, path in (("main", clip.main), ("sub", clip.sub))
        ]  # fmt: skip
        port = program.settings.demo.port
        config = {"listen": f"{LISTEN}:{port}", "user": ACCOUNT, "password": password, "channels": channels}
        self._publisher = Publisher(json.dumps(config))
        address = self._publisher.start()
        self._entered = self._enter(address, password)

    def start(self) -> None:
        """Bring in the past hour of cameras that are new, in the background."""
        if any(one.fresh for one in self._entered):
            self._importing.start()

    def stop(self) -> None:
        """Stop importing and publishing."""
        self._stopping.set()
        if self._importing.is_alive():
            self._importing.join(3)
        self._publisher.stop()

    def _progress(self, done: int, total: int, name: str) -> None:
        self._say(f"· 正在绘制虚拟摄像机 drawing virtual cameras {done}/{total} {name}")

    def _password(self) -> str:
        path = self._program.keys.folder / "demo-cameras"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(16).encode())
        return path.read_text(encoding="ascii")

    def _enter(self, address: str, password: str) -> list[_Entered]:
        program = self._program
        found = []
        with program.database.transaction() as tx:
            organisation = queries.organisations(tx.session)[0].id
            known = {
                stream.url: camera.row.id
                for camera in every_camera(tx.session)
                for stream in camera.streams.values()
            }
            for clip in self._clips:
                main, sub = (f"rtsp://{address}/{clip.scene.key}/{kind}" for kind in ("main", "sub"))
                if main in known:
                    found.append(_Entered(clip, known[main], fresh=False))
                    continue
                wish = CameraWish(
                    name=clip.scene.name,
                    division=DIVISION,
                    organisation=organisation,
                    note=f"{clip.scene.name_en} (virtual)",
                    user=ACCOUNT,
                    password=SecretStr(password),
                    streams=[
                        StreamWish(kind="main", url=main, transport="tcp", purpose="record"),
                        StreamWish(kind="sub", url=sub, transport="tcp", purpose="view"),
                    ],
                )
                row = register(tx, SYSTEM, system_scope(Action.CAMERA_WRITE), wish, program.cameras)
                found.append(_Entered(clip, row.row.id, fresh=True))
        return found

    def _import_all(self) -> None:
        program = self._program
        until_us = program.clock.now_us() // MINUTE_US * MINUTE_US
        for one in self._entered:
            if self._stopping.is_set():
                return
            if one.fresh:
                self._import(one, until_us - HOUR_US)

    def _import(self, one: _Entered, start_us: int) -> None:
        program = self._program
        with tempfile.TemporaryDirectory(dir=program.settings.data.directory) as folder:
            hour = Path(folder) / f"{one.clip.scene.key}.mov"
            # FFmpeg's libraries: a start whose cameras have their past already does without.
            from mingjing.devices.virtual.hour import repeated  # noqa: PLC0415

            repeated(one.clip.main, hour, times=60)
            wish = ImportWish(path=str(hour), channel=one.channel, stream="main", start_us=start_us)
            scope = system_scope(Action.RECORDING_IMPORT)
            try:
                bring_in(program.database, SYSTEM, scope, wish, program.recording.site)
            except MingjingError as problem:
                # The demo goes on without this camera's past.
                _log.error("demo_import_failed", scene=one.clip.scene.key, problem=str(problem))
