"""The child: limits itself, reads one task from standard input, answers on standard output, ends.

A task is one line of JSON, followed by the bytes that belong to it. Answers: for `snapshot` a JPEG; for `table` the
rows as JSON; for `clip` and `remux` lines of JSON with progress and, last, the result.
"""

import contextlib
import ctypes
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY_BYTES = 2 * 1024**3
TABLE_MEMORY_BYTES = 1024**3
FILES = 64
CPU_SECONDS = 30
WRITING_CPU_SECONDS = 3600
WRITING = frozenset({"clip", "remux"})
FIRST_TO_GO = 800
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def main() -> int:
    task: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    _limit(task)
    # Imported under the limits: the libraries themselves are what the limits are for.
    if task["task"] == "table":
        from mingjing.media.worker import table  # noqa: PLC0415

        json.dump(table.rows(sys.stdin.buffer.read(), task["rows"]), sys.stdout)
        return 0
    from mingjing.media.worker import clip, remux, snapshot  # noqa: PLC0415

    if task["task"] == "snapshot":
        sys.stdout.buffer.write(snapshot.jpeg(sys.stdin.buffer.read(), task["at_us"], task["width"]))
        return 0
    if task["task"] in WRITING:
        for line in clip.cut(task) if task["task"] == "clip" else remux.bring(task):
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
        return 0
    return 2


def _limit(task: dict[str, Any]) -> None:
    writes = task["task"] in WRITING
    cpu = WRITING_CPU_SECONDS if writes else CPU_SECONDS
    size = int(task.get("most_bytes", 0)) if writes else 0
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    memory = TABLE_MEMORY_BYTES if task["task"] == "table" else MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    with contextlib.suppress(OSError):
        # Where memory runs out this child goes before the program that records.
        Path("/proc/self/oom_score_adj").write_text(str(FIRST_TO_GO), encoding="ascii")
    _without_network()


def _without_network() -> None:
    """Leave the machine's network for an empty one. Where the system forbids that, the other limits remain."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0 and os.geteuid() != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main())
