"""Sharing out the descriptors that a process may have open, so that connections never take those of recording."""

import resource
from dataclasses import dataclass

KEPT_LEAST = 96
"""What program, database, cameras and files that are being written need at the very least."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How many connections each door may take at most."""

    media: int
    """Each of the media plane's two ports."""
    console: int


def shares(open_most: int) -> Shares:
    """A quarter, and no fewer than 96, are kept; two fifths of the rest for each media port, one fifth for the API."""
    rest = max(open_most - max(open_most // 4, KEPT_LEAST), 0)
    return Shares(media=max(rest * 2 // 5, 1), console=max(rest // 5, 1))


def open_most() -> int:
    """How many descriptors this process may have open."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
