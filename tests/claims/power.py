"""R3: what a power cut at any operation may leave of the disk, 20,000 states of it: a bounded tail, nothing acknowledged.

`python -m tests.claims.power` runs it on the simulated disk and prints the JSON line that the test wrote.
"""

import sys

from tests.claims import simulated

TEST = "a_power_cut_costs_a_sync_interval_and_a_fragment_and_nothing_that_was_announced"


def main(_: list[str] | None = None) -> int:
    return simulated.run("R3", TEST)


if __name__ == "__main__":
    sys.exit(main())
