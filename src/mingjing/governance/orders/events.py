"""What maintenance says to other rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """A fault order was opened or came into another state."""

    order: str
    system: str
