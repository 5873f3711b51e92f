"""`forgetful.py` mounted: a file system for whole programs that forgets, when its power is cut, what nobody synced.

`python -m tests.claims.lossy PLACE` mounts it through FUSE and says `mounted`. Unmounted, it waits for a seed on its
standard input, cuts the power, says as JSON what was forgotten, and mounts what is left; it ends with its input.
`Lossy` does that in a process of its own. Unmounting empties the kernel's caches, as a restart of the machine does.

Content goes through the page cache, so that SQLite may map its shared index; every `write` reaches the file system at
once (no write-back cache), so that a killed program loses nothing by itself.
"""

import errno
import json
import os
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.claims.cameras import ROOT
from tests.claims.forgetful import Disk, File, Folder, Forgotten, Named, Node
from tests.claims.rig import until

DEVICE = Path("/dev/fuse")
NOREPLACE = 1
BUSY_S = 20.0
FREE_BLOCKS = 1 << 24
"""64 GiB in blocks of 4 KiB: more than any rule about free space asks."""


def missing() -> str:
    """Why it cannot be mounted here; empty where it can."""
    if not os.access(DEVICE, os.R_OK | os.W_OK):
        return f"{DEVICE} is not there for this user: the kernel offers no file systems in user space here"
    return ""


class Lossy:
    """The mounted file system and its process. A context manager."""

    def __init__(self, place: Path) -> None:
        place.mkdir()
        self.place = place
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.claims.lossy", str(place)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._expect_mounted()

    def cut(self, seed: int | None) -> Forgotten:
        """The power goes and comes back (`Disk.cut`). Nothing may be open any more: raises LateError where something is."""
        until("nothing is open", BUSY_S, self._unmounted)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(seed) + "\n")
        self._process.stdin.flush()
        found = Forgotten(**json.loads(self._said()))
        self._expect_mounted()
        return found

    def _expect_mounted(self) -> None:
        said = self._said()
        assert said == "mounted", f"the lossy file system was not mounted: {said or 'its process ended'}"

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def _unmounted(self, *how: str) -> bool:
        command = ["fusermount3", "-u", *how, str(self.place)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def __enter__(self) -> "Lossy":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._unmounted("-z")
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _face() -> Any:
    """What libfuse calls, made late: only the process that mounts needs libfuse."""
    from mfusepy import FUSE, Operations  # type: ignore[import-untyped]  # noqa: PLC0415

    class Face(Operations):  # type: ignore[misc]
        use_ns = True

        def __init__(self, disk: Disk) -> None:
            self.disk = disk
            self._open: dict[int, File] = {}
            self._handles = count(1)

        def init(self, path: str) -> None:
            print("mounted", flush=True)

        def _node(self, path: str) -> Node:
            node: Node | None = self.disk.root
            for name in filter(None, path.split("/")):
                node = node.entries.get(name) if isinstance(node, Folder) else None
            if node is None:
                raise OSError(errno.ENOENT, path)
            return node

        def _folder(self, path: str) -> Folder:
            node = self._node(path)
            if not isinstance(node, Folder):
                raise OSError(errno.ENOTDIR, path)
            return node

        def _file(self, path: str | None, handle: int | None) -> File:
            node = self._open.get(handle or 0) or self._node(path or "")
            if not isinstance(node, File):
                raise OSError(errno.EISDIR, path)
            return node

        def _named(self, path: str, node: Node | None) -> Named:
            above, _, name = path.rpartition("/")
            return Named(self._folder(above), name, node)

        def getattr(self, path: str | None, fh: int | None = None) -> dict[str, int]:
            return self._attributes(self._open.get(fh or 0) or self._node(path or ""))

        def _attributes(self, node: Node) -> dict[str, int]:
            size = len(node.data) if isinstance(node, File) else 4096
            times = dict.fromkeys(("st_atime", "st_mtime", "st_ctime"), node.changed_ns)
            return times | {
                "st_ino": node.number, "st_mode": node.mode, "st_nlink": node.links, "st_size": size,
                "st_blocks": -(-size // 512), "st_uid": os.getuid(), "st_gid": os.getgid(),
            }  # fmt: skip

        def readdir(self, path: str, fh: int) -> list[tuple[str, dict[str, int], int]]:
            folder = self._folder(path)
            entries: dict[str, Node] = {".": folder, "..": folder, **folder.entries}
            # With its number: the C library passes over entries that have none.
            return [(name, self._attributes(node), 0) for name, node in entries.items()]

        def statfs(self, path: str) -> dict[str, int]:
            free = dict.fromkeys(("f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree"), FREE_BLOCKS)
            return free | {"f_bsize": 4096, "f_frsize": 4096, "f_namemax": 255}

        def chmod(self, path: str, mode: int) -> int:
            node = self._node(path)
            node.mode = node.mode & ~0o7777 | mode & 0o7777
            return 0

        def utimens(self, path: str, times: tuple[int, int] | None = None) -> int:
            self._node(path).changed_ns = times[1] if times else time.time_ns()
            return 0

        def mkdir(self, path: str, mode: int) -> int:
            self.disk.name(self._named(path, self.disk.folder(mode & 0o7777)))
            return 0

        def create(self, path: str, mode: int) -> int:
            made = self.disk.file(mode & 0o7777)
            self.disk.name(self._named(path, made))
            return self._opened(made)

        def open(self, path: str, flags: int) -> int:
            node = self._file(path, None)
            if flags & os.O_TRUNC:
                node.cut(0)
            return self._opened(node)

        def _opened(self, node: File) -> int:
            handle = next(self._handles)
            self._open[handle] = node
            return handle

        def release(self, path: str, fh: int) -> int:
            del self._open[fh]
            return 0

        def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
            return bytes(self._file(path, fh).data[offset : offset + size])

        def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
            self._file(path, fh).write(offset, bytes(data))
            return len(data)

        def truncate(self, path: str | None, length: int, fh: int | None = None) -> int:
            self._file(path, fh).cut(length)
            return 0

        def fsync(self, path: str, datasync: int, fh: int) -> int:
            self._file(path, fh).sync()
            return 0

        def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
            self.disk.sync(self._folder(path))
            return 0

        def link(self, target: str, source: str) -> int:
            self.disk.name(self._named(target, self._node(source)))
            return 0

        def unlink(self, path: str) -> int:
            self.disk.name(self._named(path, None))
            return 0

        def rmdir(self, path: str) -> int:
            if self._folder(path).entries:
                raise OSError(errno.ENOTEMPTY, path)
            self.disk.name(self._named(path, None))
            return 0

        def rename(self, old: str, new: str, flags: int = 0) -> int:
            target = self._named(new, self._node(old))
            if flags & ~NOREPLACE:
                raise OSError(errno.EINVAL, "flags of rename")
            if flags & NOREPLACE and target.name in target.folder.entries:
                raise OSError(errno.EEXIST, new)
            self.disk.name(self._named(old, None), target)
            return 0

    class Mounted(FUSE):  # type: ignore[misc]
        def rename_fuse_3(self, old: bytes, new: bytes, flags: int) -> int:
            # The module passes no flags on, and a rename that must not replace would.
            done: int = self.operations.rename(os.fsdecode(old), os.fsdecode(new), flags)
            return done

    def mount(disk: Disk, place: str) -> None:
        """Serve until it is unmounted."""
        Mounted(
            Face(disk), place, foreground=True, nothreads=True, fsname="lossy", use_ino=True, hard_remove=True,
            kernel_cache=True, attr_timeout=3600, entry_timeout=3600,
        )  # fmt: skip

    return mount


def main() -> None:
    disk, mount = Disk(), _face()
    while True:
        mount(disk, sys.argv[1])
        seed = sys.stdin.readline()
        if not seed:
            return
        print(json.dumps(vars(disk.cut(json.loads(seed)))), flush=True)


if __name__ == "__main__":
    main()
