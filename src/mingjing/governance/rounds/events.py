"""What rounds say to other rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoundChanged:
    """A round was opened, changed or ended, or came to have another result."""

    round: str
