"""The child: looks at the subjects that it is told, and says which of them have to be judged. It writes nothing.

The first line of standard input is the address of the database; each further one a part, and its answer is one line. It
ends where its input does, with the program that has started it.
"""

import contextlib
import gc
import json
import os
import sys
from typing import Final

# As in `mingjing.__main__`.
gc.disable()

from mingjing.governance.compliance.looking import Part, looked  # noqa: E402
from mingjing.kernel.clock import SetClock  # noqa: E402
from mingjing.kernel.confinement import go_first  # noqa: E402
from mingjing.kernel.db import Database  # noqa: E402

gc.freeze()
gc.enable()

NICENESS: Final = 5
"""Recording goes first."""


def main() -> int:
    os.nice(NICENESS)
    go_first()
    # What moment it is, each part says.
    database = Database(json.loads(sys.stdin.readline())["database"], SetClock())
    for line in sys.stdin:
        part = json.loads(line)
        with database.reading() as session:
            same, differ = looked(session, Part(part["kind"], part["subjects"]), part["now_us"])
        sys.stdout.write(json.dumps({"same": same, "differ": list(differ)}) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        sys.exit(main())
