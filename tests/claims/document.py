"""`docs/reliability.md`: the table of promises with what was last measured here, and peers beside it. Written, never typed.

`python -m tests.claims.document` (`make claims-page`) makes it from `build/claims/*.json`, `docs/measured/long/*.json` and
`docs/measured/peers/*.json`. What was measured of peers before it was kept there stands as the page has it.
A figure has the date of its file; the machine is this one, for a build folder belongs to the machine that filled it.
"""

import hashlib
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.claims import measured
from tests.claims.peers.page import section
from tests.claims.table import CLAIMS, Claim, figures, not_built, part

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"

HEAD = """# What it survives, measured

Written by `python -m tests.claims.document` from what each command measured on {machine}. `?`: nothing was measured, \
or it is not built yet, as its row says. `make test` measures in small what has a command, and that is shown first; \
`at length` is what `make nightly` found, in runs of at most an hour. One by itself: `make fault NAME=… ARGS=…`.

Real power cuts and disks that lie about what they have written cannot be tried on such a machine: R3 is a simulated \
disk that forgets whatever was not synced, in every legal way, and (`fuse_…`) a file system in user space that does so \
under the whole program.

| Claim | Promise | Holds | Figures | Date | At length | Command |
| --- | --- | --- | --- | --- | --- | --- |
"""
WORDS = {True: "yes", False: "**no**"}


def page() -> str:
    return (
        HEAD.format(machine=machine())
        + "".join(f"{_row(claim)}\n" for claim in CLAIMS)
        + (section() or _kept_section())
    )


def _kept_section() -> str:
    """The peers' part as it stands."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    found = text.find("\n## Beside its peers")
    return text[found:] if found >= 0 else ""


def machine() -> str:
    """Processors and how fast they are today, memory and kernel: a virtual machine's speed is not the same each day."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    kernel = f"{platform.system()} {platform.release().split('-')[0]}"
    return f"{os.cpu_count()} cores (each BLAKE2b at {_hashing():.0f} MiB/s), {memory:.0f} GiB, {kernel}"


def _hashing() -> float:
    """MiB a second of one processor, the best of five."""
    block = bytes(16 << 20)
    took: list[float] = []
    for _ in range(5):
        began = time.perf_counter()
        hashlib.blake2b(block)
        took.append(time.perf_counter() - began)
    return 16 / min(took)


def _row(claim: Claim) -> str:
    found = measured.read(claim.id)
    command = (
        f"`make fault NAME={claim.harness}`" if claim.harness else f"`{claim.test}`" if claim.test else ""
    )
    if found is None:
        return f"| {claim.id} | {claim.promise} | ? | {not_built(claim)} |  | {_long(claim)} | {command} |"
    held = WORDS.get(found.get("holds"), "–")  # type: ignore[call-overload]
    written = datetime.fromtimestamp(measured.file_of(claim.id).stat().st_mtime, UTC).date()
    shown = figures(claim, found)
    return f"| {claim.id} | {claim.promise} | {held} | {shown} | {written} | {_long(claim)} | {command} |"


def _long(claim: Claim) -> str:
    """What long runs found: whether it holds, figures, date."""
    found = measured.read_long(claim.id)
    if found is None:
        return ""
    held = WORDS.get(found.get("holds"), "–")  # type: ignore[call-overload]
    return f"{held}: {figures(claim, found)}{part(found)}, {found['date']}"


def main() -> int:
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
