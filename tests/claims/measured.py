"""What a claim measured, as one JSON line on disk: `build/claims/ID.json`, and of long runs `docs/measured/long/ID.json`.

What takes hours or other programs is kept beside the page that shows it: it is gone on with in another checkout, and who
reads the page can look at the figures that it was written from.
"""

import json
import os
from pathlib import Path

ASIDE = "CLAIMS_FOLDER"
"""Where this is set, its folder takes what is measured, so that a long run leaves the figures of short ones alone. It has
not the prefix of the settings: the program refuses to start with one that it does not know."""

FOLDER = Path(os.environ.get(ASIDE) or Path(__file__).parents[2] / "build" / "claims")


KEPT = Path(os.environ.get(ASIDE) or Path(__file__).parents[2] / "docs" / "measured")
"""What long runs found, and what was measured of peers."""


def write(claim: str, **figures: object) -> str:
    """Write `build/claims/<claim>.json`; returns its line."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"claim": claim, **figures}, ensure_ascii=False)
    file_of(claim).write_text(line + "\n", encoding="utf-8")
    return line


def ended(claim: str, *, holds: bool | None, **figures: object) -> int:
    """Write and print what a harness measured; the exit code of its command: 0 where it held, else 1."""
    print(write(claim, **figures, holds=holds))
    return 0 if holds else 1


def file_of(claim: str) -> Path:
    return FOLDER / f"{claim}.json"


def long_file_of(claim: str) -> Path:
    return KEPT / "long" / f"{claim}.json"


def read(claim: str) -> dict[str, object] | None:
    """What was last measured, None where nothing was."""
    return _read(file_of(claim))


def read_long(claim: str) -> dict[str, object] | None:
    """What the long runs of the last round found together, None where none was made (`nightly.py`)."""
    return _read(long_file_of(claim))


def _read(file: Path) -> dict[str, object] | None:
    if not file.exists():
        return None
    found = json.loads(file.read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else None
