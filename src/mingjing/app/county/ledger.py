"""What of the county is made: the journal says it with each thing, in the transaction that makes it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from mingjing.app.county.ground import CLERK, County, Place
from mingjing.audit.queries import told
from mingjing.audit.service import Object, record
from mingjing.identity.queries import units
from mingjing.kernel.db import Transaction
from mingjing.registry.dossiers.queries import known as known_dossiers
from mingjing.registry.places.queries import known as known_places
from mingjing.registry.places.queries import positions
from mingjing.registry.systems.queries import known as known_systems

_MADE: Final = "county.make"
_WHOLE: Final = "whole"
_PART: Final = 500


@dataclass(frozen=True, slots=True)
class Done:
    """How many transactions of each step were made, what they made that others refer to, by kind and in order, and whether
    nothing is missing."""

    steps: Mapping[str, int]
    made: Mapping[str, Sequence[str]]
    whole: bool


def write(tx: Transaction, step: str, made: Mapping[str, Sequence[str]]) -> None:
    """Say that a transaction of a step is made, and what it made that others refer to."""
    record(tx, CLERK, _MADE, Object("county", step), made)


def close(tx: Transaction) -> None:
    """Say that nothing is missing."""
    record(tx, CLERK, _MADE, Object("county", _WHOLE))


def read(session: Session) -> Done | None:
    """What was made; None where nothing ever was."""
    steps: Counter[str] = Counter()
    made: dict[str, list[str]] = {}
    for step, facts in told(session, CLERK.id, _MADE):
        steps[step] += 1
        for kind, some in facts.items():
            made.setdefault(kind, []).extend(some)
    return Done(steps, made, _WHOLE in steps) if steps else None


def remember(session: Session, county: County, done: Done) -> None:
    """Have in hand again what the rest of the county refers to, as the registers hold it by now. What somebody has taken
    away from its place or its system since is not gone on with."""
    for unit in done.made.get("units", ()):
        county.enter_unit(unit, units(session, [unit])[unit].kind)
    places: dict[str, Place] = {}
    for part in _parts(done.made.get("places", ())):
        rows = {row.id: row for row in known_places(session, part)}
        held = positions(session, part)
        for identifier in part:
            row = rows[identifier]
            there = tuple((one.id, one.name) for one, _ in held.get(identifier, ()))
            point = (row.longitude or 0.0, row.latitude or 0.0)
            unit, kind, national = row.organisation, row.category, row.national_class
            places[identifier] = Place(identifier, row.name, unit, kind, national, point, there)
            county.enter_place(places[identifier])
    place_of: dict[str, Place] = {}
    for part in _parts(done.made.get("systems", ())):
        systems = {row.id: row for row in known_systems(session, part)}
        for identifier in part:
            system = systems[identifier]
            if system.place in places:
                place_of[identifier] = places[system.place]
                county.enter_system(identifier, place_of[identifier], system.in_use)
    for part in _parts(done.made.get("cameras", ())):
        dossiers = known_dossiers(session, part)
        for identifier in part:
            dossier = dossiers[identifier]
            if dossier.system in place_of:
                point = (dossier.longitude or 0.0, dossier.latitude or 0.0)
                county.enter_camera(identifier, place_of[dossier.system], *point)
    county.enter_items(done.made.get("items", ()))
    county.made()


def _parts(identifiers: Sequence[str]) -> list[Sequence[str]]:
    """Some hundred at a time: a database takes no more in one question."""
    return [identifiers[start : start + _PART] for start in range(0, len(identifiers), _PART)]
