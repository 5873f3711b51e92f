"""The segment index against a model: whatever comes in whatever order, time is kept or lost, never both."""

import hashlib
import sys
from collections.abc import Callable, Iterator
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from mingjing.kernel.db import Base
from mingjing.media.model import Segment
from mingjing.recording import index, queries
from mingjing.recording.index import NEVER_DUE, Due, Stored
from mingjing.recording.intervals import Interval, intersect, tidy, total_us
from mingjing.recording.model import RecordGap, RecordHour, RecordHourLoss, RecordSpan, RecordStream
from mingjing.recording.rules import DAY_US, HOUR_US, MINUTE_US, SECOND_US, Reason

ALWAYS = Due("always", {})
START = 20_000 * DAY_US - HOUR_US
STREAM = "ch_a.main"


@pytest.fixture
def session() -> Iterator[Session]:
    yield from fresh_session()


def fresh_session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def segment(from_us: int, until_us: int, origin: str = "recorded", salt: str = "") -> Segment:
    name = f"{STREAM}/{from_us}-7"
    return Segment(
        id=name, stream=STREAM, path=f"{name}.mp4", start_us=from_us, end_us=until_us, bytes=1000,
        digest=hashlib.sha256((name + salt).encode()).hexdigest(), fragments=1, video_frames=1, key_frames=1,
        codecs="avc1.640028", width=1920, height=1080, origin=origin,
    )  # fmt: skip


def store(
    session: Session, *spec: int, plan: Due = ALWAYS, origin: str = "recorded", salt: str = ""
) -> Stored:
    from_us, until_us = spec
    return index.store(
        session,
        segment(from_us, until_us, origin, salt),
        pool="main",
        plan=plan,
        last_reason=Reason.UNKNOWN,
        now_us=0,
    )


def spans(session: Session, kind: str = "recorded") -> list[Interval]:
    rows = session.execute(select(RecordSpan.from_us, RecordSpan.until_us).where(RecordSpan.kind == kind))
    return tidy(Interval(*row) for row in rows)


def gaps(session: Session, now_us: int = 10**18) -> list[tuple[Interval, str]]:
    rows = session.scalars(select(RecordGap).order_by(RecordGap.from_us)).all()
    return [(Interval(row.from_us, row.until_us or now_us), row.reason) for row in rows]


def lost_us(session: Session) -> int:
    return session.scalar(select(func.sum(RecordHourLoss.lost_us))) or 0


def kept_us(session: Session) -> int:
    return session.scalar(select(func.sum(RecordHour.due_kept_us))) or 0


def test_segments_in_a_row_are_one_span_and_the_hours_add_up(session: Session) -> None:
    for minute in range(120):
        assert store(session, START + minute * MINUTE_US, START + (minute + 1) * MINUTE_US) is Stored.NEW
    assert spans(session) == [Interval(START, START + 2 * HOUR_US)]
    assert session.scalar(select(func.count()).select_from(RecordSpan)) == 2  # cut at the UTC day
    assert [row.due_kept_us for row in session.scalars(select(RecordHour))] == [HOUR_US, HOUR_US]
    assert gaps(session) == []


def test_a_segment_told_twice_is_stored_once(session: Session) -> None:
    assert store(session, START, START + MINUTE_US) is Stored.NEW
    assert store(session, START, START + MINUTE_US) is Stored.KNOWN
    assert kept_us(session) == MINUTE_US


def test_the_oldest_segment_of_a_stream_says_when_its_recordings_begin(session: Session) -> None:
    assert queries.first_us(session, STREAM) is None
    for minute in (5, 3, 4):
        store(session, START + minute * MINUTE_US, START + (minute + 1) * MINUTE_US)
    assert queries.first_us(session, STREAM) == START + 3 * MINUTE_US


def test_the_same_name_with_other_bytes_is_a_contradiction(session: Session) -> None:
    store(session, START, START + MINUTE_US)
    assert store(session, START, START + MINUTE_US, salt="x") is Stored.CONTRADICTED


def test_due_silence_between_two_segments_is_a_gap_of_unknown_reason(session: Session) -> None:
    store(session, START, START + MINUTE_US)
    store(session, START + 2 * MINUTE_US, START + 3 * MINUTE_US)
    assert gaps(session) == [(Interval(START + MINUTE_US, START + 2 * MINUTE_US), "unknown")]
    assert lost_us(session) == MINUTE_US


def test_a_clock_that_jumps_by_years_makes_no_years_of_gaps(session: Session) -> None:
    store(session, START, START + MINUTE_US)
    later = START + 3650 * 24 * HOUR_US
    store(session, later, later + MINUTE_US)
    assert {reason for _, reason in gaps(session)} == {"clock_jump"}
    assert lost_us(session) == 24 * HOUR_US


def test_silence_that_was_not_due_is_no_gap(session: Session) -> None:
    store(session, START, START + MINUTE_US, plan=NEVER_DUE)
    store(session, START + 2 * MINUTE_US, START + 3 * MINUTE_US, plan=NEVER_DUE)
    assert gaps(session) == []
    assert kept_us(session) == 0


def test_a_gap_that_was_told_keeps_its_reason_and_is_cut_to_what_is_missing(session: Session) -> None:
    store(session, START, START + MINUTE_US)
    no = index.stream_no(session, STREAM)
    index.open_gap(
        session, no, START + MINUTE_US - SECOND_US, Reason.PATH_NETWORK, cause=None, witness="media"
    )
    store(session, START + 5 * MINUTE_US, START + 6 * MINUTE_US)
    assert gaps(session) == [(Interval(START + MINUTE_US, START + 5 * MINUTE_US), "path_network")]
    assert lost_us(session) == 4 * MINUTE_US


def test_another_reason_ends_the_gap_before_it_but_an_unknown_one_does_not(session: Session) -> None:
    no = index.stream_no(session, STREAM)
    assert index.open_gap(session, no, START, Reason.SOURCE_OFFLINE, cause=None, witness="media")
    later = START + MINUTE_US
    assert not index.open_gap(session, no, later, Reason.UNKNOWN, cause=None, witness="ticker")
    assert not index.open_gap(session, no, later, Reason.SOURCE_OFFLINE, cause=None, witness="ticker")
    assert index.open_gap(session, no, later, Reason.SOURCE_REFUSED, cause=None, witness="media")
    index.close_gap(session, no, later + MINUTE_US)
    assert [reason for _, reason in gaps(session)] == ["source_offline", "source_refused"]
    assert lost_us(session) == 2 * MINUTE_US


def test_a_recovered_segment_shrinks_the_gap_that_stood_for_it(session: Session) -> None:
    no = index.stream_no(session, STREAM)
    whole = Interval(START, START + 10 * MINUTE_US)
    index.add_gap(session, no, whole, Reason.PLATFORM_RESTART, witness="start")
    store(session, START + 2 * MINUTE_US, START + 3 * MINUTE_US)
    assert [item for item, _ in gaps(session)] == [
        Interval(START, START + 2 * MINUTE_US),
        Interval(START + 3 * MINUTE_US, START + 10 * MINUTE_US),
    ]
    assert lost_us(session) == 9 * MINUTE_US


def entered(act: Callable[[], object]) -> int:
    """How many functions of Python an act enters: its cost, the same on every machine."""
    count = 0

    def enters(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(enters)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def test_what_a_gap_costs_does_not_grow_with_the_streams_that_its_transaction_holds(session: Session) -> None:
    """At a start thousands of streams are held, and each of them begins with a gap."""

    def cost(streams: int) -> int:
        for number in range(streams):
            index.stream_no(session, f"ch_{number}.main")
        held = session.scalars(select(RecordStream)).all()
        no = index.stream_no(session, f"ch_{streams}.sub")
        found = entered(
            lambda: index.open_gap(session, no, START, Reason.PLATFORM_RESTART, cause=None, witness="start")
        )
        assert len(held) >= streams
        return found

    cost(1)  # What is compiled once is no part of it.
    few, many = cost(4), cost(400)
    assert many < few + 400


def test_open_gaps_are_cut_at_midnight_and_remember_their_beginning(session: Session) -> None:
    no = index.stream_no(session, STREAM)
    index.open_gap(session, no, START, Reason.SOURCE_OFFLINE, cause=None, witness="media")
    index.roll_gaps(session, START + 2 * DAY_US)
    rows = session.scalars(select(RecordGap)).all()
    assert {row.since_us for row in rows} == {START}
    assert sum(row.until_us is None for row in rows) == 1
    assert all(row.until_us is None or row.until_us - row.from_us <= DAY_US for row in rows)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("store"), st.integers(1, 200), st.integers(1, 90)),
        st.tuples(
            st.just("open"), st.integers(0, 30), st.sampled_from([Reason.DISK_FULL, Reason.SOURCE_SILENT])
        ),
        st.tuples(st.just("close"), st.integers(0, 30), st.none()),
        st.tuples(st.just("late"), st.integers(0, 2000), st.integers(1, 90)),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_no_second_is_both_kept_and_lost_and_the_sums_are_those_of_the_rows(
    history: list[tuple[str, int, object]],
) -> None:
    for session in fresh_session():
        now = START
        index.stream_no(session, STREAM)
        for act, first, second in history:
            no = index.stream_no(session, STREAM)
            if act == "store":
                assert isinstance(second, int)
                from_us = now + first * SECOND_US
                now = from_us + second * SECOND_US
                store(session, from_us, now)
            elif act == "late":
                assert isinstance(second, int)
                from_us = START + first * SECOND_US + 1
                if from_us + second * SECOND_US <= now:
                    store(session, from_us, from_us + second * SECOND_US)
            elif act == "open":
                assert isinstance(second, Reason)
                now += first * SECOND_US
                index.open_gap(session, no, now, second, cause=None, witness="t")
            else:
                now += first * SECOND_US
                index.close_gap(session, no, now)
        kept, lost = spans(session), [item for item, _ in gaps(session, now)]
        assert intersect(kept, lost) == []
        assert total_us(kept) == kept_us(session)
        index.close_gap(session, index.stream_no(session, STREAM), now)
        closed = [item for item, _ in gaps(session)]
        assert total_us(tidy(closed)) == sum(item.length_us for item in closed) == lost_us(session)
