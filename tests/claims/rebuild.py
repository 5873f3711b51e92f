"""R14: the segment index is made anew from the files alone.

`python -m tests.claims.rebuild [--segments N]` prints one JSON line. The real program records, is stopped, an
archive of N segments is brought in beside what it recorded, and the database is deleted. The program refuses to
start without it; after `mingjing recordings rebuild --new-database` it starts: compared is the index that it comes to
with the index that was deleted. Second figure: the rebuilding alone, in this process, in segments a second.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from mingjing import _media
from mingjing.app import migrations
from mingjing.cli.archive import archive
from mingjing.kernel.clock import SystemClock
from mingjing.kernel.db import Database
from mingjing.kernel.migrate import upgrade
from mingjing.recording import archive as files
from tests.claims import measured, recovered
from tests.claims.cameras import Cameras
from tests.claims.rig import Rig, Row, until

SEGMENTS_A_SECOND = 20_000
SEGMENT_SECONDS = 2
OLD_US = 1_750_000_000_000_000
STREAM = "ch_oldarchive22.main"


def run(folder: Path, segments: int) -> dict[str, Any]:
    rig = Rig(folder)
    with Cameras(folder, 2) as cameras:
        try:
            rig.start()
            names = rig.enter(cameras)
            until("recording", 60, lambda: rig.growing(names))
            time.sleep(3)
            rig.stop()
            _bring_in(rig, segments)
            before = _whole(rig)
            _delete_database(rig)
            rate = _rebuild(rig)
            by_work = _whole(rig)
            _delete_database(rig)
            refused = _refused(rig)
            _by_command(rig)
            start_s = rig.start()
            by_command = _whole(rig)
            rig.stop()
        finally:
            rig.abandon()
    return {
        "n": len(before),
        "recorded": sum(row.stream in names for row in before.values()),
        "refused_at_start": refused,
        "by_work_percent": _percent(before, by_work),
        "by_command_percent": _percent(before, by_command),
        "unsound": recovered.unsound(rig.storage, list(by_command.values())[:200]),
        "segments_per_s": round(rate),
        "start_s": round(start_s, 1),
    }


def _whole(rig: Rig) -> dict[str, Row]:
    return {row.id: row for row in rig.rows()}


def _percent(before: dict[str, Row], after: dict[str, Row]) -> float:
    """Segments that are back as they were, in percent, cut and never rounded."""
    same = sum(after.get(name) == row for name, row in before.items())
    return 1000 * same // len(before) / 10


def _bring_in(rig: Rig, segments: int) -> None:
    """Very small pictures, a key frame a second: what counts here is the number of files."""
    clip = rig.folder / "old.mp4"
    source = f"testsrc=size=64x48:rate=2:duration={segments * SEGMENT_SECONDS}"
    command = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", source, "-c:v", "libx264", "-preset"]
    command += ["ultrafast", "-bf", "0", "-g", "2", "-pix_fmt", "yuv420p", str(clip)]
    subprocess.run(command, check=True, timeout=120)
    made = json.loads(_media.import_file(str(rig.storage), str(clip), STREAM, OLD_US, SEGMENT_SECONDS))
    assert abs(len(made) - segments) <= segments // 50 + 1, f"{len(made)} segments for {segments}"
    with archive(rig.settings) as at:
        files.rebuild(at.database, at.recording)


def _delete_database(rig: Rig) -> None:
    """The fault. Asserts that there was something to delete."""
    gone = list(rig.data.glob("mingjing.sqlite3*"))
    assert gone, "the fault did not happen: there was no database"
    for file in gone:
        file.unlink()


def _refused(rig: Rig) -> bool:
    """Whether a start without the database ends at once, says what to do, and makes none."""
    rig.start(wait=False)
    assert rig.process is not None
    code = rig.process.wait(60)
    rig.process = None
    return code == 2 and "SYS-044" in rig.tail() and not list(rig.data.glob("mingjing.sqlite3*"))


def _by_command(rig: Rig) -> None:
    command = [sys.executable, "-m", "mingjing", "recordings", "rebuild", "--new-database"]
    subprocess.run(
        command, env=os.environ | rig.environment, check=True, timeout=120, stdout=subprocess.DEVNULL
    )


def _rebuild(rig: Rig) -> float:
    """Segments a second of the command's own work, from an empty database."""
    empty = Database(rig.settings.database_url(), SystemClock())
    upgrade(empty, migrations())
    empty.close()
    with archive(rig.settings) as at:
        began = time.monotonic()
        entered = files.rebuild(at.database, at.recording)
        return entered / (time.monotonic() - began)


def holds(found: dict[str, Any]) -> bool:
    """The promise of R14, without its speed."""
    whole = found["by_command_percent"] == found["by_work_percent"] == 100.0
    return bool(whole and found["refused_at_start"] and not found["unsound"])


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="rebuild", description=__doc__)
    options.add_argument("--segments", "-n", type=int, default=2000)
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.segments)
    kept = holds(found) and found["segments_per_s"] >= SEGMENTS_A_SECOND
    return measured.ended("R14", **found, holds=kept)


if __name__ == "__main__":
    sys.exit(main())
