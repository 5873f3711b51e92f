"""The child: limits itself, reads one task from standard input, answers on standard output, ends.

A task is one line of JSON, followed by the bytes that belong to it. Answers: for `snapshot` a JPEG; for `table` the
rows as JSON; for `clip` and `remux` lines of JSON with progress and, last, the result.
"""

import contextlib
import json
import sys
from typing import Any

from mingjing.kernel.confinement import confine

MEMORY_BYTES = 2 * 1024**3
TABLE_MEMORY_BYTES = 1024**3
FILES = 64
CPU_SECONDS = 30
WRITING_CPU_SECONDS = 3600
WRITING = frozenset({"clip", "remux"})


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
    confine(
        cpu_seconds=WRITING_CPU_SECONDS if writes else CPU_SECONDS,
        memory_bytes=TABLE_MEMORY_BYTES if task["task"] == "table" else MEMORY_BYTES,
        files=FILES,
        file_bytes=int(task.get("most_bytes", 0)) if writes else 0,
    )


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main())
