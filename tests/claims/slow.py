"""R7: a disk whose every sync takes long delays no viewer, costs nothing at first, then a gap that says why.

`python -m tests.claims.slow [--seconds N] [--most S] [--streams N] [--seed N]` prints one JSON line. The program runs
under a small preloaded library that lets each sync of a recording take 0.2 s to `most` longer (`diskshim.c`). Compared
are the 99th percentiles of the time between what live viewers get, in a calm stretch and in a slow one of the same
minute. Then a sync takes longer than a stream may wait for the disk. Another installation records on a disk of its
own and must not notice. What waits for the disk is read from the system page all along.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.claims import measured, recovered
from tests.claims.cameras import Cameras
from tests.claims.person import Person, Viewer, Watch, percentile
from tests.claims.restart import parts
from tests.claims.rig import Rig, start_both, until, wall_us
from tests.claims.shim import Syncs

LEAST_S = 0.2
RATIO = 1.1
BACKLOG_BYTES = 64 << 20
BOUND_S = 90.0


def run(
    folder: Path, seconds: float, most_s: float, backlog_s: float, streams: int, seed: int
) -> dict[str, Any]:
    """`backlog_s`: how long the disk may keep a stream waiting; `most_s` is less."""
    for name in ("here", "elsewhere"):
        (folder / name).mkdir()
    syncs = Syncs(folder, seed)
    bound = {"MINGJING_LIMITS_WRITE_BACKLOG_MS": str(round(backlog_s * 1000))}
    with Cameras(folder / "here", streams) as cameras, Cameras(folder / "elsewhere", 1) as others:
        rig = Rig(folder / "here", extra=syncs.environment | bound)
        other = Rig(folder / "elsewhere")
        try:
            start_both(rig, other)
            names, apart = rig.enter(cameras), other.enter(others)
            person = Person(rig, "keeper", rig.person("keeper", "maintainer"))
            until("recording", BOUND_S, lambda: rig.growing(names) and other.growing(apart))
            viewers = [Viewer(person, name) for name in names for _ in range(2)]
            syncs.of(rig.storage)
            from_us = wall_us()
            with Watch(person.streams, 0.5) as watch:
                found = _calm_and_slow(rig, syncs, viewers, seconds, most_s)
                slow_until_us = wall_us()
                found |= _stuck(rig, syncs, names, backlog_s)
            until_us = wall_us()
            for viewer in viewers:
                viewer.close()
            assert other.alive(), other.tail()
            rig.stop()
            other.stop()
        finally:
            rig.abandon()
            other.abandon()
        waited = [stream["queue"]["bytes"] for seen in watch.seen for stream in seen.values()]
        pictures = recovered.by_stream(rig.storage)
        elsewhere = recovered.by_stream(other.storage)
        return found | {
            "n": syncs.delayed, "seed": seed, "streams": streams, "most_s": most_s, "backlog_s": backlog_s,
            "queue_bytes_max": max(waited),
            "slow_missing": sum(recovered.holes(pictures[name], from_us, slow_until_us) for name in names),
            "elsewhere_missing": sum(recovered.holes(elsewhere[name], from_us, until_us) for name in apart),
            "unexplained_s": round(max(recovered.unexplained_s(pictures[name], rig.gaps(name)) for name in names), 1),
            "overlaps": recovered.overlaps(rig.rows()),
            "unsound": recovered.unsound(rig.storage, [row for row in rig.rows() if row.state == "stored"]),
            "doubled": sum(recovered.doubled(pictures[name]) for name in names),
        }  # fmt: skip


def _calm_and_slow(
    rig: Rig, syncs: Syncs, viewers: list[Viewer], seconds: float, most_s: float
) -> dict[str, Any]:
    time.sleep(2)
    calm_from = time.monotonic()
    time.sleep(seconds)
    slow_from = time.monotonic()
    syncs.delay(LEAST_S, most_s)
    time.sleep(seconds)
    slow_until = time.monotonic()
    assert rig.alive(), rig.tail()
    assert syncs.delayed > 0, "the fault did not happen: no sync was slow"
    calm = percentile([gap for viewer in viewers for gap in viewer.between_ms(calm_from, slow_from)], 99)
    slow = percentile([gap for viewer in viewers for gap in viewer.between_ms(slow_from, slow_until)], 99)
    return {"p99_calm_ms": round(calm, 1), "p99_slow_ms": round(slow, 1), "ratio": round(slow / calm, 3)}


def _stuck(rig: Rig, syncs: Syncs, streams: list[str], backlog_s: float) -> dict[str, Any]:
    """Syncs that take longer than a stream may wait; then the disk is well again."""
    stuck_us, began = wall_us(), time.monotonic()
    syncs.delay(backlog_s + 2, backlog_s + 2)
    gap = (
        "SELECT count(DISTINCT stream_no) FROM record_gaps WHERE reason = 'write_overload'"
        " AND (until_us IS NULL OR until_us > ?)"
    )
    until("a gap with its reason", BOUND_S, lambda: rig.ask(gap, stuck_us)[0][0] == len(streams))
    gap_s = time.monotonic() - began
    syncs.delay(0, 0)
    well_us, well = wall_us(), time.monotonic()
    until("recording again", BOUND_S, lambda: _written_since(rig, well_us) >= set(streams))
    assert rig.alive(), rig.tail()
    return {"gap_s": round(gap_s, 1), "again_s": round(time.monotonic() - well, 1)}


def _written_since(rig: Rig, at_us: int) -> set[str]:
    """Streams of which something was written after a moment."""
    return {file.parent.parent.name for file in parts(rig) if file.stat().st_mtime_ns > at_us * 1000}


def holds(found: dict[str, Any], *, timed: bool = True) -> bool:
    """The promise of R7; without the viewers' times where `timed` is false."""
    clean = not (found["overlaps"] or found["unsound"] or found["doubled"])
    clean = clean and not (found["slow_missing"] or found["elsewhere_missing"])
    clean = (
        clean
        and found["unexplained_s"] <= recovered.EXPLAINED_S
        and found["queue_bytes_max"] <= BACKLOG_BYTES
    )
    return bool(clean and (found["ratio"] <= RATIO or not timed))


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="slow", description=__doc__)
    options.add_argument("--seconds", type=float, default=30.0, help="calm, and then slow")
    options.add_argument("--most", type=float, default=5.0, help="seconds that a sync takes longer")
    options.add_argument(
        "--backlog", type=float, default=10.0, help="seconds that a stream may wait for the disk"
    )
    options.add_argument("--streams", type=int, default=2)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.seconds, chosen.most, chosen.backlog, chosen.streams, chosen.seed)
    return measured.ended("R7", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
