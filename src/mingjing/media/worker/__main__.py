"""The child: limits itself, reads one task from standard input, answers on standard output, ends.

A task is one line of JSON, followed by the bytes that belong to it. Answers: for `snapshot` a JPEG; for `clip`
lines of JSON with progress and, last, the result.
"""

import contextlib
import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 30
CLIP_CPU_SECONDS = 3600
FIRST_TO_GO = 800


def main() -> int:
    task: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    _limit(task)
    # Imported under the limits: the libraries themselves are what the limits are for.
    from mingjing.media.worker import clip, snapshot  # noqa: PLC0415

    if task["task"] == "snapshot":
        sys.stdout.buffer.write(snapshot.jpeg(sys.stdin.buffer.read(), task["at_us"], task["width"]))
        return 0
    if task["task"] == "clip":
        for line in clip.cut(task):
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
        return 0
    return 2


def _limit(task: dict[str, Any]) -> None:
    clip_task = task["task"] == "clip"
    cpu = CLIP_CPU_SECONDS if clip_task else CPU_SECONDS
    size = int(task.get("most_bytes", 0)) if clip_task else 0
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    with contextlib.suppress(OSError):
        # Where memory runs out this child goes before the program that records.
        Path("/proc/self/oom_score_adj").write_text(str(FIRST_TO_GO), encoding="ascii")


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main())
