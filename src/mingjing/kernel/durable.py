"""What shall outlive a power cut: content once its file is synced, a name once the directory that holds it is."""

import os
from contextlib import suppress
from pathlib import Path


def sync(path: Path) -> None:
    """Make a file's content, or the names in a directory, durable. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_directory(path: Path, mode: int) -> None:
    """Make a directory and those above it where they are missing; their names are durable. Raises OSError.

    Where `path` is there already its name is synced too: a run that was killed may have made it and not come so far.
    """
    missing = [path]
    while not missing[-1].parent.exists():
        missing.append(missing[-1].parent)
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    for made in missing:
        # A directory of others that may be walked through and not read: what lies in it is not ours to sync.
        with suppress(PermissionError):
            sync(made.parent)
