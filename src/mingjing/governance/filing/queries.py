"""Reads of filings."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mingjing.governance.filing.model import FilingRow, FilingStepRow
from mingjing.governance.filing.rules import OPEN, OWED
from mingjing.identity.scope import Scope
from mingjing.kernel.db import within
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.paging import Page, cut, day_key, day_position
from mingjing.law.facts import FilingFact
from mingjing.registry.systems.queries import known


def filings(
    session: Session,
    scope: Scope,
    limit: int,
    after: str | None,
    *,
    under: str = "",
    state: str | None = None,
    system: str | None = None,
    due_until: date | None = None,
) -> Page[FilingRow]:
    """Filings, the earliest deadline first. `state` may be `open` for all that are not finished, and `owed` for those of
    them that the organ has not got."""
    where = [scope.where(FilingRow.division_path, FilingRow.organisation_path)]
    if under:
        where.append(within(under, FilingRow.division_path))
    if state == "open":
        where.append(FilingRow.state.in_(sorted(OPEN)))
    elif state == "owed":
        where.append(FilingRow.state.in_(sorted(OWED)))
    elif state:
        where.append(FilingRow.state == state)
    if system:
        where.append(FilingRow.system == system)
    if due_until:
        where.append(FilingRow.due <= due_until)
    total = session.scalar(select(func.count()).select_from(FilingRow).where(*where)) or 0
    if last := day_position(after):
        day, identifier = last
        where.append(or_(FilingRow.due > day, (FilingRow.due == day) & (FilingRow.id > identifier)))
    rows = session.scalars(
        select(FilingRow).where(*where).order_by(FilingRow.due, FilingRow.id).limit(limit + 1)
    ).all()
    return cut(rows, limit, total, lambda row: day_key(row.due, row.id))


def filing(session: Session, scope: Scope, identifier: str) -> FilingRow:
    """One filing. Raises REQ-404."""
    row = session.scalars(
        select(FilingRow).where(
            FilingRow.id == identifier, scope.where(FilingRow.division_path, FilingRow.organisation_path)
        )
    ).first()
    if row is None:
        raise MingjingError(NOT_FOUND)
    return row


def steps(session: Session, identifier: str) -> Sequence[FilingStepRow]:
    """What happened to a filing, in order. Whether the caller may see it is asked before."""
    return session.scalars(
        select(FilingStepRow).where(FilingStepRow.filing == identifier).order_by(FilingStepRow.id)
    ).all()


def waiting(session: Session) -> list[tuple[FilingRow, str]]:
    """Filings that are in our own hands, each with the name of its system, for the program's own work."""
    rows = session.scalars(
        select(FilingRow).where(FilingRow.state.in_(sorted(OWED))).order_by(FilingRow.number)
    ).all()
    systems = {row.id: row.name for row in known(session, [row.system for row in rows])}
    return [(row, systems[row.system]) for row in rows]


def facts(session: Session, systems: Sequence[str]) -> dict[str, list[FilingFact]]:
    """Filings by system as rules judge them, for the program's own work."""
    query = (
        select(
            FilingRow.system, FilingRow.kind, FilingRow.submitted, FilingRow.state, FilingRow.organ_division,
            FilingRow.number, FilingRow.trigger,
        )
        .where(FilingRow.state != "withdrawn", FilingRow.system.in_(list(systems)))
        .order_by(FilingRow.number)
    )  # fmt: skip
    found: dict[str, list[FilingFact]] = {}
    for system, kind, submitted, state, organ, number, trigger in session.execute(query):
        sent = None if state in {"returned", "refused"} else submitted
        fact = FilingFact(kind, sent, organ, state == "accepted", number, trigger)
        found.setdefault(system, []).append(fact)
    return found
