"""What was measured of one recorder for one claim: a JSON file that grows by a run at a time."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.claims import measured

Run = dict[str, Any]


def folder() -> Path:
    return measured.KEPT / "peers"


@dataclass
class Record:
    """`<claim>-<recorder>.json`; `facts` say under what it was measured, `summary` what its runs come to."""

    claim: str
    recorder: str
    facts: dict[str, Any]
    summary: Callable[[list[Run]], dict[str, Any]]
    runs: list[Run] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Go on where it stopped, unless that was under other circumstances."""
        found = read(self.claim, self.recorder) or {}
        if all(found.get(name) == value for name, value in self.facts.items()):
            self.runs = found.get("runs", [])

    def add(self, run: Run) -> None:
        self.runs.append(run)
        folder().mkdir(parents=True, exist_ok=True)
        unfinished = _file(self.claim, self.recorder).with_suffix(".new")
        unfinished.write_text(json.dumps(self.whole(), ensure_ascii=False) + "\n", encoding="utf-8")
        unfinished.rename(_file(self.claim, self.recorder))

    def whole(self) -> dict[str, Any]:
        date = datetime.now(UTC).date().isoformat()
        head = {
            "claim": self.claim,
            "recorder": self.recorder,
            **self.facts,
            "date": date,
            "n": len(self.runs),
        }
        return head | self.summary(self.runs) | {"runs": self.runs}


def read(claim: str, recorder: str) -> dict[str, Any] | None:
    """What was last measured, None where nothing was."""
    file = _file(claim, recorder)
    found: dict[str, Any] | None = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
    return found


def _file(claim: str, recorder: str) -> Path:
    return folder() / f"{claim}-{recorder}.json"
