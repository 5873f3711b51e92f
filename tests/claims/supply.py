"""S13: every package is pinned by a digest and written down, and none of them has a known advisory.

`python -m tests.claims.supply` prints one JSON line and writes `build/claims/S13.json` and `build/sbom.json`. Where no
source of advisories can be reached, `holds` is null: nothing is claimed that was not looked at.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from tests.claims import measured
from tests.claims.cameras import ROOT


def run() -> dict[str, Any]:
    """What `tools/supply.py` found."""
    command = [sys.executable, "tools/supply.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def holds(found: Mapping[str, Any]) -> bool | None:
    """The promise of S13; None where advisories were not looked at."""
    if found["faults"] or found["advisories"]:
        return False
    return True if found["advisories_asked"] else None


def main(arguments: list[str] | None = None) -> int:
    argparse.ArgumentParser(prog="supply", description=__doc__).parse_args(arguments)
    found = run()
    print(measured.write("S13", seed=0, n=found["packages"], **found, holds=holds(found)))
    return 1 if holds(found) is False else 0


if __name__ == "__main__":
    sys.exit(main())
