"""S4: whatever is done to the journal is found, the first entry that does not hold is named, and nothing else is.

`python -m tests.claims.tamper [--mutations N] [--database N] [--entries N] [--seed N]` prints one JSON line. A journal
is written and signed as the program does it. Then copies of it are mutated and each is given whole to the verifier:

- `--mutations` of its entries in memory, to the check that `mingjing verify journal` and the console run on what the
  database gives them;
- `--database` in the SQLite file itself, its triggers taken out, through the keeper that the command uses;
- older databases put in its place, on which the program then goes on writing and signing;
- `--entries`, for a night: every bit of every byte of so many entries.

Entries that no checkpoint has signed yet can be cut off unseen until one does: that is an hour, and the journal here is
signed at its end. Whoever rewrites the chain with good hashes is found at the next signed entry, and that is named.
"""

import argparse
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mingjing.app import migrations
from mingjing.audit import queries
from mingjing.audit.chain import GENESIS, HASHED, Checkpoint, Verdict, check, entry_hash
from mingjing.audit.keeper import Keeper
from mingjing.audit.service import Actor, Object, record
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
from mingjing.kernel.migrate import upgrade
from tests.claims import measured

ENTRIES = 20
SIGNED = (8, 20)
COLUMNS = (*HASHED, "previous", "hash")
SHOWN = 20

Entry = dict[str, Any]
Named = int | None
"""The entry that the verifier must name; None: it must find nothing."""


@dataclass
class Judged:
    """What was done and what was said of it."""

    kinds: Counter[str] = field(default_factory=Counter)
    unfound: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)

    def add(self, kind: str, what: str, wanted: Named, found: Verdict) -> None:
        self.kinds[kind] += 1
        if wanted is None and not found.ok:
            self.false_alarms.append(f"{kind} {what}: {found.broken_seq} {found.reason}")
        elif wanted is not None and found.ok:
            self.unfound.append(f"{kind} {what}")
        elif found.broken_seq != wanted:
            self.misnamed.append(f"{kind} {what}: {found.broken_seq} {found.reason}, not {wanted}")


class World:
    """An installation's journal, written and signed as the program does it. A context manager."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "mingjing.sqlite3"
        self._key, self._beside = folder / "journal.key.d" / "journal.key", folder / "checkpoints.jsonl"
        self.clock = SetClock()
        self.database = Database(f"sqlite:///{self.file}", self.clock)
        upgrade(self.database, migrations())
        self.keeper = Keeper(self.database, self._key, self._beside)

    def write(self, count: int, salt: int = 0) -> None:
        """Entries with facts of every kind: none, nested, long, of other scripts."""
        for number in range(count):
            self.clock.advance(1_000_003)
            facts: dict[str, Any] = {
                "编号": [number, salt, None, True],
                "说明": "东门 \U00020000 \"'\\\n" * (number % 3),
            }
            facts |= {"内": {"a": {"b": number * 10**9}}} if number % 2 else {}
            with self.database.transaction() as tx:
                record(
                    tx,
                    Actor("user", f"us_{number:012d}", "李某" * (number % 4), "10.0.0.9", f"se_{number}"),
                    "camera.change" if number % 2 else "session.open",
                    Object("camera", f"ch_{number:012d}"),
                    facts if number % 5 else {},
                )

    def entries(self) -> list[Entry]:
        with closing(sqlite3.connect(self.file)) as store:
            store.row_factory = sqlite3.Row
            query = f"SELECT {', '.join(COLUMNS)} FROM journal ORDER BY seq"
            return [dict(row) for row in store.execute(query)]

    def checkpoints(self) -> list[Checkpoint]:
        with self.database.reading() as session:
            return queries.checkpoints(session)

    def verify(self) -> Verdict:
        """As `mingjing verify journal` does."""
        return self.keeper.verify()[0]

    def __enter__(self) -> "World":
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()


def made(folder: Path) -> World:
    """A journal of `ENTRIES` entries, signed at `SIGNED`."""
    world = World(folder)
    done = 0
    for until in SIGNED:
        world.write(until - done)
        assert world.keeper.sign() is not None
        done = until
    return world


def run(folder: Path, mutations: int, database: int, seed: int, entries: int = 0) -> dict[str, Any]:
    """Mutate and verify."""
    chance = random.Random(seed)  # noqa: S311 - where to tamper, no secret
    judged, stored = Judged(), Judged()
    with made(folder / "journal") as world:
        rows, signed, public = world.entries(), world.checkpoints(), world.keeper.public
        for until in range(len(rows) + 1):
            sound = [one for one in signed if one.seq <= until]
            judged.add("untouched", f"{until} entries", None, check(rows[:until], sound, public))
        for number in range(mutations):
            kind, mutate = MUTATIONS[number % len(MUTATIONS)]
            changed, wanted, what = mutate(rows, chance)
            judged.add(kind, what, wanted, check(changed, signed, public))
        for what, one in _forged_checkpoints(signed, mutations // 100, chance):
            others = [same for same in signed if same.seq != one.seq or same.hash != one.hash]
            judged.add("checkpoint", what, one.seq, check(rows, [*others, one], public))
        _in_the_file(world, database, chance, stored)
    _replays(folder, judged)
    bits = _every_bit(folder, entries, judged)
    return {
        "n": sum(judged.kinds.values()), "kinds": dict(judged.kinds), "entries": len(rows), "seed": seed,
        "database_n": sum(stored.kinds.values()), "database_kinds": dict(stored.kinds), "bits": bits,
        "unfound": (judged.unfound + stored.unfound)[:SHOWN], "misnamed": (judged.misnamed + stored.misnamed)[:SHOWN],
        "false_alarms": (judged.false_alarms + stored.false_alarms)[:SHOWN],
    }  # fmt: skip


Mutated = tuple[list[Entry], int, str]
"""The journal after a mutation, the entry that must be named, and what was done."""


def _byte(rows: list[Entry], chance: random.Random) -> Mutated:
    at = chance.randrange(len(rows))
    name = chance.choice([name for name in COLUMNS if str(rows[at][name])])
    data = str(rows[at][name]).encode()
    place = chance.randrange(len(data))
    return _edited(rows, at, name, place, data[place] ^ chance.randrange(1, 256))


def _edited(rows: list[Entry], at: int, name: str, place: int, byte: int) -> Mutated:
    """A byte of a column changed; of a number, of its digits."""
    data = bytearray(str(rows[at][name]).encode())
    data[place] = byte
    text = data.decode(errors="surrogateescape")
    value = int(text) if isinstance(rows[at][name], int) and text.isascii() and text.isdecimal() else text
    return [*rows[:at], {**rows[at], name: value}, *rows[at + 1 :]], at + 1, f"{name}[{place}] of {at + 1}"


def _swapped(rows: list[Entry], chance: random.Random) -> Mutated:
    """Two entries in each other's place, with their numbers or without."""
    one, other = sorted(chance.sample(range(len(rows)), 2))
    changed = list(rows)
    changed[one], changed[other] = rows[other], rows[one]
    if chance.random() < 0.5:
        changed[one], changed[other] = ({**changed[at], "seq": at + 1} for at in (one, other))
    return changed, one + 1, f"{one + 1} and {other + 1}"


def _moved_value(rows: list[Entry], chance: random.Random) -> Mutated:
    """The value of a column from another entry."""
    while True:
        at, other = chance.sample(range(len(rows)), 2)
        name = chance.choice(COLUMNS)
        if rows[at][name] != rows[other][name]:
            break
    changed = [*rows[:at], {**rows[at], name: rows[other][name]}, *rows[at + 1 :]]
    return changed, at + 1, f"{name} of {other + 1} in {at + 1}"


def _deleted(rows: list[Entry], chance: random.Random) -> Mutated:
    """Entries taken out, the later ones numbered anew or not."""
    at = chance.randrange(len(rows))
    count = chance.randrange(1, len(rows) - at + 1)
    left = [*rows[:at], *rows[at + count :]]
    if chance.random() < 0.5:
        left = [{**one, "seq": number} for number, one in enumerate(left, 1)]
    return left, at + 1, f"{count} from {at + 1}"


def _inserted(rows: list[Entry], chance: random.Random) -> Mutated:
    """A copy of an entry between others, the later ones numbered anew or not."""
    at = chance.randrange(len(rows) + 1)
    # A copy of the entry that stands there is that entry, and the second of the two is one too many.
    source = chance.randrange(len(rows))
    changed = [*rows[:at], rows[source], *rows[at:]]
    if chance.random() < 0.5:
        changed = [{**one, "seq": number} for number, one in enumerate(changed, 1)]
    return changed, at + 2 if source == at else at + 1, f"{source + 1} before {at + 1}"


def _truncated(rows: list[Entry], chance: random.Random) -> Mutated:
    until = chance.randrange(len(rows))
    return rows[:until], until + 1, f"after {until}"


def _type(rows: list[Entry], chance: random.Random) -> Mutated:
    """A value of another kind that looks the same."""
    at, name = chance.randrange(len(rows)), chance.choice(COLUMNS)
    value = rows[at][name]
    others: list[object] = [None, str(value).encode(), [value], str(value) + " "]
    other = chance.choice([*others, str(value), value + 0.5] if isinstance(value, int) else others)
    return [*rows[:at], {**rows[at], name: other}, *rows[at + 1 :]], at + 1, f"{name} of {at + 1}"


def _rehashed(rows: list[Entry], chance: random.Random) -> Mutated:
    """An entry changed and given its right hash, and those after it too, as far as the forger cared to go.

    The chain is sound up to where he stopped, or up to the next signed entry.
    """
    at = chance.randrange(len(rows))
    until = chance.randrange(at + 1, len(rows) + 1)
    changed = [*rows[:at], {**rows[at], "actor_name": rows[at]["actor_name"] + "某"}, *rows[at + 1 :]]
    previous = changed[at - 1]["hash"] if at else GENESIS
    for number in range(at, until):
        changed[number] = {**changed[number], "previous": previous}
        changed[number]["hash"] = previous = entry_hash(changed[number], previous)
    signed = next(seq for seq in SIGNED if seq > at)
    return changed, min(signed, until + 1), f"{at + 1} to {until}"


MUTATIONS: tuple[tuple[str, Callable[[list[Entry], random.Random], Mutated]], ...] = (
    *(("byte", _byte),) * 12, ("swap", _swapped), ("moved value", _moved_value), ("deletion", _deleted),
    ("insertion", _inserted), ("truncation", _truncated), ("type", _type), ("rehashed", _rehashed),
)  # fmt: skip


def _forged_checkpoints(
    signed: list[Checkpoint], count: int, chance: random.Random
) -> Iterator[tuple[str, Checkpoint]]:
    """A byte of a checkpoint changed."""
    for _ in range(count):
        one = chance.choice(signed)
        name, value = chance.choice([*asdict(one).items()])
        data = bytearray(str(value).encode())
        place = chance.randrange(len(data))
        data[place] = (
            ord(chance.choice("0123456789"))
            if isinstance(value, int)
            else data[place] ^ chance.randrange(1, 128)
        )
        text = data.decode(errors="surrogateescape")
        if text != str(value):
            fields = asdict(one) | {name: int(text) if isinstance(value, int) else text}
            yield f"{name}[{place}] of {one.seq}", Checkpoint(**fields)


def _in_the_file(world: World, count: int, chance: random.Random, judged: Judged) -> None:
    """A value of a row changed in the database's file, as its owner could, then put back."""
    with closing(sqlite3.connect(world.file, isolation_level=None)) as store:
        for (name,) in store.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal%'"
        ).fetchall():
            store.execute(f"DROP TRIGGER {name}")
        rows = world.entries()
        judged.add("untouched", "triggers gone", None, world.verify())
        for _ in range(count):
            at, name = chance.randrange(len(rows)), chance.choice(COLUMNS[1:])
            value = rows[at][name]
            data = bytearray(str(value).encode() or b" ")
            place = chance.randrange(len(data))
            data[place] ^= chance.randrange(1, 256)
            kind = chance.choice(["AS TEXT", "AS BLOB"]) if name != "at_us" else "AS TEXT"
            store.execute(f"UPDATE journal SET {name} = CAST(? {kind}) WHERE seq = ?", (bytes(data), at + 1))
            judged.add(f"byte, {kind.lower()}", f"{name}[{place}] of {at + 1}", at + 1, world.verify())
            store.execute(f"UPDATE journal SET {name} = ? WHERE seq = ?", (value, at + 1))
        judged.add("put back", "all", None, world.verify())
        for at in range(len(rows)):
            store.execute("BEGIN")
            store.execute("DELETE FROM journal WHERE seq = ?", (at + 1,))
            store.execute("COMMIT")
            judged.add("deletion", str(at + 1), at + 1, world.verify())
            marks = ", ".join("?" * len(COLUMNS))
            store.execute(
                f"INSERT INTO journal ({', '.join(COLUMNS)}) VALUES ({marks})", [*rows[at].values()]
            )
        signed = store.execute(
            "SELECT seq, hash, at_us, key_id, signature FROM journal_checkpoints"
        ).fetchall()
        for seq, *_ in signed:
            for name, value in (
                ("seq", "x"),
                ("at_us", "x"),
                ("hash", b"\xff"),
                ("signature", b"\xff"),
                ("key_id", b"\xff"),
            ):
                before = store.execute(
                    f"SELECT {name} FROM journal_checkpoints WHERE seq = ?", (seq,)
                ).fetchone()[0]
                store.execute(
                    f"UPDATE journal_checkpoints SET {name} = CAST(? AS TEXT) WHERE seq = ?", (value, seq)
                )
                judged.add("checkpoint", f"{name} of {seq}", 0 if name == "seq" else seq, world.verify())
                now = value if name == "seq" else seq
                store.execute(f"UPDATE journal_checkpoints SET {name} = ? WHERE seq = ?", (before, now))
        judged.add("put back", "checkpoints", None, world.verify())


def _replays(folder: Path, judged: Judged) -> None:
    """The database as it was earlier put in place of the newer one; then the program goes on.

    What is named is the first entry that was signed and is another now, or the first that is not there.
    """
    with World(folder / "newer") as world:
        for kept in range(1, ENTRIES + 1):
            _write_and_sign(world, kept - 1, kept)
            with (
                closing(sqlite3.connect(world.file)) as store,
                closing(sqlite3.connect(folder / f"{kept}.older")) as older,
            ):
                store.backup(older)
        judged.add("untouched", "grown", None, world.verify())
        witness = world.checkpoints()[-1]
    for kept in range(1, ENTRIES):
        later = (
            (0, ()),
            (1, ()),
            (1, (1,)),
            (ENTRIES, ()),
            (ENTRIES, (ENTRIES - kept,)),
            (ENTRIES, (1, ENTRIES - kept)),
        )
        for more, signs in later:
            place = folder / "replayed"
            shutil.copytree(folder / "newer", place, ignore=shutil.ignore_patterns("*.sqlite3*"))
            shutil.copyfile(folder / f"{kept}.older", place / "mingjing.sqlite3")
            with World(place) as world:
                for number in range(1, more + 1):
                    world.write(1, salt=7)
                    if number in signs:
                        world.keeper.sign()
                lacking = next(seq for seq in SIGNED if seq > kept)
                wanted = lacking if lacking <= kept + more else kept + more + 1
                what = f"{kept}, then {more} more, signed after {signs}"
                judged.add("replay", what, wanted, world.verify())
                if not more:
                    # Where the checkpoints beside it are gone or older too, one that was handed out shows it.
                    (place / "checkpoints.jsonl").unlink()
                    judged.add("replay, witness", what, kept + 1, world.keeper.verify([witness])[0])
            shutil.rmtree(place)


def _write_and_sign(world: World, done: int, until: int) -> None:
    for number in range(done + 1, until + 1):
        world.write(1)
        if number in SIGNED:
            world.keeper.sign()


def _every_bit(folder: Path, entries: int, judged: Judged) -> int:
    """Every bit of every byte of so many entries, journal by journal; how many."""
    bits = 0
    for number in range(-(-entries // ENTRIES)):
        with World(folder / f"bits-{number}") as world:
            world.write(ENTRIES, salt=number)
            assert world.keeper.sign() is not None
            rows, signed, public = world.entries(), world.checkpoints(), world.keeper.public
        for at, row in enumerate(rows):
            for name in COLUMNS:
                data = str(row[name]).encode()
                for place, bit in ((place, 1 << bit) for place in range(len(data)) for bit in range(8)):
                    changed, wanted, what = _edited(rows, at, name, place, data[place] ^ bit)
                    judged.add("bit", what, wanted, check(changed, signed, public))
                    bits += 1
        shutil.rmtree(folder / f"bits-{number}")
    return bits


def holds(found: Mapping[str, Any]) -> bool:
    """The promise of S4, and that something was done."""
    done = (
        found["n"] > 0
        and found["database_n"] > 0
        and {"replay", "replay, witness", "byte"} <= found["kinds"].keys()
    )
    return bool(done and not (found["unfound"] or found["misnamed"] or found["false_alarms"]))


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="tamper", description=__doc__)
    options.add_argument("--mutations", "-n", type=int, default=100_000)
    options.add_argument("--database", type=int, default=2_000)
    options.add_argument("--entries", type=int, default=0, help="every bit of so many entries")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.mutations, chosen.database, chosen.seed, chosen.entries)
    return measured.ended("S4", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
