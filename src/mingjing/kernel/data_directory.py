"""The data directory: one program at a time, and the right directory.

A lock keeps a second copy out; an identity file says which installation this is and which keys belong to it, so
that a wrong disk or a half-restored backup is noticed before anything is written.
"""

import fcntl
import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import structlog

from mingjing.kernel.clock import Clock
from mingjing.kernel.durable import make_directory
from mingjing.kernel.errors import MingjingError, define
from mingjing.kernel.ids import is_id, new_id
from mingjing.kernel.secrets import Sealer, key_file, write_private

_log = structlog.get_logger(__name__)
IDENTITY_FILE = "identity.json"

ALREADY_RUNNING = define(
    "SYS-040",
    409,
    title=("已有一个明镜在运行", "Mingjing is already running"),
    detail=(
        "数据目录 {path} 正由进程 {holder} 使用，不能同时启动第二个。",
        "The data directory {path} is in use by process {holder}; a second copy must not share it.",
    ),
    remedy=(
        "请使用已在运行的系统，或先停止它，或用 --data 指定另一个目录。",
        "Use the one that runs, stop it first, or choose another directory with --data.",
    ),
)
IDENTITY_BAD = define(
    "SYS-041",
    500,
    title=("数据目录身份不符", "The data directory is not what it says"),
    detail=("{path} 的身份文件无法识别：{problem}。", "The identity file of {path} is not valid: {problem}."),
    remedy=(
        "请确认挂载了正确的磁盘，或从备份完整恢复该目录；不要删除身份文件。",
        "Check that the right disk is mounted, or restore the whole directory; do not delete the identity file.",
    ),
)
KEYS_ELSEWHERE = define(
    "SYS-042",
    500,
    title=("密钥与数据不匹配", "The keys do not belong to the data"),
    detail=(
        "数据目录 {path} 属于密钥 {expected}，而密钥目录 {keys} 中是 {found}。",
        "The data in {path} belong to the key {expected}, but {keys} holds {found}.",
    ),
    remedy=(
        "请恢复与这份数据一起备份的密钥目录。",
        "Restore the key directory that was backed up together with these data.",
    ),
)
DIRECTORY_UNUSABLE = define(
    "SYS-043",
    500,
    title=("数据目录不可用", "The data directory cannot be used"),
    detail=("无法使用 {path}：{problem}。", "{path} cannot be used: {problem}."),
    remedy=("请检查路径、所有者与磁盘。", "Check the path, its owner and the disk."),
)


DIRECTORY_LAX = define(
    "SYS-013",
    500,
    title=("目录对他人开放", "A directory is open to others"),
    detail=(
        "目录 {path} 的权限是 {mode}，其他用户可以进入，而本程序不是它的所有者。",
        "The directory {path} has mode {mode}: others can enter it, and this program does not own it.",
    ),
    remedy=(
        "请由所有者执行 chmod 700 {path}，或把目录交给运行本程序的账户（chown）。",
        "Have its owner run chmod 700 {path}, or give it to the account that runs this program (chown).",
    ),
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Which installation a data directory belongs to."""

    installation: str
    key_id: str
    created_us: int


def known_identity(path: Path) -> Identity | None:
    """Which installation the directory `path` belongs to; None where no program has started in it.

    Raises SYS-041 for an identity file that cannot be read.
    """
    file = path / IDENTITY_FILE
    if not file.exists():
        return None
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        known = Identity(str(raw["installation"]), str(raw["key_id"]), int(raw["created_us"]))
    except (OSError, ValueError, KeyError, TypeError) as cause:
        raise MingjingError(IDENTITY_BAD, path=str(path), problem=type(cause).__name__) from cause
    if not is_id("in", known.installation):
        raise MingjingError(IDENTITY_BAD, path=str(path), problem="installation")
    return known


def require_identity(path: Path, key_id: str, keys: Path) -> Identity:
    """The identity of a directory in which a program has started, with the keys that belong to it.

    Raises SYS-041, SYS-042.
    """
    known = known_identity(path)
    if known is None:
        raise MingjingError(IDENTITY_BAD, path=str(path), problem=f"{IDENTITY_FILE} 缺失 / is missing")
    if known.key_id != key_id:
        raise MingjingError(
            KEYS_ELSEWHERE, path=str(path), keys=str(keys), expected=known.key_id, found=key_id
        )
    return known


def sealer_of(path: Path, keys: Path) -> Sealer:
    """The sealing key that belongs to the data in `path`; made where there are none yet, and never beside old data.

    Raises SYS-042 where data are there and their key is not; SYS-010, SYS-011.
    """
    file = keys / "sealing.key"
    known = known_identity(path)
    if known is not None and not file.exists():
        raise MingjingError(
            KEYS_ELSEWHERE, path=str(path), keys=str(keys), expected=known.key_id, found="空 nothing"
        )
    return Sealer(key_file(file))


def close_to_others(path: Path, beyond: int = 0o077) -> None:
    """Take from a directory the rights `beyond` those it should have, and make the files in it unreadable to others.

    A copy from a backup, or a `mkdir` by hand, leaves 0755. Raises SYS-013 where it belongs to somebody else.
    """
    mode = stat.S_IMODE(path.stat().st_mode)
    try:
        if mode & beyond:
            path.chmod(mode & ~beyond)
            _log.warning("directory_was_open_to_others", directory=str(path), mode=f"{mode:04o}")
        for file in path.iterdir():
            found = file.lstat().st_mode
            if stat.S_ISREG(found) and found & 0o027:
                file.chmod(stat.S_IMODE(found) & ~0o027)
    except OSError as cause:
        raise MingjingError(DIRECTORY_LAX, path=str(path), mode=f"{mode:04o}") from cause


class DataDirectory:
    """An open, locked data directory. Use as a context manager, or call `close()`."""

    def __init__(self, path: Path) -> None:
        """Take the directory, making it (0700) if there is none.

        Raises SYS-040 where another process holds it, SYS-043 where it cannot be made or read.
        """
        self.path = path
        try:
            make_directory(path, 0o700)
            self._lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as cause:
            raise MingjingError(DIRECTORY_UNUSABLE, path=str(path), problem=cause.strerror) from cause
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._lock, 32, 0).decode(errors="replace").strip() or "?"
            os.close(self._lock)
            raise MingjingError(ALREADY_RUNNING, path=str(path), holder=holder) from None
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)

    def identity(self, key_id: str, keys: Path, clock: Clock) -> Identity:
        """The directory's identity, made at the first start.

        Raises SYS-041 for an identity file that cannot be read, or a directory with a database and none;
        SYS-042 where the keys belong to other data.
        """
        if known_identity(self.path) is not None or any(self.path.glob("*.sqlite3")):
            return require_identity(self.path, key_id, keys)
        made = Identity(new_id("in"), key_id, clock.now_us())
        text = json.dumps(
            {"installation": made.installation, "key_id": key_id, "created_us": made.created_us}, indent=1
        )
        write_private(self.path / IDENTITY_FILE, text.encode())
        return made

    def close(self) -> None:
        """Let go of the lock. The file stays: removing it would open a race."""
        os.close(self._lock)

    def __enter__(self) -> "DataDirectory":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
