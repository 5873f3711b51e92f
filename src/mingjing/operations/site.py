"""What operations are given: the ticket key, where media is served, and the rooms below."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from mingjing.media.node import MediaNode
from mingjing.operations.series import Ring


@dataclass(frozen=True)
class OperationsSite:
    """Put on the program's state by `app.py` as `operations`."""

    node: MediaNode
    ticket_key: bytes
    media_base: str
    """Where browsers reach the media plane, such as `http://192.168.1.5:8361`."""
    rtsp_base: str
    series: Ring


def _site(connection: HTTPConnection) -> OperationsSite:
    found = connection.app.state.operations
    if not isinstance(found, OperationsSite):
        raise TypeError("the program has no operations")
    return found


Operations = Annotated[OperationsSite, Depends(_site)]
