"""Putting a backup back: the database of a moment, beside recordings that have gone on since.

What was there is set aside, never written over. Files recorded after the backup are adopted by the next start;
what retention has deleted since is entered as deleted, so that it is not missed.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect

from mingjing.app.continuity import BACKUPS, CHECKPOINTS, FILES
from mingjing.audit.keeper import Keeper
from mingjing.audit.service import Actor, CheckpointFile, Object, record
from mingjing.backup import sets
from mingjing.backup.copying import copy_rows
from mingjing.backup.errors import DATABASE_FILLED, SCHEMA_STRANGE, SET_ELSEWHERE
from mingjing.configuration import Settings
from mingjing.identity.service.sign_in import end_every_session
from mingjing.kernel.clock import Clock
from mingjing.kernel.data_directory import (
    IDENTITY_FILE,
    KEYS_ELSEWHERE,
    DataDirectory,
    known_identity,
    sealer_of,
)
from mingjing.kernel.db import Database
from mingjing.kernel.durable import make_directory, sync
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.files import FileStore
from mingjing.kernel.installation import check_bound
from mingjing.kernel.migrate import SCHEMA_NEWER, upgrade


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what lies aside now."""

    name: str
    made_us: int
    rows: int
    aside: Path | None
    sessions_ended: int
    files_lost: int
    """Files that should have gone along, and are neither in the backup nor in the data directory."""


def restore(
    settings: Settings,
    folder: Path,
    actor: Actor,
    clock: Clock,
    scripts: Path,
    reconcile: Callable[[Database], None],
) -> Restored:
    """Put the backup in `folder` in place of the database. No program may run on the data directory.

    `reconcile` is asked, once the database stands, to enter what has happened to recordings since.
    Raises BKP-001 to BKP-004, SYS-040 (a program runs), SYS-041, SYS-042 (keys of another installation).
    """
    chosen = sets.whole(folder)
    with DataDirectory(settings.data.directory) as data:
        _refuse_foreign(settings, chosen)
        if known_identity(data.path) is None:
            _place(chosen.file(sets.IDENTITY), data.path / IDENTITY_FILE)
        now_us = clock.now_us()
        aside = data.path / BACKUPS / f"replaced-{now_us}"
        lost = _bring_files(chosen, FileStore(data.path / FILES))
        database = Database(settings.database_url(), clock)
        try:
            if database.sqlite_path is not None:
                _swap(chosen, database.sqlite_path, aside)
            else:
                _fill(chosen, database, scripts, data.path)
            signed = _set_checkpoints_aside(chosen, data.path, aside)
            _upgrade(database, scripts)
            with database.reading() as session:
                check_bound(session, chosen.manifest.installation)
            with database.transaction() as tx:
                facts = {
                    "backup": chosen.name,
                    "made_us": chosen.manifest.made_us,
                    "signed_since": signed,
                    "files_lost": lost,
                }
                record(tx, actor, "database.restore", Object("backup", chosen.name), facts)
                ended = end_every_session(tx, actor, "restore")
            reconcile(database)
            Keeper(database, settings.data.keys() / "journal.key", data.path / CHECKPOINTS).sign()
        finally:
            database.close()
    rows = sum(chosen.manifest.rows.values())
    return Restored(
        chosen.name, chosen.manifest.made_us, rows, aside if aside.exists() else None, ended, lost
    )


def _refuse_foreign(settings: Settings, chosen: sets.Set) -> None:
    """Before anything is written: directory and keys must be those of the backup."""
    folder, keys = settings.data.directory, settings.data.keys()
    known, about = known_identity(folder), chosen.manifest
    if known is not None and known.installation != about.installation:
        raise MingjingError(SET_ELSEWHERE, expected=known.installation, found=about.installation)
    # `sealer_of` would make a key for an empty directory, and no new key opens what is in the backup.
    found = sealer_of(folder, keys).key_id if (keys / "sealing.key").exists() else "空 nothing"
    if found != about.key_id:
        raise MingjingError(
            KEYS_ELSEWHERE, path=str(chosen.folder), keys=str(keys), expected=about.key_id, found=found
        )


def _bring_files(chosen: sets.Set, files: FileStore) -> int:
    """Put back what files there are; those made since stay. Returns how many are lost: the database is worth more than to
    wait for them, and each says so where it is asked for."""
    return sum(not files.copy_from(chosen.store.path(digest), digest) for digest in chosen.files() or {})


def _swap(chosen: sets.Set, database: Path, aside: Path) -> None:
    """The copy is whole and synced beside the old file before that is moved away."""
    coming = database.with_name(f".{database.name}.restoring")
    _place(chosen.file(sets.DATABASE), coming)
    for old in (database, *(database.with_name(database.name + suffix) for suffix in ("-wal", "-shm"))):
        if old.exists():
            make_directory(aside, 0o700)
            old.rename(aside / old.name)
            sync(aside)
    coming.rename(database)
    sync(database.parent)


def _fill(chosen: sets.Set, database: Database, scripts: Path, folder: Path) -> None:
    if inspect(database.engine).get_table_names():
        raise MingjingError(DATABASE_FILLED, url=database.url.render_as_string(hide_password=True))
    _upgrade(database, scripts)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=folder) as scratch:
        # The backup may be of an older version: it is brought up to this one before its rows move over.
        copy = Path(scratch) / sets.DATABASE
        _place(chosen.file(sets.DATABASE), copy)
        source = Database(f"sqlite:///{copy.absolute()}", database.clock)
        try:
            _upgrade(source, scripts)
            copy_rows(source, database)
        finally:
            source.close()


def _set_checkpoints_aside(chosen: sets.Set, data: Path, aside: Path) -> dict[str, object] | None:
    """Checkpoints of what was after the backup belong to another end of the chain; the last is named in the journal."""
    known = data / CHECKPOINTS
    last = None
    if known.exists():
        signed = CheckpointFile(known).read()
        last = {"seq": signed[-1].seq, "hash": signed[-1].hash} if signed else None
        make_directory(aside, 0o700)
        known.rename(aside / CHECKPOINTS)
        sync(aside)
        sync(data)
    if chosen.file(sets.CHECKPOINTS).exists():
        _place(chosen.file(sets.CHECKPOINTS), known)
    return last


def _upgrade(database: Database, scripts: Path) -> None:
    try:
        upgrade(database, scripts)
    except MingjingError as newer:
        if newer.kind is SCHEMA_NEWER:
            raise MingjingError(SCHEMA_STRANGE, found=newer.facts["found"]) from newer
        raise


def _place(source: Path, target: Path) -> None:
    """Copy a file to where nobody else reads it, synced."""
    shutil.copyfile(source, target)
    target.chmod(0o600)
    sync(target)
    sync(target.parent)
