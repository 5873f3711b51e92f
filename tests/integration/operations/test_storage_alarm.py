"""Disks that do not hold what must be kept: an alarm with the arithmetic, for as long as it is so."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from sqlalchemy import select

from mingjing.kernel.db import Database
from mingjing.operations import alarms
from mingjing.operations.model import Alarm
from mingjing.operations.room import OperationsRoom
from mingjing.operations.series import Ring
from mingjing.operations.site import OperationsSite
from mingjing.operations.system import Sampler
from tests.places import town
from tests.recorder import Recorder, recorder

Usage = namedtuple("Usage", "total used free")
GB = 1_000_000_000


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Recorder:
    made = recorder(town(empty_database), tmp_path / "pool")
    room = OperationsRoom(OperationsSite(made.node, b"k" * 32, Ring()), made.site)
    room.wire(empty_database.bus)
    return made


def told(at: Recorder) -> list[tuple[str, int]]:
    """State and count of every alarm of the floor."""
    with at.site.database.reading() as session:
        rows = session.scalars(
            select(Alarm).where(Alarm.kind == "storage_floor").order_by(Alarm.raised_us, Alarm.id)
        )
        return [(row.state, row.count) for row in rows]


def test_a_disk_that_does_not_hold_the_floor_is_an_alarm_with_its_arithmetic_until_it_does(
    at: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk(total: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(total, 0, total))

    sampler = Sampler(at.site.database, at.site, Ring())
    disk(100 * GB)
    sampler.watch_disks()
    assert told(at) == []

    at.town.add()
    for _ in range(3):
        sampler.watch_disks()
    assert told(at) == [("new", 1)]
    with at.site.database.reading() as session:
        alarm = session.scalars(select(Alarm)).one()
        shown = alarms.present(alarm)
    # One stream of 4 Mbit/s: 43.2 GB a day, for 30 days; 5 % of the disk are left alone.
    assert (alarm.level, alarm.channel, alarm.facts["streams"]) == (2, None, 1)
    assert (alarm.facts["needed_bytes"], alarm.facts["usable_bytes"]) == (30 * 43_200_000_000, 95 * GB)
    assert "2.2 天" in shown.title
    assert "1.30 TB > 可用 95.00 GB" in shown.title
    assert "only about 2.2" in shown.title_en
    assert "1.30 TB > usable 95.00 GB" in shown.title_en

    at.town.add("实验小学大门西")
    sampler.watch_disks()
    assert told(at) == [("new", 2)]

    # Somebody builds in a disk while the program is off: the alarm of the last run ends all the same.
    disk(10_000 * GB)
    Sampler(at.site.database, at.site, Ring()).watch_disks()
    assert told(at) == [("resolved", 2)]


def test_what_a_quota_or_the_administrator_keeps_does_not_make_a_disk_look_full(
    at: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kinds() -> list[tuple[str, str]]:
        with at.site.database.reading() as session:
            return [(row.kind, row.state) for row in session.scalars(select(Alarm))]

    sampler = Sampler(at.site.database, at.site, Ring())
    # 252 GB of which 54 are used and 38 may be: 59 % full, although 85 % are not free.
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(252 * GB, 54 * GB, 38 * GB))
    sampler.watch_disks()
    assert kinds() == []
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(252 * GB, 79 * GB, 13 * GB))
    sampler.watch_disks()
    assert kinds() == [("storage_warn", "new")]
