"""Recorders under one rule: given a folder and cameras, they record, are hurt, and what they left is read back.

Settings are each one's safest that its documentation names; where its default is another matter, that is a second one.
"""

import re
import signal
import socket
import sqlite3
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from bench import peers, viewers
from bench.peers import KEPT, ffmpeg, mediamtx, moonfire, zlmediakit
from bench.peers import Camera as Source

from tests.claims.cameras import PASSWORD, ROOT, USER, Cameras
from tests.claims.person import Person
from tests.claims.rig import Rig, until, wall_us

GROWN_BYTES = 4096
READY_S = 60.0
STOP_S = 20.0
_OUTCRY = re.compile(r"[^\n]*(?:no space left|disk.?full|storage_full|ENOSPC)[^\n]*", re.IGNORECASE)


class Recorder:
    """One recorder in a folder, for as long as it is tried. Its files lie below `storage`."""

    name = ""
    settings = ""
    program = ""
    version_of = ("--version", r"([0-9a-f]{7,})")
    """How its program is asked for its version, and where in the answer that stands."""

    life_s = (0.5, 12.0)
    """How long it records before it is hurt: files are of 10 s, so that every moment of one is as likely."""

    settled_s = 12.0
    """After so long, what it recorded has come to rest."""

    serves = False

    def __init__(self, folder: Path, cameras: Cameras, prefix: Sequence[str] = ()) -> None:
        self.folder = folder
        self.storage = folder / KEPT
        self.log = folder / "said.log"
        self.cameras = [
            Source(cameras.address, f"cam{number}", USER, PASSWORD) for number in range(len(cameras.urls))
        ]
        self.prefix = tuple(prefix)
        self.processes: list[subprocess.Popen[bytes]] = []

    @classmethod
    def binary(cls) -> str | None:
        return peers.find(cls.program)

    @classmethod
    def version(cls) -> str:
        """What its program says of itself. Raises LookupError where it says nothing."""
        ask, where = cls.version_of
        command = [str(cls.binary()), ask]
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
        found = re.search(where, said.stdout)
        if found is None:
            raise LookupError(f"{cls.name} does not say its version: {said.stdout[:200]}")
        return found[1]

    def start(self) -> None:
        """Until files of every camera grow. Raises LateError."""
        self.storage.mkdir(exist_ok=True)
        for command in self.commands():
            self._run(command)
        self.begin()
        until(f"{self.name} records", READY_S, self.records)

    def commands(self) -> list[list[str]]:
        """Command lines that start it; none of one that is started otherwise."""
        return []

    def begin(self) -> None:
        """Told after the start."""

    def _run(self, command: Sequence[str]) -> None:
        with self.log.open("ab") as log:
            self.processes.append(
                subprocess.Popen(
                    [*self.prefix, *command], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )  # fmt: skip

    def records(self) -> bool:
        """Whether every camera has a file with something in it."""
        grown = {self.camera_of(path) for path in self.files() if path.stat().st_size > GROWN_BYTES}
        return grown >= set(range(len(self.cameras)))

    def files(self) -> list[Path]:
        """Every file that may hold pictures, unfinished ones too."""
        return sorted(path for path in self.storage.rglob("*.mp4") if path.is_file())

    def camera_of(self, path: Path) -> int:
        """Whose pictures a file holds: the last number in the name of its folder below the storage."""
        found = re.findall(r"camera(\d+)", path.relative_to(self.storage).as_posix())
        return int(found[0])

    def weights(self) -> dict[int, int]:
        """Bytes of each camera's files."""
        found = dict.fromkeys(range(len(self.cameras)), 0)
        for path in self.files():
            found[self.camera_of(path)] += path.stat().st_size
        return found

    def alive(self) -> bool:
        return all(process.poll() is None for process in self.processes)

    @property
    def process_id(self) -> int:
        return self.processes[0].pid

    def kill(self) -> int:
        """SIGKILL of every process; the wall clock of it. Asserts that it was this that ended them."""
        assert self.alive(), f"{self.name} had ended before the kill: {self.said()[-2000:]}"
        at_us = wall_us()
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
        ended = [process.wait(10) for process in self.processes]
        assert set(ended) == {-signal.SIGKILL}, f"the fault did not happen: {ended}"
        self.processes.clear()
        return at_us

    def stop(self) -> None:
        """As its operator stops it; SIGKILL where it does not heed."""
        for process in self.processes:
            process.send_signal(signal.SIGINT)
        for process in self.processes:
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def recover(self) -> None:
        """Its own recovery, where it has one, after a death."""

    def abandon(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
        self.processes.clear()

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def outcry(self) -> str:
        """The first line in which it says that a disk is full, or nothing."""
        found = _OUTCRY.search(self.said())
        text = found[0] if found else ""
        return re.sub(r"\x1b\[[0-9;]*m", "", text).replace(str(self.folder), "").strip()[:200]

    def viewer(self, number: int) -> socket.socket:
        """An RTSP session over TCP that plays a camera. Raises LookupError for one that only records."""
        raise LookupError(f"{self.name} serves no viewers")


class Ours(Recorder):
    """The whole program. Its recovery is its next start."""

    name = "Mingjing"
    settings = "as installed"
    serves = True

    def __init__(self, folder: Path, cameras: Cameras, prefix: Sequence[str] = ()) -> None:
        super().__init__(folder, cameras, prefix)
        ports = {"MINGJING_MEDIA_RTSP_PORT": "0", "MINGJING_IDENTITY_SECOND_FACTOR": "off"}
        self.rig = Rig(folder, storage=self.storage, extra=ports)
        self._published = cameras
        self._person: Person | None = None

    @classmethod
    def binary(cls) -> str | None:
        return "mingjing"

    @classmethod
    def version(cls) -> str:
        """The last commit that changed it."""
        command = ["git", "-C", str(ROOT), "log", "-1", "--format=%h", "--", "src", "media"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def start(self) -> None:
        self.storage.mkdir(exist_ok=True)
        self.rig.start(prefix=self.prefix)
        self.streams = self.rig.enter(self._published)
        self._password = self.rig.person("viewer", "duty_officer")
        until(f"{self.name} records", READY_S, self.records)

    def records(self) -> bool:
        return self.rig.growing(self.streams)

    def files(self) -> list[Path]:
        return sorted(path for end in ("mp4", "part") for path in self.storage.glob(f"*/*/*.{end}"))

    def camera_of(self, path: Path) -> int:
        return self.streams.index(path.parent.parent.name)

    def alive(self) -> bool:
        return self.rig.alive()

    @property
    def process_id(self) -> int:
        assert self.rig.process is not None
        return self.rig.process.pid

    def kill(self) -> int:
        return self.rig.kill()

    def stop(self) -> None:
        self.rig.stop()

    def recover(self) -> None:
        self.rig.start()
        self.rig.stop()

    def abandon(self) -> None:
        self.rig.abandon()

    def outcry(self) -> str:
        alarms = self.rig.ask("SELECT kind FROM alarms WHERE kind = 'storage_full'")
        return "alarm storage_full" if alarms else super().outcry()

    def said(self) -> str:
        return self.rig.log.read_text(errors="replace")

    def viewer(self, number: int) -> socket.socket:
        if self._person is None:
            self._person = Person(self.rig, "viewer", self._password)
        channel, _, kind = self.streams[number].partition(".")
        ticket = self._person.ticket("rtsp", channel, stream=kind)
        at = urllib.parse.urlsplit(ticket["url"])
        return viewers.rtsp(f"{at.hostname}:{at.port}", at.path, viewers.shown(ticket["ticket"]))


class Driven(Recorder, ABC):
    """A peer that the benches drive, too: its driver says how it is started and told."""

    path = "/camera{}"

    @abstractmethod
    def driver(self) -> peers.Recorder:
        """The benches' driver of this peer."""

    def __init__(self, folder: Path, cameras: Cameras, prefix: Sequence[str] = ()) -> None:
        super().__init__(folder, cameras, prefix)
        self.port = peers.free_port()
        self.driven = self.driver()

    def commands(self) -> list[list[str]]:
        return [self.driven.prepare(str(self.binary()), self.cameras, self.folder)]

    def begin(self) -> None:
        if self.driven.begin is not None:
            self.driven.begin(self.cameras, self.folder)

    def viewer(self, number: int) -> socket.socket:
        return viewers.rtsp(f"127.0.0.1:{self.port}", self.path.format(number))


class MediaMtx(Driven):
    name = "MediaMTX"
    settings = "fmp4, parts of 1 s (its default)"
    program = mediamtx.PROGRAM
    serves = True
    part = "1s"

    def driver(self) -> peers.Recorder:
        return mediamtx.recorder(self.part, self.port)


class MediaMtxShort(MediaMtx):
    settings = "fmp4, parts of 100 ms"
    part = "100ms"


class ZlMediaKit(Driven):
    name = "ZLMediaKit"
    settings = "enableFmp4, fileBufSize 1"
    program = zlmediakit.PROGRAM
    version_of = ("-v", r"hash.*: *([0-9a-f]{7,})")
    path = "/live/camera{}"
    serves = True
    record: Mapping[str, int] = {
        "enableFmp4": 1,
        "fileBufSize": 1,
    }  # below 128 the C library keeps nothing back

    def driver(self) -> peers.Recorder:
        return zlmediakit.recorder(self.port, **self.record)

    def said(self) -> str:
        logs = sorted((self.folder / "log").glob("*.log"))
        return super().said() + "".join(log.read_text(errors="replace") for log in logs)


class ZlMediaKitPlain(ZlMediaKit):
    settings = "as it comes (MP4)"
    record: Mapping[str, int] = {}


class Moonfire(Driven):
    """What its index does not know is no recording: what it left is what it serves after a check and a start."""

    name = "Moonfire NVR"
    settings = "flushIfSec 0"
    program = moonfire.PROGRAM
    version_of = ("--version", r"Version: (v[\d.]+)")
    life_s = (125.0, 185.0)
    """Its recordings are of a minute, the first one of up to two, so that its cameras take turns."""

    settled_s = 130.0

    def driver(self) -> peers.Recorder:
        return moonfire.recorder(0, self.port)

    def records(self) -> bool:
        return all(weight > GROWN_BYTES for weight in self.weights().values())

    def weights(self) -> dict[int, int]:
        """Its files are named by the number of the stream, from 1, and of the recording, 8 hexadecimal digits each."""
        found = dict.fromkeys(range(len(self.cameras)), 0)
        for path in self.storage.glob("[0-9a-f]" * 16):
            found[int(path.name[:8], 16) - 1] += path.stat().st_size
        return found

    def files(self) -> list[Path]:
        return sorted((self.folder / "served").glob("camera*.mp4"))

    def camera_of(self, path: Path) -> int:
        return int(path.stem.removeprefix("camera"))

    def recover(self) -> None:
        """Its check; then what its index has is asked for, a file a camera."""
        index = self.folder / "db"
        check = [str(self.binary()), "check", "--db-dir", str(index), "--compare-lens"]
        with self.log.open("ab") as log:
            subprocess.run(check, stdout=log, stderr=log, check=False, timeout=60)
        known = list(self._known(index / "db"))
        served = self.folder / "served"
        served.mkdir(exist_ok=True)
        self._run([str(self.binary()), "run", "--config", str(self.folder / "moonfire.toml")])
        try:
            until("its pages", READY_S, self._answers)
            for camera, path in known:
                ask = f"http://127.0.0.1:{self.port}/api/cameras/{path}"
                with urllib.request.urlopen(ask, timeout=60) as answer:
                    (served / f"camera{camera}.mp4").write_bytes(answer.read())
        finally:
            self.abandon()

    @staticmethod
    def _known(index: Path) -> Iterator[tuple[int, str]]:
        """Cameras that have recordings, and the address of all of them; what failed between leaves a hole."""
        query = (
            "SELECT s.camera_id, hex(c.uuid), group_concat('s=' || (r.composite_id & 0xffffffff), '&')"
            " FROM (SELECT * FROM recording ORDER BY composite_id) r"
            " JOIN stream s ON s.id = r.stream_id JOIN camera c ON c.id = s.camera_id GROUP BY s.camera_id"
        )
        with closing(sqlite3.connect(index)) as rows:
            found = rows.execute(query).fetchall()
        for camera, uuid, recordings in found:
            text = re.sub(r"(.{8})(.{4})(.{4})(.{4})(.{12})", r"\1-\2-\3-\4-\5", uuid.lower())
            yield camera - 1, f"{text}/main/view.mp4?{recordings}"

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        """What it served is read after a clean stop, too."""
        super().stop()
        self.recover()


class Ffmpeg(Recorder):
    """A process a camera, a file a process; nobody starts it anew."""

    name = "ffmpeg -c copy"
    settings = "frag_keyframe+empty_moov+default_base_moof, flush_packets"
    program = "ffmpeg"
    version_of = ("-version", r"version (\S+)")

    def commands(self) -> list[list[str]]:
        return [
            ffmpeg.record(camera, self.storage / f"camera{number}.mp4", "-flush_packets", "1")
            for number, camera in enumerate(self.cameras)
        ]


RECORDERS: dict[str, type[Recorder]] = {
    "ours": Ours,
    "mediamtx": MediaMtx,
    "mediamtx-short": MediaMtxShort,
    "zlmediakit": ZlMediaKit,
    "zlmediakit-plain": ZlMediaKitPlain,
    "moonfire": Moonfire,
    "ffmpeg": Ffmpeg,
}
"""In the order of the tables."""
