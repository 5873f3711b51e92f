"""R4: after a failed sync the file is suspect and never acknowledged, a new one begins at once, and it is told.

`python -m tests.claims.eio [--rounds N] [--streams N]` prints one JSON line. The program runs under a small preloaded
library that lets syncs of one stream's files fail with EIO (`diskshim.c`): once, then all of them for a while, by
turns. The other streams are written through the same disk and must not notice. Each act of the writer fails in its
turn on the simulated disk of `media/tests/record_faults.rs`.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.claims import measured, recovered
from tests.claims.cameras import Cameras
from tests.claims.restart import anew, parts
from tests.claims.rig import Rig, until, wall_us
from tests.claims.shim import ALL, Syncs

NEW_FILE_S, ALARM_S = 2.0, 5.0
FAILING_S = 5.0
BOUND_S = 60.0


def run(folder: Path, rounds: int, streams: int) -> dict[str, Any]:
    syncs = Syncs(folder)
    rig = Rig(folder, extra=syncs.environment)
    with Cameras(folder, streams) as cameras:
        try:
            rig.start()
            names = rig.enter(cameras)
            until("recording", BOUND_S, lambda: rig.growing(names))
            syncs.of(rig.storage / names[0])
            from_us = wall_us()
            failed = [_fail(rig, syncs, names, for_a_while=bool(turn % 2)) for turn in range(rounds)]
            until_us = wall_us()
            assert rig.alive(), rig.tail()
            rig.stop()
        finally:
            rig.abandon()
    return _judge(rig, names, from_us, until_us) | {
        "n": syncs.failed, "rounds": rounds, "streams": streams,
        "new_file_s_max": round(max(one["new_file_s"] for one in failed), 1),
        "alarm_s_max": round(max(one["alarm_s"] for one in failed), 1),
    }  # fmt: skip


def _fail(rig: Rig, syncs: Syncs, streams: Sequence[str], *, for_a_while: bool) -> dict[str, Any]:
    stream = streams[0]
    until("a file that is written", BOUND_S, lambda: any(stream in file.parts for file in parts(rig)))
    before, counted, at_us = parts(rig) | suspects(rig), syncs.failed, wall_us()
    syncs.fail(ALL if for_a_while else 1)
    until("a failed sync", BOUND_S, lambda: syncs.failed > counted, every_s=0.02)
    began = time.monotonic()
    until("a new file", BOUND_S, lambda: anew(rig, [stream], before), every_s=0.02)
    new_file_s = time.monotonic() - began
    alarm = (
        "SELECT count(*) FROM alarms WHERE kind = 'segment_doubted' AND last_us >= ? AND state != 'resolved'"
    )
    until("the alarm", BOUND_S, lambda: rig.ask(alarm, at_us)[0][0])
    alarm_s = time.monotonic() - began
    assert suspects(rig) - before, "the file is not set aside"
    if for_a_while:
        time.sleep(FAILING_S)
        assert syncs.failed > counted + 1, "the fault did not last"
    syncs.fail(0)
    return {"new_file_s": new_file_s, "alarm_s": alarm_s}


def suspects(rig: Rig) -> set[Path]:
    """Files that were set aside."""
    return set(rig.storage.glob("*/*/*.suspect"))


def _judge(rig: Rig, streams: list[str], from_us: int, until_us: int) -> dict[str, Any]:
    rows = rig.rows()
    aside = {file.relative_to(rig.storage).with_suffix("").as_posix() for file in suspects(rig)}
    pictures = recovered.by_stream(rig.storage)
    others = streams[1:]
    return {
        "suspect": len(aside),
        "believed": [row.id for row in rows if Path(row.path).with_suffix("").as_posix() in aside],
        "unsound": recovered.unsound(rig.storage, [row for row in rows if row.state == "stored"]),
        "overlaps": recovered.overlaps(rows),
        "doubled": sum(recovered.doubled(pictures[stream]) for stream in streams),
        "unexplained_s": round(recovered.unexplained_s(pictures[streams[0]], rig.gaps(streams[0])), 1),
        "others_missing": sum(recovered.holes(pictures[name], from_us, until_us) for name in others),
    }


def holds(found: dict[str, Any], *, timed: bool = True) -> bool:
    """The promise of R4; without its times where `timed` is false."""
    clean = not (found["believed"] or found["unsound"] or found["overlaps"] or found["doubled"])
    clean = clean and found["suspect"] >= found["rounds"] and found["unexplained_s"] <= recovered.EXPLAINED_S
    quick = found["new_file_s_max"] <= NEW_FILE_S and found["alarm_s_max"] <= ALARM_S
    return bool(clean and not found["others_missing"] and (quick or not timed))


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="eio", description=__doc__)
    options.add_argument("--rounds", "-n", type=int, default=4)
    options.add_argument("--streams", type=int, default=3)
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.rounds, chosen.streams)
    return measured.ended("R4", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
