"""One transaction a use case: together or not at all, listeners inside, announcements after."""

import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from mingjing.kernel import db
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database, Transaction, within
from mingjing.kernel.errors import MingjingError


@dataclass(frozen=True)
class _Said:
    number: int


@pytest.fixture
def database(empty_database: Database) -> Database:
    with empty_database.transaction() as tx:
        tx.session.execute(text("CREATE TABLE things (number BIGINT PRIMARY KEY)"))
    return empty_database


def _count(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(text("SELECT count(*) FROM things")).scalar_one())


def test_a_failing_listener_undoes_the_use_case(database: Database) -> None:
    told: list[object] = []

    def refuse(tx: Transaction, event: _Said) -> None:
        raise ValueError("no")

    database.bus.within(_Said, refuse)
    database.bus.after_commit(_Said, told.append)
    with pytest.raises(ValueError, match="no"), database.transaction() as tx:
        tx.session.execute(text("INSERT INTO things VALUES (1)"))
        tx.publish(_Said(1))
    assert _count(database) == 0
    assert told == []


def test_what_is_announced_is_already_durable(database: Database) -> None:
    seen: list[int] = []
    database.bus.after_commit(_Said, lambda event: seen.append(_count(database)))
    with database.transaction() as tx:
        tx.session.execute(text("INSERT INTO things VALUES (1)"))
        tx.publish(_Said(1))
        assert seen == []
    assert seen == [1]


def test_a_failing_announcement_stops_neither_the_act_nor_the_others(database: Database) -> None:
    told: list[_Said] = []

    def fail(event: _Said) -> None:
        raise RuntimeError("outside is away")

    database.bus.after_commit(_Said, fail)
    database.bus.after_commit(_Said, told.append)
    with database.transaction() as tx:
        tx.publish(_Said(7))
    assert told == [_Said(7)]


def test_two_writers_wait_for_each_other_instead_of_failing(database: Database) -> None:
    failures: list[BaseException] = []

    def add(base: int) -> None:
        try:
            for number in range(20):
                with database.transaction() as tx:
                    tx.session.execute(text("SELECT count(*) FROM things")).scalar_one()
                    tx.session.execute(text("INSERT INTO things VALUES (:n)"), {"n": base + number})
        except MingjingError as error:
            failures.append(error)

    threads = [threading.Thread(target=add, args=(base,)) for base in (0, 100, 200, 300)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert _count(database) == 80


def test_one_who_writes_without_a_pause_keeps_nobody_out(database: Database) -> None:
    written = 0
    done = threading.Event()

    def go_on() -> None:
        nonlocal written
        while not done.is_set():
            with database.transaction() as tx:
                tx.session.execute(text("INSERT INTO things VALUES (:n)"), {"n": written})
            written += 1

    eager = threading.Thread(target=go_on)
    eager.start()
    passed = []
    for number in range(20):
        before = written
        with database.transaction() as tx:
            tx.session.execute(text("INSERT INTO things VALUES (:n)"), {"n": -1 - number})
            passed.append(written - before)
    done.set()
    eager.join(60)
    if database.is_sqlite:
        # The one that was under way, and one that was counted late.
        assert max(passed) <= 2
    assert _count(database) == written + 20


def test_a_writer_whose_turn_does_not_come_is_told(
    clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'm.sqlite3'}", clock)
    monkeypatch.setattr(db, "BUSY_TIMEOUT_MS", 50)
    refused: list[str] = []

    def write() -> None:
        try:
            with database.transaction():
                pass
        except MingjingError as error:
            refused.append(error.code)

    with database.transaction():
        late = threading.Thread(target=write)
        late.start()
        late.join(60)
    assert refused == ["SYS-020"]
    write()
    assert refused == ["SYS-020"]
    database.close()


def test_sqlite_is_set_to_survive_power_loss(tmp_path: Path, clock: SetClock) -> None:
    database = Database(f"sqlite:///{tmp_path / 'm.sqlite3'}", clock)
    with database.reading() as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert session.execute(text("PRAGMA synchronous")).scalar_one() == 2
        assert session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    database.close()


def test_an_unreachable_database_is_said_in_words(clock: SetClock) -> None:
    database = Database("postgresql://nobody@/none?host=/nonexistent", clock)
    with pytest.raises(MingjingError) as raised, database.reading() as session:
        session.execute(text("SELECT 1"))
    assert raised.value.code == "SYS-020"


@pytest.mark.parametrize("path", ["a'/", "a", "%/", "/"])
def test_a_subtree_condition_takes_only_paths(path: str) -> None:
    with pytest.raises(ValueError, match="materialised"):
        within(path, None)
