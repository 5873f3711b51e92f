"""What was uploaded or taken to prove something: files named by their digest, in one folder of the data directory.

A file is made durable before the row that names it is committed, is never written over and never deleted: a run that is
killed leaves at most a file that nobody names. Rooms keep the rows; what they name here goes along with each backup.
"""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Final

from mingjing.kernel.durable import make_directory, sync

_READ_BYTES: Final = 1 << 20


class FileLostError(OSError):
    """A file is not there, or is not what was kept."""


class FileStore:
    """Files by SHA-256 (hex), in folders by its first two digits."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made with the first file."""
        self.folder = folder

    def keep(self, content: bytes) -> str:
        """Make content durable; returns its digest. The same content is kept once. Raises OSError."""
        digest = hashlib.sha256(content).hexdigest()
        if not self.path(digest).exists():
            partial = self._partial(digest)
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
            self._name(partial, digest)
        return digest

    def copy_from(self, source: Path, digest: str) -> bool:
        """Take in what a file holds, durably; False where it holds something else or is not there. Raises OSError."""
        if self.path(digest).exists():
            return True
        if not source.is_file():
            return False
        partial = self._partial(digest)
        shutil.copyfile(source, partial)
        if digest_of(partial) != digest:
            partial.unlink()
            return False
        partial.chmod(0o600)
        self._name(partial, digest)
        return True

    def move_from(self, source: Path, digest: str) -> None:
        """Give a file of this file system its place here; the name that it had goes. Raises OSError."""
        target = self.path(digest)
        make_directory(target.parent, 0o700)
        source.rename(target)
        sync(target.parent)

    def read(self, digest: str) -> bytes:
        """What was kept. Raises FileLostError where the file is away or altered."""
        try:
            content = self.path(digest).read_bytes()
        except OSError as problem:
            raise FileLostError(digest) from problem
        if hashlib.sha256(content).hexdigest() != digest:
            raise FileLostError(digest)
        return content

    def path(self, digest: str) -> Path:
        """Where a file lies, or would lie."""
        return self.folder / digest[:2] / digest

    def _partial(self, digest: str) -> Path:
        target = self.path(digest)
        make_directory(target.parent, 0o700)
        return target.with_name(f"{digest}.{os.urandom(4).hex()}")

    def _name(self, partial: Path, digest: str) -> None:
        sync(partial)
        partial.replace(self.path(digest))
        sync(self.path(digest).parent)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hex. Raises OSError."""
    summed = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_READ_BYTES):
            summed.update(piece)
    return summed.hexdigest()
