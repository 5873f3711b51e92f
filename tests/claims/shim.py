"""A disk whose syncs are slow or fail, for one program: the control page of `diskshim.c`, which is compiled here."""

import mmap
import struct
import subprocess
from pathlib import Path

PAGE_BYTES = 256
_PREFIX = 48
_PREFIX_BYTES = 208
ALL = 1 << 40
"""More syncs than there will be."""


class Syncs:
    """What happens to the syncs of a program that was started with `environment`."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        library = folder / "diskshim.so"
        source = Path(__file__).with_name("diskshim.c")
        command = ["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", str(library), str(source)]
        subprocess.run(command, check=True, timeout=60)
        file = folder / "syncs"
        file.write_bytes(bytes(PAGE_BYTES))
        with file.open("r+b") as opened:
            self._page = mmap.mmap(opened.fileno(), PAGE_BYTES)
        self._put(40, seed)
        self.environment = {"LD_PRELOAD": str(library), "CLAIM_DISK_FILE": str(file)}

    def of(self, path: Path) -> None:
        """Mean the files at and below a path."""
        text = str(path.resolve()).encode()
        assert len(text) < _PREFIX_BYTES, f"{path} is too long"
        self._page[_PREFIX : _PREFIX + _PREFIX_BYTES] = text.ljust(_PREFIX_BYTES, b"\0")

    def delay(self, least_s: float, most_s: float) -> None:
        """Let each take so much longer, drawn anew each time; 0 and 0 ends it."""
        self._put(0, round(least_s * 1e6))
        self._put(8, round(most_s * 1e6))

    def fail(self, count: int) -> None:
        """Let the next `count` fail with EIO; 0 ends it."""
        self._put(16, count)

    @property
    def delayed(self) -> int:
        return self._get(24)

    @property
    def failed(self) -> int:
        return self._get(32)

    def _put(self, at: int, value: int) -> None:
        self._page[at : at + 8] = struct.pack("<q", value)

    def _get(self, at: int) -> int:
        return int(struct.unpack("<q", self._page[at : at + 8])[0])
