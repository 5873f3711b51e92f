"""`mingjing camera`: the register of cameras, from the machine's own shell."""

import os
from dataclasses import replace
from typing import Annotated, Literal

import typer

from mingjing.cli.archive import Opened, archive, prober
from mingjing.cli.options import COMMAND_LINE, Config, Data, first_unit, settings
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.kernel.errors import MingjingError, define
from mingjing.media.causes import LegState
from mingjing.registry.probe import probe
from mingjing.registry.queries import CameraFilter, cameras, channels_in
from mingjing.registry.schema import CameraWish, ProbeWish
from mingjing.registry.service import register

commands = typer.Typer(help="Cameras", no_args_is_help=True)
PASSWORD_VARIABLE = "CAMERA_PASSWORD"  # noqa: S105  the name of a variable
Basic = Annotated[
    bool,
    typer.Option("--basic/--no-basic", help="Send the password in clear where the camera offers only Basic"),
]


CAMERA_UNCLEAR = define(
    "SYS-072",
    404,
    title=("无法确定摄像机", "Which camera is not clear"),
    detail=("名称或编号为“{text}”的摄像机有 {count} 台。", "{count} cameras have the name or id {text}."),
    remedy=(
        "请用 mingjing camera list 查看，并给出编号（ch_…）。",
        "Look with `mingjing camera list` and give its id (ch_…).",
    ),
)


def the_camera(at: Opened, text: str) -> tuple[str, str]:
    """Id and name of the one camera that is meant; one that left the register where no other has its name.

    Raises SYS-072.
    """
    with at.database.reading() as session:
        known = channels_in(session, system_scope(Action.CAMERA_READ))
    named = [row for row in known.values() if text in {row.id, row.name}]
    if len(named) > 1:
        named = [row for row in named if row.removed_us is None]
    if len(named) != 1:
        raise MingjingError(CAMERA_UNCLEAR, count=len(named), text=text)
    return named[0].id, named[0].name


@commands.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What people call it")],
    url: Annotated[str, typer.Argument(help="rtsp://host:554/path of the main stream, without a password")],
    division: Annotated[str, typer.Option(help="Division code, such as 420115")],
    sub: Annotated[str, typer.Option(help="Address of the sub-stream")] = "",
    user: Annotated[str, typer.Option(help="User name at the camera")] = "",
    organisation: Annotated[str, typer.Option(help="Unit; default: the first one")] = "",
    basic: Basic = True,
    config: Config = None,
    data: Data = None,
) -> None:
    """Register a camera. Its password is asked for, or read from CAMERA_PASSWORD; never an argument."""
    password = os.environ.get(PASSWORD_VARIABLE, "")
    if user and not password:
        password = typer.prompt("口令 Password", hide_input=True, default="", show_default=False)
    streams = [{"kind": "main", "url": url}] + ([{"kind": "sub", "url": sub}] if sub else [])
    with archive(settings(config, data)) as at, at.database.transaction() as tx:
        unit = organisation or first_unit(tx)
        wish = CameraWish.model_validate(
            {
                "name": name,
                "division": division,
                "organisation": unit,
                "streams": streams,
                "user": user or None,
                "password": password or None,
                "allow_basic": basic,
            }
        )
        made = register(tx, COMMAND_LINE, system_scope(Action.CAMERA_WRITE), wish, at.cameras)
    typer.echo(made.row.id)


@commands.command("test")
def test(
    url: Annotated[str, typer.Argument(help="rtsp://host:554/path, without a password")],
    user: Annotated[str, typer.Option(help="User name at the camera")] = "",
    transport: Annotated[
        Literal["auto", "tcp", "udp", "udp_only"], typer.Option(help="How to carry the packets")
    ] = "auto",
    basic: Basic = True,
    config: Config = None,
    data: Data = None,
) -> None:
    """Try an address leg by leg and say in words what fails. Exit code 1 where it gives no pictures.

    The password is asked for, or read from CAMERA_PASSWORD; never an argument.
    """
    password = os.environ.get(PASSWORD_VARIABLE, "")
    if user and not password:
        password = typer.prompt("口令 Password", hide_input=True, default="", show_default=False)
    wish = ProbeWish.model_validate(
        {
            "url": url,
            "user": user or None,
            "password": password or None,
            "transport": transport,
            "allow_basic": basic,
        }
    )
    wanted = settings(config, data)
    with archive(wanted) as at:
        site = replace(at.cameras, node=prober(wanted))
        found = probe(at.database, COMMAND_LINE, system_scope(Action.CAMERA_WRITE), wish, site)
    for leg in found.legs:
        typer.echo(f"{leg.state:<12}{leg.name} {leg.name_en}")
        for line in (leg.sentence, leg.sentence_en):
            if leg.state == LegState.FAILED and line:
                typer.echo(f"{'':<12}{line}")
    typer.echo(f"{found.summary}\n{found.summary_en}")
    if any(leg.state == LegState.FAILED for leg in found.legs):
        raise typer.Exit(1)


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
