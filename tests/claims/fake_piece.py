"""A harness that measures nothing, quickly: what `test_nightly.py` gives the night to run."""

import argparse
import sys
import time

from tests.claims import measured


def main() -> int:
    options = argparse.ArgumentParser(prog="fake_piece", description=__doc__)
    options.add_argument("--n", type=int, default=1)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--most", type=int, default=10**9, help="less than n")
    options.add_argument("--silent", action="store_true")
    options.add_argument("--broken", action="store_true")
    options.add_argument("--asleep", action="store_true")
    chosen = options.parse_args()
    if chosen.silent:
        return 3
    if chosen.asleep:
        time.sleep(600)
    figures = {
        "n": min(chosen.n, chosen.most),
        "seeds": [chosen.seed],
        "worst": chosen.seed,
        "rate": -chosen.seed,
    }
    return measured.ended("R1", **figures, holds=not chosen.broken)


if __name__ == "__main__":
    sys.exit(main())
