"""`mingjing openapi`: the interface description, from the assembled program."""

import json
import tempfile
from pathlib import Path

import typer

from mingjing.app import Program
from mingjing.configuration import read
from mingjing.kernel import log
from mingjing.web.describing import description


def openapi() -> None:
    """Print the OpenAPI description of this version, and nothing else, on standard output."""
    log.configure("warning")
    with tempfile.TemporaryDirectory() as folder:
        found, _ = read(None, {"data.directory": Path(folder) / "data", "media.port": 0}, environment={})
        with Program(found) as program:
            typer.echo(json.dumps(description(program.web()), ensure_ascii=False, indent=1, sort_keys=True))
