"""The long column of every claim, cut into runs of at most an hour, which go on where they were left.

`make nightly`, or `python -m tests.claims.nightly [--list] [--only R16 S1 …] [--minutes N] [--afresh]`. A *piece* is a
claim's long measurement, a *run* one call of its harness; each of a round has a seed of its own. What a run found is
kept at once in `docs/measured/nightly/ID.json`; killed, the night loses the run that was under way and no other. A run
that is to reach a goal is made in parts, whose figures are added up. A round is over when every run of every piece was
made; the next call begins another. `docs/measured/long/ID.json` is what the round found so far, put together: the table
and the page show it beside what continuous integration measures.
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
from dataclasses import dataclass, replace
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
    """Arguments of each run; `{seed}` stands for the run's own, `{left}` for what it has to do yet of the goal."""
    adds: tuple[str, ...] = ("n",)
    """Figures of several runs that are added up. Of all other numbers the largest is told, lists are joined."""
    least: tuple[str, ...] = ()
    """Figures of which the smallest is told."""
    goal: tuple[str, int] = ("n", 0)
    """A figure and what it is to reach: a run with `{left}` that held and ended before it is gone on with."""
    parts: tuple[str, ...] = ()
    """Figures that are added up where a run was gone on with."""

    @property
    def module(self) -> str:
        return self.harness if "." in self.harness else f"tests.claims.{self.harness}"


def _fuzzing() -> tuple[str, ...]:
    """Each target of the media plane until it had ten million inputs, nine minutes at a time; those of the control plane
    for nine minutes."""
    return tuple(
        f"--seconds 540 {target}"
        if target in fuzz.PYTHON
        else f"--seconds 540 --inputs {{left}} --bare {target}"
        for target in fuzz.targets()
    )


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
    Piece("S1", "fuzz", 9, _fuzzing(), adds=("targets", "inputs", "inputs_each"), least=("fewest",),
          goal=("inputs", 10_000_000), parts=("inputs", "inputs_each", "fewest")),
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
        """Numbers of the runs that are still to be made, to be gone on with, or told no figures and are tried again."""
        runs = self._made(piece)
        made = {run["number"] for run in runs if not (_told_none(run) or _is_part(piece, run))}
        return [number for number in range(len(piece.runs)) if number not in made]

    def minutes(self, piece: Piece) -> float:
        """What one run takes: as measured, else as expected."""
        took = [run["minutes"] for run in self._kept(piece)["runs"]]
        return max(took) if took else piece.minutes

    def over(self) -> bool:
        """Whether every run was tried and reached its goal: a harness that cannot run keeps no other from its next
        round."""
        made = [(piece, run) for piece in self._pieces for run in self._made(piece)]
        tried = len(made) == sum(len(piece.runs) for piece in self._pieces)
        return tried and all(_told_none(run) or not _is_part(piece, run) for piece, run in made)

    def afresh(self) -> None:
        """Begin another round."""
        self.round += 1
        _write(self._folder / "round.json", {"round": self.round})

    def arguments(self, piece: Piece, number: int) -> list[str]:
        seed = self.round * _SEEDS_A_ROUND + number
        before = self._part(piece, number)
        name, goal = piece.goal
        left = goal - (before["figures"][name] if before else 0)
        return piece.runs[number].replace("{seed}", str(seed)).replace("{left}", str(left)).split()

    def goes_on(self, piece: Piece, number: int) -> bool:
        """Whether the run was made in part."""
        before = self._part(piece, number)
        return before is not None and not _told_none(before)

    def keep(self, piece: Piece, run: Run) -> None:
        """Remember a run, with the parts of it that were made before, and what the round's runs say together."""
        if before := self._part(piece, run["number"]):
            run = run | {"figures": _whole(piece, before, run)}
        runs = [*(one for one in self._made(piece) if one["number"] != run["number"]), run]
        _write(self._folder / f"{piece.claim}.json", {"round": self.round, "runs": runs})
        figures = {"claim": piece.claim, "of_runs": len(piece.runs), **together(piece, runs)}
        _write(measured.long_file_of(piece.claim), figures)

    def _part(self, piece: Piece, number: int) -> Run | None:
        runs = self._made(piece)
        return next((run for run in runs if run["number"] == number and _is_part(piece, run)), None)

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


def _told_none(run: Run) -> bool:
    return "error" in run["figures"]


def _is_part(piece: Piece, run: Run) -> bool:
    """Whether a run has to be gone on with: it found nothing, and has not reached the goal."""
    name, goal = piece.goal
    found_nothing = run["figures"].get("holds") or _told_none(run)
    in_parts = "{left}" in piece.runs[run["number"]]
    return bool(in_parts and found_nothing and run["figures"].get(name, goal) < goal)


def _whole(piece: Piece, before: Run, after: Run) -> dict[str, Any]:
    """The figures of a run that was made in two parts; where the second told none, those of the first and why."""
    if _told_none(after):
        return {**before["figures"], **after["figures"]}
    held = {name: value for name, value in before["figures"].items() if name != "error"} | {"holds": True}
    figures = together(replace(piece, adds=piece.parts, least=()), [before | {"figures": held}, after])
    return {name: value for name, value in figures.items() if name not in {"runs", "date"}}


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
    over: a shorter one may fit. Then those that were made in part, one part of each after the other."""
    turn = [(piece, number) for piece in pieces for number in night.missing(piece)]
    while turn:
        made = []
        for piece, number in turn:
            if time.monotonic() + night.minutes(piece) * 60 <= until_s:
                yield piece, number
                made.append((piece, number))
        turn = [(piece, number) for piece, number in made if night.goes_on(piece, number)]


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
    folder = measured.KEPT / "nightly"
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
