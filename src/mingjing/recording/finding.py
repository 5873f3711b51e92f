"""Files that the index does not know are found here, folder by folder, and entered; damage among them is told.

A folder is a stream's day: what the index knows of it is one range of its key, so that memory stays small at any size
of archive. How many files are entered at once is in `adoption.py`; checks of what is known are in `archive.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import structlog
from sqlalchemy import select

from mingjing.audit.service import SYSTEM, Object, record
from mingjing.kernel.db import Database, Transaction
from mingjing.media.model import DamagedFile, Segment
from mingjing.recording import index
from mingjing.recording.adoption import enter_all
from mingjing.recording.events import SegmentDoubted
from mingjing.recording.intervals import Interval
from mingjing.recording.model import RecordStream, StoredSegment
from mingjing.recording.plans import due_by_channel
from mingjing.recording.rules import DAY_US, SECOND_US, Reason
from mingjing.recording.site import RecordingSite

_log = structlog.get_logger(__name__)

BATCH = 5_000
"""Segments a transaction: a part of a second of the one writer."""
UNKNOWN_LENGTH_US = 60 * SECOND_US
"""How much time a file stands for that does not say it: what is cut for one file where nothing else is set."""
ASIDE = "kept aside as suspect"


@dataclass
class _Found:
    """What was found since the last transaction."""

    segments: list[Segment] = field(default_factory=list)
    damaged: list[DamagedFile] = field(default_factory=list)


def adopt(
    store: Database, site: RecordingSite, show: Callable[[str, DamagedFile], None] = lambda _, __: None
) -> int:
    """Enter every file that the index does not know; none is ever unlinked. Returns how many.

    A file of which not all holds is told: its lost time becomes a gap, and an alarm is raised once. `show` is called
    with the pool of each such file, also of one that was told before.
    """
    entered = 0
    for pool, root in site.pools.items():
        for found in _batches(_unknown(store, site, root)):
            entered += _enter(store, pool, found)
            for damaged in found.damaged:
                show(pool, damaged)
    return entered


def _unknown(store: Database, site: RecordingSite, root: Path) -> Iterator[_Found]:
    storage = site.archive.storage_folders(root)
    yield _Found(damaged=storage.damaged)
    for folder in storage.folders:
        stream, _, name = folder.partition("/")
        day = _day(name)
        if day is None:
            continue
        known = _known(store, stream, day)
        scan = site.archive.scan_folder(root, folder, known)
        aside = [DamagedFile(path=path, problem=ASIDE) for path in scan.aside]
        yield _Found(scan.segments, scan.damaged + aside)


def _batches(folders: Iterator[_Found]) -> Iterator[_Found]:
    """Small folders together, large ones in parts."""
    waiting = _Found()
    for found in folders:
        waiting.segments += found.segments
        waiting.damaged += found.damaged
        while len(waiting.segments) >= BATCH:
            yield _Found(waiting.segments[:BATCH])
            waiting.segments = waiting.segments[BATCH:]
    yield waiting


def _known(store: Database, stream: str, day: Interval) -> list[str]:
    """Names, without suffix, of the files of a day that the index knows."""
    with store.reading() as session:
        rows = session.execute(
            select(StoredSegment.start_us, StoredSegment.sequence)
            .join(RecordStream, RecordStream.no == StoredSegment.stream_no)
            .where(
                RecordStream.stream == stream,
                StoredSegment.start_us >= day.from_us,
                StoredSegment.start_us < day.until_us,
            )
        )
        return [f"{start_us}-{sequence}" for start_us, sequence in rows]


def _day(name: str) -> Interval | None:
    try:
        from_us = int(datetime.strptime(name, "%Y%m%d").replace(tzinfo=UTC).timestamp()) * SECOND_US
    except ValueError:
        return None
    return Interval(from_us, from_us + DAY_US)


def _enter(store: Database, pool: str, found: _Found) -> int:
    if not (found.segments or found.damaged):
        return 0
    with store.transaction() as tx:
        plans = {channel: due for channel, (_, due, _) in due_by_channel(tx.session).items()}
        new = enter_all(tx, found.segments, pool, plans)
        if new:
            record(tx, SYSTEM, "recording.adopt", Object("storage", pool), {"pool": pool, "segments": new})
        for damaged in found.damaged:
            _tell(tx, pool, damaged, {segment.path for segment in found.segments})
    return new


def _tell(tx: Transaction, pool: str, damaged: DamagedFile, adopted: set[str]) -> None:
    """Explain what a damaged file has lost, in the journal and by an alarm; once."""
    path = PurePosixPath(damaged.path)
    stream = path.parts[0]
    channel = stream.partition(".")[0]
    start_us = _start_us(path)
    segment = f"{stream}/{path.stem}"
    if start_us is not None:
        no = index.stream_no(tx.session, stream)
        told = index.is_explained(tx.session, no, start_us, Reason.DATA_DAMAGED)
        if told or index.is_suspect(tx.session, no, start_us):
            return
        lost = Interval(start_us, min(start_us + UNKNOWN_LENGTH_US, tx.now_us()))
        index.explain_lost(tx.session, no, lost, Reason.DATA_DAMAGED, witness="start")
    facts = {
        "pool": pool,
        "path": damaged.path,
        "problem": damaged.problem,
        "adopted": damaged.path in adopted,
    }
    record(tx, SYSTEM, "recording.damage", Object("segment", segment), facts)
    tx.publish(SegmentDoubted(channel, segment, damaged.problem[:300]))
    _log.error("recording_damaged", **facts)


def _start_us(path: PurePosixPath) -> int | None:
    """When a segment's file begins, by its name; None for a folder."""
    start, _, _ = path.stem.partition("-")
    return int(start) if len(path.parts) == 3 and start.isdecimal() else None
