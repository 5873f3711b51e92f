"""R22: a migration killed at any statement leaves the old schema or the new one, and the next start succeeds.

`python -m tests.claims.migrate [--every N]` prints one JSON line. From every revision that there ever was, and from
nothing, a child migrates a database with rows in every table and is killed: in the middle of the backup before, before
the first, second, … statement, before the commit and after it, as many times as there are moments. After each kill the
database is compared, row by row, with the old one and with one that was migrated undisturbed.
"""

import argparse
import hashlib
import itertools
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import alembic.command  # noqa: F401 - loaded once here instead of in every child
import sqlalchemy as sa
from sqlalchemy import event

from mingjing.app import migrations
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
from mingjing.kernel.migrate import revisions, upgrade
from tests.claims import measured

ROWS = 3
NAME = "mingjing.sqlite3"


@dataclass
class Found:
    """What came of all kills."""

    kills: int = 0
    old: int = 0
    new: int = 0
    torn: list[str] = field(default_factory=list)
    """Neither old nor new."""
    not_started: list[str] = field(default_factory=list)
    without_backup: list[str] = field(default_factory=list)


def run(folder: Path, every: int = 1) -> dict[str, Any]:
    """Kill at each moment from the newest revision before this one; at each `every`th from those before and from nothing."""
    found = Found()
    known = revisions(migrations())
    moments: dict[str, int] = {}
    for start in [None, *known[:-1]]:
        name = start or "nothing"
        before = _before(folder / name, start)
        new = _undisturbed(folder / name, before)
        assert new != _content(before / NAME), f"from {name} there is nothing to migrate"
        step = 1 if start == known[-2] else every
        for at in itertools.count(0):
            if at % step:
                continue
            if not _killed(folder / name, before, at, new, found):
                moments[name] = at
                break
    return {
        "n": found.kills, "moments": moments, "old": found.old, "new": found.new, "torn": found.torn,
        "not_started": found.not_started, "without_backup": found.without_backup,
    }  # fmt: skip


def _before(folder: Path, start: str | None) -> Path:
    """A folder with a database at this revision, with rows in every table."""
    at = folder / "before"
    at.mkdir(parents=True)
    if start is None:
        return at
    scripts = folder / "scripts"
    shutil.copytree(migrations(), scripts)
    for later in scripts.glob("versions/r[0-9]*.py"):
        if later.name[1:5] > start:
            later.unlink()
    database = Database(f"sqlite:///{at / NAME}", SetClock())
    assert upgrade(database, scripts) == start
    _fill(database)
    database.close()
    return at


def _fill(database: Database) -> None:
    known = sa.MetaData()
    known.reflect(database.engine)
    with database.engine.begin() as connection:
        for table in known.sorted_tables:
            if table.name != "alembic_version":
                connection.execute(table.insert(), [row_of(table, number) for number in range(1, ROWS + 1)])


def row_of(table: sa.Table, number: int) -> dict[str, Any]:
    """A row with something in every column; what refers to another table refers to its row of this number."""

    def value(column: sa.Column[Any]) -> Any:
        if column.foreign_keys:
            return value(next(iter(column.foreign_keys)).column)
        if isinstance(column.type, sa.JSON):
            return {"a": number}
        if isinstance(column.type, sa.Boolean):
            return False
        if isinstance(column.type, sa.Integer):
            return number
        if isinstance(column.type, sa.Date):
            return date(2026, 1, number)
        if isinstance(column.type, sa.LargeBinary):
            return bytes([number]) * 32
        if isinstance(column.type, sa.Float | sa.Numeric):
            return float(number)
        return f"x{number}"

    return {column.name: value(column) for column in table.columns}


def _undisturbed(folder: Path, before: Path) -> str:
    at = folder / "new"
    shutil.copytree(before, at)
    _upgrade(at)
    return _content(at / NAME)


def _upgrade(at: Path) -> None:
    database = Database(f"sqlite:///{at / NAME}", SetClock())
    upgrade(database, migrations(), at / "backups")
    database.close()


def _content(database: Path) -> str:
    """Schema and rows of a sound database, as a digest; empty for none."""
    if not database.exists():
        return ""
    with closing(sqlite3.connect(database)) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",), f"{database} is not sound"
        lines = "\n".join(store.iterdump())
    return hashlib.sha256(lines.encode()).hexdigest() if "CREATE TABLE" in lines else ""


def _killed(folder: Path, before: Path, at: int, new: str, found: Found) -> bool:
    """Kill at this moment and judge; False where the migration has no such moment."""
    place = folder / "killed"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(before, place)
    child = os.fork()
    if child == 0:
        _child(place, at)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0, f"the migration failed by itself at moment {at}"
        return False
    assert os.WTERMSIG(status) == signal.SIGKILL, f"the fault did not happen: {status}"
    found.kills += 1
    label = f"{folder.name}, moment {at}"
    old, kept = _content(before / NAME), folder / "kept"
    # A copy is looked at: what the kill left must be taken up by the program itself.
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(place, kept)
    now = _content(kept / NAME)
    found.old, found.new = found.old + (now == old), found.new + (now == new)
    if now not in (old, new):
        found.torn.append(label)
    backups = [_content(one) for one in (kept / "backups").glob("*.sqlite3")]
    if any(one != old for one in backups) or (now == new and old and not backups):
        found.without_backup.append(label)
    try:
        _upgrade(place)
    except Exception as problem:
        found.not_started.append(f"{label}: {problem}"[:300])
        return True
    after = [_content(one) for one in (place / "backups").glob("*.sqlite3")]
    if _content(place / NAME) != new:
        found.not_started.append(f"{label}: another schema or other rows after the second start")
    elif old and old not in after:
        found.without_backup.append(f"{label}, after the second start")
    return True


def _child(place: Path, at: int) -> None:
    """Migrate, and kill oneself at the `at`th moment. Never returns."""
    counting = itertools.count()

    def moment(*_: object) -> None:
        if next(counting) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        database = Database(f"sqlite:///{place / NAME}", SetClock())
        with _slow_backups(moment):
            event.listen(database.engine, "before_cursor_execute", moment)
            event.listen(database.engine, "commit", moment)
            upgrade(database, migrations(), place / "backups")
        moment()
        os._exit(0)
    except BaseException as problem:
        print(f"{type(problem).__name__}: {problem}", file=sys.stderr)
        os._exit(3)


@contextmanager
def _slow_backups(moment: Any) -> Iterator[None]:
    """Let copies of databases be made in a few steps, with a moment before each."""
    connect = sqlite3.connect

    class Stepping(sqlite3.Connection):
        def backup(self, target: sqlite3.Connection, **_: Any) -> None:
            pages = max(self.execute("PRAGMA page_count").fetchone()[0] // 3, 1)
            super().backup(target, pages=pages, progress=moment)

    def stepping(*given: Any, **named: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*given, **({"factory": Stepping} | named))
        return made

    sqlite3.connect = stepping  # type: ignore[assignment]
    try:
        yield
    finally:
        sqlite3.connect = connect


def holds(found: dict[str, Any]) -> bool:
    """The promise of R22: there were kills on both sides of the commit, and each left one of the two."""
    both = found["old"] > 0 and found["new"] > 0
    return bool(both and not (found["torn"] or found["not_started"] or found["without_backup"]))


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="migrate", description=__doc__)
    options.add_argument("--every", type=int, default=1, help="from older revisions, kill at each Nth moment")
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.every)
    return measured.ended("R22", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
