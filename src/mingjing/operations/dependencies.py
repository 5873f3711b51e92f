"""What routes ask for. Apart, so that recording does not wait for the console to be loaded."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from mingjing.operations.site import OperationsSite


def _site(connection: HTTPConnection) -> OperationsSite:
    found = connection.app.state.operations
    if not isinstance(found, OperationsSite):
        raise TypeError("the program has no operations")
    return found


Operations = Annotated[OperationsSite, Depends(_site)]
