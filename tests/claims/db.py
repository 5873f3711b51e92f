"""R13: while the database is away recording goes on, and afterwards every segment is acknowledged, once.

`python -m tests.claims.db [--seconds S] [--streams N] [--engine sqlite|postgresql|both]` prints one JSON line. SQLite's
one writer lock is taken from outside; PostgreSQL is stopped as by a crash, which cuts connections wherever they are,
and started again. The harness asserts that its fault happened: meanwhile segments were closed that no index knew.
Afterwards every file must be in the index, once, and every picture on disk, once, without a hole.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import psycopg

from mingjing.kernel.db import BUSY_TIMEOUT_MS
from tests import postgresql
from tests.claims import measured, recovered
from tests.claims.cameras import Cameras
from tests.claims.rig import SEGMENT_SECONDS, Rig, Row, until

LATER_S = 90.0
"""Bound on the last acknowledgement after the database is back; what it took is a figure."""


class OnPostgresql(Rig):
    """A rig whose program keeps its database in PostgreSQL."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder, extra={"MINGJING_DATABASE_URL": url})
        self._url = url

    def rows(self) -> list[Row]:
        with psycopg.connect(self._url) as store:
            found = store.execute(
                "SELECT r.stream, s.path, s.start_us, s.end_us, s.size_bytes, encode(s.digest, 'hex'), s.state,"
                " s.sequence FROM segments s JOIN record_streams r ON r.no = s.stream_no"
                " ORDER BY r.stream, s.start_us, s.sequence"
            ).fetchall()
        return [
            Row(f"{row[0]}/{row[2]}-{row[7]}", row[0], row[1], row[2], row[3], row[4], row[5], row[6])
            for row in found
        ]


@contextmanager
def _locked(rig: Rig) -> Iterator[None]:
    """SQLite's writer lock held from outside."""
    with closing(sqlite3.connect(rig.data / "mingjing.sqlite3", isolation_level=None, timeout=30)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def _stopped(server: postgresql.Server) -> Iterator[None]:
    server.stop()
    try:
        yield
    finally:
        server.start()


def run(folder: Path, engine: str, seconds: float, streams: int) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    with postgresql.running() if engine == "postgresql" else nullcontext() as server:
        if server is None:
            rig = Rig(folder)
            return _measure(rig, lambda: _locked(rig), seconds, streams) | {"engine": engine}
        rig = OnPostgresql(folder, server.fresh())
        return _measure(rig, lambda: _stopped(server), seconds, streams) | {"engine": engine}


def _measure(rig: Rig, away: Callable[[], Any], seconds: float, streams: int) -> dict[str, Any]:
    with Cameras(rig.folder, streams) as cameras:
        try:
            rig.start()
            names = rig.enter(cameras)
            until("recording", 60, lambda: rig.growing(names))
            # So that the next cut of every stream comes while the database is away.
            time.sleep(max(0.0, SEGMENT_SECONDS - seconds + 1))
            with away():
                began = time.monotonic()
                time.sleep(seconds)
                assert rig.alive(), rig.tail()
                closed = _files(rig)
                away_s = time.monotonic() - began
            came_back = time.monotonic()
            unknown = closed - {row.path for row in rig.rows()}
            assert unknown, "the fault did not happen: no segment was closed while the database was away"
            until("every segment acknowledged", LATER_S, lambda: unknown <= {row.path for row in rig.rows()})
            later_s = time.monotonic() - came_back
            until("recording after all", 60, lambda: rig.growing(names))
            time.sleep(1)
            assert cameras.running(), "the cameras died with the database"
            rig.stop()
        finally:
            rig.abandon()
        return _judge(rig, names) | {
            "away_s": round(away_s, 1), "closed_meanwhile": len(unknown), "acknowledged_after_s": round(later_s, 1),
            "streams": streams,
        }  # fmt: skip


def _files(rig: Rig) -> set[str]:
    return {str(path.relative_to(rig.storage)) for path in rig.storage.glob("*/*/*.mp4")}


def _judge(rig: Rig, streams: list[str]) -> dict[str, Any]:
    rows = rig.rows()
    known = Counter(row.path for row in rows)
    pictures = recovered.by_stream(rig.storage)
    return {
        "n": len(rows),
        "lost": sorted(_files(rig) - known.keys()) + recovered.unsound(rig.storage, rows),
        "twice": [path for path, count in known.items() if count > 1] + recovered.overlaps(rows),
        "missing": sum(_holes(pictures[stream]) for stream in streams),
        "doubled": sum(recovered.doubled(pictures[stream]) for stream in streams),
    }


def _holes(pictures: list[recovered.Frame]) -> int:
    return recovered.holes(pictures, pictures[0].wall_us, pictures[-1].wall_us)


def both(folder: Path, engines: list[str], seconds: float, streams: int) -> dict[str, Any]:
    """One run an engine, as the figures of one claim."""
    runs = {engine: run(folder / engine, engine, seconds, streams) for engine in engines}
    return {
        "n": sum(found["n"] for found in runs.values()),
        **{name: [item for found in runs.values() for item in found[name]] for name in ("lost", "twice")},
        **{name: sum(found[name] for found in runs.values()) for name in ("missing", "doubled")},
        "acknowledged_after_s": {engine: found["acknowledged_after_s"] for engine, found in runs.items()},
        "away_s": {engine: found["away_s"] for engine, found in runs.items()},
        "closed_meanwhile": {engine: found["closed_meanwhile"] for engine, found in runs.items()},
    }


def holds(found: dict[str, Any]) -> bool:
    """The promise of R13."""
    return not (found["lost"] or found["twice"] or found["missing"] or found["doubled"])


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="db", description=__doc__)
    options.add_argument("--seconds", type=float, default=BUSY_TIMEOUT_MS / 1000 + 20)
    options.add_argument("--streams", type=int, default=2)
    options.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    chosen = options.parse_args(arguments)
    engines = ["sqlite", "postgresql"] if chosen.engine == "both" else [chosen.engine]
    with tempfile.TemporaryDirectory() as folder:
        found = both(Path(folder), engines, chosen.seconds, chosen.streams)
    return measured.ended("R13", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
