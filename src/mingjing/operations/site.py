"""What operations are given: the node, the ticket key, the figures."""

from dataclasses import dataclass

from mingjing.media.node import MediaNode
from mingjing.operations.series import Ring


@dataclass(frozen=True)
class OperationsSite:
    """Put on the program's state by `app.py` as `operations`."""

    node: MediaNode
    ticket_key: bytes
    series: Ring
