"""Other servers as the benches drive them: one file each. They are built elsewhere, and found on the PATH or in
MINGJING_BENCH_PEERS (folders, as in PATH). What is not found is named as missing.
"""

import os
import shutil
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Peer = TypeVar("Peer", "Recorder", "Republisher")
KEPT = "kept"
"""Of a recorder's folder, what it records to; index and settings lie beside it."""


@dataclass(frozen=True)
class Camera:
    """One RTSP address with its credentials beside it."""

    address: str
    path: str
    user: str
    password: str

    @property
    def bare(self) -> str:
        return f"rtsp://{self.address}/{self.path}"

    @property
    def url(self) -> str:
        return f"rtsp://{self.user}:{self.password}@{self.address}/{self.path}"


@dataclass(frozen=True)
class Recorder:
    """A peer that records: `prepare` writes its settings into a folder and gives its command; `begin`, after the
    start, tells it what settings cannot."""

    name: str
    program: str
    prepare: Callable[[str, list[Camera], Path], list[str]]
    begin: Callable[[list[Camera], Path], None] | None = None


@dataclass(frozen=True)
class Served:
    """A peer that serves one camera: its command, and where viewers find it, `address` with port."""

    command: list[str]
    address: str


@dataclass(frozen=True)
class Republisher:
    """A peer that serves many viewers of one camera. `door` is how (`bench.viewers`), `path` what they ask for there;
    `prepare` and `begin` are as of a recorder."""

    name: str
    program: str
    door: str
    path: str
    prepare: Callable[[str, Camera, Path], Served]
    begin: Callable[[Camera, Path], None] | None = None


def find(program: str) -> str | None:
    """A peer's program."""
    extra = os.environ.get("MINGJING_BENCH_PEERS", "")
    return shutil.which(program, path=os.pathsep.join([extra, os.environ.get("PATH", "")]))


def present(peers: list[Peer]) -> list[tuple[Peer, str]]:
    """Peers that are here, each with its program's path."""
    return [(peer, binary) for peer in peers if (binary := find(peer.program))]


def missing(peers: Sequence[Recorder | Republisher]) -> list[str]:
    """Names of peers that are not here."""
    return [f"{peer.name} (not found)" for peer in peers if find(peer.program) is None]


def free_port() -> int:
    """A port that nobody listens on now, for peers that cannot say which one the system chose."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
