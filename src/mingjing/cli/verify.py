"""`mingjing verify`: what the program can prove about what it keeps."""

import typer

from mingjing.app.continuity import CHECKPOINTS
from mingjing.audit.keeper import Keeper
from mingjing.cli.options import Config, Data, settings, store

commands = typer.Typer(help="Check the journal and the recordings", no_args_is_help=True)


@commands.command("journal")
def journal(config: Config = None, data: Data = None) -> None:
    """Follow the journal's chain from its beginning; name the first broken entry."""
    found = settings(config, data)
    with store(found) as database:
        keeper = Keeper(database, found.data.keys() / "journal.key", found.data.directory / CHECKPOINTS)
        verdict, _ = keeper.verify()
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
