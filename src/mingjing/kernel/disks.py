"""Room on a disk."""

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Room:
    """What a program may fill of a file system: what is in use, and what is free to it.

    A quota or the part kept for the administrator is neither, so the size of the file system is no measure
    of how full it is.
    """

    used_bytes: int
    free_bytes: int

    @property
    def total_bytes(self) -> int:
        return self.used_bytes + self.free_bytes


def room(at: Path) -> Room:
    """The room of the file system that holds `at`. Raises OSError where it does not answer."""
    found = shutil.disk_usage(at)
    return Room(found.used, found.free)
