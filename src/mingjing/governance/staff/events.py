"""What the registers of people and agreements say to other rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StaffChanged:
    """A staff file was entered or changed."""

    staff: str


@dataclass(frozen=True, slots=True)
class AgreementChanged:
    """An agreement was entered or changed; the systems that it covers or covered are named."""

    agreement: str
    systems: frozenset[str]
