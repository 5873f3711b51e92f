"""Options that commands share, and what they open: settings, and the database beside a running program."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from mingjing.app import migrations
from mingjing.app.continuity import BACKUPS, refuse_lost_database
from mingjing.audit.service import Actor
from mingjing.configuration import Settings, read
from mingjing.identity.queries import organisations
from mingjing.kernel.clock import SystemClock
from mingjing.kernel.data_directory import known_identity
from mingjing.kernel.db import Database, Transaction
from mingjing.kernel.errors import MingjingError, define
from mingjing.kernel.installation import check_bound
from mingjing.kernel.migrate import revision, upgrade

Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="Settings file (TOML); also MINGJING_CONFIG")
]
Data = Annotated[Path | None, typer.Option("--data", help="Data directory")]


def login() -> str:
    """Who sits at this shell: the account of the machine, and behind `sudo` the one that called it."""
    try:
        own = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        own = str(os.getuid())
    behind = os.environ.get("SUDO_USER", "")
    return f"{behind} → {own}" if behind else own


COMMAND_LINE = Actor("command", "command-line", f"命令行 command line ({login()})")
"""The machine's owner at its own shell."""

NO_DATA = define(
    "SYS-070",
    404,
    title=("尚无数据", "No data yet"),
    detail=("数据目录 {path} 中没有数据库。", "There is no database in the data directory {path}."),
    remedy=(
        "请先运行 mingjing serve，或用 --data 指定正确的目录。",
        "Run `mingjing serve` first, or name the right directory with --data.",
    ),
)


def settings(config: Path | None, data: Path | None, **flags: Any) -> Settings:
    """The effective settings with these flags. Raises SYS-030, SYS-031, SYS-032."""
    found, _ = read(config, {"data.directory": data, **flags})
    return found


def first_unit(tx: Transaction) -> str:
    """The unit that is meant where none is named. Raises SYS-070 where the first start has not come that far."""
    found = organisations(tx.session)
    if not found:
        raise MingjingError(NO_DATA)
    return found[0].id


@contextmanager
def store(found: Settings) -> Iterator[Database]:
    """The database, without the data directory's lock: commands work beside a running program.

    Raises SYS-070 where there is none yet, SYS-044 where it is lost, SYS-045 where it is another installation's.
    """
    database = Database(found.database_url(), SystemClock())
    known = known_identity(found.data.directory)
    try:
        refuse_lost_database(found, known, database)
        if revision(database) is None:
            raise MingjingError(NO_DATA, path=str(found.data.directory))
        upgrade(database, migrations(), found.data.directory / BACKUPS)
        if known is not None:
            with database.reading() as session:
                check_bound(session, known.installation)
        yield database
    finally:
        database.close()
