"""SIM: a seed plays cameras, disk, viewers, database, clock and ends of the program; the promises hold after every step.

`python -m tests.claims.simulation [--seeds N] [--seed S] [--half media|control|both] [--fresh]` prints one JSON line.
Two halves, each in one thread on clocks that are set: the media plane (`media/src/simulation`, run as a test of the
crate, at `opt-level` 2), and the control plane here (`world.py` beside this file): pump, event handler, ticker and
expiry of the program over a real SQLite file whose commits fail on demand. Seeds are played in pieces, which
`build/claims/simulation.json` remembers: a run that is broken off goes on where it stopped, unless `--fresh`. A seed
that breaks a promise is named; `--seed S` plays it alone, tells what happens in it, and remembers nothing.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.claims import measured
from tests.claims.cameras import ROOT
from tests.claims.worlds import Worlds

PIECE = 250
"""Seeds between two notes of how far it has come: some seconds."""
HALVES = ("media", "control")

Piece = dict[str, Any]
"""`{"failed": […], "sum": {what happened: how often}}`."""


def media(from_seed: int, until_seed: int, *, tell: bool = False) -> Piece:
    """Play seeds of the media plane, built so that it is quick. Raises RuntimeError where it says nothing."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "simulated.json"
        settings = {
            "CARGO_PROFILE_TEST_OPT_LEVEL": "2",
            "MINGJING_SEEDS": f"{from_seed}..{until_seed}",
            "MINGJING_SIMULATED": str(written),
        } | ({"MINGJING_TELL": "1"} if tell else {})
        command = [
            "cargo",
            "test",
            "-q",
            "-p",
            "mingjing-media",
            "--lib",
            "simulation::seeds",
            "--",
            "--nocapture",
        ]
        ran = subprocess.run(
            command, cwd=ROOT, env=os.environ | settings, check=False, capture_output=True, text=True
        )
        if tell:
            print(ran.stdout, file=sys.stderr)
        if not written.exists():
            raise RuntimeError((ran.stdout + ran.stderr)[-2000:])
        found = json.loads(written.read_text(encoding="utf-8"))
    return {"failed": found["failed"], "sum": found["sum"]}


def control(from_seed: int, until_seed: int, *, tell: bool = False) -> Piece:
    """Play seeds of the control plane."""
    failed: list[str] = []
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        worlds = Worlds(Path(folder))
        for seed in range(from_seed, until_seed):
            played = worlds.play(seed, tell=tell)
            total.update(played.counts)
            failed += [f"seed {seed}: {played.broken}"] if played.broken else []
    return {"failed": failed, "sum": dict(total)}


PLAY: dict[str, Callable[..., Piece]] = {"media": media, "control": control}


class Progress:
    """What was played, on disk."""

    def __init__(self, file: Path, *, fresh: bool) -> None:
        self._file = file
        known = None if fresh or not file.exists() else json.loads(file.read_text(encoding="utf-8"))
        self.halves: dict[str, Piece] = known or {}

    def next(self, half: str) -> int:
        """The first seed that was not played."""
        return int(self.halves.get(half, {}).get("n", 0))

    def add(self, half: str, until_seed: int, piece: Piece) -> None:
        known = self.halves.get(half, {"failed": [], "sum": {}})
        total: Counter[str] = Counter(known["sum"])
        total.update(piece["sum"])
        for name in (name for name in total if name.endswith("_max")):
            total[name] = max(known["sum"].get(name, 0), piece["sum"].get(name, 0))
        failed = known["failed"] + piece["failed"]
        self.halves[half] = {"n": until_seed, "failed": failed, "sum": dict(total)}
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(self.halves), encoding="utf-8")


def run(seeds: int, halves: tuple[str, ...], progress: Progress) -> dict[str, Any]:
    """Play the seeds 0 to `seeds` of each half that were not played yet; all of them in sum."""
    for half in halves:
        while (at := progress.next(half)) < seeds:
            until = min(at + PIECE, seeds)
            progress.add(half, until, PLAY[half](at, until))
    return figures(progress.halves)


def figures(halves: dict[str, Piece]) -> dict[str, Any]:
    """Flat, for the table: `media_…` and `control_…`."""
    found: dict[str, Any] = {
        "failed": [f"{name} {one}" for name, half in halves.items() for one in half["failed"]]
    }
    for name, half in halves.items():
        found[f"{name}_n"] = half["n"]
        found |= {f"{name}_{what}": count for what, count in half["sum"].items()}
    return found


def holds(found: dict[str, Any]) -> bool:
    """None failed, and there was something to lose."""
    return not found["failed"] and all(
        found[f"{half}_acknowledged"] > 0 for half in HALVES if f"{half}_n" in found
    )


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="simulation", description=__doc__)
    options.add_argument("--seeds", "-n", type=int, default=200)
    options.add_argument("--seed", type=int)
    options.add_argument("--half", choices=(*HALVES, "both"), default="both")
    options.add_argument("--fresh", action="store_true")
    chosen = options.parse_args(arguments)
    halves = HALVES if chosen.half == "both" else (chosen.half,)
    if chosen.seed is not None:
        pieces = {half: PLAY[half](chosen.seed, chosen.seed + 1, tell=True) | {"n": 1} for half in halves}
        print(json.dumps(figures(pieces), ensure_ascii=False))
        return 1 if figures(pieces)["failed"] else 0
    found = run(chosen.seeds, halves, Progress(measured.file_of("simulation"), fresh=chosen.fresh))
    return measured.ended("SIM", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
