"""What dossiers say to other rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DossierChanged:
    """A camera's dossier was written; the systems and places that gained or lost it are named."""

    camera: str
    systems: frozenset[str]
    places: frozenset[str]
