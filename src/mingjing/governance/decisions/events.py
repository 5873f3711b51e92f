"""What decisions say to other rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DecisionChanged:
    """Somebody decided on a suspected subject, or confirmed its mask."""

    subject_kind: str
    subject: str
