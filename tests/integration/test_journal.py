"""The journal: an entry with its act, and every alteration found and named."""

import shutil
import string
from base64 import b64decode
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from sqlalchemy import text

from mingjing.audit import queries
from mingjing.audit.chain import Checkpoint, CheckpointKey, check
from mingjing.audit.service import Actor, CheckpointFile, Object, checkpoint, record
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database

ACTOR = Actor("user", "us_aaaaaaaaaaaa", "李某", "10.0.0.9", "se_1")
KEY = CheckpointKey(b"s" * 32)


@pytest.fixture
def database(empty_database: Database) -> Database:
    with empty_database.transaction() as tx:
        for number in range(12):
            record(tx, ACTOR, "camera.change", Object("camera", f"ch_{number}"), {"名称": [number, "东门"]})
    return empty_database


def _verdict(database: Database, *elsewhere: Checkpoint) -> tuple[int | None, str | None]:
    with database.reading() as session:
        found = queries.verify(session, KEY.public, elsewhere)
    return found.broken_seq, found.reason


def _sql(database: Database, statement: str) -> None:
    with database.transaction() as tx:
        tx.session.execute(text(statement))


def _signed(database: Database) -> Checkpoint:
    with database.transaction() as tx:
        made = checkpoint(tx, KEY)
    assert made is not None
    return made


def test_a_sound_journal_raises_no_alarm(database: Database) -> None:
    assert _verdict(database, _signed(database)) == (None, None)


@pytest.mark.parametrize(
    ("statement", "broken", "reason"),
    [
        ("UPDATE journal SET facts = replace(facts, '5', '6') WHERE seq = 6", 6, "content"),
        ("UPDATE journal SET actor_name = '王某' WHERE seq = 3", 3, "content"),
        ("UPDATE journal SET at_us = at_us + 1 WHERE seq = 12", 12, "content"),
        ("UPDATE journal SET source = '' WHERE seq = 1", 1, "content"),
        ("DELETE FROM journal WHERE seq = 4", 4, "gap"),
        ("DELETE FROM journal WHERE seq = 1", 1, "gap"),
        ("UPDATE journal SET previous = hash WHERE seq = 7", 7, "link"),
        ("DELETE FROM journal WHERE seq >= 11", 11, "cut"),
        ("UPDATE journal_checkpoints SET at_us = at_us + 1", 12, "signature"),
    ],
)
def test_an_alteration_is_found_and_named(
    database: Database, statement: str, broken: int, reason: str
) -> None:
    _signed(database)
    _sql(database, statement)
    assert _verdict(database) == (broken, reason)


def test_an_older_database_put_in_place_is_found_by_the_checkpoints_beside_it(
    database: Database, tmp_path: Path
) -> None:
    beside = CheckpointFile(tmp_path / "checkpoints.jsonl")
    beside.append(_signed(database))
    _sql(database, "DELETE FROM journal WHERE seq > 9")
    _sql(database, "DELETE FROM journal_checkpoints")
    assert _verdict(database) == (None, None)
    assert _verdict(database, *beside.read()) == (10, "cut")


def test_a_checkpoint_file_that_was_tampered_with_stops_no_check(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.jsonl"
    beside = CheckpointFile(path)
    beside.append(_signed(database))
    odd = b'\xff\xfe\n{"seq": "12", "hash": 1, "at_us": [], "key_id": null, "signature": 5}\n' + b"[" * 20_000
    path.write_bytes(path.read_bytes() + odd)
    assert [one.seq for one in beside.read()] == [12]
    _sql(database, "DELETE FROM journal WHERE seq > 9")
    _sql(database, "DELETE FROM journal_checkpoints")
    assert _verdict(database, *beside.read()) == (10, "cut")


def test_a_checkpoint_behind_a_line_that_was_cut_short_is_read(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.jsonl"
    path.write_bytes(b'{"seq": 3, "ha')
    beside = CheckpointFile(path)
    beside.append(_signed(database))
    assert [one.seq for one in beside.read()] == [12]


def test_two_ends_of_the_chain_that_were_both_signed_are_one_too_many(
    database: Database, tmp_path: Path
) -> None:
    """An older database was put in place, and the program went on to the same number and signed again."""
    beside = CheckpointFile(tmp_path / "checkpoints.jsonl")
    beside.append(_signed(database))
    for removed in ("DELETE FROM journal WHERE seq > 10", "DELETE FROM journal_checkpoints"):
        _sql(database, removed)
    for name in ("another", "one more"):
        with database.transaction() as tx:
            record(tx, ACTOR, "camera.change", Object("camera", name))
        beside.append(_signed(database))
    assert [one.seq for one in beside.read()] == [12, 11, 12]
    assert _verdict(database, *beside.read()) == (12, "rewritten")


def test_a_text_that_is_no_utf8_is_named_and_ends_no_check(
    clock: SetClock, laid_sqlite: Path, tmp_path: Path
) -> None:
    at = shutil.copyfile(laid_sqlite, tmp_path / "mingjing.sqlite3")
    database = Database(f"sqlite:///{at}", clock)
    with database.transaction() as tx:
        for number in range(3):
            record(tx, ACTOR, "camera.change", Object("camera", f"ch_{number}"))
    _signed(database)
    _sql(database, "UPDATE journal SET actor_name = CAST(x'e69d8eff' AS TEXT) WHERE seq = 2")
    assert _verdict(database) == (2, "content")
    _sql(database, "UPDATE journal_checkpoints SET key_id = CAST(x'ff' AS TEXT)")
    assert _verdict(database) == (3, "signature")
    _sql(database, "UPDATE journal_checkpoints SET seq = 'x'")
    assert _verdict(database) == (0, "signature")
    database.close()


def test_a_signature_has_one_spelling(database: Database) -> None:
    made = _signed(database)
    last = made.signature[-3]
    other = next(
        letter for letter in string.ascii_letters
        if letter != last and b64decode(f"{made.signature[:-3]}{letter}==") == b64decode(made.signature)
    )  # fmt: skip
    assert _verdict(database, replace(made, signature=f"{made.signature[:-3]}{other}==")) == (12, "signature")


def test_a_tail_rewritten_with_good_hashes_does_not_match_what_was_signed(database: Database) -> None:
    signed = _signed(database)
    _sql(database, "DELETE FROM journal WHERE seq = 12")
    with database.transaction() as tx:
        record(tx, ACTOR, "camera.change", Object("camera", "another"))
    assert _verdict(database, signed) == (12, "rewritten")


def test_swapped_and_inserted_entries_are_found(database: Database) -> None:
    with database.reading() as session:
        rows = [dict(row) for row in session.execute(text("SELECT * FROM journal ORDER BY seq")).mappings()]
    swap: Callable[[int], list[dict[str, object]]] = lambda i: [  # noqa: E731
        *rows[:i], rows[i + 1], rows[i], *rows[i + 2 :]
    ]  # fmt: skip
    for at in range(len(rows) - 1):
        assert check(swap(at), [], KEY.public).broken_seq == at + 1
        assert check([*rows[:at], rows[at], *rows[at:]], [], KEY.public).broken_seq == at + 2
    assert check(rows, [], KEY.public).ok


def test_every_single_character_of_an_entry_counts(database: Database) -> None:
    with database.reading() as session:
        rows = [dict(row) for row in session.execute(text("SELECT * FROM journal ORDER BY seq")).mappings()]
    tried = 0
    for name, value in rows[4].items():
        for at in range(len(str(value)) if isinstance(value, str) else 0):
            altered = value[:at] + ("x" if value[at] != "x" else "y") + value[at + 1 :]
            found = check([*rows[:4], {**rows[4], name: altered}, *rows[5:]], [], KEY.public)
            assert found.broken_seq == 5, (name, at)
            tried += 1
    assert tried > 150


def test_a_foreign_signature_is_refused(database: Database) -> None:
    made = _signed(database)
    forged = CheckpointKey(b"x" * 32).sign(made.seq, made.hash, made.at_us)
    assert _verdict(database, forged) == (12, "signature")
    assert _verdict(database, Checkpoint(**{**asdict(forged), "key_id": KEY.key_id})) == (12, "signature")


def test_an_entry_and_its_act_stand_or_fall_together(database: Database) -> None:
    with pytest.raises(TypeError), database.transaction() as tx:
        tx.session.execute(text("DELETE FROM journal_checkpoints"))
        record(tx, ACTOR, "camera.change", Object("camera", "x"), {"ratio": 0.5})
    with pytest.raises(ValueError, match="dotted"), database.transaction() as tx:
        record(tx, ACTOR, "Camera", Object("camera", "x"))
    with database.reading() as session:
        assert queries.entries(session, queries.Filter(), 50, None).total == 12
