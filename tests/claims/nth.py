"""R2: the first, second, … 400th operation of the writer is interrupted, short, or fails: nothing is lost in silence.

`python -m tests.claims.nth` runs it on the simulated disk and prints the JSON line that the test wrote.
"""

import sys

from tests.claims import simulated

TEST = "the_nth_operation_may_be_interrupted_short_or_fail_and_nothing_is_lost_in_silence"


def main(_: list[str] | None = None) -> int:
    return simulated.run("R2", TEST)


if __name__ == "__main__":
    sys.exit(main())
