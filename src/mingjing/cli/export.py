"""`mingjing export`: one camera's range as a clip, from the machine's own shell."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from mingjing.cli.archive import Opened, archive
from mingjing.cli.camera import the_camera
from mingjing.cli.moments import length, moment_us, shown
from mingjing.cli.options import COMMAND_LINE, Config, Data, settings
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.recording.clips import cut_to, estimate
from mingjing.recording.schema import ChannelEstimate, ExportWish

TIME = "TIME"


def export(
    camera: Annotated[str, typer.Argument(help="Id (ch_…), or a name that only one camera has")],
    begin: Annotated[
        int,
        typer.Option("--from", parser=moment_us, metavar=TIME, help="2026-11-23T08:00:00, Beijing time"),
    ],
    end: Annotated[
        int, typer.Option("--to", parser=moment_us, metavar=TIME, help="As --from; at most 24 hours later")
    ],
    out: Annotated[Path, typer.Option(dir_okay=False, help="The clip to write (.mp4); never written over")],
    reason: Annotated[str, typer.Option(help="Why, for the journal")] = "命令行导出 from the command line",
    audio: Annotated[bool, typer.Option("--audio/--no-audio", help="With sound or without")] = True,
    config: Config = None,
    data: Data = None,
) -> None:
    """Export a range of a camera as one MP4 that any player plays; works beside a running system.

    What is missing of the range is listed before it begins, and the journal says who took what, with digests.
    Exit code 0: the whole range; 1: a clip with what is there of it; 2: no clip, with the reason.
    """
    with archive(settings(config, data)) as at:
        channel, name = the_camera(at, camera)
        wish = ExportWish(channels=[channel], from_us=begin, until_us=end, audio=audio, reason=reason)
        missing = _tell_before(at, wish, name)
        made = cut_to(
            at.database,
            COMMAND_LINE,
            system_scope(Action.EXPORT),
            wish,
            at.recording,
            out.absolute(),
            _tell_progress,
        )
    typer.echo(f"已导出 exported: {out}  {made.bytes} bytes\nSHA-256 {made.sha256}\nSM3     {made.sm3}")
    if missing:
        raise typer.Exit(1)


def _tell_before(at: Opened, wish: ExportWish, name: str) -> bool:
    """Say what the clip will hold and what it will miss; returns whether anything is missing."""
    with at.database.reading() as session:
        now_us = at.database.clock.now_us()
        found: ChannelEstimate = estimate(session, system_scope(Action.EXPORT), wish, now_us).channels[0]
    typer.echo(
        f"{name} {found.channel}  {shown(wish.from_us)} – {shown(wish.until_us)} (北京时间 Beijing time)"
    )
    typer.echo(f"有录像 recorded: {length(found.kept_us)}, {found.bytes / 1e6:.1f} MB")
    for gap in found.gaps:
        line = f"缺失 missing: {shown(gap.from_us)} – {shown(gap.until_us)}  {length(gap.until_us - gap.from_us)}"
        typer.secho(f"{line}  {gap.reason}", fg="yellow")
    return bool(found.gaps)


def _tell_progress(done: int, total: int) -> None:
    """One line that is written over, on a terminal; nothing in a file or a pipe."""
    if sys.stderr.isatty():
        typer.echo(f"\r剪辑 cutting {done}/{total}" + ("\n" if done == total else ""), nl=False, err=True)
