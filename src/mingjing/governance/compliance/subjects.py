"""Subjects of rules, gathered from the rooms that hold them: facts, and where each stands."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy.orm import Session

from mingjing.governance.filing.queries import facts as filings
from mingjing.law.facts import KeyPosition, PlaceFacts
from mingjing.registry.dossiers import queries as dossiers
from mingjing.registry.places import queries as places
from mingjing.registry.systems import queries as systems
from mingjing.registry.systems.facts import facts_of


@dataclass(frozen=True, slots=True)
class Standing:
    """A subject with what a list of findings shows of it."""

    facts: Any
    name: str
    organisation_path: str
    category: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of subject: where all of them stand, and the facts of some."""

    standing: Callable[[Session], list[tuple[str, str]]]
    """Identifier and division path of each."""
    gather: Callable[[Session, Sequence[str]], Iterator[Standing]]


def _systems(session: Session, wanted: Sequence[str]) -> Iterator[Standing]:
    rows = {row.id: row for row in systems.known(session, wanted)}
    for facts in facts_of(session, wanted, filings(session, wanted)):
        row = rows[facts.id]
        yield Standing(facts, row.name, row.organisation_path, row.category)


def _places(session: Session, wanted: Sequence[str]) -> Iterator[Standing]:
    positions = places.positions(session, wanted)
    for row in places.known(session, wanted):
        if row.ended_us is not None:
            continue
        covered = tuple(
            KeyPosition(one.id, one.kind, one.name, cameras) for one, cameras in positions.get(row.id, ())
        )
        facts = PlaceFacts(row.id, row.division_path, covered)
        yield Standing(facts, row.name, row.organisation_path, row.category)


def _cameras(session: Session, wanted: Sequence[str]) -> Iterator[Standing]:
    for one in dossiers.standings(session, wanted):
        yield Standing(one.facts, one.name, one.organisation_path, one.category)


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "system": Kind(systems.standing, _systems),
        "place": Kind(places.standing, _places),
        "camera": Kind(dossiers.standing, _cameras),
    }
)
