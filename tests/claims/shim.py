"""A disk that is slow or whose syncs fail, for one program: the control page of `diskpage.h`. The C is compiled here."""

import mmap
import struct
import subprocess
from pathlib import Path

PAGE_BYTES = 256
_PREFIX = 48
_PREFIX_BYTES = 208
ALL = 1 << 40
"""More syncs than there will be."""


class Disk:
    """The control page, a file `page` in a folder of its own."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.page = folder / "disk-page"
        self.page.write_bytes(bytes(PAGE_BYTES))
        with self.page.open("r+b") as opened:
            self._page = mmap.mmap(opened.fileno(), PAGE_BYTES)
        self._put(40, seed)

    def of(self, path: Path) -> None:
        """Mean the files at and below a path."""
        text = str(path.resolve()).encode()
        assert len(text) < _PREFIX_BYTES, f"{path} is too long"
        self._page[_PREFIX : _PREFIX + _PREFIX_BYTES] = text.ljust(_PREFIX_BYTES, b"\0")

    def delay(self, least_s: float, most_s: float) -> None:
        """Let each operation take so much longer, drawn anew each time; 0 and 0 ends it."""
        self._put(0, round(least_s * 1e6))
        self._put(8, round(most_s * 1e6))

    @property
    def delayed(self) -> int:
        return self._get(24)

    def _put(self, at: int, value: int) -> None:
        self._page[at : at + 8] = struct.pack("<q", value)

    def _get(self, at: int) -> int:
        return int(struct.unpack("<q", self._page[at : at + 8])[0])


class Syncs(Disk):
    """The syncs of a program that was started with `environment` and writes by way of the C library (`diskshim.c`)."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        super().__init__(folder, seed)
        library = folder / "diskshim.so"
        _compile("diskshim.c", library, "-shared", "-fPIC")
        self.environment = {"LD_PRELOAD": str(library), "CLAIM_DISK_FILE": str(self.page)}

    def fail(self, count: int) -> None:
        """Let the next `count` fail with EIO; 0 ends it."""
        self._put(16, count)

    @property
    def failed(self) -> int:
        return self._get(32)


class Writes(Disk):
    """Writes and syncs of any program that was started under `prefix` (`slowdisk.c`)."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        super().__init__(folder, seed)
        program = folder / "slowdisk"
        _compile("slowdisk.c", program, "-pthread")
        self.prefix = (str(program), str(self.page))


def _compile(source: str, target: Path, *how: str) -> None:
    command = ["gcc", *how, "-O2", "-Wall", "-Werror", "-o", str(target)]
    subprocess.run([*command, str(Path(__file__).with_name(source))], check=True, timeout=60)
