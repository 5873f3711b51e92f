"""What operations say to the outside: topics of the console's WebSocket."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AlarmChanged:
    """An alarm was raised, counted, claimed, ended or resolved."""

    alarm: str
