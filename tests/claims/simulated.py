"""What the tests on the simulated disk counted (`media/tests/record_faults.rs`), which write it themselves."""

import json
import os
import subprocess
from collections.abc import Mapping

from tests.claims import measured
from tests.claims.cameras import ROOT


def run(claim: str, test: str, environment: Mapping[str, str] | None = None) -> int:
    """Run the one test that measures a claim, and print its line; 0 where it held."""
    held = measure(claim, test, environment)
    print(json.dumps(measured.read(claim), ensure_ascii=False))
    return 0 if held else 1


def measure(claim: str, test: str, environment: Mapping[str, str] | None = None) -> bool:
    """Run the one test that measures a claim; whether it held."""
    (measured.FOLDER / f"{claim}.json").unlink(missing_ok=True)
    command = ["cargo", "test", "-q", "-p", "mingjing-media", "--test", "record_faults", "--", "--exact"]
    ended = subprocess.run(
        [*command, test],
        cwd=ROOT,
        env=os.environ | dict(environment or {}),
        check=False,
        stdout=subprocess.DEVNULL,
    )
    found = measured.read(claim)
    return ended.returncode == 0 and found is not None and bool(found["holds"])
