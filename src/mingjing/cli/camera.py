"""`mingjing camera`: the register of cameras, from the machine's own shell."""

import os
from typing import Annotated

import typer

from mingjing.cli.archive import archive
from mingjing.cli.options import COMMAND_LINE, Config, Data, settings
from mingjing.identity.actions import Action
from mingjing.identity.queries import organisations
from mingjing.identity.scope import system_scope
from mingjing.registry.queries import CameraFilter, cameras
from mingjing.registry.schema import CameraWish
from mingjing.registry.service import register

commands = typer.Typer(help="Cameras", no_args_is_help=True)
PASSWORD_VARIABLE = "CAMERA_PASSWORD"  # noqa: S105  the name of a variable


@commands.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What people call it")],
    url: Annotated[str, typer.Argument(help="rtsp://host:554/path of the main stream, without a password")],
    division: Annotated[str, typer.Option(help="Division code, such as 420115")],
    sub: Annotated[str, typer.Option(help="Address of the sub-stream")] = "",
    user: Annotated[str, typer.Option(help="User name at the camera")] = "",
    organisation: Annotated[str, typer.Option(help="Unit; default: the first one")] = "",
    config: Config = None,
    data: Data = None,
) -> None:
    """Register a camera. Its password is asked for, or read from CAMERA_PASSWORD; never an argument."""
    password = os.environ.get(PASSWORD_VARIABLE, "")
    if user and not password:
        password = typer.prompt("口令 Password", hide_input=True, default="", show_default=False)
    streams = [{"kind": "main", "url": url}] + ([{"kind": "sub", "url": sub}] if sub else [])
    with archive(settings(config, data)) as at, at.database.transaction() as tx:
        unit = organisation or organisations(tx.session)[0].id
        wish = CameraWish.model_validate(
            {
                "name": name,
                "division": division,
                "organisation": unit,
                "streams": streams,
                "user": user or None,
                "password": password or None,
            }
        )
        made = register(tx, COMMAND_LINE, system_scope(Action.CAMERA_WRITE), wish, at.cameras)
    typer.echo(made.row.id)


@commands.command("list")
def show(
    text: Annotated[str, typer.Argument(help="Name, pinyin, initials, id or address")] = "",
    config: Config = None,
    data: Data = None,
) -> None:
    """List cameras: id, name, division, main stream."""
    with archive(settings(config, data)) as at, at.database.reading() as session:
        after = None
        while True:
            page = cameras(session, system_scope(Action.CAMERA_READ), CameraFilter(text=text), 500, after)
            for found in page.items:
                main = found.streams.get("main")
                state = "enabled" if found.row.enabled else "disabled"
                typer.echo(
                    f"{found.row.id}\t{found.row.name}\t{found.row.division}\t{state}\t{main and main.url}"
                )
            after = page.next
            if after is None:
                return
