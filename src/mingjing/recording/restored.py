"""After a backup was put back: what retention deleted since it was made is entered as deleted, not missed.

Nothing is deleted here: a row is closed only where its file is gone already and its time is over.
"""

from mingjing.audit.service import SYSTEM, Object, record
from mingjing.kernel.db import Database
from mingjing.recording import index
from mingjing.recording.archive import batches
from mingjing.recording.intervals import Interval
from mingjing.recording.model import RecordStream, StoredSegment
from mingjing.recording.plans import due_by_channel
from mingjing.recording.retention import FLOOR_DAYS
from mingjing.recording.rules import DAY_US
from mingjing.recording.site import RecordingSite


def close_expired(store: Database, site: RecordingSite) -> int:
    """Enter as expired every segment without a file that is past its retention. Returns how many."""
    now_us = store.clock.now_us()
    with store.reading() as session:
        kept = {channel: days for channel, (_, _, days) in due_by_channel(session).items()}
        days = {row.no: kept.get(row.channel, FLOOR_DAYS) for row in session.query(RecordStream)}
    closed = 0
    for batch in batches(store):
        over = [
            row
            for row in batch
            if max(row.end_us, row.stored_us) + days[row.stream_no] * DAY_US <= now_us
            and not site.file(row.pool, row.path).exists()
        ]
        if not over:
            continue
        with store.transaction() as tx:
            for row in over:
                known = tx.session.get_one(StoredSegment, (row.stream_no, row.start_us, row.sequence))
                tx.session.delete(known)
                gone = Interval(row.start_us, row.end_us)
                index.cut_span(tx.session, row.stream_no, gone, ("recorded", "imported", "suspect"))
                index.extend_span(tx.session, row.stream_no, gone, "expired")
        closed += len(over)
    if closed:
        with store.transaction() as tx:
            facts = {"segments": closed, "rule": "deleted after the backup was made"}
            record(tx, SYSTEM, "recording.expire", Object("storage", "recordings"), facts)
    return closed
