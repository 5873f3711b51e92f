"""R7 beside others: each write and each sync of a recording takes longer for a while; what is lost, who notices.

The library of `slow.py` delays syncs, which most of the others do not do: here `slowdisk.c` delays their writes, and
ours, too.
"""

import random
import statistics
import time
from pathlib import Path
from typing import Any

from tests.claims.cameras import FRAME_MS
from tests.claims.peers.audience import Audience
from tests.claims.peers.left import left_by
from tests.claims.peers.recorders import Recorder
from tests.claims.peers.results import Run
from tests.claims.person import percentile
from tests.claims.recovered import doubled, holes
from tests.claims.rig import wall_us
from tests.claims.shim import Writes

CLAIM = "R7"
LEAST_S, MOST_S = 0.2, 0.8
STRETCH_S = 20.0
CALM_AFTER_S = 10.0
"""After a start, which takes processors."""

VIEWERS = 4


def once(recorder: Recorder, writes: Writes) -> Run:
    """A calm stretch and a slow one; then the disk is well again until all has been written."""
    recorder.start()
    writes.of(recorder.storage)
    cameras = len(recorder.cameras)
    time.sleep(CALM_AFTER_S)
    audience = Audience(
        [recorder.viewer(number % cameras) for number in range(VIEWERS)] if recorder.serves else []
    )
    try:
        time.sleep(2)
        from_us, calm = wall_us(), time.monotonic()
        time.sleep(STRETCH_S)
        slow = time.monotonic()
        writes.delay(LEAST_S, MOST_S)
        time.sleep(STRETCH_S)
        over = time.monotonic()
    finally:
        writes.delay(0, 0)
    until_us = wall_us()
    time.sleep(recorder.settled_s)
    audience.close()
    alive = recorder.alive()
    recorder.stop()
    assert writes.delayed > 0, "the fault did not happen: no write was slow"
    left = left_by(recorder)
    p99 = [_p99(audience, *stretch) for stretch in ((calm, slow), (slow, over))] if recorder.serves else None
    return {
        "delayed": writes.delayed,
        "alive": alive,
        "p99_calm_ms": p99 and p99[0],
        "p99_slow_ms": p99 and p99[1],
        "due": round(cameras * (until_us - from_us) / 1000 / FRAME_MS),
        "missing": sum(holes(own, from_us, until_us) for own in left.pictures.values()),
        "doubled": sum(doubled(own) for own in left.pictures.values()),
        "files": left.files,
        "unplayable": left.unplayable,
    }


def _p99(audience: Audience, from_s: float, until_s: float) -> float:
    """Of the time between two pictures of a viewer, milliseconds; a viewer without two waited for the whole stretch."""
    between = [audience.between_ms(number, from_s, until_s) for number in range(len(audience))]
    return round(percentile([gap for gaps in between for gap in gaps or [(until_s - from_s) * 1000]], 99), 1)


def summary(runs: list[Run]) -> dict[str, Any]:
    ratios = [run["p99_slow_ms"] / run["p99_calm_ms"] for run in runs if run["p99_calm_ms"]]
    return {
        "delay_s": [LEAST_S, MOST_S],
        "delayed": sum(run["delayed"] for run in runs),
        "ratio": round(statistics.median(ratios), 2) if ratios else None,
        "due": sum(run["due"] for run in runs),
        "missing": sum(run["missing"] for run in runs),
        "doubled": sum(run["doubled"] for run in runs),
        "files": sum(run["files"] for run in runs),
        "unplayable": sum(len(run["unplayable"]) for run in runs),
        "ended": sum(not run["alive"] for run in runs),
    }


def seeded(folder: Path, chance: random.Random) -> Writes:
    """The disk of one run."""
    return Writes(folder, chance.randrange(1 << 31))
