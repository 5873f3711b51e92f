"""What a claim measured, as one JSON line on disk."""

import json
from pathlib import Path


def write(claim: str, **figures: object) -> None:
    """Write `build/claims/<claim>.json`."""
    folder = Path(__file__).parents[2] / "build" / "claims"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{claim}.json").write_text(json.dumps({"claim": claim, **figures}, ensure_ascii=False) + "\n")
