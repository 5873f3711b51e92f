"""Entering many files at once keeps the same books as entering each as the plane tells it."""

from pathlib import Path

import pytest
from sqlalchemy import select
from tests.places import town
from tests.recorder import HOUR, MINUTE, SECOND, Recorder, recorder, segment

from mingjing.kernel.db import Database
from mingjing.recording import index
from mingjing.recording.adoption import enter_all
from mingjing.recording.index import NEVER_DUE, Due
from mingjing.recording.intervals import Interval
from mingjing.recording.model import RecordGap, RecordHour, RecordSpan, RecordStream, StoredSegment
from mingjing.recording.rules import Reason

START = 1_760_000_000_000_000
STARTS = [START + n * MINUTE for n in (0, 1, 2, 60, 61, 1500)]
ALWAYS = Due("always", {})


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Recorder:
    return recorder(town(empty_database), tmp_path / "pool")


def books(at: Recorder, stream: str) -> tuple[object, ...]:
    with at.site.database.reading() as session:
        no = index.known_stream_no(session, stream)
        spans = session.scalars(select(RecordSpan).where(RecordSpan.stream_no == no))
        hours = session.scalars(select(RecordHour).where(RecordHour.stream_no == no))
        gaps = session.scalars(select(RecordGap).where(RecordGap.stream_no == no))
        rows = session.scalars(select(StoredSegment).where(StoredSegment.stream_no == no))
        return (
            sorted((one.from_us, one.until_us, one.kind) for one in spans),
            sorted((one.hour_us, one.kept_us, one.due_kept_us) for one in hours),
            sum(
                one.size_bytes
                for one in session.scalars(select(RecordHour).where(RecordHour.stream_no == no))
            ),
            sorted((one.from_us, one.until_us or 0, one.reason) for one in gaps),
            sorted((one.start_us, one.end_us) for one in rows),
        )


def test_a_batch_is_entered_as_its_segments_would_be_one_by_one(at: Recorder) -> None:
    with at.site.database.transaction() as tx:
        for start in STARTS:
            told = segment("ch_one.main", start, start + MINUTE)
            index.store(
                tx.session, told, pool="main", plan=NEVER_DUE, last_reason=Reason.UNKNOWN, now_us=tx.now_us()
            )
        batch = [segment("ch_all.main", start, start + MINUTE) for start in STARTS]
        assert enter_all(tx, batch, "main", {}) == len(STARTS)
        assert enter_all(tx, batch, "main", {}) == 0
    assert books(at, "ch_all.main") == books(at, "ch_one.main")


def test_a_file_whose_row_was_never_committed_fills_the_gap_that_the_restart_explained(at: Recorder) -> None:
    with at.site.database.transaction() as tx:
        no = index.stream_no(tx.session, "ch_all.main")
        tx.session.get_one(RecordStream, no).accounted_until_us = START + HOUR
        index.add_gap(
            tx.session, no, Interval(START, START + 2 * MINUTE), Reason.PLATFORM_RESTART, witness="start"
        )
        enter_all(tx, [segment("ch_all.main", START, START + MINUTE)], "main", {"ch_all": ALWAYS})
    spans, hours, _, gaps, _ = books(at, "ch_all.main")
    assert spans == [(START, START + MINUTE, "recorded")]
    assert gaps == [(START + MINUTE, START + 2 * MINUTE, "platform_restart")]
    assert [due for _, _, due in hours] == [60 * SECOND]  # type: ignore[attr-defined]
