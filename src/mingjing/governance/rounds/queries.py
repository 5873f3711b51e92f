"""Reads of rounds."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from mingjing.governance.rounds.model import RoundResultRow, RoundRow
from mingjing.identity.scope import Scope
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.paging import Page, cut, day_key, day_position
from mingjing.law.facts import FindFact, RoundFacts
from mingjing.registry import record
from mingjing.registry.record import Narrowed

SHOWN_MOST = 400


def rounds(
    session: Session,
    scope: Scope,
    wanted: Narrowed,
    limit: int,
    after: str | None,
    *,
    kind: str | None = None,
    subject: str | None = None,
    due_until: date | None = None,
) -> Page[RoundRow]:
    """Rounds that are made, the earliest next day first."""
    where: list[ColumnElement[bool]] = [record.in_scope(scope, RoundRow), *record.narrowing(RoundRow, wanted)]
    where.append(or_(RoundRow.until.is_(None), RoundRow.next_due <= RoundRow.until))
    for column, value in ((RoundRow.kind, kind), (RoundRow.subject, subject)):
        if value:
            where.append(column == value)
    if due_until:
        where.append(RoundRow.next_due <= due_until)
    total = session.scalar(select(func.count()).select_from(RoundRow).where(*where)) or 0
    due = RoundRow.next_due
    if last := day_position(after):
        day, identifier = last
        where.append(or_(due > day, (due == day) & (RoundRow.id > identifier)))
    rows = session.scalars(select(RoundRow).where(*where).order_by(due, RoundRow.id).limit(limit + 1)).all()
    return cut(rows, limit, total, lambda row: day_key(row.next_due, row.id))


def round_(session: Session, scope: Scope, identifier: str) -> RoundRow:
    """One round. Raises REQ-404."""
    return record.one(session, scope, RoundRow, identifier)


def known(session: Session, identifiers: Sequence[str]) -> Sequence[RoundRow]:
    """Rounds for the program's own work, never for a person."""
    return session.scalars(select(RoundRow).where(RoundRow.id.in_(list(identifiers)))).all()


def of_subject(session: Session, kind: str, subject: str) -> RoundRow | None:
    """The round of a kind that a subject has, for the program's own work."""
    return session.scalars(
        select(RoundRow).where(
            RoundRow.subject == subject, RoundRow.kind == kind, RoundRow.ended_us.is_(None)
        )
    ).first()


def results(session: Session, identifier: str) -> Sequence[RoundResultRow]:
    """What a round found, newest first. Whether the caller may see it is asked before."""
    return session.scalars(
        select(RoundResultRow)
        .where(RoundResultRow.round == identifier)
        .order_by(RoundResultRow.day.desc(), RoundResultRow.at_us.desc(), RoundResultRow.id)
        .limit(SHOWN_MOST)
    ).all()


def result(session: Session, of: RoundRow, identifier: str) -> RoundResultRow:
    """One result of a round. Raises REQ-404."""
    row = session.get(RoundResultRow, identifier)
    if row is None or row.round != of.id:
        raise MingjingError(NOT_FOUND)
    return row


def last_results(session: Session, identifiers: Sequence[str]) -> dict[str, RoundResultRow]:
    """The newest result of each round that has one."""
    newest = (
        select(RoundResultRow.round, func.max(RoundResultRow.at_us).label("at_us"))
        .where(RoundResultRow.round.in_(list(identifiers)))
        .group_by(RoundResultRow.round)
        .subquery()
    )
    rows = session.scalars(
        select(RoundResultRow).join(
            newest, (newest.c.round == RoundResultRow.round) & (newest.c.at_us == RoundResultRow.at_us)
        )
    )
    return {row.round: row for row in rows}


def standing(session: Session) -> list[tuple[str, str]]:
    """Every round that is in the register, with its division path, for the program's own work."""
    rows = session.execute(select(RoundRow.id, RoundRow.division_path).where(RoundRow.ended_us.is_(None)))
    return [(row[0], row[1]) for row in rows]


def facts(session: Session, rows: Sequence[RoundRow]) -> list[RoundFacts]:
    """Rounds as rules judge them, with everything that they found."""
    found: dict[str, list[FindFact]] = {}
    query = (
        select(RoundResultRow.round, RoundResultRow.id, RoundResultRow.day, RoundResultRow.reported)
        .where(RoundResultRow.outcome == "found", RoundResultRow.round.in_([row.id for row in rows]))
        .order_by(RoundResultRow.day, RoundResultRow.id)
    )
    for of, identifier, day, reported in session.execute(query):
        found.setdefault(of, []).append(FindFact(identifier, day, reported))
    return [
        RoundFacts(row.id, row.division_path, row.kind, row.next_due, row.until, tuple(found.get(row.id, ())))
        for row in rows
    ]
