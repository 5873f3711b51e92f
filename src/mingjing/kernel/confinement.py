"""What a child process leaves behind before it touches what others wrote: time, memory, files, the network."""

import contextlib
import ctypes
import os
import resource
from pathlib import Path
from typing import Final

FIRST_TO_GO: Final = 800
CLONE_NEWUSER: Final = 0x10000000
CLONE_NEWNET: Final = 0x40000000


def confine(*, cpu_seconds: int, memory_bytes: int, files: int, file_bytes: int = 0) -> None:
    """Bound this process for good: processor time, address space, open files, the size of what it may write to a file
    (a pipe is none). It loses the network where the system allows that; the other limits hold anyway."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    go_first()
    _without_network()


def go_first() -> None:
    """Where memory runs out this child goes before the program that records."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(FIRST_TO_GO), encoding="ascii")


def _without_network() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0 and os.geteuid() != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
