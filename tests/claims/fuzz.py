"""S1: no input crashes a parser, hangs it, or makes it take memory without bound.

`python -m tests.claims.fuzz [--seconds N] [TARGET …]` prints one JSON line. Every target of `media/fuzz` runs under
libFuzzer for so long each; needs a nightly toolchain and cargo-fuzz. Seeds and mutations of them run as plain tests
of the crate in every `make test` (`media/src/*/fuzz.rs`).
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.claims import measured

MEDIA = Path(__file__).parents[2] / "media"
CARGO = ("cargo", "+nightly", "fuzz")
HANG_S = 1
"""libFuzzer counts whole seconds: what takes between a tenth and a second is not seen here."""
MEMORY_MIB = 1024


def targets() -> list[str]:
    return sorted(path.stem for path in (MEDIA / "fuzz" / "fuzz_targets").glob("*.rs"))


def run(chosen: list[str], seconds: int) -> dict[str, Any]:
    inputs, failed = 0, []
    for target in chosen:
        subprocess.run([*CARGO, "build", target], cwd=MEDIA, check=True, capture_output=True)
        command = [*CARGO, "run", target, "--", f"-max_total_time={seconds}", f"-timeout={HANG_S}"]
        command += [f"-rss_limit_mb={MEMORY_MIB}", "-print_final_stats=1"]
        ended = subprocess.run(
            command, cwd=MEDIA, capture_output=True, text=True, errors="replace", check=False
        )
        found = executed(ended.stderr)
        inputs += found
        if ended.returncode != 0 or found == 0:
            failed.append(f"{target}: {_last_words(ended.stderr)}")
    return {"targets": len(chosen), "inputs": inputs, "failed": failed, "seconds_each": seconds}


def executed(text: str) -> int:
    """How many inputs libFuzzer says that it ran; 0 where it does not say."""
    found = re.search(r"stat::number_of_executed_units:\s*(\d+)", text)
    return int(found[1]) if found else 0


def _last_words(text: str) -> str:
    return "; ".join(line for line in text.splitlines() if "ERROR" in line or "panicked" in line)[:300]


def holds(found: dict[str, Any]) -> bool:
    """The promise of S1, of what was run."""
    return bool(found["targets"] and not found["failed"])


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    options.add_argument("targets", nargs="*", default=[])
    options.add_argument("--seconds", type=int, default=8)
    chosen = options.parse_args(arguments)
    found = run(chosen.targets or targets(), chosen.seconds)
    print(measured.write("S1", **found, holds=holds(found)))
    return 0 if holds(found) else 1


if __name__ == "__main__":
    sys.exit(main())
