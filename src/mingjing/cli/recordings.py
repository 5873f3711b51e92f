"""`mingjing recordings`: files against the index, from the machine's own shell."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from mingjing.app import migrations
from mingjing.app.continuity import begin_anew
from mingjing.cli.archive import archive
from mingjing.cli.camera import the_camera
from mingjing.cli.moments import moment_us, shown
from mingjing.cli.options import COMMAND_LINE, Config, Data, settings
from mingjing.configuration import Settings
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.kernel.clock import SystemClock
from mingjing.kernel.data_directory import DataDirectory, require_identity, sealer_of
from mingjing.kernel.db import Database
from mingjing.media.model import DamagedFile
from mingjing.recording import archive as files
from mingjing.recording import importing, timeline
from mingjing.recording.intervals import Interval
from mingjing.recording.rules import HOUR_US
from mingjing.recording.schema import ImportWish
from mingjing.registry.queries import channels_in

commands = typer.Typer(help="Recordings: files and index", no_args_is_help=True)
record = typer.Typer(help="What is recorded", no_args_is_help=True)
LIST_MOST = 500


@record.command("list")
def show(
    hours: Annotated[int, typer.Option(min=1, max=9600, help="How far to look back")] = 24,
    config: Config = None,
    data: Data = None,
) -> None:
    """List cameras with their completeness and gaps of the last hours."""
    with archive(settings(config, data)) as at, at.database.reading() as session:
        now = at.database.clock.now_us()
        scope = system_scope(Action.RECORDING_READ)
        names = {row.id: row.name for row in channels_in(session, scope).values()}
        window = Interval(now - hours * HOUR_US, now)
        for lane in timeline.lanes(session, scope, list(names)[:LIST_MOST], window, 0, now):
            gaps = [span for span in lane.spans or [] if span.kind == "gap"]
            reasons = ",".join(sorted({span.reason or "unknown" for span in gaps})) or "-"
            percent = "-" if lane.percent is None else f"{lane.percent:.1f} %"
            typer.echo(
                f"{lane.channel}\t{names[lane.channel]}\t{percent}\t{len(gaps)} 段缺口 gaps\t{reasons}"
            )


@commands.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, resolve_path=True)],
    channel: Annotated[str, typer.Option(help="Camera: id (ch_…), or a name that only one has")],
    start: Annotated[
        int,
        typer.Option(
            parser=moment_us, metavar="TIME", help="Its first picture: 2026-11-23T08:00:00, Beijing time"
        ),
    ],
    config: Config = None,
    data: Data = None,
) -> None:
    """Bring in a file (MP4, MOV, MKV, MPEG-TS, MPEG-PS, AVI, FLV; H.264, H.265) as recordings of a camera.

    Nothing is encoded anew; the segments are marked as imported.
    """
    with archive(settings(config, data)) as at:
        wish = ImportWish(path=str(file), channel=the_camera(at, channel)[0], start_us=start)
        scope = system_scope(Action.RECORDING_IMPORT)
        found = importing.bring_in(at.database, COMMAND_LINE, scope, wish, at.recording)
    typer.echo(
        f"已导入 brought in: {found.segments} segments, {found.bytes} bytes\n"
        f"{shown(found.from_us)} – {shown(found.until_us)} 北京时间 Beijing time"
    )
    if found.sound_left_out:
        typer.echo(
            f"声音编码不支持，未导入 sound was left out, its codec is not carried: {found.sound_left_out}"
        )


@commands.command("rebuild")
def rebuild(
    new_database: Annotated[
        bool,
        typer.Option(
            "--new-database", help="The database is lost: make an empty one; accounts and cameras begin anew"
        ),
    ] = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Enter every segment that the index does not know, from the files alone.

    Only names and trailers are read, which is why it is fast: a file whose trailer holds is believed. Check the bytes
    with `mingjing verify recordings --depth hash`. Files found damaged are listed, and the exit status is 1.
    """
    found = settings(config, data)
    damaged = 0

    def show(pool: str, file: DamagedFile) -> None:
        nonlocal damaged
        damaged += 1
        typer.secho(f"{pool}\t{file.path}\t{file.problem}", fg="red", err=True)

    if new_database:
        _new_database(found)
    with archive(found) as at:
        entered = files.rebuild(at.database, at.recording, show)
    typer.echo(
        f"补入 entered: {entered} segments，损坏 damaged: {damaged}\n"
        "只读取了文件名与尾部；核对内容请运行 mingjing verify recordings --depth hash\n"
        "Only names and trailers were read; check bytes with: mingjing verify recordings --depth hash"
    )
    if new_database:
        typer.echo(
            "已新建数据库；启动后请重新登记摄像机。下一次 mingjing serve 会打印新的管理员密码。\n"
            "There is a new database: the next `mingjing serve` prints a new administrator's password."
        )
    if damaged:
        raise typer.Exit(1)


@commands.command("adopt-disk")
def adopt_disk(
    root: Annotated[Path, typer.Argument(exists=True, file_okay=False, resolve_path=True)],
    config: Config = None,
    data: Data = None,
) -> None:
    """Say that a directory of recordings belongs to this installation: a new disk, or a restored one."""
    with archive(settings(config, data)) as at:
        pool = files.adopt_disk(at.database, COMMAND_LINE, root, at.recording)
    typer.echo(f"{root}: {pool}")


def _new_database(found: Settings) -> None:
    folder, keys = found.data.directory, found.data.keys()
    # The directory's lock: never beside a running program.
    with DataDirectory(folder):
        identity = require_identity(folder, sealer_of(folder, keys).key_id, keys)
        database = Database(found.database_url(), SystemClock())
        try:
            begin_anew(found, identity, database, migrations(), COMMAND_LINE)
        finally:
            database.close()


def verify(
    depth: Annotated[Literal["presence", "size", "hash"], typer.Option(help="How closely to look")] = "size",
    config: Config = None,
    data: Data = None,
) -> None:
    """Check every segment's file; say what is wrong with which."""
    checked = faults = 0
    with archive(settings(config, data)) as at:
        for item in files.verify(at.database, at.recording, depth):
            if isinstance(item, int):
                checked = item
                continue
            faults += 1
            typer.secho(f"{item.segment}\t{', '.join(item.problems)}", fg="red", err=True)
    typer.echo(f"已核对 checked: {checked}，有问题 faults: {faults} ({depth})")
    if faults:
        raise typer.Exit(1)
