"""No question about recordings reads a large table from end to end, on SQLite's own word (EXPLAIN QUERY PLAN)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session

import mingjing.tables
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.recording import queries, timeline
from mingjing.recording.intervals import Interval
from mingjing.recording.model import RecordGap, RecordStream
from mingjing.recording.rules import DAY_US, HOUR_US, MINUTE_US
from mingjing.registry.model import CameraRow

CHANNEL = "ch_aaaaaaaaaaaa"
START = 20_000 * DAY_US
WINDOW = Interval(START, START + DAY_US)
SCOPE = system_scope(Action.PLAYBACK)
LARGE = {"segments", "record_spans", "record_gaps", "record_hours", "record_hour_losses"}

QUESTIONS: dict[str, Callable[[Session], object]] = {
    "seek": lambda s: queries.segments(s, SCOPE, CHANNEL, "main", Interval(START, START + 1), 2),
    "spans": lambda s: timeline.lanes(s, SCOPE, [CHANNEL], WINDOW, 0, START + DAY_US),
    "minutes": lambda s: timeline.lanes(s, SCOPE, [CHANNEL], WINDOW, MINUTE_US, START + DAY_US),
    "hours": lambda s: timeline.lanes(s, SCOPE, [CHANNEL], WINDOW, HOUR_US, START + DAY_US),
    "gaps": lambda s: queries.gaps(s, SCOPE, None, WINDOW, None, 100),
    "completeness": lambda s: queries.completeness(s, SCOPE, WINDOW, START + DAY_US),
    "not kept now": lambda s: queries.not_kept_now(s, SCOPE, {CHANNEL}, {CHANNEL}),
}


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    mingjing.tables.METADATA.create_all(engine)
    with Session(engine) as opened:
        opened.add(
            CameraRow(
                id=CHANNEL, name="gate", pinyin="gate", initials="g", division="110000", division_path="110000/",
                organisation="or_a", organisation_path="or_a/", enabled=True, address="", note="", family="rtsp",
                user=None, sealed_password=None, allow_basic=False, created_us=0, changed_us=0, removed_us=None,
            )
        )  # fmt: skip
        opened.add(RecordStream(stream=f"{CHANNEL}.main", channel=CHANNEL, accounted_until_us=START))
        opened.flush()
        opened.add(
            RecordGap(
                stream_no=1, from_us=START + HOUR_US, until_us=None, since_us=START + HOUR_US,
                reason="source_silent", cause=None, witness="media", alarmed=False,
            )
        )  # fmt: skip
        opened.flush()
        yield opened
    engine.dispose()


def plans(session: Session, ask: Callable[[Session], object]) -> list[tuple[str, str]]:
    """Each statement that a question makes, with every step of its plan."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        seen.append((statement, parameters))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    ask(session)
    event.remove(engine, "before_cursor_execute", note)
    connection = session.connection()
    return [
        (statement, row.detail)
        for statement, parameters in seen
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]


@pytest.mark.parametrize("question", QUESTIONS)
def test_large_tables_are_searched_and_never_scanned(session: Session, question: str) -> None:
    steps = plans(session, QUESTIONS[question])
    touched = [(statement, step) for statement, step in steps if LARGE & set(step.split())]
    assert touched, "the question reads none of the large tables: this test would prove nothing"
    scans = [f"{step}\n{statement}" for statement, step in touched if step.startswith("SCAN")]
    assert not scans, "\n\n".join(scans)


def test_a_scan_would_be_noticed(session: Session) -> None:
    steps = plans(session, lambda s: s.query(RecordGap).filter(RecordGap.reason == "x").all())
    assert any(step.startswith("SCAN record_gaps") for _, step in steps)


def test_an_open_loss_counts_in_hours_as_it_does_in_minutes(session: Session) -> None:
    def lost(step_us: int) -> int:
        (lane,) = timeline.lanes(session, SCOPE, [CHANNEL], WINDOW, step_us, START + 3 * HOUR_US)
        return sum(sum(bucket.lost.values()) for bucket in lane.buckets or [])

    assert lost(HOUR_US) == lost(MINUTE_US) == 2 * HOUR_US
