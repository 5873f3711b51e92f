"""What the register of places says to other rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlaceChanged:
    """A place or one of its key positions was entered, changed, or came to have other cameras."""

    place: str
