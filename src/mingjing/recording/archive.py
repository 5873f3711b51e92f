"""Recording files against the index: missing what is gone, verifying.

What the index does not know is found in `finding.py`; what comes from elsewhere enters by `importing.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import select, update

from mingjing.audit.service import SYSTEM, Actor, Object, record
from mingjing.kernel.db import Database, Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.media.model import DamagedFile
from mingjing.recording import index
from mingjing.recording.capacity import RESERVE_PERMILLE, WARN_PERMILLE, Pool
from mingjing.recording.errors import DISK_NOT_ADOPTED
from mingjing.recording.events import SegmentDoubted
from mingjing.recording.finding import adopt
from mingjing.recording.intervals import Interval
from mingjing.recording.model import RecordStream, StoredSegment
from mingjing.recording.rules import Reason
from mingjing.recording.site import RecordingSite

BATCH = 500
"""Rows a read."""

GONE = "missing"


def pool_state(pool: Pool) -> Literal["ok", "warn", "full", "gone"]:
    """How a pool stands."""
    if pool.total_bytes == 0:
        return "gone"
    if pool.free_bytes * 1000 <= pool.total_bytes * RESERVE_PERMILLE:
        return "full"
    used = pool.total_bytes - pool.free_bytes
    return "warn" if used * 1000 >= pool.total_bytes * WARN_PERMILLE else "ok"


def miss(store: Database, site: RecordingSite) -> int:
    """Mark rows whose file is gone: an alarm and an explained gap, never silence. Returns how many."""
    missing = 0
    # A pool that is not mounted has lost nothing: it is away as a whole, and storage says so.
    present = {name for name, root in site.pools.items() if root.is_dir() and any(root.iterdir())}
    for batch in batches(store):
        gone = [
            row
            for row in batch
            if row.state == "stored" and row.pool in present and not site.file(row.pool, row.path).exists()
        ]
        if not gone:
            continue
        with store.transaction() as tx:
            for row in gone:
                _mark_missing(tx, row)
        missing += len(gone)
    return missing


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check found wrong with one segment."""

    segment: str
    problems: tuple[str, ...]


def verify(
    store: Database, site: RecordingSite, depth: Literal["presence", "size", "hash"]
) -> Iterator[Fault | int]:
    """Check every segment at one of three depths; yields faults, and now and then how many were checked.

    A file that is there and not what it was is marked: suspect in lists and on the timeline, journalled, told as
    doubted. It can still be played; exports leave it out, as a gap with its reason.
    """
    checked = 0
    with store.reading() as session:
        names = {row.no: row.stream for row in session.scalars(select(RecordStream))}
    for batch in batches(store):
        for row in batch:
            problems = _problems(row, site, depth)
            if problems:
                name = index.segment_id(names[row.stream_no], row.start_us, row.sequence)
                if row.state == "stored" and problems != (GONE,):
                    with store.transaction() as tx:
                        _mark_suspect(tx, row, name, problems)
                yield Fault(name, problems)
        checked += len(batch)
        yield checked


def rebuild(
    store: Database, site: RecordingSite, show: Callable[[str, DamagedFile], None] = lambda _, __: None
) -> int:
    """Make the index anew from the files alone: what is known stays, what is not is entered. Returns how many.

    Names and trailers are read, no pictures: `show` hears of each file whose trailer does not hold, and its pool;
    bytes that changed in a file whose trailer holds are found by `verify` alone.
    """
    return adopt(store, site, show)


def adopt_disk(store: Database, actor: Actor, root: Path, site: RecordingSite) -> str:
    """Make a storage root of the settings this installation's, whatever it was; returns its pool. Raises REC-021."""
    pool = next((name for name, known in site.pools.items() if known.resolve() == root.resolve()), None)
    if pool is None:
        raise MingjingError(
            DISK_NOT_ADOPTED, root=str(root), problem="storage.roots 中没有 / not in storage.roots"
        )
    with store.transaction() as tx:
        record(tx, actor, "storage.adopt", Object("storage", pool), {"root": str(root)})
        try:
            site.archive.adopt(root, site.storage(pool), tx.now_us())
        except (OSError, ValueError) as problem:
            raise MingjingError(DISK_NOT_ADOPTED, root=str(root), problem=str(problem)) from problem
    return pool


def _problems(row: StoredSegment, site: RecordingSite, depth: str) -> tuple[str, ...]:
    try:
        path = site.file(row.pool, row.path)
        size = path.stat().st_size
    except (OSError, KeyError, ValueError):
        return (GONE,)
    if depth == "presence":
        return ()
    if size != row.size_bytes:
        return (f"size {size}, should be {row.size_bytes}",)
    if depth == "size":
        return ()
    found = site.archive.verify_segment(path, depth)
    if not found.ok:
        return tuple(found.problems) or ("digest",)
    # Sound in itself is not enough: whoever rewrites a file can seal it anew, but not in the index.
    sealed = site.archive.segment_table(path)["segment"]
    same = sealed is not None and bytes.fromhex(sealed["digest"]) == row.digest
    return () if same else ("another recording than the index knows",)


def _mark_suspect(tx: Transaction, row: StoredSegment, name: str, problems: tuple[str, ...]) -> None:
    known = tx.session.get(StoredSegment, (row.stream_no, row.start_us, row.sequence))
    if known is None or known.state != "stored":
        return  # deleted, or told, since it was read
    known.state = "suspect"
    whole = Interval(row.start_us, row.end_us)
    index.cut_span(tx.session, row.stream_no, whole, ("recorded", "imported"))
    index.extend_span(tx.session, row.stream_no, whole, "suspect")
    record(
        tx, SYSTEM, "recording.damage", Object("segment", name), {"path": row.path, "problem": problems[0]}
    )
    tx.publish(SegmentDoubted(name.partition(".")[0], name, problems[0][:300]))


def _mark_missing(tx: Transaction, row: StoredSegment) -> None:
    stream = tx.session.get_one(RecordStream, row.stream_no)
    whole = Interval(row.start_us, row.end_us)
    tx.session.execute(
        update(StoredSegment)
        .where(
            StoredSegment.stream_no == row.stream_no,
            StoredSegment.start_us == row.start_us,
            StoredSegment.sequence == row.sequence,
        )
        .values(state="missing")
    )
    index.lose(tx.session, row.stream_no, whole, Reason.DATA_DAMAGED, witness="verify")
    name = index.segment_id(stream.stream, row.start_us, row.sequence)
    record(tx, SYSTEM, "recording.miss", Object("segment", name), {"path": row.path})
    tx.publish(SegmentDoubted(stream.channel, name, "missing"))


def batches(store: Database) -> Iterator[list[StoredSegment]]:
    """Every segment, in the order of the table, a batch a read."""
    last: tuple[int, int, int] = (-1, -1, -1)
    while True:
        no, start, sequence = last
        with store.reading() as session:
            later = (StoredSegment.stream_no > no) | (
                (StoredSegment.stream_no == no)
                & (
                    (StoredSegment.start_us > start)
                    | ((StoredSegment.start_us == start) & (StoredSegment.sequence > sequence))
                )
            )
            rows = list(
                session.scalars(
                    select(StoredSegment)
                    .where(StoredSegment.stream_no >= no, later)
                    .order_by(StoredSegment.stream_no, StoredSegment.start_us, StoredSegment.sequence)
                    .limit(BATCH)
                )
            )
            session.expunge_all()
        if not rows:
            return
        yield rows
        last = (rows[-1].stream_no, rows[-1].start_us, rows[-1].sequence)
