"""`mingjing division`: administrative divisions, from the machine's own shell."""

from pathlib import Path
from typing import Annotated

import typer

from mingjing.cli.options import COMMAND_LINE, Config, Data, settings, store
from mingjing.territory.service import load_table

commands = typer.Typer(help="Divisions", no_args_is_help=True)


@commands.callback()
def divisions() -> None:
    """Administrative divisions and functional zones."""


@commands.command("load")
def load(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV in UTF-8: code,name and more")
    ],
    config: Config = None,
    data: Data = None,
) -> None:
    """Enter every division of a CSV table, or none where a row is wrong. What exists gets the name."""
    with store(settings(config, data)) as database, database.transaction() as tx:
        found = load_table(tx, COMMAND_LINE, file.read_bytes())
    typer.echo(f"{found.rows} 行 rows, {found.entered} 新增 entered, {found.renamed} 更名 renamed")
