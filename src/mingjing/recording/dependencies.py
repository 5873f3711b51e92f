"""What routes ask for. Apart, so that recording does not wait for the console to be loaded."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from mingjing.recording.site import RecordingSite


def _site(connection: HTTPConnection) -> RecordingSite:
    found = connection.app.state.recording
    if not isinstance(found, RecordingSite):
        raise TypeError("the program does not record")
    return found


Recording = Annotated[RecordingSite, Depends(_site)]
