"""What identity says to other rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrganisationChanged:
    """A unit's record was changed."""

    organisation: str
