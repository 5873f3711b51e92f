"""What routes ask for. Apart, so that recording does not wait for the console to be loaded."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from mingjing.registry.site import CameraSite


def _site(connection: HTTPConnection) -> CameraSite:
    found = connection.app.state.cameras
    if not isinstance(found, CameraSite):
        raise TypeError("the program has no register of cameras")
    return found


Site = Annotated[CameraSite, Depends(_site)]
