"""The child: bounds itself, reads one task from standard input, answers with a PDF on standard output, ends."""

import json
import sys
from pathlib import Path

from mingjing.kernel.confinement import confine

CPU_SECONDS = 50
MEMORY_BYTES = 2 * 1024**3
FILES = 128


def main() -> int:
    task = json.loads(sys.stdin.buffer.read())
    confine(cpu_seconds=CPU_SECONDS, memory_bytes=MEMORY_BYTES, files=FILES)
    # Imported under the limits: the library itself is what they are for.
    import typst  # noqa: PLC0415

    templates = Path(__file__).with_name("templates")
    printed = typst.compile(
        templates / f"{task['template']}.typ",
        root=templates,
        font_paths=[Path(folder) for folder in task["fonts"]],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(task["data"], ensure_ascii=False)},
        timestamp=task["made_s"],
    )
    sys.stdout.buffer.write(printed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
