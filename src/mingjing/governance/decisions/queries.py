"""Reads of decisions."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from mingjing.governance.decisions.model import DecisionRow
from mingjing.identity.scope import Scope
from mingjing.kernel.db import among
from mingjing.kernel.paging import Page
from mingjing.law.facts import DecisionFact
from mingjing.registry import record
from mingjing.registry.record import Narrowed


def decisions(
    session: Session,
    scope: Scope,
    wanted: Narrowed,
    limit: int,
    after: str | None,
    *,
    state: str | None = None,
    subject: str | None = None,
) -> Page[DecisionRow]:
    """Decisions by the name of their subject."""
    also: list[ColumnElement[bool]] = []
    if state is not None:
        also.append(DecisionRow.state == state)
    if subject is not None:
        also.append(DecisionRow.subject == subject)
    return record.listed(session, scope, DecisionRow, wanted, limit, after, *also)


def decision(session: Session, scope: Scope, identifier: str) -> DecisionRow:
    """One decision. Raises REQ-404."""
    return record.one(session, scope, DecisionRow, identifier)


def undecided(session: Session, scope: Scope, limit: int) -> Sequence[DecisionRow]:
    """What waits for a person who may decide, the oldest question first: the decision itself, or the mask that is its
    condition."""
    masked = (DecisionRow.state == "masked") & DecisionRow.mask_confirmed.is_(None)
    where = (record.in_scope(scope, DecisionRow), DecisionRow.ended_us.is_(None))
    query = select(DecisionRow).where(*where, or_(DecisionRow.state == "waiting", masked))
    return session.scalars(query.order_by(DecisionRow.changed_us, DecisionRow.id).limit(limit)).all()


def of_subjects(session: Session, subject_kind: str, subjects: Sequence[str]) -> dict[str, DecisionRow]:
    """Decisions by subject, for the program's own work."""
    rows = session.scalars(
        select(DecisionRow).where(
            DecisionRow.subject_kind == subject_kind, among(subjects, DecisionRow.subject)
        )
    )
    return {row.subject: row for row in rows}


def facts(session: Session, subject_kind: str, subjects: Sequence[str]) -> dict[str, DecisionFact]:
    """Decisions as rules judge them, by subject."""
    columns = (DecisionRow.subject, DecisionRow.state, DecisionRow.mask_confirmed)
    rows = session.execute(
        select(*columns).where(DecisionRow.subject_kind == subject_kind, among(subjects, DecisionRow.subject))
    )
    return {subject: DecisionFact(state, confirmed) for subject, state, confirmed in rows}
