"""Bringing in recordings from elsewhere: body-worn cameras, discs, other recorders. Marked as imported, for ever.

A child reads the file under limits and, where the plane's reader would not take it, copies its packets into a plain
MOV beside the exports; then the plane cuts it like a camera's stream. Nothing is encoded anew.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mingjing.audit.service import Actor, Object, record
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Database
from mingjing.kernel.durable import make_directory
from mingjing.kernel.errors import MingjingError
from mingjing.media.worker.pool import WorkerError, remux
from mingjing.recording import index
from mingjing.recording.adoption import enter_all
from mingjing.recording.errors import (
    IMPORT_CODEC,
    IMPORT_ENCRYPTED,
    IMPORT_FAILED,
    IMPORT_IN_FUTURE,
    IMPORT_NO_PICTURE,
    IMPORT_OVERLAPS,
    IMPORT_UNREADABLE,
)
from mingjing.recording.formats import beijing_time
from mingjing.recording.intervals import Interval
from mingjing.recording.queries import overlapping
from mingjing.recording.schema import Imported, ImportWish
from mingjing.recording.site import RecordingSite
from mingjing.registry.queries import camera

SEGMENT_SECONDS = 60
SPARE_BYTES = 64 << 20
_REFUSALS = {
    "unreadable": IMPORT_UNREADABLE,
    "no_picture": IMPORT_NO_PICTURE,
    "codec": IMPORT_CODEC,
    "encrypted": IMPORT_ENCRYPTED,
}


@dataclass(frozen=True, slots=True)
class _Readable:
    """A file that the plane takes, its length, and what became of its sound."""

    path: Path
    length_us: int
    sound: str | None
    sound_left_out: str | None


def bring_in(store: Database, actor: Actor, scope: Scope, wish: ImportWish, site: RecordingSite) -> Imported:
    """Cut a file into segments of a channel, marked as imported, with who and when in the journal.

    Raises REC-020, REC-022 to REC-027 with a sentence, REQ-404 outside the scope.
    """
    with store.reading() as session:
        name = camera(session, scope, wish.channel, removed=True).row.name
    pool, root = next(iter(site.pools.items()))
    stream = f"{wish.channel}.{wish.stream}"
    with _readable(Path(wish.path), site.exports) as source:
        _require_free_time(store, stream, Interval(wish.start_us, wish.start_us + source.length_us))
        try:
            make_directory(root, 0o750)
            site.archive.own(root, site.storage(pool), store.clock.now_us())
            made = site.archive.import_file(root, source.path, stream, wish.start_us, SEGMENT_SECONDS)
        except (OSError, ValueError) as problem:
            raise MingjingError(IMPORT_FAILED, problem=str(problem)) from problem
    if not made:
        raise MingjingError(IMPORT_NO_PICTURE)
    found = Imported(
        segments=len(made), from_us=made[0].start_us, until_us=made[-1].end_us,
        bytes=sum(segment.bytes for segment in made), sound=source.sound, sound_left_out=source.sound_left_out,
    )  # fmt: skip
    with store.transaction() as tx:
        enter_all(tx, made, pool, {})
        facts = found.model_dump() | {"camera": name, "stream": stream, "file": Path(wish.path).name}
        record(tx, actor, "recording.bring_in", Object("camera", wish.channel), facts)
    return found


def in_inbox(site: RecordingSite, name: str) -> Path:
    """The file `name` of the inbox, links followed and judged by where they end.

    What a signed-in person names must not reach recordings of other territories, nor anything else of the machine.
    Raises REC-020 with one sentence, whatever lies elsewhere.
    """
    try:
        root = site.inbox.resolve(strict=True) if site.inbox else None
        found = root and (root / name).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        found = root = None
    if root is None or found is None or not found.is_relative_to(root) or not found.is_file():
        raise MingjingError(
            IMPORT_FAILED, problem="导入目录中没有此文件 / no such file in the inbox of this server"
        )
    return found


@contextmanager
def _readable(file: Path, folder: Path) -> Iterator[_Readable]:
    """The file itself, or a copy of its packets that lives as long as the block."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = folder / f".import-{secrets.token_hex(8)}.mov"
    try:
        copy.touch(mode=0o600, exist_ok=False)
        told = remux(file, copy, file.stat().st_size * 2 + SPARE_BYTES)
        if "refused" in told:
            raise MingjingError(_REFUSALS[told["refused"]], codec=told["what"])
        found = told["finished"]
        yield _Readable(
            path=file if found["as_it_is"] else copy, length_us=found["length_us"],
            sound=found["sound"], sound_left_out=found["dropped"],
        )  # fmt: skip
    except (WorkerError, OSError) as problem:
        raise MingjingError(IMPORT_FAILED, problem=str(problem)) from problem
    finally:
        copy.unlink(missing_ok=True)


def _require_free_time(store: Database, stream: str, window: Interval) -> None:
    """Raise REC-026 where that time is recorded, REC-027 where it has not been yet."""
    if window.until_us > store.clock.now_us():
        raise MingjingError(IMPORT_IN_FUTURE, until=beijing_time(window.until_us))
    with store.reading() as session:
        no = index.known_stream_no(session, stream)
        rows = overlapping(session, no, window, 1_000) if no is not None else ()
        if rows:
            raise MingjingError(IMPORT_OVERLAPS, until=beijing_time(max(row.end_us for row in rows)))
