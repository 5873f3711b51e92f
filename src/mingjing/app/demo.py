"""The demo: virtual cameras from the built-in publisher, entered as ordinary cameras, and a recorded past hour."""

import json
import secrets
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr

from mingjing._media import Publisher
from mingjing.app.county import Site, settle
from mingjing.audit.queries import told
from mingjing.audit.service import SYSTEM
from mingjing.configuration import Settings
from mingjing.devices.rtsp.address import take_apart
from mingjing.devices.virtual.clips import Clip, clips
from mingjing.identity import queries
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.kernel.clock import HOUR_US, MINUTE_US
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.secrets import write_private
from mingjing.recording.importing import bring_in
from mingjing.recording.queries import first_us
from mingjing.recording.schema import ImportWish
from mingjing.registry.queries import Registered, every_camera
from mingjing.registry.schema import CameraPatch, CameraWish, StreamWish
from mingjing.registry.service import change, register

if TYPE_CHECKING:
    from mingjing.app import Program

_log = structlog.get_logger(__name__)

LISTEN = "127.0.0.1"
ACCOUNT = "camera"
DIVISION = "420115"
FLAKY = "hill"
FLAKY_TIMES = {"up_ms": 90_000, "down_ms": 20_000}


@dataclass(frozen=True)
class Entered:
    """A virtual camera in the register; `bare` where its recorded past was not brought in yet."""

    clip: Clip
    channel: str
    bare: bool


class Demo:
    """Makes the clips, publishes them, enters the cameras, brings in the past hour. Nothing else knows of it."""

    def __init__(self, program: "Program", say: Callable[[str], None]) -> None:
        self._program = program
        self._say = say
        self._stopping = threading.Event()
        self._importing = threading.Thread(target=self._import_all, name="demo-import", daemon=True)
        self._settling = threading.Thread(target=self._settle, name="demo-county", daemon=True)

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
        self._entered = enter(program, self._clips, address, password)

    def start(self) -> None:
        """Bring in the past hour of cameras that have none, and make a county around them, in the background."""
        if self._program.settings.demo.county:
            self._settling.start()
        if any(one.bare for one in self._entered):
            self._importing.start()

    def stop(self) -> None:
        """Stop importing and publishing."""
        self._stopping.set()
        for working in (self._importing, self._settling):
            if working.is_alive():
                working.join(3)
        self._publisher.stop()

    def _progress(self, done: int, total: int, name: str) -> None:
        self._say(f"· 正在绘制虚拟摄像机 drawing virtual cameras {done}/{total} {name}")

    def _password(self) -> str:
        path = self._program.keys.folder / "demo-cameras"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(16).encode())
        return path.read_text(encoding="ascii")

    def _import_all(self) -> None:
        begun_us = self._program.clock.now_us()
        for one in self._entered:
            if self._stopping.is_set():
                return
            if one.bare:
                self._import(one, begun_us)

    def _settle(self) -> None:
        program = self._program
        site = Site(program.database, program.cameras, program.files, DIVISION, self._stopping)
        try:
            settle(site)
        except MingjingError as problem:
            # The demo goes on without the rest of its county; the next start goes on with it.
            _log.error("demo_county_failed", problem=str(problem))

    def _import(self, one: Entered, begun_us: int) -> None:
        """Bring in the hour before the camera's own recording began: at this start, or at one before it."""
        program = self._program
        with program.database.reading() as session:
            first = first_us(session, f"{one.channel}.main")
        start_us = min(begun_us, first or begun_us) // MINUTE_US * MINUTE_US - HOUR_US
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
                # The demo goes on without this camera's past; the next start tries again.
                _log.error("demo_import_failed", scene=one.clip.scene.key, problem=str(problem))


def enter(program: "Program", made: Sequence[Clip], address: str, password: str) -> list[Entered]:
    """Put the cameras into the register. One that is there keeps its identity when the publisher's port changes."""
    with program.database.transaction() as tx:
        known = _known(tx, address)
        past = {channel for channel, _ in told(tx.session, SYSTEM.id, "recording.bring_in")}
        found = []
        for clip in made:
            camera = known.get(_path(clip, "main"))
            if camera is None:
                channel = _registered(tx, program, clip, address, password)
            else:
                channel = _moved(tx, program, camera, address)
            found.append(Entered(clip, channel, bare=channel not in past))
        return found


def _path(clip: Clip, kind: str) -> str:
    return f"/{clip.scene.key}/{kind}"


def _known(tx: Transaction, address: str) -> dict[str, Registered]:
    """Cameras on the demo's host by the path of their main stream; one that has the address already goes first."""
    found: dict[str, Registered] = {}
    for camera in every_camera(tx.session):
        main = camera.streams["main"].url
        path = urlsplit(main).path
        if take_apart(main).host == LISTEN and (path not in found or main == f"rtsp://{address}{path}"):
            found[path] = camera
    return found


def _moved(tx: Transaction, program: "Program", camera: Registered, address: str) -> str:
    """The camera's identifier, its streams on the host led to where the publisher listens now."""
    streams = [
        StreamWish.model_validate(
            {"kind": kind, "transport": one.transport, "audio": one.audio, "purpose": one.purpose}
            | {"url": _led(one.url, address)}
        )
        for kind, one in camera.streams.items()
    ]
    if any(wish.url != camera.streams[wish.kind].url for wish in streams):
        patch = CameraPatch(streams=streams)
        change(tx, SYSTEM, system_scope(Action.CAMERA_WRITE), camera.row.id, patch, program.cameras)
    return camera.row.id


def _led(url: str, address: str) -> str:
    return urlsplit(url)._replace(netloc=address).geturl() if take_apart(url).host == LISTEN else url


def _registered(tx: Transaction, program: "Program", clip: Clip, address: str, password: str) -> str:
    main, sub = (f"rtsp://{address}{_path(clip, kind)}" for kind in ("main", "sub"))
    wish = CameraWish(
        name=clip.scene.name,
        division=DIVISION,
        organisation=queries.organisations(tx.session)[0].id,
        note=f"{clip.scene.name_en} (virtual)",
        user=ACCOUNT,
        password=SecretStr(password),
        streams=[
            StreamWish(kind="main", url=main, transport="tcp", purpose="record"),
            StreamWish(kind="sub", url=sub, transport="tcp", purpose="view"),
        ],
    )
    return register(tx, SYSTEM, system_scope(Action.CAMERA_WRITE), wish, program.cameras).row.id
