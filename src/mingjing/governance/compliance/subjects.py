"""Subjects of rules, gathered from the rooms that hold them: facts, and where each stands."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from sqlalchemy.orm import Session

from mingjing.governance.decisions.queries import facts as decisions
from mingjing.governance.filing.measuring import lost, measurements
from mingjing.governance.filing.queries import facts as filings
from mingjing.governance.filing.statement import differences, numbers, statements
from mingjing.governance.orders.queries import facts as orders
from mingjing.governance.planning import queries as planning
from mingjing.governance.projects import queries as projects
from mingjing.governance.projects.facts import facts_of as projects_as_facts
from mingjing.governance.rounds import queries as rounds
from mingjing.governance.staff import queries as staff
from mingjing.governance.staff.queries import contractors
from mingjing.kernel.clock import DAY_US
from mingjing.law.days import day_of
from mingjing.law.facts import KeyPosition, PlaceFacts, PlanFacts, PlanItemFact
from mingjing.recording.queries import sounding
from mingjing.registry.dossiers import queries as dossiers
from mingjing.registry.places import queries as places
from mingjing.registry.systems import queries as systems
from mingjing.registry.systems.facts import facts_of

YEAR_US: Final = 365 * DAY_US
"""How long an order that is over stays among the facts of its system."""


class Standing(NamedTuple):
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
    gather: Callable[[Session, Sequence[str], int], Iterator[Standing]]
    """At a moment, microseconds UTC."""


def _systems(session: Session, wanted: Sequence[str], now_us: int) -> Iterator[Standing]:
    rows = {row.id: row for row in systems.known(session, wanted)}
    differ, said = differences(session, wanted), statements(session, wanted)
    faults, entrusted = orders(session, wanted, now_us - YEAR_US), contractors(session, wanted)
    measured, gone = measurements(session, wanted), lost(session, wanted, now_us)
    for facts in facts_of(session, wanted, filings(session, wanted)):
        row = rows[facts.id]
        whole = replace(
            facts,
            differences=tuple(differ.get(row.id, ())),
            filed=numbers(said[row.id]) if row.id in said else {},
            measured=measured.get(row.id),
            lost=tuple(gone.get(row.id, ())),
            orders=tuple(faults.get(row.id, ())),
            contractor=entrusted.get(row.id),
        )
        yield Standing(whole, row.name, row.organisation_path, row.category)


def _places(session: Session, wanted: Sequence[str], now_us: int) -> Iterator[Standing]:  # noqa: ARG001  one of `KINDS`
    positions = places.positions(session, wanted)
    for row in places.known(session, wanted):
        if row.ended_us is not None:
            continue
        covered = tuple(
            KeyPosition(one.id, one.kind, one.name, cameras) for one, cameras in positions.get(row.id, ())
        )
        facts = PlaceFacts(row.id, row.division_path, covered)
        yield Standing(facts, row.name, row.organisation_path, row.category)


def _cameras(session: Session, wanted: Sequence[str], now_us: int) -> Iterator[Standing]:  # noqa: ARG001  one of `KINDS`
    decided, heard = decisions(session, "camera", wanted), sounding(session, wanted)
    for one in dossiers.standings(session, wanted):
        said = decided.get(one.facts.id)
        facts = one.facts if said is None else replace(one.facts, decision=said)
        if one.facts.id in heard:
            facts = replace(facts, heard=True)
        yield Standing(facts, one.name, one.organisation_path, one.category)


def _rounds(session: Session, wanted: Sequence[str], now_us: int) -> Iterator[Standing]:  # noqa: ARG001  one of `KINDS`
    rows = {row.id: row for row in rounds.known(session, wanted) if row.ended_us is None}
    for facts in rounds.facts(session, list(rows.values())):
        row = rows[facts.id]
        yield Standing(facts, row.name, row.organisation_path, "")


def _plans(session: Session, wanted: Sequence[str], now_us: int) -> Iterator[Standing]:  # noqa: ARG001  one of `KINDS`
    items = planning.items(session, wanted)
    for row in planning.known(session, wanted):
        if row.ended_us is not None:
            continue
        facts = tuple(
            PlanItemFact(one.id, one.name, one.overlap, one.overlapping, bool(one.reuse))
            for one in items.get(row.id, ())
            if one.progress != "dropped"
        )
        yield Standing(PlanFacts(row.id, row.division_path, facts), row.name, row.organisation_path, "")


def _projects(session: Session, wanted: Sequence[str], now_us: int) -> Iterator[Standing]:  # noqa: ARG001  one of `KINDS`
    rows = {row.id: row for row in projects.known(session, wanted)}
    categories = {
        one.id: one.category
        for one in systems.known(session, [row.system for row in rows.values() if row.system])
    }
    for facts in projects_as_facts(session, wanted):
        row = rows[facts.id]
        yield Standing(facts, row.name, row.organisation_path, categories.get(row.system or "", ""))


def _staff(session: Session, wanted: Sequence[str], now_us: int) -> Iterator[Standing]:
    for one in staff.standings(session, wanted, day_of(now_us)):
        yield Standing(one.facts, one.name, one.organisation_path, "")


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "system": Kind(systems.standing, _systems),
        "place": Kind(places.standing, _places),
        "camera": Kind(dossiers.standing, _cameras),
        "plan": Kind(planning.standing, _plans),
        "project": Kind(projects.standing, _projects),
        "round": Kind(rounds.standing, _rounds),
        "staff": Kind(staff.standing, _staff),
    }
)
