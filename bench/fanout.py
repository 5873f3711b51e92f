"""What does one more live viewer cost, and how long does a picture take to reach one?

`python -m bench.fanout [viewers…]`, 100, 300 and 1,000 by default. `media/examples/fanout.rs` measures: the
server's CPU alone, beside a bare loop that writes the same bytes to as many sockets, which is the limit. Other
servers are named as missing: this file does not drive them.
"""

import json
import os
import subprocess
import sys
from typing import Any

from bench.answer import Answer, hand_in

SECONDS = 12
PEERS = ["ZLMediaKit", "MediaMTX"]


def measure(*arguments: str) -> dict[str, Any]:
    """One run of the example, built with full optimisation."""
    command = [
        "cargo",
        "run",
        "--release",
        "-q",
        "-p",
        "mingjing-media",
        "--example",
        "fanout",
        "--",
        *arguments,
    ]
    run = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def cost(viewers: int) -> list[Answer]:
    """CPU a viewer at both paces, each beside its own bare loop."""
    found = measure(str(viewers), str(SECONDS))
    return [
        Answer(
            question=f"fanout_{pace}_{viewers}",
            unit=found["unit"],
            ours=found[pace]["ours"],
            peers={"bare write loop": found[pace]["bare_loop"]},
            missing=PEERS,
        )
        for pace in ("frame", "economy")
    ]


def delays() -> list[Answer]:
    """First picture after the request, and delay added to a picture: 95th percentiles, against the goals."""
    found = measure("delay")
    return [
        Answer(f"{what}_{pace}", "ms", found[pace][f"{what}_ms_p95"], {"goal": 200.0})
        for pace in ("frame", "economy")
        for what in ("first_picture", "added_delay")
    ]


def main(arguments: list[str]) -> None:
    for viewers in [int(argument) for argument in arguments] or [100, 300, 1_000]:
        hand_in(cost(viewers))
    hand_in(delays())


if __name__ == "__main__":
    main(sys.argv[1:])
