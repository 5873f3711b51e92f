"""Sharing out the descriptors that a process may have open, so that connections never take those of recording."""

import resource
from dataclasses import dataclass

WANTED = 65_536
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
    """How many descriptors this process may have open: what it is granted at most, up to 65,536, from now on.

    Shells and service managers grant 1,024 at first for programs that count in bits; this one does not.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    granted = WANTED if hard == resource.RLIM_INFINITY else min(hard, WANTED)
    if soft != resource.RLIM_INFINITY and soft < granted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (granted, hard))
        return granted
    return WANTED if soft == resource.RLIM_INFINITY else soft
