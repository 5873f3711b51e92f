"""R3: a power cut costs at most the sync interval and a fragment, and nothing acknowledged.

`python -m tests.claims.power [--seeds N] [--cuts N] [--streams N] [--seed N] [--budget S]` prints one JSON line of two
parts:

- what a cut at any operation of the writer may leave, `--seeds` states drawn at each of some hundred operations, on the
  simulated disk (`media/tests/record_faults.rs`);
- the whole program with its data directory, its keys and its recordings on a file system that forgets what nobody
  synced (`lossy.py`). A cut comes in turn when files have just begun, when they end and others begin, and whenever; just
  before it the index is read as others read it, and what it says then is acknowledged. The program is killed, the power
  cut, and it starts again on what is left. `make test` does as many cuts as fit into a minute and a quarter, with 2 streams.

The tail of a stream is what is missing before a cut, from the first picture that is missing on: pictures that survived
behind a hole do not shorten it.
"""

import argparse
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from tests.claims import lossy, measured, recovered, simulated
from tests.claims.cameras import FRAME_MS, Cameras
from tests.claims.forgetful import Forgotten
from tests.claims.lives import Acknowledged, Life, announced_twice
from tests.claims.lossy import Lossy
from tests.claims.recovered import Frame
from tests.claims.rig import SEGMENT_SECONDS, Rig, until, wall_us

TEST = "a_power_cut_costs_a_sync_interval_and_a_fragment_and_nothing_that_was_announced"
FEWEST = 3
GROUP_S, GROUP_US = 1.1, 1_100_000
"""The cameras begin with their last key frame: who comes back sooner is sent pictures that were recorded before."""


def run(folder: Path, cuts: int, streams: int, seed: int, budget_s: float = 3600.0) -> dict[str, Any]:
    """Cut the power up to `cuts` times within the budget, then judge."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    lives: list[Life] = []
    begun: list[dict[str, int]] = []
    acknowledged = Acknowledged()
    forgotten = Forgotten()
    unsound: list[str] = []
    starts_ms: list[float] = []
    with Lossy(folder / "disk") as disk, Cameras(folder, streams) as cameras:
        rig = Rig(folder, data=disk.place / "data")
        try:
            started_us = wall_us()
            rig.start()
            names = rig.enter(cameras)
            began = time.monotonic()
            for number in range(cuts):
                if number >= FEWEST and time.monotonic() - began > budget_s:
                    break
                until("all streams record", 60, partial(rig.growing, names))
                began_us = wall_us()
                time.sleep(_moment(number, chance))
                # What a reader of the index sees is committed: SQLite shows a transaction once it is synced.
                acknowledged.remember(rig.rows())
                lives.append(Life(began_us, rig.kill()))
                begun.append(_begun(rig, names, started_us))
                forgotten.add(disk.cut(chance.randrange(1 << 32)))
                unsound += _database(rig)
                acknowledged.remember(rig.rows())
                time.sleep(GROUP_S)
                started_us = wall_us()
                starts_ms.append(rig.start() * 1000)
            until("recording after the last cut", 60, lambda: rig.growing(names))
            time.sleep(2)
            assert cameras.running(), "the cameras died with the program"
            rig.stop()
            judged = _judge(rig, names, list(zip(lives, begun, strict=True)), acknowledged)
        finally:
            rig.abandon()
    media = rig.settings.media
    return judged | {
        "seed": seed, "cuts": len(starts_ms), "streams": streams, "forgotten_bytes": forgotten.bytes,
        "forgotten_zeroed": forgotten.zeroed, "forgotten_names": forgotten.names, "database": unsound,
        "start_ms_median": round(statistics.median(starts_ms)),
        "tail_ms_allowed": media.sync_ms + media.fragment_ms + 2 * FRAME_MS,
    }  # fmt: skip


def _moment(number: int, chance: random.Random) -> float:
    """Seconds to wait: in turn when a file has just begun, when files end and begin, and whenever."""
    if number % 3 == 0:
        return chance.uniform(0, 1)
    if number % 3 == 1:
        return SEGMENT_SECONDS - time.time() % SEGMENT_SECONDS + chance.uniform(0, 2)
    return chance.uniform(0.2, 5)


def _begun(rig: Rig, streams: Sequence[str], started_us: int) -> dict[str, int]:
    """When each stream's first file of this run begins, by the names of the files before the cut."""
    starts = {
        stream: [int(file.name.partition("-")[0]) for file in (rig.storage / stream).glob("*/*-*")]
        for stream in streams
    }
    return {stream: min(at for at in found if at >= started_us) for stream, found in starts.items()}


def _database(rig: Rig) -> list[str]:
    """What SQLite says is wrong with what the cut left of the database, looked at in a copy."""
    rig.rows()
    with closing(sqlite3.connect(rig.folder / "copy.sqlite3")) as store:
        said = [row[0] for row in store.execute("PRAGMA integrity_check")]
    return [one for one in said if one != "ok"]


def _journal(rig: Rig) -> str:
    """What `mingjing verify journal` says, empty where the journal is whole."""
    command = [sys.executable, "-m", "mingjing", "verify", "journal"]
    done = subprocess.run(
        command, env=os.environ | rig.environment, capture_output=True, text=True, timeout=60, check=False
    )
    return "" if done.returncode == 0 else done.stderr.strip() or f"exit {done.returncode}"


def _judge(
    rig: Rig, streams: list[str], lives: list[tuple[Life, dict[str, int]]], acknowledged: Acknowledged
) -> dict[str, Any]:
    rows = rig.rows()
    acknowledged.remember(rows)
    unknown = {path.relative_to(rig.storage).as_posix() for path in rig.storage.glob("*/*/*.mp4")}
    pictures = recovered.by_stream(rig.storage, whole=False)
    tails = [
        _tail_ms(pictures.get(stream, []), begun[stream], life.ended_us)
        for stream in streams
        for life, begun in lives
    ]
    return {
        "lost_acked": acknowledged.altered + recovered.unsound(rig.storage, rows),
        "acknowledged": len(acknowledged.rows),
        "unknown_files": sorted(unknown - {row.path for row in rows}),
        "twice": announced_twice(rows) + recovered.overlaps(rows),
        "doubled": sum(recovered.doubled(own) for own in pictures.values()),
        "zeroed": recovered.unnumbered(rig.storage),
        "tail_ms_max": max(tails),
        "tail_ms_median": statistics.median(tails),
        "journal": _journal(rig),
        "contradicted_by_ffprobe": recovered.contradicted(rig.storage, [row.path for row in rows][:60]),
    }


def _tail_ms(pictures: Sequence[Frame], begun_us: int, ended_us: int) -> float:
    """Time before the cut since when pictures are missing, in whole frames: all of the run where none was kept."""
    own = [one for one in pictures if begun_us - GROUP_US <= one.wall_us <= ended_us]
    kept_us = begun_us
    for before, one in zip([*own[:1], *own], own, strict=False):
        if one.sequence > before.sequence + 1:
            break
        kept_us = max(kept_us, one.wall_us)
    return int((ended_us - kept_us) / 1000 // FRAME_MS) * FRAME_MS


def holds(found: dict[str, Any], *, timed: bool = True) -> bool:
    """The promise of R3 for the whole program; without the length of the tail where `timed` is false."""
    happened = found["forgotten_bytes"] > 0 and found["forgotten_zeroed"] > 0 and found["acknowledged"] > 0
    clean = not (found["lost_acked"] or found["twice"] or found["unknown_files"] or found["doubled"])
    clean = clean and not (found["zeroed"] or found["contradicted_by_ffprobe"])
    clean = clean and not (found["database"] or found["journal"])
    return bool(happened and clean and (found["tail_ms_max"] <= found["tail_ms_allowed"] or not timed))


def add(found: dict[str, Any]) -> str:
    """Put the whole program's figures beside those of the simulated disk, whoever was measured first."""
    before = measured.read("R3") or {}
    before.pop("claim", None)
    simulated_holds = before.pop("holds", None)
    if "fuse_holds" in before:
        simulated_holds = before["simulated_holds"]
    own = {f"fuse_{name}": value for name, value in (found | {"holds": holds(found)}).items()}
    both = None if simulated_holds is None else bool(simulated_holds and own["fuse_holds"])
    return measured.write("R3", **(before | own | {"simulated_holds": simulated_holds, "holds": both}))


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="power", description=__doc__)
    options.add_argument("--seeds", type=int, default=184)
    options.add_argument("--cuts", "-n", type=int, default=20, help="of the whole program; 0 for none")
    options.add_argument("--streams", type=int, default=4)
    options.add_argument("--seed", type=int, default=1, help="of the first state, and of the cuts")
    options.add_argument("--budget", type=float, default=3600.0, help="seconds")
    chosen = options.parse_args(arguments)
    first = chosen.seed * chosen.seeds
    environment = {"SEEDS": f"{first}..{first + chosen.seeds}"}
    if chosen.cuts == 0:
        return simulated.run("R3", TEST, environment)
    if reason := lossy.missing():
        print(f"R3: {reason}", file=sys.stderr)
        return 2
    held = simulated.measure("R3", TEST, environment)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.cuts, chosen.streams, chosen.seed, chosen.budget)
    print(add(found))
    return 0 if held and holds(found) else 1


if __name__ == "__main__":
    sys.exit(main())
