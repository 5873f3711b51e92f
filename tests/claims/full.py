"""R5: a full disk on which nothing may be deleted is told at once, costs only recording, and heals by itself.

`python -m tests.claims.full [--mib N]` prints one JSON line. Recordings go to a small tmpfs; something else fills
it until ENOSPC, and makes room again. Needs root, for the mount. Meanwhile a viewer pulls live pictures through the
program's own tickets, and another one signs in and joins, which the journal must have.
"""

import argparse
import errno
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.claims import measured, recovered
from tests.claims.cameras import Cameras
from tests.claims.person import Person, Viewer
from tests.claims.rig import Rig, until, wall_us

ALARM_S, RESUME_S = 5.0, 10.0
FULL_S = 12.0
BOUND_S = 40.0


@contextmanager
def small_disk(at: Path, mib: int) -> Iterator[Path]:
    """A file system of its own in memory."""
    at.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mib}m", "mingjing-claim", str(at)], check=True)
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


def run(folder: Path, mib: int, streams: int) -> dict[str, Any]:
    with small_disk(folder / "disk", mib) as disk, Cameras(folder, streams) as cameras:
        rig = Rig(folder, storage=disk / "recordings")
        try:
            rig.start()
            names = rig.enter(cameras)
            password = rig.person("viewer", "duty_officer")
            until("recording", 60, lambda: rig.growing(names))
            time.sleep(12)
            viewer = Viewer(Person(rig, "viewer", password), names[0])
            found = _fill_and_free(rig, disk, names, viewer, password)
            viewer.close()
            journal = "SELECT count(*) FROM journal WHERE actor_kind = 'user' AND at_us BETWEEN ? AND ?"
            found["journal_entries"] = rig.ask(journal, found["full_us"], found["freed_us"])[0][0]
            rig.stop()
        finally:
            rig.abandon()
        return _judge(rig, names, found)


def _fill_and_free(rig: Rig, disk: Path, streams: list[str], viewer: Viewer, password: str) -> dict[str, Any]:
    kept_before = {row.id: row for row in rig.rows() if row.state == "stored"}
    ballast = disk / "ballast"
    full_us, began = wall_us(), time.monotonic()
    fill(ballast)
    alarm = (
        "SELECT count(*) FROM alarms WHERE kind = 'storage_full' AND raised_us >= ? AND state != 'resolved'"
    )
    until("the alarm", BOUND_S, lambda: rig.ask(alarm, full_us)[0][0])
    alarm_s = time.monotonic() - began
    gap = (
        "SELECT count(DISTINCT stream_no) FROM record_gaps WHERE reason = 'disk_full'"
        " AND (until_us IS NULL OR until_us >= ?)"
    )
    until("a gap with its reason", BOUND_S, lambda: rig.ask(gap, full_us)[0][0] == len(streams))
    gap_s = time.monotonic() - began
    another = Viewer(Person(rig, "viewer", password), streams[-1])
    until("live pictures of a full system", BOUND_S, lambda: len(another.received) > 3)
    another.close()
    while time.monotonic() - began < FULL_S:
        time.sleep(0.2)
        fill(ballast)
    assert os.statvfs(disk).f_bavail == 0, "the fault did not happen: there is room"
    silence_s = viewer.longest_silence_s(began, time.monotonic())
    ballast.unlink()
    freed_us = wall_us()
    until("recording again", BOUND_S, lambda: rig.growing(streams))
    time.sleep(3)
    assert rig.alive(), rig.tail()
    return {
        "full_us": full_us, "freed_us": freed_us, "alarm_s": round(alarm_s, 1), "gap_s": round(gap_s, 1),
        "live_silence_s": round(silence_s, 1), "kept_before": kept_before,
    }  # fmt: skip


def fill(ballast: Path) -> None:
    """Write until the disk says ENOSPC; anything else is a failure of the harness."""
    with ballast.open("ab", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(bytes(size))
            except OSError as problem:
                if problem.errno != errno.ENOSPC:
                    raise
                size //= 16


def _judge(rig: Rig, streams: list[str], found: dict[str, Any]) -> dict[str, Any]:
    rows = rig.rows()
    kept_before = found.pop("kept_before")
    freed_us = found.pop("freed_us")
    del found["full_us"]
    gone = [name for name in kept_before if name not in {row.id for row in rows}]
    gone += recovered.unsound(rig.storage, kept_before.values())
    pictures = recovered.by_stream(rig.storage)
    resumed = [
        min((one.wall_us for one in pictures[stream] if one.wall_us > freed_us), default=freed_us + 10**9)
        for stream in streams
    ]
    lost_us = [
        max((later.wall_us - one.wall_us for one, later in pairwise(pictures[stream])), default=0)
        for stream in streams
    ]
    return found | {
        "streams": len(streams),
        "resume_s_max": round((max(resumed) - freed_us) / 1e6, 1),
        "lost_s": round(min(lost_us) / 1e6, 1),
        "deleted": gone,
        "deletions": rig.ask("SELECT count(*) FROM record_deletions")[0][0],
        "unsound": recovered.unsound(rig.storage, [row for row in rows if row.state == "stored"]),
        "overlaps": recovered.overlaps(rows),
    }


def holds(found: dict[str, Any], *, timed: bool = True) -> bool:
    """The promise of R5; without its times where `timed` is false."""
    clean = not (found["deleted"] or found["deletions"] or found["unsound"] or found["overlaps"])
    clean = clean and found["journal_entries"] > 0 and found["lost_s"] > 1
    quick = found["alarm_s"] <= ALARM_S and found["resume_s_max"] <= RESUME_S
    return bool(clean and (quick or not timed) and found["live_silence_s"] < 5)


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="full", description=__doc__)
    options.add_argument("--mib", type=int, default=48)
    options.add_argument("--streams", type=int, default=3)
    chosen = options.parse_args(arguments)
    if os.geteuid() != 0:
        print("R5 needs root: it mounts a small file system", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.mib, chosen.streams)
    return measured.ended("R5", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
