"""`mingjing`: the command line. Each family of commands has its file; exit codes: 0 well, 1 found wanting, 2 misuse."""

import io
import os
import sys
from typing import Annotated, NoReturn

import typer

from mingjing.app import version
from mingjing.cli import (
    backup,
    camera,
    clock,
    config,
    division,
    doctor,
    export,
    interface,
    recordings,
    serve,
    user,
    verify,
)
from mingjing.cli.failing import FAILURES, check_arguments, in_words
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.text import shown

application = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mingjing {version()}")
        raise typer.Exit


@application.callback()
def program(
    _: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version and end")
    ] = False,
) -> None:
    """明镜 Mingjing: public-safety video, live, recorded and accounted for."""
    # Database, recordings and exports are nobody else's, whatever shell or service has started us.
    os.umask(os.umask(0o077) | 0o027)


application.command("serve")(serve.serve)
application.add_typer(user.commands, name="user")
application.add_typer(config.commands, name="config")
application.add_typer(verify.commands, name="verify")
verify.commands.command("recordings")(recordings.verify)
application.add_typer(camera.commands, name="camera")
application.add_typer(division.commands, name="division")
application.add_typer(clock.commands, name="clock")
application.add_typer(recordings.commands, name="recordings")
application.add_typer(recordings.record, name="record")
application.add_typer(backup.commands, name="backup")
application.command("restore")(backup.restore)
application.command("export")(export.export)
application.command("doctor")(doctor.doctor)
application.command("openapi")(interface.openapi)


def main() -> None:
    """The entry point. What goes wrong is told in both languages; everything else is a defect."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a Chinese character shows a mark in its place, and the program goes on.
            stream.reconfigure(errors="replace")
    try:
        check_arguments(sys.argv[1:])
        application()
    except MingjingError as error:
        _end(error)
    except FAILURES as failure:
        _end(in_words(failure))


def _end(error: MingjingError) -> NoReturn:
    for sentence in error.sentence().splitlines():
        typer.secho(shown(sentence), fg="red", err=True)
    sys.exit(2)
