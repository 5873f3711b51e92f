"""S14: no process is started but from a fixed list, no word of its command line comes from outside, and no shell ever.

`python -m tests.claims.noshell` prints one JSON line and writes `build/claims/S14.json`. The program runs under strace,
which tells every execve of it and of its children, while the tour goes once through recording, pictures, diagnosis,
tables and exports. Hostile names were entered before, so that they had their chance to become a word.
"""

import argparse
import ast
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.claims import measured, tour
from tests.claims.premises import Premises
from tests.claims.rig import until

PROGRAM = (sys.executable, "-m", "mingjing.__main__", "serve")
WORKER = (sys.executable, "-m", "mingjing.media.worker")
PRINTER = (sys.executable, "-m", "mingjing.paper")
"""Sets documents."""
LISTED = frozenset({PROGRAM, WORKER, PRINTER})
SHELLS = re.compile(r"(^|/)((ba|da|z|k|c|tc)?sh|busybox|env|xargs|perl|awk)$")
_CALL = re.compile(r"^(\d+) +execve(?:at)?\((?:\d+, )?(\"(?:[^\"\\]|\\.)*\"), (\[.*\]), ")
CANARY = "$(touch executed);`touch executed`|touch executed"


def prefix(trace: Path) -> tuple[str, ...]:
    """Starts the program under strace, which leaves it its own number and slows nothing but what it looks at."""
    return (
        "strace",
        "-D",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-s",
        "65535",
        "-e",
        "trace=execve,execveat",
        "-o",
        str(trace),
    )


def started(trace: Path) -> list[tuple[str, ...]]:
    """Every command line that was started, in order."""
    # The last line may still be being written.
    lines = trace.read_text(encoding="utf-8", errors="replace").rpartition("\n")[0].splitlines()
    calls = [found for line in lines if (found := _CALL.match(line))]
    unread = [line for line in lines if " execve" in line and "resumed" not in line and not _CALL.match(line)]
    assert not unread, f"a line of strace that was not understood: {unread[0]}"
    return [tuple(ast.literal_eval(call[3].replace('"...', '"'))) for call in calls]


def judge(commands: list[tuple[str, ...]]) -> dict[str, Any]:
    """Command lines by their number, what is not listed, and shells."""
    counts: dict[str, int] = {}
    for command in commands:
        counts[" ".join(Path(command[0]).name if n == 0 else word for n, word in enumerate(command))] = (
            commands.count(command)
        )
    return {
        "n": len(commands),
        "commands": counts,
        "unlisted": [" ".join(one)[:300] for one in commands if one not in LISTED],
        "shells": [" ".join(one)[:300] for one in commands if SHELLS.search(one[0])],
    }


def run(at: Premises, trace: Path) -> dict[str, Any]:
    """The tour under a trace that began with the program."""
    operator = at.entered("operator_admin")
    unit = operator.ask("GET", "/organisations").json()["items"][0]["id"]
    wish = {
        "name": CANARY, "division": "420115", "organisation": unit, "user": CANARY, "password": CANARY, "note": CANARY,
        "streams": [{"kind": "main", "url": f"rtsp://127.0.0.1:9/{CANARY.replace(' ', '%20')}"}],
    }  # fmt: skip
    entered = operator.ask("POST", "/cameras", json=wish)
    assert entered.status_code == 201, entered.text
    for name in (CANARY, f"--config={CANARY}"):
        operator.ask("POST", "/recordings/import", json={"path": name, "channel": entered.json()["id"]})
    took = tour.go(at).took
    until("strace tells of the helpers", 10, lambda: len(started(trace)) > 3)
    return judge(started(trace)) | {"steps": len(took)}


def holds(found: Mapping[str, Any]) -> bool:
    """The promise of S14, and that the program's start and its helpers were seen."""
    seen = found["n"] >= 4 and len(found["commands"]) == len(LISTED) and found["steps"] == len(tour.STEPS)
    return bool(seen and not (found["unlisted"] or found["shells"]))


def main(arguments: list[str] | None = None) -> int:
    argparse.ArgumentParser(prog="noshell", description=__doc__).parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        trace = Path(name) / "execve"
        with Premises(Path(name), count=2, prefix=prefix(trace)) as at:
            found = run(at, trace)
    return measured.ended("S14", seed=0, **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
