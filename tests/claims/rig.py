"""The rig of the fault harnesses: the real program in a process of its own, with cameras that survive it.

It starts, kills and stops the program, enters cameras and a person, and reads the index from a copy, so that
looking changes nothing. What was recorded is read back in `recovered.py`; faults live with their claims.
"""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mingjing.cli.archive import archive
from mingjing.cli.options import COMMAND_LINE
from mingjing.configuration import Settings, read
from mingjing.identity.actions import Action
from mingjing.identity.passwords import Passwords
from mingjing.identity.queries import organisations
from mingjing.identity.scope import system_scope
from mingjing.identity.service.accounts import RoleWish, add_user
from mingjing.registry.schema import CameraWish
from mingjing.registry.service import register
from tests.claims.cameras import PASSWORD, ROOT, USER, Cameras

SEGMENT_SECONDS = 10
START_S = 120.0
"""Bound on a start: a machine under load takes its time; what a start took is reported, not asserted."""

STOP_S = 30.0


class LateError(AssertionError):
    """Something that must happen did not happen within its bound."""


def until(what: str, bound_s: float, found: Callable[[], Any], every_s: float = 0.1) -> Any:
    """The first true answer of `found`. Raises LateError."""
    deadline = time.monotonic() + bound_s
    while not (answer := found()):
        if time.monotonic() > deadline:
            raise LateError(f"{what}: not within {bound_s:.0f} s")
        time.sleep(every_s)
    return answer


def wall_us() -> int:
    return time.time_ns() // 1000


@dataclass(frozen=True)
class Row:
    """A segment as the index has it."""

    id: str
    stream: str
    path: str
    start_us: int
    end_us: int
    bytes: int
    digest: str
    state: str


class Rig:
    """One installation in a folder, and its process while there is one."""

    def __init__(
        self,
        folder: Path,
        *,
        data: Path | None = None,
        storage: Path | None = None,
        extra: Mapping[str, str] | None = None,
    ):
        self.folder = folder
        self.data = data or folder / "data"
        self.storage = storage or self.data / "recordings"
        self.log = folder / "program.log"
        self.environment = {
            "PYTHONFAULTHANDLER": "1",
            "MINGJING_DATA_DIRECTORY": str(self.data),
            "MINGJING_SERVER_PORT": "0",
            "MINGJING_MEDIA_PORT": "0",
            "MINGJING_MEDIA_RTSP_PORT": "-1",
            "MINGJING_MEDIA_CAMERA_NETWORKS": '["127.0.0.1/32"]',
            "MINGJING_MEDIA_SEGMENT_SECONDS": str(SEGMENT_SECONDS),
            "MINGJING_STORAGE_ROOTS": f'["{self.storage}"]',
            **(extra or {}),
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    @property
    def settings(self) -> Settings:
        own = {name: text for name, text in self.environment.items() if name.startswith("MINGJING_")}
        return read(None, {}, own)[0]

    def start(
        self,
        *,
        program: Sequence[str] = ("-m", "mingjing.__main__", "serve"),
        wait: bool = True,
        prefix: Sequence[str] = (),
    ) -> float:
        """Start the program; seconds until it says that it is ready (0 where it is not waited for).

        `prefix` is what it is started under; it must leave the process to the program.
        """
        assert self.process is None, "it runs already"
        self.starts += 1
        self._log_from = self.log.stat().st_size if self.log.exists() else 0
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*prefix, sys.executable, *program], cwd=ROOT, env=self._environment(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        if not wait:
            return 0.0
        try:
            until("ready", START_S, self.ready)
        except LateError as late:
            # Every thread's stack goes to the log.
            self.process.send_signal(signal.SIGABRT)
            self.process.wait()
            raise LateError(f"{late}\n{self.tail(150)}") from None
        return time.monotonic() - began

    def _environment(self) -> dict[str, str]:
        """Its own settings alone, whatever is set for who started the harness."""
        around = {name: text for name, text in os.environ.items() if not name.startswith("MINGJING_")}
        return around | self.environment

    def ready(self) -> bool:
        """Whether the program answers that it is ready. Raises where it has ended."""
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError(f"the program ended with {self.process.returncode}:\n{self.tail()}")
        found = re.search(rb"Mingjing\s+(http://\S+?)/\s", self.log.read_bytes()[self._log_from :])
        if found is None:
            return False
        self.url = found[1].decode()
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:  # noqa: S310 - our own
                return bool(answer.status == 200)
        except OSError:
            return False

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> int:
        """SIGKILL; the wall clock of it. Asserts that it was this that ended the program."""
        assert self.process is not None
        assert self.process.poll() is None, f"it had ended before the kill:\n{self.tail()}"
        at_us = wall_us()
        self.process.send_signal(signal.SIGKILL)
        ended = self.process.wait(10)
        assert ended == -signal.SIGKILL, f"the fault did not happen: ended with {ended}"
        self.process = None
        return at_us

    def stop(self) -> float:
        """A clean stop; seconds."""
        if self.process is None:
            return 0.0
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            # Every thread's stack goes to the log.
            self.process.send_signal(signal.SIGABRT)
            self.process.wait()
            self.process = None
            raise LateError(f"a clean stop: not within {STOP_S:.0f} s\n{self.tail(150)}") from None
        self.process = None
        return time.monotonic() - began

    def abandon(self) -> None:
        """At the end of a harness, however it went."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process = None

    def enter(self, cameras: Cameras) -> list[str]:
        """Register every camera; their streams."""
        return self.register(cameras.urls, USER, PASSWORD)

    def register(self, urls: Sequence[str], user: str, password: str, transport: str = "tcp") -> list[str]:
        """Register a camera for every address; their streams. The program notices by itself."""
        streams = []
        with archive(self.settings) as at, at.database.transaction() as tx:
            unit = organisations(tx.session)[0].id
            for number, url in enumerate(urls):
                wish = CameraWish.model_validate(
                    {"name": f"测试{number}", "division": "420115", "organisation": unit, "user": user,
                     "password": password, "streams": [{"kind": "main", "url": url, "transport": transport}]}
                )  # fmt: skip
                made = register(tx, COMMAND_LINE, system_scope(Action.CAMERA_WRITE), wish, at.cameras)
                streams.append(f"{made.row.id}.main")
        return streams

    def person(self, account: str, *roles: str, division: str | None = None) -> str:
        """An account that may sign in at once, with these roles everywhere or in a place; its password."""
        first = Passwords().one_time()
        with archive(self.settings) as at, at.database.transaction() as tx:
            user = add_user(
                tx, COMMAND_LINE, first, account=account, name=account,
                organisation=organisations(tx.session)[0].id,
                roles=[RoleWish(role, division) for role in roles],
            )  # fmt: skip
            user.must_change_password = False
        return first.text

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the database. A copy is read while the program is down, so that what it left stays as it is."""
        source = self.data / "mingjing.sqlite3"
        if self.process is not None:
            with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30)) as store:
                return store.execute(statement, values).fetchall()
        copy = self.folder / "copy.sqlite3"
        for suffix in ("", "-wal"):
            copied = copy.with_name(copy.name + suffix)
            copied.unlink(missing_ok=True)
            if source.with_name(source.name + suffix).exists():
                shutil.copyfile(source.with_name(source.name + suffix), copied)
        with closing(sqlite3.connect(copy)) as store:
            return store.execute(statement, values).fetchall()

    def rows(self) -> list[Row]:
        """Every segment of the index, by stream and time."""
        found = self.ask(
            "SELECT r.stream, s.path, s.start_us, s.end_us, s.size_bytes, hex(s.digest), s.state, s.sequence"
            " FROM segments s JOIN record_streams r ON r.no = s.stream_no"
            " ORDER BY r.stream, s.start_us, s.sequence"
        )
        return [
            Row(f"{row[0]}/{row[2]}-{row[7]}", row[0], row[1], row[2], row[3], row[4], row[5].lower(), row[6])
            for row in found
        ]

    def gaps(self, stream: str) -> list[tuple[int, int]]:
        """Stretches of a stream that the index does not show as kept: gaps, those that last until for ever, and what is
        shown as suspect."""
        gaps = "SELECT stream_no, from_us, coalesce(until_us, ?) AS until_us FROM record_gaps"
        suspect = "SELECT stream_no, from_us, until_us FROM record_spans WHERE kind = 'suspect'"
        query = (
            f"SELECT g.from_us, g.until_us FROM ({gaps} UNION ALL {suspect}) g"
            " JOIN record_streams r ON r.no = g.stream_no WHERE r.stream = ?"
        )
        return [(row[0], row[1]) for row in self.ask(query, 1 << 62, stream)]

    def growing(self, streams: Sequence[str]) -> bool:
        """Whether an unfinished file of every stream has a fragment in it."""
        if not self.storage.exists():
            return False
        return all(
            any(file.stat().st_size > 4096 for file in (self.storage / stream).glob("*/*.part"))
            for stream in streams
        )

    def resident_mib(self) -> float:
        """Memory of the program's process."""
        assert self.process is not None
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def tail(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def start_both(rig: Rig, other: Rig) -> None:
    """Start two installations beside each other."""
    other.start(wait=False)
    rig.start()
    until("ready elsewhere", START_S, other.ready)
