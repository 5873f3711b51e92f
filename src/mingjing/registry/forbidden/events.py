"""What the register of forbidden places says to other rooms."""

from dataclasses import dataclass

from mingjing.law.space import Box


@dataclass(frozen=True, slots=True)
class ForbiddenPlaceChanged:
    """A forbidden place was entered, changed or ended; `areas` hold it as it was and as it is."""

    place: str
    areas: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class ConsentChanged:
    """A secret unit's consent was entered or changed; `area` holds the neighbourhood that it concerns."""

    consent: str
    area: Box
