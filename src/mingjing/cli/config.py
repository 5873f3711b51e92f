"""`mingjing config`: which settings are in force, and why; and what settings there are."""

import typer

from mingjing.cli.options import Config, Data
from mingjing.configuration import Settings, read
from mingjing.kernel.settings import described, explained

commands = typer.Typer(help="Settings", no_args_is_help=True)


@commands.command("show")
def show(config: Config = None, data: Data = None) -> None:
    """Every setting with its value and source; secrets masked."""
    found, sources = read(config, {"data.directory": data})
    rows = explained(found, sources)
    width = max(len(row.name) for row in rows)
    for row in rows:
        typer.echo(f"{row.name:<{width}}  {row.shown}  ({row.source})")


@commands.command("reference")
def reference() -> None:
    """Every setting there is, as the page docs/ref/settings.md has it."""
    typer.echo(described(Settings()), nl=False)
