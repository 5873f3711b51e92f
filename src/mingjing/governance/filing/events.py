"""What filings say to other rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FilingChanged:
    """A filing was opened or came into another state."""

    filing: str
    system: str
