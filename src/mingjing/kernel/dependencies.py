"""What routes of several rooms ask for. Apart, so that recording does not wait for the console to be loaded."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from mingjing.kernel.files import FileStore


def _of_program(connection: HTTPConnection) -> FileStore:
    found = connection.app.state.files
    if not isinstance(found, FileStore):
        raise TypeError("the program has no store of files")
    return found


Files = Annotated[FileStore, Depends(_of_program)]
"""The files of the running program, as a route's argument."""
