"""`mingjing openapi`: the interface description, from the assembled program."""

import json
import tempfile
from pathlib import Path

import typer

from mingjing.app import Program
from mingjing.configuration import read
from mingjing.kernel import log


def openapi() -> None:
    """Print the OpenAPI description of this version, and nothing else, on standard output."""
    # Loaded by nothing else than this and a console that is served.
    from mingjing.app.console import console  # noqa: PLC0415
    from mingjing.web.describing import description  # noqa: PLC0415

    log.configure("warning")
    with tempfile.TemporaryDirectory() as folder:
        found, _ = read(None, {"data.directory": Path(folder) / "data", "media.port": 0}, environment={})
        with Program(found) as program:
            typer.echo(
                json.dumps(description(console(program)), ensure_ascii=False, indent=1, sort_keys=True)
            )
