"""`mingjing config`: which settings are in force, and why."""

import typer

from mingjing.cli.options import Config, Data
from mingjing.configuration import read
from mingjing.kernel.settings import explained

commands = typer.Typer(help="Settings", no_args_is_help=True)


@commands.command("show")
def show(config: Config = None, data: Data = None) -> None:
    """Every setting with its value and source; secrets masked."""
    found, sources = read(config, {"data.directory": data})
    rows = explained(found, sources)
    width = max(len(row.name) for row in rows)
    for row in rows:
        typer.echo(f"{row.name:<{width}}  {row.shown}  ({row.source})")
