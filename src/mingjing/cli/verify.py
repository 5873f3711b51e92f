"""`mingjing verify`: what the program can prove about what it keeps."""

from pathlib import Path
from typing import Annotated

import typer

from mingjing.app.continuity import CHECKPOINTS
from mingjing.audit.chain import Checkpoint
from mingjing.audit.keeper import Keeper
from mingjing.audit.service import CheckpointFile
from mingjing.cli.options import Config, Data, settings, store

Elsewhere = Annotated[
    Path | None,
    typer.Option(
        "--checkpoints",
        exists=True,
        dir_okay=False,
        help="Checkpoints kept elsewhere, as they were handed out, one a line (JSON)",
    ),
]

commands = typer.Typer(help="Check the journal and the recordings", no_args_is_help=True)


@commands.command("journal")
def journal(config: Config = None, data: Data = None, checkpoints: Elsewhere = None) -> None:
    """Follow the journal's chain from its beginning; name the first broken entry.

    Whoever owns this machine can put an older database in place, and older checkpoints beside it: those that were
    kept elsewhere show it.
    """
    found = settings(config, data)
    with store(found) as database:
        keeper = Keeper(database, found.data.keys() / "journal.key", found.data.directory / CHECKPOINTS)
        verdict, _ = keeper.verify(_read(checkpoints) if checkpoints else [])
    if verdict.ok:
        typer.echo(
            f"完整 whole: {verdict.entries} 条 entries, {verdict.checkpoints} 个检查点 checkpoints, 末条 head {verdict.head}"
        )
        return
    typer.secho(
        f"已损坏 broken: 第 {verdict.broken_seq} 条 entry {verdict.broken_seq} ({verdict.reason})",
        fg="red",
        err=True,
    )
    raise typer.Exit(1)


def _read(file: Path) -> list[Checkpoint]:
    """The checkpoints in a file; none is a mistake, as it would prove nothing."""
    try:
        found = CheckpointFile(file).read()
    except OSError as problem:
        raise typer.BadParameter(f"文件无法读取。 The file cannot be read: {problem.strerror}") from problem
    if not found:
        raise typer.BadParameter("文件中没有检查点。 The file holds no checkpoint.")
    return found
