"""A PostgreSQL server for the tests: Debian's programs, a directory of its own, a socket and no port.

The server refuses to run as root; when the tests do, it runs as `nobody`.
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

ROOM = 2 << 30
"""Bytes that the directory in memory must have free."""


def programs() -> Path | None:
    """The directory of the newest server's programs, None where no server is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


class Server:
    """A running server; `fresh()` gives the address of an empty database."""

    def __init__(self, socket_directory: Path, control: list[str | Path], options: str) -> None:
        self._socket, self._control, self._options = socket_directory, control, options

    def start(self) -> None:
        """Start it; returns when it takes connections."""
        words = [*self._control, "-l", self._socket / "log", "-o", self._options, "start"]
        quiet = subprocess.DEVNULL
        subprocess.run(words, check=True, stdout=quiet, stderr=quiet, cwd=self._socket)

    def stop(self) -> None:
        """Stop it at once, as a crash would: connections are cut wherever they are."""
        words = [*self._control, "-m", "immediate", "stop"]
        subprocess.run(words, check=False, capture_output=True, cwd=self._socket)

    def fresh(self, *, name: str | None = None, like: str = "template1") -> str:
        """The address of a new database: an empty one, or a copy of `like`, to which nobody is connected."""
        name = name or f"t{secrets.token_hex(6)}"
        with psycopg.connect(
            host=str(self._socket), user="test", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        return f"postgresql://test@/{name}?host={self._socket}"

    def drop(self, url: str) -> None:
        """Remove the database of this address, whoever is still connected."""
        name = url.removeprefix("postgresql://test@/").partition("?")[0]
        with psycopg.connect(
            host=str(self._socket), user="test", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """Start a server, stop it at the end. Durability is off: it holds nothing but tests."""
    binaries = programs()
    if binaries is None:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    root = Path(tempfile.mkdtemp(prefix="mj-pg-", dir=_memory()))
    try:
        as_whom = _not_root(root)
        data = root / "data"
        subprocess.run(
            [
                *as_whom,
                binaries / "initdb",
                "-D",
                data,
                "-U",
                "test",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
            cwd=root,
        )
        options = (
            f"-c listen_addresses='' -c unix_socket_directories={root} -c fsync=off -c max_connections=300"
        )
        control: list[str | Path] = [*as_whom, binaries / "pg_ctl", "-D", data, "-w"]
        server = Server(root, control, options)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _memory() -> Path | None:
    """Where files live in memory, if there is room: hundreds of databases are a hundred thousand files."""
    at = Path("/dev/shm")  # noqa: S108 - a directory of its own is made in it
    return at if at.is_dir() and shutil.disk_usage(at).free > ROOM else None


def _not_root(root: Path) -> list[str | Path]:
    if os.geteuid() != 0:
        return []
    shutil.chown(root, "nobody")
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"]
