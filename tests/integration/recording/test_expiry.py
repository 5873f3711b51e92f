"""Retention: what is past its days goes, with a decision first; what is under age, held or doubted stays."""

from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import select
from tests.places import ACTOR, town
from tests.recorder import HOUR, MINUTE, SECOND, Recorder, recorder

from mingjing.audit.model import JournalRow
from mingjing.identity.actions import Action
from mingjing.kernel.db import Database
from mingjing.recording import archive, timeline
from mingjing.recording.expiry import Expirer
from mingjing.recording.intervals import Interval
from mingjing.recording.model import Deletion, Plan, StoredSegment
from mingjing.recording.retention import kept_days
from mingjing.registry.service import remove

DAY = 24 * HOUR


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Recorder:
    return recorder(town(empty_database), tmp_path / "pool")


def keep(at: Recorder, stream: str, from_us: int) -> Path:
    told = at.store(stream, from_us, from_us + MINUTE)
    path = at.site.pools["main"] / told.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * 1_000_000)
    return path


def pass_time(at: Recorder, us: int) -> None:
    """Days of running, in steps that the ticker sees."""
    at.clock.advance(us)
    at.ticker.tick()


def expirer(at: Recorder, held: bool = False) -> Expirer:
    return Expirer(at.site, at.ticker.clock.evidence, lambda *_: held)


def test_what_is_past_its_days_goes_and_the_decision_stays(at: Recorder) -> None:
    stream = f"{at.town.add().row.id}.main"
    at.ticker.tick()
    start = at.clock.now_us()
    old = keep(at, stream, start)
    pass_time(at, 29 * DAY)
    young = keep(at, stream, at.clock.now_us())
    assert expirer(at).run() == 0
    pass_time(at, DAY + 2 * MINUTE)
    assert expirer(at).run() == 1
    assert (old.exists(), young.exists()) == (False, True)
    with at.site.database.reading() as session:
        decision = session.scalars(select(Deletion)).one()
        assert (decision.state, decision.rule, len(decision.digest)) == ("done", "retention 30 d", 32)
        assert len(session.scalars(select(StoredSegment)).all()) == 1
        assert "recording.expire" in set(session.scalars(select(JournalRow.action)))
        scope = at.town.scope(Action.RECORDING_READ)
        window = Interval(start, start + MINUTE)
        lanes = timeline.lanes(session, scope, [stream.partition(".")[0]], window, 0, at.clock.now_us())
        assert [span.kind for span in lanes[0].spans or []] == ["expired"]


@pytest.mark.parametrize("jump", [3650 * DAY, -DAY, HOUR, -HOUR])
def test_a_clock_that_jumps_deletes_nothing(at: Recorder, jump: int) -> None:
    stream = f"{at.town.add().row.id}.main"
    at.ticker.tick()
    path = keep(at, stream, at.clock.now_us())
    pass_time(at, 29 * DAY)
    at.clock.jump(jump)
    at.ticker.tick()
    assert expirer(at).run() == 0
    assert path.exists()


def test_what_was_recorded_under_a_clock_that_fell_back_is_not_old_when_the_clock_is_right_again(
    at: Recorder,
) -> None:
    stream = f"{at.town.add().row.id}.main"
    at.ticker.tick()
    at.clock.jump(-3650 * DAY)
    at.ticker.tick()
    path = keep(at, stream, at.clock.now_us())
    at.clock.jump(3650 * DAY)
    pass_time(at, DAY)
    assert expirer(at).run() == 0
    assert path.exists()
    pass_time(at, 30 * DAY)
    assert expirer(at).run() == 1


def test_what_was_marked_suspect_is_kept_for_its_days_and_no_longer(at: Recorder) -> None:
    stream = f"{at.town.add().row.id}.main"
    at.ticker.tick()
    path = keep(at, stream, at.clock.now_us())
    path.write_bytes(b"x")
    faults = [item for item in archive.verify(at.site.database, at.site, "size") if not isinstance(item, int)]
    assert len(faults) == 1
    with at.site.database.reading() as session:
        assert session.scalars(select(StoredSegment.state)).all() == ["suspect"]
        start = session.scalars(select(StoredSegment.start_us)).one()
        window = Interval(start, start + MINUTE)
        gaps = timeline.gaps_within(session, stream.partition(".")[0], "main", window, at.clock.now_us())
    assert [gap.reason for gap in gaps] == ["data_damaged"], "an export must say that it is left out"
    pass_time(at, 29 * DAY)
    assert expirer(at).run() == 0
    pass_time(at, 2 * DAY)
    assert expirer(at).run() == 1


def test_what_is_held_stays(at: Recorder) -> None:
    stream = f"{at.town.add().row.id}.main"
    at.ticker.tick()
    path = keep(at, stream, at.clock.now_us())
    pass_time(at, 40 * DAY)
    assert expirer(at, held=True).run() == 0
    assert path.exists()


def test_a_deletion_that_was_cut_short_is_finished(at: Recorder) -> None:
    stream = f"{at.town.add().row.id}.main"
    at.ticker.tick()
    path = keep(at, stream, at.clock.now_us())
    pass_time(at, 40 * DAY)
    interrupted = expirer(at)
    assert interrupted._decide() == 1
    assert path.exists()
    assert expirer(at).run() == 1
    assert not path.exists()


def test_an_old_recording_that_was_brought_in_today_is_kept_for_its_days_from_today(at: Recorder) -> None:
    stream = f"{at.town.add().row.id}.main"
    at.ticker.tick()
    path = keep(at, stream, at.clock.now_us() - 100 * DAY)
    pass_time(at, DAY)
    assert expirer(at).run() == 0
    assert path.exists()


def test_a_row_without_a_file_is_an_explained_gap_and_no_silence(at: Recorder) -> None:
    channel = at.town.add().row.id
    start = at.clock.now_us()
    keep(at, f"{channel}.main", start).unlink()
    (at.site.pools["main"] / "other").write_bytes(b"")
    at.clock.advance(MINUTE + SECOND)
    assert archive.miss(at.site.database, at.site) == 1
    assert archive.miss(at.site.database, at.site) == 0
    with at.site.database.reading() as session:
        lane = timeline.lanes(
            session, at.town.scope(Action.RECORDING_READ), [channel], Interval(start, start + MINUTE), 0,
            at.clock.now_us(),
        )[0]  # fmt: skip
    assert [(span.kind, span.reason) for span in lane.spans or []] == [("gap", "data_damaged")]
    faults = [
        item for item in archive.verify(at.site.database, at.site, "size") if isinstance(item, archive.Fault)
    ]
    assert [fault.problems for fault in faults] == [("missing",)]


@pytest.mark.parametrize(("recordings", "deleted"), [("expire", 1), ("keep", 0)])
def test_recordings_of_a_removed_camera_go_at_the_floor_where_they_were_released(
    at: Recorder, recordings: Literal["keep", "expire"], deleted: int
) -> None:
    channel = at.town.add().row.id
    with at.site.database.transaction() as tx:
        tx.session.scalars(select(Plan)).one().retention_days = 90
    at.ticker.tick()
    path = keep(at, f"{channel}.main", at.clock.now_us())
    pass_time(at, 29 * DAY)
    with at.site.database.transaction() as tx:
        remove(tx, ACTOR, at.town.scope(), channel, recordings, "拆除")
    assert expirer(at).run() == 0
    pass_time(at, DAY + 2 * MINUTE)
    assert expirer(at).run() == deleted
    assert path.exists() == (deleted == 0)


def test_a_release_never_lengthens_what_a_lawful_reason_shortened() -> None:
    assert kept_days(7, released=True) == 7
    assert kept_days(90, released=True) == 30
    assert kept_days(90, released=False) == 90
