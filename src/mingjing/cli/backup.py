"""`mingjing backup` and `mingjing restore`: copies of the database and its files, from the machine's own shell."""

from pathlib import Path
from typing import Annotated

import typer

from mingjing.app import backup_source, migrations
from mingjing.app.continuity import CHECKPOINTS
from mingjing.app.restoring import restore as put_back
from mingjing.audit.keeper import Keeper
from mingjing.backup import sets
from mingjing.backup.errors import NO_BACKUP
from mingjing.backup.room import note_drill
from mingjing.backup.taking import Source, drill, take
from mingjing.cli.archive import archive
from mingjing.cli.moments import shown
from mingjing.cli.options import COMMAND_LINE, Config, Data, settings
from mingjing.configuration import Settings
from mingjing.kernel.clock import SystemClock
from mingjing.kernel.data_directory import require_identity, sealer_of
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.recording.restored import close_expired

commands = typer.Typer(help="Backups of the database: now, list, drill", no_args_is_help=True)


@commands.command("now")
def now(config: Config = None, data: Data = None) -> None:
    """Make a backup beside the running program. Recordings are no part of it, nor are keys."""
    found = settings(config, data)
    with archive(found) as at:
        made = take(_source(found, at.database), found.backup.keep, COMMAND_LINE)
    typer.echo(f"{made.folder}\t{made.bytes} bytes\t{sum(made.manifest.rows.values())} rows")
    typer.echo(
        f"密钥不在备份中，请另行保管 keys are no part of it, keep them elsewhere: {found.data.keys().absolute()}"
    )


@commands.command("list")
def show(config: Config = None, data: Data = None) -> None:
    """List backups, oldest first, each held against its manifest. Exit code 1 where one does not hold."""
    found = settings(config, data)
    faulty = 0
    kept = sets.sets_in(found.backups())
    if not kept:
        typer.echo(f"还没有备份 there is no backup yet: {found.backups()}")
    for one in kept:
        faults = one.faults()
        if not faults and (lacking := one.lacking()):
            faults = [f"缺 {len(lacking)} 个文件 files are missing, {lacking[0]}"]
        faulty += bool(faults)
        verdict = "; ".join(faults) or "完整 whole"
        typer.echo(f"{one.folder}\t{shown(one.manifest.made_us)}\t{one.bytes} bytes\t{verdict}")
    if faulty:
        raise typer.Exit(1)


@commands.command("drill")
def try_out(config: Config = None, data: Data = None) -> None:
    """Restore the newest backup into a scratch folder and check it through. Exit code 1 where it does not hold."""
    found = settings(config, data)
    with archive(found) as at:
        kept = sets.sets_in(found.backups())
        if not kept:
            raise MingjingError(NO_BACKUP, path=str(found.backups()))
        source = _source(found, at.database)
        done = drill(source, kept[-1], COMMAND_LINE)
        note_drill(source, done, at.database.clock.now_us())
    if not done.held:
        typer.secho(f"{done.name}\t{'; '.join(done.problems)}", fg="red", err=True)
        raise typer.Exit(1)
    typer.echo(f"{done.name}\t可恢复 restores\t{done.milliseconds} ms")


def restore(
    backup: Annotated[Path, typer.Argument(help="Folder of a backup, or `newest`")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask")] = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Put a backup in place of the database; what was there is set aside. Stop the program first.

    Recordings made since the backup are taken in by the next start. Everybody has to sign in again; changes of
    accounts, rights and tokens since the backup are undone, so look them through.
    """
    found = settings(config, data)
    folder = _newest(found) if str(backup) == "newest" else backup
    about = sets.read(folder).manifest
    if not yes:
        typer.confirm(
            f"恢复到 restore the state of {shown(about.made_us)} 北京时间 Beijing time?", abort=True
        )

    def reconcile(_: Database) -> None:
        with archive(found) as at:
            close_expired(at.database, at.recording)

    done = put_back(found, folder, COMMAND_LINE, SystemClock(), migrations(), reconcile)
    typer.echo(f"已恢复 restored: {done.name}, {done.rows} rows, {done.sessions_ended} sessions ended")
    if done.files_lost:
        typer.secho(
            f"{done.files_lost} 个材料或照片文件不在备份中 files of documents and pictures are not in the backup",
            fg="red",
            err=True,
        )
    if done.aside is not None:
        typer.echo(f"原数据已移至 what was there lies in {done.aside}")


def _newest(found: Settings) -> Path:
    kept = sets.sets_in(found.backups())
    if not kept:
        raise MingjingError(NO_BACKUP, path=str(found.backups()))
    return kept[-1].folder


def _source(found: Settings, database: Database) -> Source:
    folder, keys = found.data.directory, found.data.keys()
    identity = require_identity(folder, sealer_of(folder, keys).key_id, keys)
    return backup_source(
        found, database, identity, Keeper(database, keys / "journal.key", folder / CHECKPOINTS)
    )
