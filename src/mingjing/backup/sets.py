"""A backup on disk: one folder, named by its moment, with a manifest of what lies in it.

`20261126T190000Z/` holds `database.sqlite3` (whatever database it came from), `identity.json`, `checkpoints.jsonl`,
`files.txt` and `manifest.json` with size and SHA-256 of each. `files.txt` lists the files that go along, digest and
bytes; they lie once in `files/` beside the folders, for all backups together, since none of them ever changes. A folder
gets its name when everything in it is synced, so that one that was cut off is never taken for a backup. Keys are no part
of it: whoever steals a backup reads no password.
"""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mingjing.backup.errors import SET_UNREADABLE
from mingjing.kernel.clock import SECOND_US
from mingjing.kernel.durable import make_directory, sync
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.files import FileStore, digest_of

DATABASE, IDENTITY, CHECKPOINTS, LIST, MANIFEST = (
    "database.sqlite3",
    "identity.json",
    "checkpoints.jsonl",
    "files.txt",
    "manifest.json",
)
FILES = "files"
FORMAT = 1
NAME = re.compile(r"\d{8}T\d{6}Z")
UNFINISHED = ".unfinished-"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    made_us: int
    version: str
    """Of the program that made it."""
    schema: str
    installation: str
    key_id: str
    """Which sealing key opens the secrets in it."""
    rows: dict[str, int]
    """Rows of every table."""
    files: dict[str, dict[str, Any]]
    """`bytes` and `sha256` by name."""


@dataclass(frozen=True, slots=True)
class Set:
    """One backup that has a manifest; whether its files hold is `faults`'s to say."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def bytes(self) -> int:
        return sum(int(file["bytes"]) for file in self.manifest.files.values())

    def file(self, name: str) -> Path:
        return self.folder / name

    @property
    def store(self) -> FileStore:
        """Where the files of this backup lie, with those of the backups beside it."""
        return FileStore(self.folder.parent / FILES)

    def files(self) -> dict[str, int] | None:
        """Bytes of every file that goes along, by digest; None in a backup of an earlier version, which has none."""
        if LIST not in self.manifest.files:
            return None
        lines = self.file(LIST).read_text(encoding="ascii").splitlines()
        return {digest: int(size) for digest, size in (line.split() for line in lines)}

    def lacking(self) -> list[str]:
        """Digests of files that should go along and are away, or are of another size."""
        paths = {digest: (self.store.path(digest), size) for digest, size in (self.files() or {}).items()}
        return [
            digest
            for digest, (path, size) in paths.items()
            if not path.is_file() or path.stat().st_size != size
        ]

    def faults(self) -> list[str]:
        """What of the files is not as the manifest says; empty where the backup is whole."""
        found = []
        for name, known in self.manifest.files.items():
            path = self.folder / name
            if not path.is_file():
                found.append(f"{name} 缺失 / is missing")
            elif path.stat().st_size != known["bytes"] or digest_of(path) != known["sha256"]:
                found.append(f"{name} 与清单不符 / is not what the manifest says")
        return found


def free_name(directory: Path, now_us: int) -> str:
    """The name of a backup made at this moment: UTC, sorts by time. Of several in one second each later one takes the
    next second that no backup has."""
    second = now_us // SECOND_US
    while (directory / _name_at(second)).exists():
        second += 1
    return _name_at(second)


def _name_at(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y%m%dT%H%M%SZ")


def sets_in(directory: Path) -> list[Set]:
    """Every backup in a directory that can be read, oldest first."""
    if not directory.is_dir():
        return []
    found = []
    for folder in sorted(directory.iterdir()):
        if NAME.fullmatch(folder.name) is None:
            continue
        try:
            found.append(read(folder))
        except MingjingError:
            continue
    return found


def read(folder: Path) -> Set:
    """The backup in `folder`. Raises BKP-001 where there is none that this program can read."""
    try:
        raw = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**raw)
        sound = manifest.format == FORMAT and {DATABASE, IDENTITY} <= manifest.files.keys()
        sound = sound and all(re.fullmatch(r"[a-z0-9.]+", name) for name in manifest.files)
    except (OSError, ValueError, TypeError, AttributeError) as cause:
        problem = f"{MANIFEST}: {type(cause).__name__}"
        raise MingjingError(SET_UNREADABLE, path=str(folder), problem=problem) from cause
    if not sound:
        raise MingjingError(SET_UNREADABLE, path=str(folder), problem=f"{MANIFEST} 格式不符 / another format")
    return Set(folder, manifest)


def whole(folder: Path) -> Set:
    """The backup in `folder`, every byte of it held against the manifest. Raises BKP-001."""
    found = read(folder)
    faults = found.faults()
    if faults:
        raise MingjingError(SET_UNREADABLE, path=str(folder), problem="; ".join(faults))
    return found


def begin(directory: Path, name: str) -> Path:
    """An empty folder in which a backup is put together; leftovers of one that was cut off go."""
    make_directory(directory, 0o700)
    for stale in directory.glob(f"{UNFINISHED}*"):
        shutil.rmtree(stale)
    folder = directory / f"{UNFINISHED}{name}"
    folder.mkdir(mode=0o700)
    return folder


def complete(folder: Path, about: Mapping[str, Any]) -> Set:
    """Write the manifest, sync everything, give the folder its name."""
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": digest_of(path)}
        for path in sorted(folder.iterdir())
    }
    manifest = Manifest(format=FORMAT, files=files, **about)
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    for path in folder.iterdir():
        path.chmod(0o600)
        sync(path)
    sync(folder)
    final = folder.with_name(folder.name.removeprefix(UNFINISHED))
    folder.rename(final)
    sync(final.parent)
    return Set(final, manifest)
