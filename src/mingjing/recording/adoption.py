"""Entering many files at once: what files say becomes rows, spans and sums, thousands a second.

The same books as `index.store` keeps for one segment, kept for a batch: rows are inserted in one statement, and what
joins in time is added to spans, gaps and hours as one stretch. Which files there are is found in `archive.py`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from mingjing.kernel.bulk import insert_rows
from mingjing.kernel.db import Transaction
from mingjing.media.model import Segment
from mingjing.recording import index
from mingjing.recording.index import NEVER_DUE, Due
from mingjing.recording.intervals import Interval, tidy
from mingjing.recording.model import RecordStream, StoredSegment
from mingjing.recording.rules import HOUR_US, JOIN_US
from mingjing.recording.trusted_clock import entering_us


def enter_all(tx: Transaction, segments: Sequence[Segment], pool: str, plans: Mapping[str, Due]) -> int:
    """Enter what the index does not know. It explains nothing before it. Returns how many are new.

    `plans` says by channel which part was due; of a stream that was never accounted for, nothing was.
    """
    by_stream: dict[str, list[Segment]] = defaultdict(list)
    for segment in segments:
        by_stream[segment.stream].append(segment)
    return sum(
        _enter_stream(tx, stream, own, pool, plans.get(stream.partition(".")[0], NEVER_DUE))
        for stream, own in by_stream.items()
    )


def _enter_stream(tx: Transaction, stream: str, segments: list[Segment], pool: str, plan: Due) -> int:
    no = index.stream_no(tx.session, stream)
    accounted = tx.session.get_one(RecordStream, no).accounted_until_us
    known = {
        (row.start_us, row.sequence)
        for row in tx.session.execute(
            select(StoredSegment.start_us, StoredSegment.sequence).where(
                StoredSegment.stream_no == no,
                StoredSegment.start_us >= min(segment.start_us for segment in segments),
                StoredSegment.start_us <= max(segment.start_us for segment in segments),
            )
        )
    }
    new = {(segment.start_us, index.sequence_of(segment.id)): segment for segment in segments}
    new = {key: segment for key, segment in new.items() if key not in known}
    if not new:
        return 0
    now_us = entering_us(tx)
    rows = [_row(no, sequence, segment, pool, now_us) for (_, sequence), segment in new.items()]
    insert_rows(tx, StoredSegment, rows)
    for kind in ("recorded", "imported"):
        own = [one for one in new.values() if (one.origin == "imported") == (kind == "imported")]
        for stretch in tidy([Interval(one.start_us, one.end_us) for one in own], JOIN_US):
            # A stream that is accounted for is being recorded: what it closed a moment ago, and has not
            # announced yet, is due as much as what was explained before.
            index.keep_stretch(tx.session, no, stretch, kind, NEVER_DUE if accounted is None else plan)
    sizes: dict[int, int] = defaultdict(int)
    for segment in new.values():
        sizes[segment.start_us - segment.start_us % HOUR_US] += segment.bytes
    index.count_bytes(tx.session, no, sizes)
    return len(new)


def _row(no: int, sequence: int, segment: Segment, pool: str, now_us: int) -> dict[str, object]:
    return {
        "stream_no": no,
        "start_us": segment.start_us,
        "sequence": sequence,
        "end_us": segment.end_us,
        "size_bytes": segment.bytes,
        "digest": bytes.fromhex(segment.digest),
        "fragments": segment.fragments,
        "video_frames": segment.video_frames,
        "key_frames": segment.key_frames,
        "codecs": segment.codecs,
        "width": segment.width,
        "height": segment.height,
        "origin": segment.origin,
        "state": "stored",
        "stored_us": now_us,
        "pool": pool,
        "path": segment.path,
    }
