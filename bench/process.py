"""A server under measure: its processes, their CPU and memory from /proc. What it serves is each question's."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen, TimeoutExpired
from typing import IO

SETTLE_S = 8.0


@dataclass(frozen=True)
class Window:
    """What some processes used between two looks."""

    cpu_ns: int
    wall_ns: int

    def percent(self, shares: int) -> float:
        """Percent of a core for each of so many cameras or viewers."""
        return 100.0 * self.cpu_ns / self.wall_ns / shares


def examples() -> Path:
    """Where Cargo puts the crate's examples."""
    return Path(os.environ.get("CARGO_TARGET_DIR", "target")) / "release" / "examples"


def cpu_ns(pid: int) -> int:
    """Nanoseconds on a processor, of all threads of a process that lives."""
    tasks = Path(f"/proc/{pid}/task")
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir())


def pss_bytes(pid: int) -> int:
    """Proportional set size: shared pages are counted once over all their users."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"no Pss of process {pid}")


def windows(pids: list[int], seconds: float, count: int = 2, settle_s: float = SETTLE_S) -> Iterator[Window]:
    """Consecutive windows of CPU after settling."""
    time.sleep(settle_s)
    for _ in range(count):
        before, begun = sum(map(cpu_ns, pids)), time.monotonic_ns()
        time.sleep(seconds)
        yield Window(sum(map(cpu_ns, pids)) - before, time.monotonic_ns() - begun)


def load() -> float:
    """How many tasks want a processor: the machine may be shared, and figures move with it."""
    return os.getloadavg()[0]


def bytes_below(folder: Path) -> int:
    """Bytes of all files below a folder, growing ones included."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def running(commands: Iterable[list[str]], **environment: str) -> Iterator[list[Popen[bytes]]]:
    """Start processes; at the end their standard input closes, then they are told, then killed."""
    started: list[Popen[bytes]] = []
    try:
        for command in commands:
            quiet = os.open(os.devnull, os.O_WRONLY)
            started.append(
                Popen(command, stdin=PIPE, stdout=PIPE, stderr=quiet, env={**os.environ, **environment})
            )
            os.close(quiet)
        yield started
    finally:
        for process in started:
            pipe(process.stdin).close()
            process.terminate()
        for process in started:
            try:
                process.wait(10)
            except TimeoutExpired:
                process.kill()
            pipe(process.stdout).close()


def first_line(process: Popen[bytes]) -> str:
    """What a process says once it is ready. Raises RuntimeError if it ends instead."""
    said = pipe(process.stdout).readline().decode().strip()
    if not said:
        raise RuntimeError(f"{process.args!r} ended before it was ready")
    return said


def pipe(end: IO[bytes] | None) -> IO[bytes]:
    """The end of a pipe that was asked for."""
    if end is None:
        raise RuntimeError("the process was started without this pipe")
    return end
