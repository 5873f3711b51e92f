"""Bring the database to the schema of this program, at start.

A SQLite file is copied aside first; the whole way up is one transaction on both databases, so that a kill leaves
the old schema or the new one. A database from a newer program is refused.
"""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import structlog
from sqlalchemy import inspect, text

from mingjing.kernel.db import Database
from mingjing.kernel.durable import make_directory, sync
from mingjing.kernel.errors import MingjingError, define

_log = structlog.get_logger(__name__)
BACKUPS_KEPT = 5
_UNFINISHED = ".part"
_SCRIPT = re.compile(r"r(\d{4})_\w+\.py")

SCHEMA_NEWER = define(
    "SYS-050",
    500,
    title=("数据库来自更新的版本", "The database comes from a newer version"),
    detail=(
        "数据库结构版本 {found} 是本程序不认识的，本程序最新为 {ours}。",
        "The database has the schema {found}, which this program does not know; its newest is {ours}.",
    ),
    remedy=(
        "请升级程序，或恢复升级前的备份。数据未作改动。",
        "Upgrade the program, or restore the backup made before the upgrade. Nothing was changed.",
    ),
)


def revision(database: Database) -> str | None:
    """The schema that the database has; None for an empty one, and for a SQLite file that is not there."""
    path = database.sqlite_path
    if path is not None and not path.exists():
        return None
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(database: Database, scripts: Path, backups: Path | None = None) -> str:
    """Run every migration in `scripts` that is missing; return the revision reached.

    Before anything changes, a SQLite file is copied into `backups`, of which the newest five stay.
    Raises SYS-050 where the database is newer than we are.
    """
    known = revisions(scripts)
    newest = known[-1]
    found = revision(database)
    if found == newest:
        return newest
    if found is not None and found not in known:
        raise MingjingError(SCHEMA_NEWER, found=found, ours=newest)
    if found is not None and backups is not None and database.sqlite_path is not None:
        _backup(database.sqlite_path, backups, found, database.clock.now_us())
    _log.info("schema_upgrade", found=found, reaching=newest)
    _climb(database, scripts)
    return newest


def revisions(scripts: Path) -> list[str]:
    """Every revision there is, oldest first, by the names of its scripts (`r0003_….py` is `0003`)."""
    return sorted(
        found[1] for path in scripts.glob("versions/*.py") if (found := _SCRIPT.fullmatch(path.name))
    )


def _climb(database: Database, scripts: Path) -> None:
    # A third of a second to load, and a start after the first has nothing to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    with database.engine.execution_options(mingjing_begin="IMMEDIATE").begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _backup(source: Path, folder: Path, revision: str, now_us: int) -> None:
    make_directory(folder, 0o700)
    target = folder / f"{source.stem}-{now_us}-{revision}.sqlite3"
    # It gets its name when it is whole: what a kill leaves is never taken for a backup.
    for cut_off in folder.glob(f"{source.stem}-*{_UNFINISHED}*"):
        cut_off.unlink()
    making = target.with_name(target.name + _UNFINISHED)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(making)) as copy:
        old.backup(copy)
        if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError(f"the backup {target.name} is not sound")
    making.chmod(0o600)
    sync(making)
    making.rename(target)
    sync(folder)
    for stale in sorted(folder.glob(f"{source.stem}-*.sqlite3"))[:-BACKUPS_KEPT]:
        stale.unlink()
