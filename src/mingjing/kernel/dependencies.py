"""What routes ask the running program for. Apart from what they get, so that recording does not wait for the console to be
loaded."""

from typing import Annotated, Any, TypeVar

from fastapi import Depends
from starlette.requests import HTTPConnection

from mingjing.kernel.files import FileStore

T = TypeVar("T")


def of_program(name: str, kind: type[T]) -> Any:
    """The dependency on what `app` has put on the program's state as `name`: `Annotated[Kind, of_program(name, Kind)]`."""

    def found(connection: HTTPConnection) -> T:
        held = getattr(connection.app.state, name, None)
        if not isinstance(held, kind):
            raise TypeError(f"the program has no {name}")
        return held

    return Depends(found)


Files = Annotated[FileStore, of_program("files", FileStore)]
"""The files of the running program, as a route's argument."""
