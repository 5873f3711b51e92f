"""The long column of every claim, cut into runs of at most an hour, which go on where they were left.

`make nightly`, or `python -m tests.claims.nightly [--list] [--only R16 S1 …] [--minutes N] [--afresh]`. A *piece* is a
claim's long measurement, a *run* one call of its harness; each of a round has a seed of its own. What a run found is
kept at once in `build/claims/nightly/ID.json`; killed, the night loses the run that was under way and no other. A round
is over when every run of every piece was made; the next call begins another. `build/claims/long/ID.json` is what the
round found so far, put together: the table and the page show it beside what continuous integration measures.
"""

import argparse
import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tests.claims import fuzz, measured
from tests.claims.cameras import ROOT

MOST_MINUTES: Final = 60
_SEEDS_A_ROUND: Final = 1000


@dataclass(frozen=True)
class Piece:
    """The long measurement of one claim."""

    claim: str
    harness: str
    minutes: float
    """What one run is expected to take; it is ended after an hour."""
    runs: tuple[str, ...] = ("",)
    """Arguments of each run; `{seed}` stands for the run's own."""
    adds: tuple[str, ...] = ("n",)
    """Figures of several runs that are added up. Of all other numbers the largest is told, lists are joined."""
    least: tuple[str, ...] = ()
    """Figures of which the smallest is told."""

    @property
    def module(self) -> str:
        return self.harness if "." in self.harness else f"tests.claims.{self.harness}"


def _fuzzing() -> tuple[str, ...]:
    """Each target until it had ten million inputs, or for nine minutes; those of the control plane for as long."""
    return tuple(f"--seconds 540 --inputs 10000000 {target}" for target in fuzz.targets())


PIECES: Final = (
    Piece("R1", "kill", 30, ("--kills 100 --streams 10 --budget 3000 --seed {seed}",) * 10,
          adds=("n", "segments", "missing", "doubled")),
    Piece("R2", "nth", 5),
    Piece("R3", "power", 30, ("--seeds 2000 --cuts 60 --seed {seed}",) * 5,
          adds=("n", "fuse_cuts", "fuse_acknowledged", "fuse_forgotten_bytes", "fuse_forgotten_names")),
    Piece("R4", "eio", 10, ("--rounds 50",)),
    Piece("R5", "full", 5, ("--mib 200 --streams 6",)),
    Piece("R6", "readonly", 30, ("--flips 50",)),
    Piece("R7", "slow", 30, ("--seconds 800 --seed {seed}",) * 2, adds=("n", "slow_missing", "elsewhere_missing")),
    Piece("R8", "clock", 15, ("--seconds 60",)),
    Piece("R9", "storm", 10, ("--cameras 200 --outage 60 --seed {seed}",) * 3),
    Piece("R10", "net", 45, ("--seconds 300 --seed {seed}",)),
    Piece("R11", "slowviewer", 10, ("--stretch 120",)),
    Piece("R12", "stop", 10),
    Piece("R13", "db", 15, ("--seconds 600 --engine sqlite", "--seconds 600 --engine postgresql"),
          adds=("n", "lost", "twice", "missing", "doubled")),
    Piece("R14", "rebuild", 20, ("--segments 100000",)),
    Piece("R15", "restore", 30, ("--rows 10000000",)),
    Piece("R16", "retention", 30, ("--histories 5000000 --database 2000 --budget 3000 --seed {seed}",) * 2,
          adds=("n", "deleted", "granted", "database_n", "database_deleted", "database_granted")),
    Piece("R17", "rot", 12, tuple(f"--all 20 --part {part}/20 --seed {{seed}}" for part in range(20)),
          adds=("n", "damaged")),
    Piece("R18", "soak", 55, ("--seconds 3000 --seed {seed}",)),
    Piece("R21", "worker", 15, ("--rounds 30 --seed {seed}",)),
    Piece("R22", "migrate", 10),
    Piece("R23", "restart", 20, ("--runs 20 --streams 8 --seed {seed}",), adds=("n",)),
    Piece("R24", "verify", 10, ("--mib 4000",)),
    Piece("SIM", "simulation", 55, ("--seeds 10000",)),
    Piece("S1", "fuzz", 9, _fuzzing(), adds=("targets", "inputs", "inputs_each"), least=("fewest",)),
    Piece("S4", "tamper", 30, ("--entries 10000 --seed {seed}",)),
    Piece("S5", "brute", 10, ("--timed 1000 --seconds 60",)),
    Piece("S6", "revoke", 30, ("--rounds 50",) * 2),
    Piece("S7", "secrets", 5),
    Piece("S8", "ssrf", 5),
    Piece("S11", "names", 10),
    Piece("S12", "headers", 5),
    Piece("S14", "noshell", 5),
    Piece("S15", "lessons", 30, ("--mutate",)),
)  # fmt: skip

Run = dict[str, Any]
"""What is kept of one run: its number, arguments, moment, minutes and figures."""


class Night:
    """What of the pieces was run in this round; kept in a folder, one file a claim."""

    def __init__(self, folder: Path, pieces: Sequence[Piece] = PIECES) -> None:
        self._folder = folder
        self._pieces = pieces
        self.round = self._begun()

    def missing(self, piece: Piece) -> list[int]:
        """Numbers of the runs that are still to be made, or told no figures and are tried again."""
        made = {run["number"] for run in self._made(piece) if "error" not in run["figures"]}
        return [number for number in range(len(piece.runs)) if number not in made]

    def minutes(self, piece: Piece) -> float:
        """What one run takes: as measured, else as expected."""
        took = [run["minutes"] for run in self._kept(piece)["runs"]]
        return max(took) if took else piece.minutes

    def over(self) -> bool:
        """Whether every run was tried: a harness that cannot run keeps no other from its next round."""
        return all(len(self._made(piece)) == len(piece.runs) for piece in self._pieces)

    def afresh(self) -> None:
        """Begin another round."""
        self.round += 1
        _write(self._folder / "round.json", {"round": self.round})

    def arguments(self, piece: Piece, number: int) -> list[str]:
        seed = self.round * _SEEDS_A_ROUND + number
        return piece.runs[number].replace("{seed}", str(seed)).split()

    def keep(self, piece: Piece, run: Run) -> None:
        """Remember a run, and what the round's runs say together."""
        runs = [*(one for one in self._made(piece) if one["number"] != run["number"]), run]
        _write(self._folder / f"{piece.claim}.json", {"round": self.round, "runs": runs})
        figures = {"claim": piece.claim, "of_runs": len(piece.runs), **together(piece, runs)}
        _write(measured.long_file_of(piece.claim), figures)

    def _begun(self) -> int:
        file = self._folder / "round.json"
        return int(json.loads(file.read_text())["round"]) if file.exists() else 1

    def _made(self, piece: Piece) -> list[Run]:
        kept = self._kept(piece)
        return list(kept["runs"]) if kept["round"] == self.round else []

    def _kept(self, piece: Piece) -> dict[str, Any]:
        file = self._folder / f"{piece.claim}.json"
        found: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {"round": 0, "runs": []}
        return found


def together(piece: Piece, runs: Sequence[Run]) -> dict[str, Any]:
    """The figures of several runs as one: added, joined, or the worst of them."""
    whole: dict[str, Any] = {}
    for run in runs:
        for name, value in run["figures"].items():
            if name not in {"claim", "holds", "seed"}:
                whole[name] = _joined(piece, name, whole[name], value) if name in whole else value
    held = {run["figures"].get("holds") for run in runs}
    holds = False if False in held else None if None in held else True
    return whole | {
        "runs": len(runs),
        "holds": holds,
        "date": max(run["at"] for run in runs)[:10],
    }


def _joined(piece: Piece, name: str, one: Any, other: Any) -> Any:
    if isinstance(one, list) and isinstance(other, list):
        return one + other
    if isinstance(one, dict) and isinstance(other, dict):
        shared = {key: _joined(piece, name, one[key], other[key]) for key in one.keys() & other.keys()}
        return one | other | shared
    if isinstance(one, bool) and isinstance(other, bool):
        return one and other
    if isinstance(one, int | float) and isinstance(other, int | float):
        if name in piece.adds:
            return one + other
        return min(one, other) if name in piece.least else max(one, other)
    return other


def made(piece: Piece, arguments: Sequence[str], most_s: float = MOST_MINUTES * 60) -> dict[str, Any]:
    """One run of a harness; its figures. One that tells none, or takes longer than it may, does not hold.

    What it writes for continuous integration's column goes aside, and its children end with it.
    """
    command = [sys.executable, "-m", piece.module, *arguments]
    with tempfile.TemporaryDirectory() as aside, tempfile.TemporaryFile() as said:
        running = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {measured.ASIDE: aside}, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said,
        )  # fmt: skip
        try:
            out, _ = running.communicate(timeout=most_s)
        except BaseException as ended:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            if not isinstance(ended, subprocess.TimeoutExpired):
                raise
            return {"holds": False, "error": f"not within {most_s / 60:.0f} minutes"}
        said.seek(0)
        return told(out.decode(errors="replace")) or {
            "holds": False,
            "error": f"ended with {running.returncode}: {said.read()[-600:].decode(errors='replace')}",
        }


def told(out: str) -> dict[str, Any] | None:
    """The figures in what a harness printed: its last line that is JSON."""
    for line in reversed(out.splitlines()):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            return found
    return None


def due(night: Night, pieces: Iterable[Piece], until_s: float) -> Iterator[tuple[Piece, int]]:
    """Runs to be made, as long as one is expected to end in time (by `time.monotonic`). A run that would not is passed
    over: a shorter one may fit."""
    for piece in pieces:
        for number in night.missing(piece):
            if time.monotonic() + night.minutes(piece) * 60 <= until_s:
                yield piece, number


def listed(night: Night, pieces: Iterable[Piece]) -> str:
    """What is done and what is to do."""
    rows = [f"round {night.round}"]
    for piece in pieces:
        missing = len(night.missing(piece))
        done = len(piece.runs) - missing
        rows.append(
            f"{piece.claim:<4} {piece.harness:<12} {done:>3} of {len(piece.runs):>3} runs"
            f" {night.minutes(piece) * missing:>6.0f} min to go   {piece.runs[-1]}"
        )
    return "\n".join(rows)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One night at a time. Raises BlockingIOError where another runs."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _write(file: Path, content: Mapping[str, Any]) -> None:
    """Whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(file)


def main(arguments: list[str] | None = None, pieces: Sequence[Piece] = PIECES) -> int:
    options = argparse.ArgumentParser(prog="nightly", description=__doc__)
    options.add_argument("--list", action="store_true", help="what is done, what is to do; run nothing")
    options.add_argument("--only", nargs="+", metavar="ID", choices=[piece.claim for piece in pieces])
    options.add_argument("--minutes", type=float, default=8 * 60.0, help="begin nothing that takes longer")
    options.add_argument("--afresh", action="store_true", help="begin another round now")
    chosen = options.parse_args(arguments)
    folder = measured.FOLDER / "nightly"
    wanted = [piece for piece in pieces if not chosen.only or piece.claim in chosen.only]
    until_s = time.monotonic() + chosen.minutes * 60
    failed = 0
    if chosen.list:
        print(listed(Night(folder, pieces), wanted))
        return 0
    # Told to end, it ends as by Ctrl-C, and the harness under way with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with alone(folder):
        night = Night(folder, pieces)
        if chosen.afresh or night.over():
            night.afresh()
        for piece, number in due(night, wanted, until_s):
            began = time.monotonic()
            words = night.arguments(piece, number)
            figures = made(piece, words)
            took = (time.monotonic() - began) / 60
            run = {
                "number": number, "arguments": words, "minutes": round(took, 2), "figures": figures,
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
            }  # fmt: skip
            night.keep(piece, run)
            failed += figures.get("holds") is False
            print(f"{piece.claim} {' '.join(words)}: {json.dumps(figures, ensure_ascii=False)}", flush=True)
        print(listed(night, wanted))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
