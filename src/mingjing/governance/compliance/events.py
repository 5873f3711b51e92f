"""What judging says to other rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FindingsChanged:
    """These subjects were judged anew."""

    kind: str
    subjects: tuple[str, ...]
