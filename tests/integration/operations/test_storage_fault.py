"""A disk that cannot be written to is an alarm at once, for as long as a stream suffers from it."""

from pathlib import Path

import pytest
from sqlalchemy import select

from mingjing.kernel.db import Database
from mingjing.media.causes import Cause
from mingjing.media.model import GapEvent
from mingjing.operations.model import Alarm
from mingjing.operations.room import OperationsRoom
from mingjing.operations.series import Ring
from mingjing.operations.site import OperationsSite
from tests.places import town
from tests.recorder import SECOND, Recorder, recorder


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Recorder:
    made = recorder(town(empty_database), tmp_path / "pool")
    OperationsRoom(OperationsSite(made.node, b"k" * 32, Ring()), made.site).wire(empty_database.bus)
    return made


def told(at: Recorder) -> list[tuple[str, int, str]]:
    with at.site.database.reading() as session:
        rows = session.scalars(select(Alarm).where(Alarm.kind == "storage_fault"))
        return [(row.state, row.count, row.facts["pool"]) for row in rows]


def test_a_failing_disk_is_an_alarm_until_every_stream_is_written_again(at: Recorder) -> None:
    streams = [f"{at.town.add(name).row.id}.main" for name in ("东门", "西门")]
    now = at.clock.now_us()
    once = GapEvent(stream=streams[0], from_us=now, until_us=now + SECOND, cause=Cause.DISK_FAULT)
    at.handler([once])
    assert told(at) == [], "a stream that went on at once in another file"

    at.handler([GapEvent(stream=name, from_us=now, cause=Cause.DISK_FAULT) for name in streams])
    assert told(at) == [("new", 2, "main")]
    full = GapEvent(stream=streams[0], from_us=now, until_us=now + 9 * SECOND, cause=Cause.DISK_FAULT)
    at.handler([full])
    assert told(at) == [("new", 2, "main")], "the other one is not written yet"
    at.handler([full.model_copy(update={"stream": streams[1]})])
    assert told(at) == [("resolved", 2, "main")]
