"""R1: kill -9 of the whole program at random moments costs at most a second a stream and nothing acknowledged.

`python -m tests.claims.kill [--kills N] [--streams N] [--seed N] [--budget S]` prints one JSON line. Most kills
come while every stream records, each third while the program starts. After the first few, none begins once the budget
is spent. After each, the index is read from a copy: what it knows then is acknowledged and must be there, unaltered,
at the end. `make test` does 20 with 2 streams, or as many as fit in four minutes.

Kills at counted operations of the writer and of recovery are Rust tests (`media/tests/record_faults.rs`): before and
inside each operation of a run (some 200 kills), and inside each operation of the recoveries of every ninth (some 500).
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.claims import measured, recovered
from tests.claims.cameras import FRAME_MS, Cameras
from tests.claims.lives import Acknowledged, Life, announced_twice
from tests.claims.rig import Rig, until, wall_us

TAIL_MS = 1000.0
FEWEST = 3
GROUP_S = 1.1
"""The cameras begin with their last key frame: who comes back sooner is sent pictures that were recorded before."""
DURING_START_EVERY = 3


def run(folder: Path, kills: int, streams: int, seed: int, budget_s: float = 3600.0) -> dict[str, Any]:
    """Kill up to `kills` times within the budget, then judge."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    rig = Rig(folder)
    lives: list[Life] = []
    acknowledged = Acknowledged()
    starts_ms: list[float] = []
    with Cameras(folder, streams) as cameras:
        try:
            rig.start()
            names = rig.enter(cameras)
            began = time.monotonic()
            for number in range(kills):
                if number >= FEWEST and time.monotonic() - began > budget_s:
                    break
                if number % DURING_START_EVERY == DURING_START_EVERY - 1:
                    _kill_while_starting(rig, names, chance)
                else:
                    lives.append(_kill_while_recording(rig, names, chance))
                acknowledged.remember(rig.rows())
                time.sleep(GROUP_S)
                starts_ms.append(rig.start() * 1000)
            until("recording after the last kill", 60, lambda: rig.growing(names))
            last_us = wall_us()
            time.sleep(2)
            assert cameras.running(), "the cameras died with the program"
            rig.stop()
        finally:
            rig.abandon()
    return _judge(rig, names, lives, last_us, acknowledged) | {
        "seed": seed, "n": len(starts_ms), "streams": streams, "start_ms_median": round(statistics.median(starts_ms)),
    }  # fmt: skip


def _kill_while_recording(rig: Rig, streams: list[str], chance: random.Random) -> Life:
    until("all streams record", 60, lambda: rig.growing(streams))
    began_us = wall_us()
    time.sleep(chance.uniform(0.2, 5.0))
    return Life(began_us, rig.kill())


def _kill_while_starting(rig: Rig, streams: list[str], chance: random.Random) -> None:
    """The first half second of Python's start does nothing yet; recovery and migration come after it.

    What was killed before has recovered when all streams record: stopped earlier, two starts would count as one.
    """
    until("all streams record", 60, lambda: rig.growing(streams))
    rig.stop()
    time.sleep(GROUP_S)
    rig.start(wait=False)
    time.sleep(chance.uniform(0.5, 3.0))
    rig.kill()


def _judge(
    rig: Rig, streams: list[str], lives: list[Life], last_us: int, acknowledged: Acknowledged
) -> dict[str, Any]:
    rows = rig.rows()
    acknowledged.remember(rows)
    lost = acknowledged.altered + recovered.unsound(rig.storage, rows)
    unknown = {path.relative_to(rig.storage).as_posix() for path in rig.storage.glob("*/*/*.mp4")}
    unknown -= {row.path for row in rows}
    pictures = recovered.by_stream(rig.storage)
    tails: list[float] = []
    missing = 0
    recoveries: list[float] = []
    for stream in streams:
        own = pictures.get(stream, [])
        for life, next_us in zip(
            lives, [*(one.recording_from_us for one in lives[1:]), last_us], strict=True
        ):
            tail = recovered.tail_ms(own, life.recording_from_us - 2_000_000, life.ended_us)
            tails.append(TAIL_MS * 60 if tail is None else tail)
            missing += recovered.holes(own, life.recording_from_us, life.ended_us)
            again = [one.wall_us for one in own if life.ended_us < one.wall_us <= next_us + 2_000_000]
            if again:
                recoveries.append((min(again) - life.ended_us) / 1000)
    return {
        "lost_acked": lost,
        "unknown_files": sorted(unknown),
        "twice": announced_twice(rows) + recovered.overlaps(rows),
        "doubled": sum(recovered.doubled(own) for own in pictures.values()),
        "missing": missing,
        "tail_ms_max": max(tails),
        "tail_ms_median": statistics.median(tails),
        "recover_ms_median": round(statistics.median(recoveries)),
        "recover_ms_max": round(max(recoveries)),
        "segments": len(rows),
        "contradicted_by_ffprobe": recovered.contradicted(rig.storage, [row.path for row in rows][:120]),
        "frame_ms": FRAME_MS,
    }


def holds(found: dict[str, Any]) -> bool:
    """The promise of R1."""
    clean = not (found["lost_acked"] or found["twice"] or found["contradicted_by_ffprobe"])
    clean = clean and not (found["unknown_files"] or found["doubled"] or found["missing"])
    return bool(clean and found["tail_ms_max"] <= TAIL_MS)


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="kill", description=__doc__)
    options.add_argument("--kills", "-n", type=int, default=20)
    options.add_argument("--streams", type=int, default=4)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--budget", type=float, default=600.0, help="seconds")
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.kills, chosen.streams, chosen.seed, chosen.budget)
    return measured.ended("R1", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
