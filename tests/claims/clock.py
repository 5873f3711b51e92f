"""R8: whatever the wall clock does while recording: no crash, no overlap, the jump noted, nothing deleted by it.

`python -m tests.claims.clock [--seconds N]` prints one JSON line. The program runs under a small preloaded library
that moves its wall clock alone (`clockshim.c`, compiled here): +1 h, back, −1 h, back, −1 day, back, +10 years, back.
Then the clock crawls forth and back as fast as chrony slews it, which is no jump. Then the program is killed, started
with its clock at +10 years, and the clock is put right while it records. Expiry looks each second instead of each ten
minutes, so that it has every chance to delete; the journal must say that it was paused. Every step must be in the
journal, and in one fragment of every stream.
"""

import argparse
import json
import mmap
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from mingjing import _media
from tests.claims import measured, recovered
from tests.claims.cameras import Cameras
from tests.claims.rig import Rig, until, wall_us

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
TEN_YEARS_US = 10 * 365 * DAY_US
STEPS_US = (HOUR_US, 0, -HOUR_US, 0, -DAY_US, 0, TEN_YEARS_US, 0)
MOVES_US = tuple(after - before for before, after in pairwise((0, *STEPS_US)))
MADE = len(MOVES_US) + 1
"""Steps while it records: these, and the clock put right after the start at +10 years."""

CRAWL_US_A_SECOND = 83_333
"""chrony's default `maxslewrate`, 83,333.333 ppm; the kernel's own slew is 500 ppm."""
CRAWL_SECONDS = 7
"""Each way: long enough to come further than what counts as a jump (0.5 s)."""
CRAWLS_A_SECOND = 50
EAGER = (
    "import sys, mingjing.recording.expiry as expiry;"
    "expiry.PASS_SECONDS = 1.0; sys.argv = ['mingjing', 'serve'];"
    "from mingjing.cli import main; main()"
)


class WallClock:
    """The offset of the program's wall clock, in a mapped file."""

    def __init__(self, folder: Path) -> None:
        library = folder / "clockshim.so"
        source = Path(__file__).with_name("clockshim.c")
        command = ["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", str(library), str(source)]
        subprocess.run(command, check=True, timeout=60)
        self.file = folder / "offset"
        self.file.write_bytes(bytes(8))
        with self.file.open("r+b") as opened:
            self._page = mmap.mmap(opened.fileno(), 8)
        self.environment = {"LD_PRELOAD": str(library), "CLAIM_CLOCK_FILE": str(self.file)}

    def set(self, offset_us: int) -> None:
        self._page[:8] = struct.pack("<q", offset_us)

    def crawl(self) -> None:
        """Slew forth and back, in steps that no program can tell from a crawl."""
        forth = range(1, CRAWL_SECONDS * CRAWLS_A_SECOND + 1)
        for count in (*forth, *reversed(forth), 0):
            self.set(count * CRAWL_US_A_SECOND // CRAWLS_A_SECOND)
            time.sleep(1 / CRAWLS_A_SECOND)


def run(folder: Path, seconds: float, streams: int) -> dict[str, Any]:
    wall = WallClock(folder)
    rig = Rig(folder, extra=wall.environment)
    with Cameras(folder, streams) as cameras:
        try:
            rig.start(program=("-c", EAGER))
            names = rig.enter(cameras)
            until("recording", 60, lambda: rig.growing(names))
            time.sleep(seconds)
            from_us = wall_us()
            for offset_us in STEPS_US:
                wall.set(offset_us)
                time.sleep(seconds)
                assert rig.alive(), f"it did not survive {offset_us} µs:\n{rig.tail()}"
            wall.crawl()
            time.sleep(seconds)
            until_us = wall_us()
            rig.kill()
            wall.set(TEN_YEARS_US)
            rig.start(program=("-c", EAGER))
            until("recording under a wrong clock", 60, lambda: rig.growing(names))
            time.sleep(seconds)
            assert rig.alive(), rig.tail()
            wall.set(0)
            time.sleep(seconds / 2)
            rig.stop()
        finally:
            rig.abandon()
    return _judge(rig, names, from_us, until_us) | {"streams": streams}


def _judge(rig: Rig, streams: list[str], from_us: int, until_us: int) -> dict[str, Any]:
    rows = rig.rows()
    pictures = recovered.by_stream(rig.storage)
    jumps = [
        json.loads(facts)["by_us"] if isinstance(facts, str) else facts["by_us"]
        for (facts,) in rig.ask("SELECT facts FROM journal WHERE action = 'clock.jump'")
    ]
    assert jumps, "the fault did not happen, or was not noticed"
    tables = [json.loads(_media.segment_table(str(rig.storage / row.path))) for row in rows]
    return {
        "n": len(rows),
        "jumps_noted": _noted(jumps),
        "jumps_unmade": len(jumps) - _noted(jumps),
        "jumps_made": MADE,
        "jumps_in_files": sum(one["clock_jump"] for table in tables for one in table["fragments"]),
        "paused": rig.ask("SELECT count(*) FROM journal WHERE action = 'retention.pause'")[0][0],
        "deletions": rig.ask("SELECT count(*) FROM record_deletions")[0][0],
        "overlaps": recovered.overlaps(rows),
        "unsound": recovered.unsound(rig.storage, rows),
        "missing": sum(recovered.holes(pictures[stream], from_us, until_us) for stream in streams),
        "doubled": sum(recovered.doubled(pictures[stream]) for stream in streams),
    }


def _noted(jumps: Sequence[int]) -> int:
    """How many of the steps stand in the journal, each by its own entry."""
    left = list(jumps)
    for made_us in (*MOVES_US, -TEN_YEARS_US):
        found = next((by_us for by_us in left if abs(by_us - made_us) < 2_000_000), None)
        if found is not None:
            left.remove(found)
    return len(jumps) - len(left)


def holds(found: dict[str, Any]) -> bool:
    """The promise of R8."""
    clean = not (found["deletions"] or found["overlaps"] or found["unsound"])
    clean = clean and not (found["missing"] or found["doubled"])
    told = found["jumps_noted"] == found["jumps_made"] and not found["jumps_unmade"]
    told = told and found["jumps_in_files"] == found["jumps_made"] * found["streams"]
    return bool(clean and told and found["paused"])


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="clock", description=__doc__)
    options.add_argument("--seconds", type=float, default=6.0, help="between two steps")
    options.add_argument("--streams", type=int, default=3)
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.seconds, chosen.streams)
    return measured.ended("R8", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
