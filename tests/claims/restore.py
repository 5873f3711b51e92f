"""R15: the database comes back by one command, and what was recorded after the backup with it.

`python -m tests.claims.restore [--rows N] [--no-wait]` prints one JSON line. The real program records and makes its
first backup by itself (with `--no-wait`, by command); it records on and is stopped, the database is deleted, restored
by `mingjing restore newest`, and the program started: every segment must be in its index as before. Then the same
command, alone, over a database with N segments, timed. 10 million rows: `--rows 10000000`.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from mingjing.backup import sets
from mingjing.backup.settings import BackupSettings
from mingjing.kernel.clock import DAY_US
from tests.claims import measured, recovered
from tests.claims.cameras import Cameras
from tests.claims.rig import Rig, Row, until, wall_us

BOUND_S = 15 * 60.0
FULL_ROWS = 10_000_000
BY_ITSELF_S = 150.0
STREAMS = 50
MINUTE_US = 60_000_000


def run(folder: Path, rows: int, *, by_itself: bool) -> dict[str, Any]:
    rig = Rig(folder / "recording")
    rig.folder.mkdir()
    with Cameras(folder, 2) as cameras:
        try:
            found = _lose_and_restore(rig, cameras, by_itself=by_itself)
        finally:
            rig.abandon()
    return found | _timed(Rig(folder / "large"), rows)


def _lose_and_restore(rig: Rig, cameras: Cameras, *, by_itself: bool) -> dict[str, Any]:
    rig.start()
    names = rig.enter(cameras)
    until("recording", 60, lambda: rig.growing(names))
    time.sleep(2)
    rig.stop()
    rig.start()
    until("recording again", 60, lambda: rig.growing(names))
    at = rig.settings.backups()
    # What is entered while the backup is made may be in it or not.
    in_backup = {row.id for row in rig.rows()}
    if by_itself:
        until("a backup that nobody asked for", BY_ITSELF_S, lambda: sets.sets_in(at))
    else:
        _command(rig, "backup", "now")
    by_then = {row.id for row in rig.rows()}
    time.sleep(2)
    rig.stop()
    before = {row.id: row for row in rig.rows()}
    newer = before.keys() - by_then
    assert in_backup, "nothing was in the backup"
    assert newer, "nothing was recorded after the backup"
    gone = list(rig.data.glob("mingjing.sqlite3*"))
    assert gone, "the fault did not happen: there was no database"
    for file in gone:
        file.unlink()
    restore_s = _command(rig, "restore", "newest", "--yes")
    by_command = {row.id for row in rig.rows()}
    rig.start()
    until("the newer recordings", 60, lambda: {row.id for row in rig.rows()} >= newer or None)
    rig.stop()
    after = {row.id: row for row in rig.rows()}
    return {
        "by_default": BackupSettings().enabled, "by_itself": by_itself, "in_backup": len(in_backup),
        "newer": len(newer), "newer_adopted": len(newer & after.keys()),
        "came_with_backup": len(by_command & in_backup), "altered": _altered(before, after),
        "unsound": recovered.unsound(rig.storage, before.values()), "small_restore_s": round(restore_s, 1),
    }  # fmt: skip


def _altered(before: dict[str, Row], after: dict[str, Row]) -> list[str]:
    return [name for name, row in before.items() if after.get(name) != row]


def _command(rig: Rig, *words: str) -> float:
    """Run a command of the program; seconds."""
    began = time.monotonic()
    command = [sys.executable, "-m", "mingjing", *words]
    done = subprocess.run(
        command, env=os.environ | rig.environment, capture_output=True, text=True, timeout=3600, check=False
    )
    assert done.returncode == 0, f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr[-2000:]}"
    return time.monotonic() - began


def _timed(rig: Rig, rows: int) -> dict[str, Any]:
    rig.folder.mkdir()
    try:
        rig.start()
        rig.stop()
    finally:
        rig.abandon()
    _fill(rig, rows)
    backup_s = _command(rig, "backup", "now")
    for file in rig.data.glob("mingjing.sqlite3*"):
        file.unlink()
    restore_s = _command(rig, "restore", "newest", "--yes")
    (came,) = rig.ask("SELECT count(*) FROM segments")[0]
    kept = sets.sets_in(rig.settings.backups())[-1]
    return {
        "n": rows, "came_back": came, "mib": kept.bytes >> 20, "backup_s": round(backup_s, 1),
        "restore_s": round(restore_s, 1), "rows_per_s": round(rows / restore_s),
    }  # fmt: skip


def _fill(rig: Rig, rows: int) -> None:
    """Segments of a minute of many streams, of the last days, as the index has them."""
    first_us = wall_us() - min(rows // STREAMS + 1, 20 * 1440) * MINUTE_US
    with closing(sqlite3.connect(rig.data / "mingjing.sqlite3")) as store, store:
        store.executemany(
            "INSERT INTO record_streams (stream, channel, accounted_until_us) VALUES (?, ?, ?)",
            [(f"ch_restore{n:05}.main", f"ch_restore{n:05}", first_us + DAY_US) for n in range(STREAMS)],
        )
        numbers = store.execute("SELECT min(no) FROM record_streams WHERE stream LIKE 'ch_restore%'")
        least = numbers.fetchone()[0]
        store.execute(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)"
            " INSERT INTO segments (stream_no, start_us, sequence, end_us, size_bytes, digest, fragments,"
            " video_frames, key_frames, codecs, width, height, origin, state, stored_us, pool, path)"
            " SELECT ? + i % ?, ? + (i / ?) * 2000000, 1, ? + (i / ?) * 2000000 + 2000000, 500000,"
            " randomblob(32), 2, 50, 2, 'avc1.640028', 1920, 1080, 'recorded', 'stored', ?, 'main',"
            " printf('ch_restore%05d.main/20261101/%d-1.mp4', i % ?, i) FROM n",
            (rows, least, STREAMS, first_us, STREAMS, first_us, STREAMS, wall_us(), STREAMS),
        )


def holds(found: dict[str, Any], *, timed: bool = True) -> bool:
    """The promise of R15. Its time is for ten million rows: fewer are judged by their share of it."""
    adopted = found["newer_adopted"] == found["newer"] > 0 and found["came_with_backup"] == found["in_backup"]
    whole = found["by_default"] and adopted and not found["altered"] and not found["unsound"]
    quick = found["restore_s"] <= max(BOUND_S * found["n"] / FULL_ROWS, 30.0)
    return bool(whole and found["came_back"] == found["n"] and (quick or not timed))


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="restore", description=__doc__)
    options.add_argument("--rows", "-n", type=int, default=1_000_000)
    options.add_argument("--no-wait", action="store_true", help="do not wait for the backup by itself")
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.rows, by_itself=not chosen.no_wait)
    return measured.ended("R15", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
