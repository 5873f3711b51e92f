"""Do data directory, database and disks belong together? Asked at start, before anything is written.

Where something is gone or foreign the program says so and refuses; going on without it is a person's own command.
"""

from pathlib import Path

from mingjing.audit.service import Actor, Object, record
from mingjing.backup import sets
from mingjing.configuration import Settings
from mingjing.kernel.data_directory import Identity
from mingjing.kernel.db import Database
from mingjing.kernel.durable import sync
from mingjing.kernel.errors import MingjingError, define
from mingjing.kernel.installation import bind, storages
from mingjing.kernel.migrate import revision, upgrade
from mingjing.media.node import IDENTITY_ON_DISK

CHECKPOINTS = "checkpoints.jsonl"
BACKUPS = "backups"
FILES = "files"

DATABASE_LOST = define(
    "SYS-044",
    409,
    title=("数据库不见了", "The database is gone"),
    detail=(
        "数据目录 {path} 属于已经运行过的系统 {installation}，但其数据库不存在或为空。",
        "The data directory {path} belongs to {installation}, which has run before, but its database is missing or "
        "empty.",
    ),
    remedy=(
        "请运行 mingjing restore newest（最近的备份：{backup}），备份之后的录像会自动补入索引。没有备份时，"
        "运行 mingjing recordings rebuild "
        "--new-database：由录像文件重建索引，账号、摄像机与日志从头开始。未作任何改动。",
        "Run `mingjing restore newest` (newest backup: {backup}); recordings made since are adopted by themselves. "
        "Without a backup run `mingjing recordings rebuild --new-database`: the index is made from the files, while accounts, "
        "cameras and journal begin anew. Nothing was changed.",
    ),
)
DATABASE_THERE = define(
    "SYS-048",
    409,
    title=("数据库还在", "There is a database"),
    detail=("数据目录 {path} 的数据库并未丢失。", "The database of {path} is not lost."),
    remedy=(
        "不需要新建数据库；运行 mingjing recordings rebuild 即可补全索引。",
        "No new one is needed; `mingjing recordings rebuild` completes the index.",
    ),
)
STORAGE_ABSENT = define(
    "SYS-047",
    409,
    title=("录像磁盘不在", "A disk of recordings is not there"),
    detail=(
        "{root} 中应有本系统的录像，但那里没有身份文件，也没有录像。",
        "{root} should hold recordings of this installation, but there is neither an identity file nor a recording.",
    ),
    remedy=(
        "请检查磁盘是否已挂载；若确已更换新盘，请运行 mingjing recordings adopt-disk {root}。",
        "Check that the disk is mounted; if it was replaced by a new one, run `mingjing recordings adopt-disk {root}`.",
    ),
)


def refuse_lost_database(settings: Settings, before: Identity | None, database: Database) -> None:
    """Raise SYS-044 where a program has run in this directory and its database is gone.

    A first start that was ended before it had made anything may be repeated.
    """
    if before is None or revision(database) is not None or not _anything_to_lose(settings):
        return
    backups = sets.sets_in(settings.backups())
    raise MingjingError(
        DATABASE_LOST,
        path=str(settings.data.directory),
        installation=before.installation,
        backup=str(backups[-1].folder) if backups else "无 none",
    )


def refuse_absent_storages(settings: Settings, installation: str, database: Database) -> None:
    """Raise SYS-047 where a disk that was recorded on is empty: it is not mounted, or another one."""
    with database.reading() as session:
        used = storages(session)
    for pool, root in settings.pools().items():
        if f"{installation}/{pool}" in used and not (root / IDENTITY_ON_DISK).exists() and not _holds(root):
            raise MingjingError(STORAGE_ABSENT, root=str(root))


def begin_anew(
    settings: Settings, identity: Identity, database: Database, scripts: Path, actor: Actor
) -> None:
    """Make an empty database in place of one that is lost; its journal begins by saying so. Raises SYS-048.

    Checkpoints of the lost journal are set aside, as they belong to another chain.
    """
    if revision(database) is not None:
        raise MingjingError(DATABASE_THERE, path=str(settings.data.directory))
    aside = settings.data.directory / f"checkpoints-until-{database.clock.now_us()}.jsonl"
    known = settings.data.directory / CHECKPOINTS
    upgrade(database, scripts)
    if known.exists():
        known.rename(aside)
        sync(aside.parent)
    with database.transaction() as tx:
        bind(tx, identity.installation)
        facts = {"checkpoints": aside.name if aside.exists() else None}
        record(tx, actor, "database.begin_anew", Object("installation", identity.installation), facts)


def _anything_to_lose(settings: Settings) -> bool:
    folder = settings.data.directory
    if (
        (folder / CHECKPOINTS).exists()
        or any((folder / BACKUPS).glob("*.sqlite3"))
        or sets.sets_in(settings.backups())
    ):
        return True
    return any(_holds(root) for root in settings.storage_roots())


def _holds(root: Path) -> bool:
    """Whether recordings lie in a storage root."""
    return root.is_dir() and any(one.is_dir() and one.name != "lost+found" for one in root.iterdir())
