"""Every due second is kept or explained: events, the ticker, restarts, plans, on both databases."""

import json
import threading
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.places import ACTOR, town
from tests.recorder import HOUR, MINUTE, SECOND, Recorder, recorder

from mingjing.audit.model import JournalRow
from mingjing.identity.actions import Action
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.media.causes import Cause
from mingjing.media.model import ClockJump, GapEvent
from mingjing.recording import index, plans, queries, timeline
from mingjing.recording.events import DeletionPaused, GapLasts
from mingjing.recording.facts import RecordingFacts
from mingjing.recording.intervals import Interval
from mingjing.recording.model import PlanAssignment, RecordGap, RecordHour, RecordHourLoss
from mingjing.recording.reconcile import Reconciler
from mingjing.recording.rules import Reason, day_text, parse_day
from mingjing.recording.schema import LaneOut, PlanPatch, PlanWish, SpanOut
from mingjing.recording.ticker import Ticker
from mingjing.recording.trusted_clock import clock_state, confirm_clock
from mingjing.registry.schema import CameraPatch
from mingjing.registry.service import change


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Recorder:
    return recorder(town(empty_database), tmp_path / "pool")


def lane(at: Recorder, channel: str, from_us: int, until_us: int, step_us: int = 0) -> LaneOut:
    with at.site.database.reading() as session:
        scope = at.town.scope(Action.RECORDING_READ)
        window = Interval(from_us, until_us)
        return timeline.lanes(session, scope, [channel], window, step_us, at.clock.now_us())[0]


def spans(at: Recorder, channel: str, from_us: int, until_us: int) -> list[tuple[int, int, str, str | None]]:
    found: list[SpanOut] = lane(at, channel, from_us, until_us).spans or []
    return [
        ((s.from_us - from_us) // SECOND, (s.until_us - from_us) // SECOND, s.kind, s.reason) for s in found
    ]


def test_what_somebody_turned_off_is_neither_due_nor_lost_now(at: Recorder) -> None:
    lost, off, other = (at.town.add(name).row.id for name in ("东门", "西门", "外地"))
    with at.site.database.transaction() as tx:
        change(tx, ACTOR, at.town.scope(), off, CameraPatch(enabled=False), at.town.site)
        for channel, reason in ((lost, Reason.SOURCE_OFFLINE), (off, Reason.DISABLED)):
            no = index.stream_no(tx.session, f"{channel}.main")
            index.open_gap(tx.session, no, at.clock.now_us(), reason, cause=None, witness="media")
    with at.site.database.reading() as session:
        scope = at.town.scope(Action.RECORDING_READ)
        found = queries.not_kept_now(session, scope, {other, "ch_elsewhere00"}, {lost, off, other})
    assert (found.recording, found.due, [one.channel for one in found.lost]) == (1, 2, [lost])


def test_the_plane_is_told_what_cameras_and_plans_want_and_only_once(at: Recorder) -> None:
    found = at.town.add()
    channel = found.row.id
    assert at.reconciler.run() == 2
    assert at.node.specs[f"{channel}.main"].record
    assert not at.node.specs[f"{channel}.sub"].record
    assert at.reconciler.run() == 0
    with at.site.database.transaction() as tx:
        change(tx, ACTOR, at.town.scope(), channel, CameraPatch(enabled=False), at.town.site)
    assert at.reconciler.run() == 2
    assert at.node.specs == {}


def test_pictures_that_no_disk_takes_end_no_gap_and_raise_its_alarm(at: Recorder) -> None:
    alarms: list[GapLasts] = []
    at.site.database.bus.within(GapLasts, lambda _, event: alarms.append(event))
    channel = at.town.add().row.id
    stream = f"{channel}.main"
    at.show(stream)
    at.tick()
    start = at.clock.now_us()
    # A sync that failed costs what was written before it.
    at.clock.advance(10 * SECOND)
    at.show(stream)
    at.clock.advance(1)
    at.handler([GapEvent(stream=stream, from_us=start, cause=Cause.DISK_FAULT)])
    at.node.stats[stream] = at.node.stats[stream].model_copy(
        update={"last_frame_us": at.clock.now_us(), "arrived_us": at.clock.now_us()}
    )
    at.ticker.tick()
    at.show(stream, written=False)
    for _ in range(40):
        at.tick()
    assert [(one.stream, one.reason) for one in alarms] == [(stream, "disk_fault")]
    assert spans(at, channel, start, start + 90 * SECOND) == [(0, 90, "gap", "disk_fault")]
    at.show(stream)
    at.tick()
    at.clock.advance(20 * SECOND)
    assert lane(at, channel, start + 95 * SECOND, start + 99 * SECOND).spans == []


def test_pictures_that_come_late_over_a_full_link_are_kept_and_what_follows_the_last_is_lost(
    at: Recorder,
) -> None:
    channel = at.town.add().row.id
    stream = f"{channel}.main"
    at.show(stream)
    at.ticker.tick()
    late = at.node.stats[stream].model_copy(update={"last_frame_us": at.clock.now_us() - 30 * SECOND})
    at.node.stats[stream] = late
    at.ticker.tick()
    with at.site.database.reading() as session:
        assert session.scalars(select(RecordGap)).all() == []
    at.clock.advance(6 * SECOND)
    at.ticker.tick()
    with at.site.database.reading() as session:
        (gap,) = session.scalars(select(RecordGap)).all()
        assert (gap.from_us, gap.reason) == (late.last_frame_us, "source_silent")


def test_a_gap_that_is_over_when_it_is_told_keeps_its_reason(at: Recorder) -> None:
    channel = at.town.add().row.id
    stream = f"{channel}.main"
    start = at.clock.now_us()

    def over(from_s: int, until_s: int, cause: Cause) -> None:
        from_us, until_us = start + from_s * SECOND, start + until_s * SECOND
        at.handler([GapEvent(stream=stream, from_us=from_us, until_us=until_us, cause=cause)])

    over(-2, 0, Cause.NO_VIDEO_PACKETS)
    at.store(stream, start, start + 10 * SECOND)
    over(10, 13, Cause.WRITE_OVERLOAD)
    over(11, 14, Cause.DISK_FAULT)
    at.clock.advance(30 * SECOND)
    at.store(stream, start + 13 * SECOND, start + 20 * SECOND)
    assert spans(at, channel, start - 2 * SECOND, start + 20 * SECOND) == [
        (2, 12, "recorded", None),
        (12, 15, "gap", "write_overload"),
        (15, 22, "recorded", None),
    ]


def test_a_camera_that_falls_silent_in_the_middle_of_a_segment_leaves_a_gap_in_it(at: Recorder) -> None:
    channel = at.town.add().row.id
    stream = f"{channel}.main"
    start = at.clock.now_us()
    at.clock.advance(60 * SECOND)
    with at.site.database.transaction() as tx:
        no = index.stream_no(tx.session, stream)
        index.open_gap(tx.session, no, start + 3 * SECOND, Reason.SOURCE_SILENT, cause=None, witness="ticker")
    at.handler(
        [GapEvent(stream=stream, from_us=start + 4 * SECOND, until_us=start + 9 * SECOND, cause=Cause.SILENT)]
    )
    with at.site.database.transaction() as tx:  # the ticker had not yet heard of the end
        index.open_gap(tx.session, no, start + 8 * SECOND, Reason.SOURCE_SILENT, cause=None, witness="ticker")
        index.close_gap(tx.session, no, start + 12 * SECOND)
    told = at.store(stream, start, start + 20 * SECOND)
    shown = [
        (0, 4, "recorded", None),
        (4, 9, "gap", "source_silent"),
        (9, 20, "recorded", None),
    ]
    assert spans(at, channel, start, start + 20 * SECOND) == shown
    assert at.handler([told]) == [told.id]
    assert spans(at, channel, start, start + 20 * SECOND) == shown
    with at.site.database.reading() as session:
        kept, lost = (
            session.scalars(select(RecordHour.due_kept_us)),
            session.scalars(select(RecordHourLoss.lost_us)),
        )
        assert (sum(kept), sum(lost)) == (15 * SECOND, 5 * SECOND)
    # The picture after the hole begins a segment of its own.
    over = GapEvent(
        stream=stream, from_us=start + 27 * SECOND, until_us=start + 32 * SECOND, cause=Cause.SILENT
    )
    at.handler([over])
    at.store(stream, start + 20 * SECOND, start + 32 * SECOND)
    at.store(stream, start + 32 * SECOND, start + 40 * SECOND)
    assert spans(at, channel, start + 20 * SECOND, start + 40 * SECOND) == [
        (0, 7, "recorded", None),
        (7, 12, "gap", "source_silent"),
        (12, 20, "recorded", None),
    ]


def test_a_lost_camera_is_a_gap_with_its_cause_within_five_seconds_and_an_alarm_after_a_minute(
    at: Recorder,
) -> None:
    alarms: list[GapLasts] = []
    at.site.database.bus.within(GapLasts, lambda _, event: alarms.append(event))
    channel = at.town.add().row.id
    stream = f"{channel}.main"
    start = at.clock.now_us()
    at.show(stream)
    at.tick()
    at.store(stream, start, start + MINUTE)
    at.clock.advance(MINUTE - 2 * SECOND)
    at.show(stream, recording=False, cause=Cause.CONNECT_TIMEOUT)
    at.tick(4 * SECOND)
    assert spans(at, channel, start, at.clock.now_us())[-1][2:] == ("gap", "source_offline")
    assert alarms == []
    at.tick(MINUTE)
    at.tick()
    assert [(alarm.stream, alarm.reason, alarm.cause) for alarm in alarms] == [
        (stream, "source_offline", "connect_timeout")
    ]
    state = RecordingFacts(at.site).recording([channel])[channel]
    assert (state.state, state.reason) == ("lost", "source_offline")


def test_the_planes_own_times_win_over_the_tickers(at: Recorder) -> None:
    channel = at.town.add().row.id
    stream = f"{channel}.main"
    start = at.clock.now_us()
    at.store(stream, start, start + MINUTE)
    at.handler([GapEvent(stream=stream, from_us=start + MINUTE, cause=Cause.SILENT)])
    at.clock.advance(3 * MINUTE)
    at.handler(
        [GapEvent(stream=stream, from_us=start + MINUTE, until_us=start + 2 * MINUTE, cause=Cause.SILENT)]
    )
    at.store(stream, start + 2 * MINUTE, start + 3 * MINUTE)
    assert spans(at, channel, start, start + 3 * MINUTE) == [
        (0, 60, "recorded", None),
        (60, 120, "gap", "source_silent"),
        (120, 180, "recorded", None),
    ]
    assert lane(at, channel, start, start + 3 * MINUTE).percent == 66.6


def test_time_while_the_platform_was_down_is_explained_and_recovered_segments_are_cut_out(
    at: Recorder,
) -> None:
    channel = at.town.add().row.id
    stream = f"{channel}.main"
    start = at.clock.now_us()
    at.store(stream, start, start + MINUTE)
    at.show(stream)
    at.clock.advance(90 * SECOND)
    at.ticker.tick()
    at.clock.advance(10 * MINUTE)
    fresh = Ticker(at.site, Reconciler(at.site))
    with at.site.database.transaction() as tx:
        fresh.explain_downtime(tx)
    at.store(stream, start + MINUTE, start + 90 * SECOND, origin="recovered")
    back = at.clock.now_us()
    at.store(stream, back + 2 * SECOND, back + MINUTE)
    at.clock.advance(MINUTE)
    found = spans(at, channel, start, at.clock.now_us())
    assert found[0] == (0, 90, "recorded", None)
    assert found[1] == (90, 692, "gap", "platform_restart")
    assert found[2][2] == "recorded"


def books(at: Recorder) -> list[tuple[int, int | None, str]]:
    """Gap rows of the one stream there is, in seconds since the clock began; they never overlap."""
    with at.site.database.reading() as session:
        rows = session.execute(
            select(RecordGap.from_us, RecordGap.until_us, RecordGap.reason).order_by(RecordGap.from_us)
        ).all()
    began = at.clock.now_us() - at.clock.monotonic_us()
    return [
        ((from_us - began) // SECOND, until_us if until_us is None else (until_us - began) // SECOND, reason)
        for from_us, until_us, reason in rows
    ]


def test_a_start_explains_only_what_nobody_explained_since_the_last_mark(at: Recorder) -> None:
    """The mark is up to ten seconds old: a gap that ended after it, and another that began, are in the books."""
    channel = at.town.add().row.id
    stream = f"{channel}.main"
    start = at.clock.now_us()
    at.show(stream, recording=False, cause=Cause.CONNECTION_REFUSED)
    at.ticker.tick()
    at.handler([GapEvent(stream=stream, from_us=start + 2 * SECOND, cause=Cause.CONNECTION_REFUSED)])
    at.clock.advance(15 * SECOND)
    at.handler(
        [
            GapEvent(
                stream=stream,
                from_us=start + 2 * SECOND,
                until_us=start + 15 * SECOND,
                cause=Cause.CONNECTION_REFUSED,
            )
        ]
    )
    at.handler([GapEvent(stream=stream, from_us=start + 18 * SECOND, cause=Cause.CONNECTION_REFUSED)])
    at.clock.advance(15 * SECOND)
    with at.site.database.transaction() as tx:
        Ticker(at.site, Reconciler(at.site)).explain_downtime(tx)
    found = books(at)
    assert found[-2:] == [(15, 30, "platform_restart"), (30, None, "platform_restart")]
    assert all(until == after[0] for (_, until, _), after in pairwise(found)), found


def test_a_start_explains_what_was_open_to_question_before_the_last_gap(at: Recorder) -> None:
    """The ticker was held up: its gap begins when it looked, and the program ends before the plane's word comes."""
    channel = at.town.add().row.id
    stream = f"{channel}.main"
    start = at.clock.now_us()
    at.store(stream, start, start + 20 * SECOND)
    at.clock.advance(10 * MINUTE)
    at.show(stream, recording=False, cause=Cause.CONNECTION_REFUSED)
    at.ticker.tick()
    at.clock.advance(10 * SECOND)
    with at.site.database.transaction() as tx:
        Ticker(at.site, Reconciler(at.site)).explain_downtime(tx)
    assert [kind for *_, kind, _ in spans(at, channel, start, at.clock.now_us())] == ["recorded", "gap"]


def test_a_gap_that_is_told_late_counts_no_time_twice(at: Recorder) -> None:
    """The ticker saw the outage and its end; then comes the plane's own word, which waited for the database."""
    channel = at.town.add().row.id
    stream = f"{channel}.main"
    start = at.clock.now_us()
    at.store(stream, start, start + MINUTE)
    at.clock.advance(MINUTE)
    at.show(stream, recording=False, cause=Cause.CONNECTION_REFUSED)
    at.tick(6 * SECOND)
    at.clock.advance(MINUTE)
    at.show(stream)
    at.ticker.tick()
    from_us, until_us = start + MINUTE, at.clock.now_us()
    cause = Cause.CLOSED_BY_CAMERA
    at.handler([GapEvent(stream=stream, from_us=from_us, cause=cause)])
    at.handler([GapEvent(stream=stream, from_us=from_us, until_us=until_us, cause=cause)])
    with at.site.database.reading() as session:
        assert sum(session.scalars(select(RecordHourLoss.lost_us))) == until_us - from_us


def test_seconds_before_a_segment_are_explained_after_a_camera_was_away_for_days(at: Recorder) -> None:
    """Days that are in the books are no clock that jumped: what is missing is measured, not how long ago it was."""
    channel = at.town.add().row.id
    stream = f"{channel}.main"
    start = at.clock.now_us()
    at.store(stream, start, start + MINUTE)
    at.clock.advance(MINUTE)
    at.handler([GapEvent(stream=stream, from_us=start + MINUTE, cause=Cause.CLOSED_BY_CAMERA)])
    for _ in range(4):
        at.tick(24 * HOUR)
    back = at.clock.now_us()
    ended = GapEvent(stream=stream, from_us=start + MINUTE, until_us=back, cause=Cause.CLOSED_BY_CAMERA)
    at.handler([ended])
    at.clock.advance(2 * MINUTE)
    # The first segment after it is not announced yet: the database was away for a moment.
    at.store(stream, back + MINUTE, back + 2 * MINUTE)
    found = spans(at, channel, back, back + 2 * MINUTE)
    assert [span[:3] for span in found] == [(0, 60, "gap"), (60, 120, "recorded")]
    at.store(stream, back, back + MINUTE)
    assert spans(at, channel, back, back + 2 * MINUTE) == [(0, 120, "recorded", None)]


def test_completeness_is_kept_through_due_and_names_the_reasons(at: Recorder) -> None:
    channel = at.town.add().row.id
    stream = f"{channel}.main"
    start = at.clock.now_us()
    for minute in (0, 1, 2, 5):
        at.store(stream, start + minute * MINUTE, start + (minute + 1) * MINUTE)
    at.clock.advance(6 * MINUTE)
    with at.site.database.reading() as session:
        day = parse_day(day_text(start))
        found = queries.completeness(session, at.town.scope(Action.RECORDING_READ), day, at.clock.now_us())
    assert (found.due_us, found.kept_us) == (6 * MINUTE, 4 * MINUTE)
    assert found.lost == {"unknown": 2 * MINUTE}
    assert found.percent == 66.6
    assert found.due_us - found.kept_us == sum(found.lost.values())
    assert [camera.main_reason for camera in found.cameras] == ["unknown"]


@pytest.mark.parametrize("step", [5 * MINUTE, HOUR])
def test_buckets_add_up_to_the_spans(at: Recorder, step: int) -> None:
    channel = at.town.add().row.id
    stream = f"{channel}.main"
    start = at.clock.now_us() - at.clock.now_us() % HOUR
    at.clock.jump(start - at.clock.now_us())
    for minute in [*range(30), *range(40, 120)]:
        at.store(stream, start + minute * MINUTE, start + (minute + 1) * MINUTE)
    at.clock.advance(2 * HOUR)
    buckets = lane(at, channel, start, start + 2 * HOUR, step).buckets or []
    assert sum(bucket.kept_us for bucket in buckets) == 110 * MINUTE
    assert sum(sum(bucket.lost.values()) for bucket in buckets) == 10 * MINUTE
    assert all(bucket.due_us == bucket.kept_us + sum(bucket.lost.values()) for bucket in buckets)


def test_a_camera_outside_the_scope_has_no_timeline(at: Recorder) -> None:
    channel = at.town.add().row.id
    with at.site.database.reading() as session:
        scope = at.town.scope_of("420106", Action.RECORDING_READ)
        assert timeline.lanes(session, scope, [channel, "ch_none"], Interval(0, 10), 0, 10) == []


def test_segments_of_a_window_include_the_one_that_reaches_into_it(at: Recorder) -> None:
    channel = at.town.add().row.id
    start = at.clock.now_us()
    for minute in range(5):
        at.store(f"{channel}.main", start + minute * MINUTE, start + (minute + 1) * MINUTE)
    with at.site.database.reading() as session:
        window = Interval(start + 90 * SECOND, start + 150 * SECOND)
        found = queries.segments(session, at.town.scope(), channel, "main", window, 100)
    assert [(item.start_us - start) // MINUTE for item in found] == [1, 2]


def test_a_plan_below_the_floor_needs_a_lawful_reason(at: Recorder) -> None:
    with at.site.database.transaction() as tx:
        with pytest.raises(MingjingError) as refused:
            plans.create(tx, ACTOR, PlanWish(name="短", retention_days=7))
        assert refused.value.code == "REC-002"
        made = plans.create(tx, ACTOR, PlanWish(name="短", retention_days=7, reason="依地方条例"))
    assert made.retention_days == 7


def test_a_plan_that_the_disks_cannot_hold_is_refused_with_the_arithmetic(at: Recorder) -> None:
    at.town.add()
    with pytest.raises(MingjingError) as refused, at.site.database.transaction() as tx:
        plans.change(tx, ACTOR, plans.DEFAULT_PLAN, PlanPatch(retention_days=3650), at.site)
    assert refused.value.code == "REC-001"
    assert "4 Mbit/s" in refused.value.detail.en


def test_a_plan_is_removed_once_it_is_said_what_its_cameras_follow_instead(at: Recorder) -> None:
    channel = at.town.add().row.id
    with at.site.database.transaction() as tx:
        # Plans that record nothing: whatever disk this test runs on holds them.
        night, holiday = (plans.create(tx, ACTOR, PlanWish(name=name, mode="off")).id for name in "夜假")
        plans.follow(tx, channel, night, at.site)

    def refused(plan: str, instead: str | None) -> str:
        with pytest.raises(MingjingError) as said, at.site.database.transaction() as tx:
            plans.remove(tx, ACTOR, plan, instead, at.site)
        return said.value.code

    assert refused(night, None) == "REC-004"
    assert refused(night, night) == "REC-005"
    assert refused(night, "pl_nosuchplan00") == "REC-005"
    assert refused(plans.DEFAULT_PLAN, night) == "REC-006"
    with at.site.database.transaction() as tx:
        plans.remove(tx, ACTOR, night, holiday, at.site)
    with at.site.database.reading() as session:
        assert plans.due_by_channel(session)[channel][0] == holiday
        assert {plan.id: plan.cameras for plan in plans.plans(session)} == {plans.DEFAULT_PLAN: 0, holiday: 1}
        written = session.scalars(select(JournalRow).where(JournalRow.action == "plan.remove")).one()
    assert json.loads(written.facts) == {"name": "夜", "instead": holiday, "cameras": 1}


def test_asking_for_less_is_never_refused_even_where_the_disks_lack_anyway(at: Recorder) -> None:
    channel = at.town.add().row.id
    with at.site.database.transaction() as tx:
        less, now, more = (
            plans.create(tx, ACTOR, PlanWish(name=f"{days} 天", retention_days=days)).id
            for days in (3500, 3600, 3650)
        )
        tx.session.get_one(PlanAssignment, channel).plan = now
    for refused in (
        lambda tx: plans.remove(tx, ACTOR, now, more, at.site),
        lambda tx: plans.follow(tx, channel, more, at.site),
        lambda tx: plans.change(tx, ACTOR, now, PlanPatch(retention_days=3640), at.site),
    ):
        with pytest.raises(MingjingError) as said, at.site.database.transaction() as tx:
            refused(tx)
        assert said.value.code == "REC-001"
    with at.site.database.transaction() as tx:
        plans.change(tx, ACTOR, now, PlanPatch(retention_days=3550), at.site)
    with at.site.database.transaction() as tx:
        plans.remove(tx, ACTOR, now, less, at.site)
    with at.site.database.transaction() as tx:
        plans.follow(tx, channel, plans.DEFAULT_PLAN, at.site)
    with at.site.database.reading() as session:
        assert plans.due_by_channel(session)[channel][0] == plans.DEFAULT_PLAN


def test_a_plan_that_nobody_follows_is_removed_at_once(at: Recorder) -> None:
    with at.site.database.transaction() as tx:
        made = plans.create(tx, ACTOR, PlanWish(name="夜", mode="off"))
        plans.remove(tx, ACTOR, made.id, None, at.site)
    with at.site.database.reading() as session:
        assert plans.plans(session) == []


def test_a_clock_that_jumps_pauses_deletion_and_is_journalled(at: Recorder) -> None:
    paused: list[DeletionPaused] = []
    at.site.database.bus.within(DeletionPaused, lambda _, event: paused.append(event))
    at.tick()
    at.clock.jump(3650 * 24 * HOUR)
    at.ticker.tick()
    assert [event.doubts for event in paused] == [("wall_ahead",)]
    at.clock.jump(-3650 * 24 * HOUR)
    at.tick()
    at.handler([ClockJump(at_us=1, by_us=600_000)])
    with at.site.database.reading() as session:
        actions = [row.action for row in session.query(JournalRow).order_by(JournalRow.seq)]
    assert actions == ["retention.pause", "retention.resume", "clock.jump"]


def jumped(at: Recorder, stream: str, by_us: int) -> int:
    """A camera is recorded, the clock jumps for a minute and comes back; when it jumped."""
    at.show(stream)
    at.tick()
    start = at.clock.now_us()
    at.store(stream, start, start + MINUTE)
    at.tick(MINUTE)
    at.clock.jump(by_us)
    at.ticker.tick()
    at.store(stream, start + MINUTE + by_us, start + 2 * MINUTE + by_us)
    at.tick(MINUTE)
    at.clock.jump(-by_us)
    at.tick()
    return start


@pytest.mark.parametrize("by_us", [HOUR, 3650 * 24 * HOUR])
def test_a_clock_that_was_far_ahead_leaves_a_gap_and_the_present_is_accounted_again(
    at: Recorder, by_us: int
) -> None:
    channel = at.town.add().row.id
    stream = f"{channel}.main"
    start = jumped(at, stream, by_us)
    assert paused(at) == ["segment_ahead"]
    back = at.clock.now_us()
    at.store(stream, back, back + MINUTE)
    at.tick(MINUTE)
    at.tick()
    assert paused(at) == []
    kinds = [kind for _, _, kind, _ in spans(at, channel, start, back + MINUTE)]
    assert kinds == ["recorded", "gap", "recorded"]
    with at.site.database.reading() as session:
        ends = session.scalars(select(RecordGap.until_us)).all()
    assert ends == [back], "a gap in a future that has not come"
    later = back + 5 * MINUTE
    at.clock.advance(later + MINUTE - at.clock.now_us())
    at.store(stream, later, later + MINUTE)
    assert spans(at, channel, back + MINUTE, later)[-1][2] == "gap"


def test_pictures_that_go_on_under_the_wrong_time_make_no_gaps_each_minute(at: Recorder) -> None:
    channel = at.town.add().row.id
    stream = f"{channel}.main"
    start = jumped(at, stream, HOUR)
    for minute in range(2, 6):
        at.store(stream, start + HOUR + minute * MINUTE, start + HOUR + (minute + 1) * MINUTE)
        at.tick(MINUTE)
    ahead = spans(at, channel, start + HOUR + MINUTE, start + HOUR + 6 * MINUTE)
    assert [kind for *_, kind, _ in ahead] == ["recorded"]


def test_a_persons_word_lets_the_running_program_believe_its_clock_again(at: Recorder) -> None:
    at.tick()
    at.clock.jump(40 * 24 * HOUR)
    at.tick()
    assert paused(at) == ["wall_ahead"]
    with at.site.database.transaction() as tx:
        confirm_clock(tx, ACTOR, "与北斗校时器核对")
    at.tick()
    assert paused(at) == []
    fresh = Ticker(at.site, Reconciler(at.site))
    with at.site.database.transaction() as tx:
        assert fresh.clock.start(tx) == at.clock.now_us()
    with at.site.database.reading() as session:
        (entry,) = session.query(JournalRow).filter(JournalRow.action == "clock.confirm")
    assert (entry.actor, "与北斗校时器核对" in entry.facts) == (ACTOR.id, True)


def test_a_word_about_a_clock_that_has_moved_again_since_is_not_taken(at: Recorder) -> None:
    at.tick()
    with at.site.database.transaction() as tx:
        confirm_clock(tx, ACTOR, "looked at it")
    at.clock.jump(24 * HOUR)
    at.tick()
    assert paused(at) == ["wall_ahead"]


def paused(at: Recorder) -> list[str]:
    """On which grounds deletion is paused."""
    with at.site.database.reading() as session:
        return list(clock_state(session, at.clock.now_us()).doubts)


def test_a_ticker_that_is_woken_without_end_rests_between_two_ticks(
    at: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            steps.append("rest")
            return self.is_set()

    ticker = Ticker(at.site, Reconciler(at.site))
    monkeypatch.setattr(ticker, "_stop", Stop())

    def tick() -> None:
        steps.append("tick")
        ticker.wake()
        if steps.count("tick") == 4:
            ticker._stop.set()

    monkeypatch.setattr(ticker, "tick", tick)
    ticker._run()
    assert steps == ["tick", "rest"] * 4
