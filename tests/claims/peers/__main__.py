"""`python -m tests.claims.peers kill|full|slow|slowviewer --peer NAME… [-n N] [--streams N] [--seed N]`

Measures until there are N runs of each, going on where it stopped; each run is written as it ends, to
`docs/measured/peers/<claim>-<name>.json`, and the figures are printed. Without `--peer` every recorder that is here.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import source

from tests.claims.cameras import Cameras
from tests.claims.peers import full, kill, slow, slowviewer
from tests.claims.peers.recorders import RECORDERS, Recorder
from tests.claims.peers.results import Record, Run

FAULTS = {"kill": kill, "full": full, "slow": slow}
STREAMS = {"kill": 10, "full": 3, "slow": 2}


def record(fault: str, name: str, runs: int, streams: int, seed: int) -> Record:
    """Hurt one recorder until there are so many runs of it."""
    kind, harness = RECORDERS[name], FAULTS[fault]
    facts = _facts(kind, seed) | {"streams": streams}
    found = Record(harness.CLAIM, name, facts, harness.summary)
    with tempfile.TemporaryDirectory(prefix="peers-") as folder, Cameras(Path(folder), streams) as cameras:
        while len(found.runs) < runs:
            at = Path(folder) / f"run{len(found.runs)}"
            at.mkdir()
            chance = random.Random(f"{seed}/{len(found.runs)}")  # noqa: S311 - moments, not secrets
            found.add(_hurt(fault, kind, at, cameras, chance))
            assert cameras.running(), "the cameras ended"
    return found


def _hurt(fault: str, kind: type[Recorder], at: Path, cameras: Cameras, chance: random.Random) -> Run:
    if fault == "slow":
        writes = slow.seeded(at, chance)
        recorder = kind(at, cameras, writes.prefix)
        return _ending(recorder, lambda: slow.once(recorder, writes))
    recorder = kind(at, cameras)
    once = kill.once if fault == "kill" else full.once
    return _ending(recorder, lambda: once(recorder, chance))


def _ending(recorder: Recorder, run: Any) -> Run:
    try:
        found: Run = run()
    finally:
        recorder.abandon()
    return found


def watch(name: str, runs: int, seed: int) -> Record | None:
    """Stop a viewer of one server until there are so many runs; None where it serves none."""
    start = slowviewer.server(name)
    if start is None:
        return None
    facts = _facts(RECORDERS[name], seed) | {"settings": slowviewer.SETTINGS[name]}
    found = Record(slowviewer.CLAIM, name, facts, slowviewer.summary)
    while len(found.runs) < runs:
        with source.camera() as camera, start(camera) as up:
            found.add(slowviewer.once(up))
    return found


def _facts(kind: type[Recorder], seed: int) -> dict[str, Any]:
    return {"name": kind.name, "settings": kind.settings, "version": kind.version(), "seed": seed}


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="python -m tests.claims.peers", description=__doc__)
    options.add_argument("fault", choices=[*FAULTS, "slowviewer"])
    options.add_argument("--peer", action="append", choices=RECORDERS)
    options.add_argument("-n", type=int, default=3, help="runs of each")
    options.add_argument("--streams", type=int)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args(arguments)
    if chosen.fault == "full" and os.geteuid() != 0:
        print("R5 needs root: it mounts a small file system", file=sys.stderr)
        return 2
    for name in chosen.peer or RECORDERS:
        if RECORDERS[name].binary() is None:
            print(f"{name}: not found", file=sys.stderr)
            continue
        if chosen.fault == "slowviewer":
            found = watch(name, chosen.n, chosen.seed)
        else:
            streams = chosen.streams or STREAMS[chosen.fault]
            found = record(chosen.fault, name, chosen.n, streams, chosen.seed)
        if found is not None:
            shown = {key: value for key, value in found.whole().items() if key != "runs"}
            print(json.dumps(shown, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
