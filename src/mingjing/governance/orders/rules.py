"""Rules of fault orders: their states. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

State = Literal["opened", "responded", "repaired", "confirmed", "recovered", "withdrawn"]
Cause = Literal["stream_lost", "picture", "power", "network", "storage", "other"]

STEPS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "opened": frozenset({"responded", "withdrawn"}),
        "responded": frozenset({"repaired", "withdrawn"}),
        "repaired": frozenset({"confirmed", "responded"}),
        "confirmed": frozenset(),
        "recovered": frozenset(),
        "withdrawn": frozenset(),
    }
)
"""Where an order may go from each state; what is said to be repaired and is not goes back. `recovered`: the picture came
back before anybody had responded."""
RUNNING: Final = frozenset({"opened", "responded"})
"""Not repaired yet."""
OPEN: Final = frozenset({"opened", "responded", "repaired"})
