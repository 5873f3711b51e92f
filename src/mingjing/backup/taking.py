"""Making a backup while the program runs, and trying one out.

The database is copied first, then the files: what it names was kept before it was named, so that all of it is there.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from mingjing.audit.chain import Checkpoint
from mingjing.audit.queries import verify
from mingjing.audit.service import SYSTEM, Actor, CheckpointFile, Object, record
from mingjing.backup import sets
from mingjing.backup.copying import copy_pages, copy_rows, count_rows
from mingjing.backup.events import BackupMade, DrillHeld
from mingjing.backup.rules import surplus
from mingjing.backup.sets import Set
from mingjing.kernel.data_directory import IDENTITY_FILE, Identity
from mingjing.kernel.db import Database
from mingjing.kernel.files import FileStore, digest_of
from mingjing.kernel.migrate import revision, upgrade


@dataclass(frozen=True, slots=True)
class Source:
    """What a backup is made of, and where it goes."""

    database: Database
    data: Path
    """The data directory: its identity file goes along."""
    identity: Identity
    scripts: Path
    """Migrations: a copy of PostgreSQL gets its tables from them."""
    checkpoints: Path
    directory: Path
    version: str
    public: Callable[[], bytes]
    """The key by which the journal's checkpoints are checked."""
    files: FileStore
    named: Callable[[Session], set[str]]
    """Digests of the files that a database names."""


def take(source: Source, keep: int, actor: Actor = SYSTEM) -> Set:
    """Make a backup now; it is on disk, synced and in the journal when this returns. Old ones beyond `keep` go.

    Raises OSError, sqlite3.DatabaseError and SYS-020; what was begun is left without a name, and cleared next time.
    """
    database = source.database
    now_us = database.clock.now_us()
    folder = sets.begin(source.directory, sets.free_name(source.directory, now_us))
    # Before the database: what is signed here is in the copy, and a checkpoint of later is not.
    if source.checkpoints.exists():
        shutil.copyfile(source.checkpoints, folder / sets.CHECKPOINTS)
    shutil.copyfile(source.data / IDENTITY_FILE, folder / sets.IDENTITY)
    target = folder / sets.DATABASE
    path = database.sqlite_path
    with _opened(target, database) as copy:
        if path is not None:
            copy_pages(path, target)
        else:
            upgrade(copy, source.scripts)
            copy_rows(database, copy)
        about = {"schema": revision(copy) or "", "rows": count_rows(copy)}
        with copy.reading() as session:
            named = source.named(session)
    _bring_files(source, named, folder / sets.LIST)
    made = sets.complete(
        folder,
        {
            "made_us": now_us,
            "version": source.version,
            "installation": source.identity.installation,
            "key_id": source.identity.key_id,
            **about,
        },
    )
    with database.transaction() as tx:
        facts = {"bytes": made.bytes, "files": len(made.files() or {})}
        record(tx, actor, "backup.make", Object("backup", made.name), facts)
        tx.publish(BackupMade(made.name))
    for name in surplus([one.name for one in sets.sets_in(source.directory)], keep):
        shutil.rmtree(source.directory / name)
    return made


def _bring_files(source: Source, named: set[str], target: Path) -> None:
    """Bring the files that the copy names and the backups do not have yet beside them, and list all.

    One that is not what was kept is listed and does not go along: the copy of the database must not wait for it, and
    `Set.lacking` tells of it.
    """
    beside = FileStore(source.directory / sets.FILES)
    with target.open("w", encoding="ascii") as listed:
        for digest in sorted(named):
            there = beside.copy_from(source.files.path(digest), digest)
            listed.write(f"{digest} {beside.path(digest).stat().st_size if there else 0}\n")


@dataclass(frozen=True, slots=True)
class Drill:
    """How a trial went: what did not hold, and how long it took."""

    name: str
    problems: list[str]
    milliseconds: int

    @property
    def held(self) -> bool:
        return not self.problems


def drill(source: Source, chosen: Set, actor: Actor = SYSTEM) -> Drill:
    """Restore a backup into a scratch folder and ask it everything: digests, structure, rows, the journal's chain, every
    file that it names."""
    began = time.monotonic()
    problems = chosen.faults() or _tried(source, chosen)
    done = Drill(chosen.name, problems, int((time.monotonic() - began) * 1000))
    with source.database.transaction() as tx:
        facts = {"held": done.held, "problems": problems[:20], "milliseconds": done.milliseconds}
        record(tx, actor, "backup.drill", Object("backup", chosen.name), facts)
        if done.held:
            tx.publish(DrillHeld(chosen.name))
    return done


def _tried(source: Source, chosen: Set) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="drill-", dir=source.directory) as scratch:
        target = Path(scratch) / sets.DATABASE
        shutil.copyfile(chosen.file(sets.DATABASE), target)
        with _opened(target, source.database) as restored:
            found = []
            with restored.engine.connect() as connection:
                if connection.execute(text("PRAGMA integrity_check")).scalars().all() != ["ok"]:
                    return ["integrity_check"]
                if connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
                    found.append("foreign_key_check")
            upgrade(restored, source.scripts)
            rows = count_rows(restored)
            found += [
                f"{table}: {rows.get(table, 0)} rows, {known} were put in"
                for table, known in chosen.manifest.rows.items()
                if rows.get(table, 0) != known
            ]
            with restored.reading() as session:
                verdict = verify(session, source.public(), _checkpoints(chosen))
                named = source.named(session)
            if not verdict.ok:
                found.append(f"journal entry {verdict.broken_seq}: {verdict.reason}")
            return found + _lost(chosen, named)


def _lost(chosen: Set, named: set[str]) -> list[str]:
    """What is not right with the files of a backup; nothing is asked of one that was made before they went along."""
    listed = chosen.files()
    if listed is None:
        return []
    found = [f"file {digest} is named and not listed" for digest in sorted(named - listed.keys())]
    for digest in listed:
        try:
            sound = digest_of(chosen.store.path(digest)) == digest
        except OSError:
            sound = False
        if not sound:
            found.append(f"file {digest} is missing or altered")
    return found


def _checkpoints(chosen: Set) -> list[Checkpoint]:
    return CheckpointFile(chosen.file(sets.CHECKPOINTS)).read()


@contextmanager
def _opened(path: Path, beside: Database) -> Iterator[Database]:
    """A SQLite file as a database. Closed at the end, which folds its log back into the file."""
    database = Database(f"sqlite:///{path.absolute()}", beside.clock)
    try:
        yield database
    finally:
        database.close()
