"""What operations are given: the node, the ticket key, the figures."""

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
    series: Ring


def _site(connection: HTTPConnection) -> OperationsSite:
    found = connection.app.state.operations
    if not isinstance(found, OperationsSite):
        raise TypeError("the program has no operations")
    return found


Operations = Annotated[OperationsSite, Depends(_site)]
