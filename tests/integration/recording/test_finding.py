"""Files that the index does not know: entered, and where they do not hold, told once and never touched."""

from pathlib import Path

import pytest
from sqlalchemy import select
from tests.places import town
from tests.recorder import HOUR, MINUTE, SECOND, Recorder, recorder, segment

from mingjing.audit.model import JournalRow
from mingjing.kernel.db import Database
from mingjing.operations import alarms
from mingjing.operations.model import Alarm
from mingjing.recording import finding, index
from mingjing.recording.adoption import enter_all
from mingjing.recording.events import SegmentDoubted
from mingjing.recording.index import Due
from mingjing.recording.intervals import Interval
from mingjing.recording.model import RecordGap, RecordHour, RecordStream
from mingjing.recording.rules import Reason

START = 1_760_000_000_000_000
"""2025-10-09 UTC."""
ALWAYS = Due("always", {})


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Recorder:
    made = recorder(town(empty_database), tmp_path / "pool")
    made.town.database.bus.within(SegmentDoubted, alarms.on_segment_doubted)
    made.clock.advance(max(0, START + HOUR - made.clock.now_us()))
    return made


def put(at: Recorder, stream: str, start_us: int, suffix: str = "mp4", data: bytes = b"not ours") -> Path:
    folder = at.site.pools["main"] / stream / "20251009"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{start_us}-1.{suffix}"
    file.write_bytes(data)
    return file


def gaps(at: Recorder, stream: str) -> list[tuple[int, int, str]]:
    with at.site.database.reading() as session:
        no = index.known_stream_no(session, stream)
        rows = session.scalars(select(RecordGap).where(RecordGap.stream_no == no))
        return sorted(
            ((row.from_us - START) // SECOND, ((row.until_us or 0) - START) // SECOND, row.reason)
            for row in rows
        )


def told(at: Recorder) -> tuple[int, int]:
    """Entries in the journal, and what the alarms count."""
    with at.site.database.reading() as session:
        entries = session.scalars(select(JournalRow).where(JournalRow.action == "recording.damage")).all()
        return len(entries), sum(row.count for row in session.scalars(select(Alarm)))


@pytest.mark.parametrize("suffix", ["mp4", "suspect"])
def test_a_file_that_does_not_hold_is_a_gap_with_its_reason_an_alarm_and_an_entry_once(
    at: Recorder, suffix: str
) -> None:
    camera = at.town.add().row.id
    stream = f"{camera}.main"
    with at.site.database.transaction() as tx:
        no = index.stream_no(tx.session, stream)
        restart = Interval(START - MINUTE, START + 5 * MINUTE)
        index.add_gap(tx.session, no, restart, Reason.PLATFORM_RESTART, witness="start")
    at.store(stream, START + 30 * SECOND, START + 2 * MINUTE)
    file = put(at, stream, START, suffix)
    for _ in range(2):
        assert finding.adopt(at.site.database, at.site) == 0
        assert gaps(at, stream) == [
            (-60, 0, "platform_restart"), (0, 30, "data_damaged"), (120, 300, "platform_restart"),
        ]  # fmt: skip
        assert told(at) == (1, 1)
    assert file.read_bytes() == b"not ours"
    with at.site.database.reading() as session:
        (alarm,) = session.scalars(select(Alarm))
        assert (alarm.kind, alarm.channel) == ("segment_doubted", camera)
        assert alarm.facts["segment"] == f"{stream}/{START}-1"


def test_what_was_shown_as_suspect_when_it_was_set_aside_is_not_told_again(at: Recorder) -> None:
    with at.site.database.transaction() as tx:
        no = index.stream_no(tx.session, "ch_a.main")
        index.extend_span(tx.session, no, Interval(START, START + MINUTE), "suspect")
    put(at, "ch_a.main", START, "suspect")
    finding.adopt(at.site.database, at.site)
    assert (gaps(at, "ch_a.main"), told(at)) == ([], (0, 0))


def test_foreign_files_and_folders_are_left_alone(at: Recorder) -> None:
    root = at.site.pools["main"]
    for path in ("notes/today/x.mp4", "ch_a.main/20251332/1-1.mp4", "ch_a.main/20251009/readme.txt"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"x")
    assert finding.adopt(at.site.database, at.site) == 0
    assert told(at) == (0, 0)


def test_a_segment_found_before_it_is_announced_counts_as_due_all_the_same(at: Recorder) -> None:
    def due_kept(stream: str) -> int:
        with at.site.database.reading() as session:
            no = index.known_stream_no(session, stream)
            return sum(
                row.due_kept_us
                for row in session.scalars(select(RecordHour).where(RecordHour.stream_no == no))
            )

    with at.site.database.transaction() as tx:
        for stream in ("ch_found.main", "ch_told.main"):
            no = index.stream_no(tx.session, stream)
            tx.session.get_one(RecordStream, no).accounted_until_us = START
        closed = segment("ch_found.main", START, START + MINUTE)
        enter_all(tx, [closed], "main", {"ch_found": ALWAYS})
        for one in (closed, segment("ch_told.main", START, START + MINUTE)):
            index.store(
                tx.session, one, pool="main", plan=ALWAYS, last_reason=Reason.UNKNOWN, now_us=tx.now_us()
            )
    assert due_kept("ch_found.main") == due_kept("ch_told.main") == MINUTE
