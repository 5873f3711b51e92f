"""Reads of staff files and agreements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from mingjing.governance.staff.model import AgreementRow, StaffRow
from mingjing.identity.queries import units
from mingjing.identity.scope import Scope
from mingjing.kernel.paging import Page
from mingjing.law.facts import Contractor, StaffFacts
from mingjing.registry import record
from mingjing.registry.record import Narrowed
from mingjing.registry.systems.queries import known

Lacking = Literal["vetted", "pledged", "trained"]


def staff(
    session: Session,
    scope: Scope,
    wanted: Narrowed,
    limit: int,
    after: str | None,
    *,
    lacking: Lacking | None = None,
    today: date,
) -> Page[StaffRow]:
    """Staff files by name; `lacking`: of those at their post, who was not `vetted`, has not `pledged`, was not
    `trained`."""
    also: list[ColumnElement[bool]] = []
    if lacking is not None:
        also += [getattr(StaffRow, lacking).is_(None), or_(StaffRow.left.is_(None), StaffRow.left > today)]
    return record.listed(session, scope, StaffRow, wanted, limit, after, *also)


def member(session: Session, scope: Scope, identifier: str) -> StaffRow:
    """One staff file. Raises REQ-404."""
    return record.one(session, scope, StaffRow, identifier)


def agreements(
    session: Session,
    scope: Scope,
    wanted: Narrowed,
    limit: int,
    after: str | None,
    ends_until: date | None = None,
) -> Page[AgreementRow]:
    """Agreements by name; with `ends_until` those that end by that day."""
    also: list[ColumnElement[bool]] = [] if ends_until is None else [AgreementRow.until <= ends_until]
    return record.listed(session, scope, AgreementRow, wanted, limit, after, *also)


def agreement(session: Session, scope: Scope, identifier: str) -> AgreementRow:
    """One agreement. Raises REQ-404."""
    return record.one(session, scope, AgreementRow, identifier)


def standing(session: Session) -> list[tuple[str, str]]:
    """Every staff file, with its division path, for the program's own work."""
    rows = session.execute(select(StaffRow.id, StaffRow.division_path).where(StaffRow.ended_us.is_(None)))
    return [(row[0], row[1]) for row in rows]


def at_posts_of(session: Session, system: str) -> list[str]:
    """Staff whose post belongs to a system, for the program's own work."""
    return list(session.scalars(select(StaffRow.id).where(StaffRow.system == system).order_by(StaffRow.id)))


@dataclass(frozen=True, slots=True)
class StaffStanding:
    """A staff file as rules judge it, with what a list of findings shows of it."""

    facts: StaffFacts
    name: str
    organisation_path: str


def standings(session: Session, wanted: Sequence[str], today: date) -> Iterator[StaffStanding]:
    """Staff files for the program's own work. Who has left owes nothing."""
    rows = session.scalars(select(StaffRow).where(StaffRow.id.in_(list(wanted)))).all()
    regimes = {one.id: one.regime for one in known(session, [row.system for row in rows if row.system])}
    for row in rows:
        if row.ended_us is None and (row.left is None or row.left > today):
            regime = regimes.get(row.system, "art7") if row.system else "art7"
            facts = StaffFacts(row.id, row.division_path, regime, row.vetted, row.pledged, row.trained)
            yield StaffStanding(facts, row.name, row.organisation_path)


def contractors(session: Session, systems: Sequence[str]) -> dict[str, Contractor]:
    """By system, who operates it for its using unit and until when an agreement holds, for the program's own work."""
    entrusted = {row.id: row.entrusted_operator for row in known(session, systems) if row.entrusted_operator}
    if not entrusted:
        return {}
    whom = units(session, entrusted.values())
    rows = session.scalars(
        select(AgreementRow).where(
            AgreementRow.contractor.in_(sorted(set(entrusted.values()))),
            AgreementRow.signed.is_not(None),
            AgreementRow.ended_us.is_(None),
        )
    ).all()
    found = {}
    for system, operator in entrusted.items():
        ends = [row.until for row in rows if row.contractor == operator and system in row.systems]
        found[system] = Contractor(whom[operator].name, max(ends, default=None))
    return found
