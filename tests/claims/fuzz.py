"""S1: no input crashes a parser, hangs it, or makes it take memory without bound.

`make fuzz [T=seconds] [ARGS=TARGET …]`, or `python -m tests.claims.fuzz [--seconds N] [--inputs N] [--bare] [TARGET …]`,
prints one JSON line. Every target of `media/fuzz` runs under libFuzzer for so long each, which needs a nightly toolchain
and cargo-fuzz; those of the control plane (`hostile.py`) run in this process. What was found before and the seeds come
first. Seeds and neighbours of them are plain tests in every `make test` (`media/tests/fuzz.rs`, `test_hostile.py`).

AddressSanitizer watches, which takes four fifths of the time and in Rust has little to find; tracing what is compared takes
two fifths of the rest, and reaches no more from a corpus that is there. `--bare` is for many inputs: they run without
either, then those that reached something new run with both.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.claims import hostile, measured

MEDIA = Path(__file__).parents[2] / "media"
GENTLY = ("nice", "-n", "10")
WATCHED, BARE = "address", "none"
"""Sanitizers, as cargo-fuzz names them."""
HANG_S = 1
"""libFuzzer counts whole seconds: what takes between a tenth and a second is not seen here."""
MEMORY_MIB = 1024
ADDRESSES_MIB = 2 * MEMORY_MIB
"""Of what has no AddressSanitizer, which asks for terabytes and sees a single large allocation itself."""
QUARANTINE = "detect_odr_violation=0:quarantine_size_mb=8:thread_local_quarantine_size_kb=64"
"""What an input freed is soon used again: with the usual 256 MiB every allocation is a page that no cache holds."""
PYTHON = (
    "python_address", "python_checkpoints", "python_moment", "python_query", "python_settings", "python_spreadsheet",
    "python_table", "python_ticket",
)  # fmt: skip


def targets() -> list[str]:
    """Of both planes."""
    return sorted(path.stem for path in (MEDIA / "fuzz" / "fuzz_targets").glob("*.rs")) + list(PYTHON)


def run(chosen: list[str], seconds: int, most: int = 10**9, *, bare: bool = False) -> dict[str, Any]:
    """Each target for so many seconds or inputs, whichever is over first."""
    inputs: dict[str, int] = {}
    failed: list[str] = []
    media = [name for name in chosen if name not in PYTHON]
    for target in media:
        inputs[target], fault = _under_libfuzzer(target, BARE if bare else WATCHED, seconds, most)
        if bare and not fault:
            _, fault = _under_libfuzzer(target, WATCHED, seconds, 0)
        failed += [f"{target}: {fault}"] if fault else []
    with ExitStack() as stack:
        python = hostile.opened(stack) if len(media) < len(chosen) else {}
        for target in (name for name in chosen if name in PYTHON):
            try:
                inputs[target] = hostile.run(*python[target], seconds=seconds, most=most)
            except AssertionError as fault_found:
                inputs[target] = 0
                failed.append(f"{target}: {fault_found}")
    return {
        "targets": len(chosen),
        "inputs": sum(inputs.values()),
        "fewest": min(inputs.values(), default=0),
        "failed": failed,
        "seconds_each": seconds,
        "inputs_each": inputs,
    }


def _built(target: str, sanitizer: str) -> Path:
    """The program of a target. All are built, each sanitizer's in a folder of their own."""
    command = [*GENTLY, "cargo", "+nightly", "fuzz", "build", "--sanitizer", sanitizer]
    command += ["--target-dir", str(folder := MEDIA / "fuzz" / "target" / sanitizer)]
    command += ["--no-trace-compares"] if sanitizer == BARE else []
    subprocess.run(command, cwd=MEDIA, check=True, capture_output=True)
    return next(folder.glob(f"*/release/{target}"))


def _under_libfuzzer(target: str, sanitizer: str, seconds: int, most: int) -> tuple[int, str]:
    """How many inputs it ran, and what was found; empty where nothing was. Of 0 inputs, those that were kept."""
    corpus, artifacts = (MEDIA / "fuzz" / name / target for name in ("corpus", "artifacts"))
    corpus.mkdir(parents=True, exist_ok=True)
    artifacts.mkdir(parents=True, exist_ok=True)
    bounds = ["prlimit", f"--as={ADDRESSES_MIB << 20}"] if sanitizer == BARE else []
    program = [*GENTLY, *bounds, str(_built(target, sanitizer)), f"-timeout={HANG_S}"]
    command = [*program, str(corpus), str(MEDIA / "fuzz" / "seeds" / target)]
    command += [f"-runs={most}", f"-max_total_time={seconds}"]
    command += [f"-rss_limit_mb={MEMORY_MIB}", "-print_final_stats=1", f"-artifact_prefix={artifacts}/"]
    ended = subprocess.run(
        command, cwd=MEDIA, capture_output=True, text=True, errors="replace", check=False,
        env=os.environ | {"ASAN_OPTIONS": QUARANTINE},
    )  # fmt: skip
    found = executed(ended.stderr)
    if found and (ended.returncode == 0 or machine_was_busy(program, ended.stderr)):
        return found, ""
    return found, _last_words(ended.stderr) or f"ended with {ended.returncode}"


def machine_was_busy(program: Sequence[str], said: str) -> bool:
    """Whether what libFuzzer took for a hang was none: it looks at the clock, and others may have had the processor. What
    hangs does so each time; an input that does not is taken away again."""
    written = re.search(r"Test unit written to (\S+)", said)
    if "libFuzzer: timeout" not in said or not written:
        return False
    tries = (subprocess.run([*program, written[1]], capture_output=True, check=False) for _ in range(3))
    passed = any(one.returncode == 0 for one in tries)
    if passed:
        Path(written[1]).unlink()
    return passed


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
    options.add_argument("--inputs", type=int, default=10**9, help="enough for a target")
    options.add_argument(
        "--bare", action="store_true", help="many inputs: AddressSanitizer only for what is new"
    )
    chosen = options.parse_args(arguments)
    names = chosen.targets or targets()
    if unknown := sorted(set(names) - set(targets())):
        options.error(f"no such target: {', '.join(unknown)}")
    found = run(names, chosen.seconds, chosen.inputs, bare=chosen.bare)
    if names == targets():
        return measured.ended("S1", **found, holds=holds(found))
    print(json.dumps({"claim": "S1", **found, "holds": holds(found)}))
    return 0 if holds(found) else 1


if __name__ == "__main__":
    sys.exit(main())
