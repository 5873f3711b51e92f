"""R3: what a power cut at any operation may leave of the disk, 20,000 states of it: a bounded tail, nothing acknowledged.

`python -m tests.claims.power [--seeds N] [--seed N]` runs it on the simulated disk and prints the JSON line that the
test wrote. `--seeds` is how many states are drawn at each of some hundred operations, from the number `--seed` on.
"""

import argparse
import sys

from tests.claims import simulated

TEST = "a_power_cut_costs_a_sync_interval_and_a_fragment_and_nothing_that_was_announced"


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="power", description=__doc__)
    options.add_argument("--seeds", type=int, default=184)
    options.add_argument("--seed", type=int, default=0, help="of the first state")
    chosen = options.parse_args(arguments)
    first = chosen.seed * chosen.seeds
    return simulated.run("R3", TEST, {"SEEDS": f"{first}..{first + chosen.seeds}"})


if __name__ == "__main__":
    sys.exit(main())
