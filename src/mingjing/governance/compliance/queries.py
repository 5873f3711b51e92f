"""Reads of findings and of the figures that they add up to."""

from collections import defaultdict
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mingjing.governance.compliance.model import FindingRow, JudgementRow
from mingjing.identity.scope import Scope
from mingjing.kernel.db import within
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.paging import Page, cut, position


def findings(
    session: Session,
    scope: Scope,
    limit: int,
    after: str | None,
    *,
    under: str = "",
    rule: str | None = None,
    verdict: str | None = None,
    state: str = "held",
    subject: str | None = None,
    due_until: date | None = None,
) -> Page[FindingRow]:
    """Findings, those with a deadline first and the earliest of them before the others. `held`: not cured."""
    where = [scope.where(FindingRow.division_path, FindingRow.organisation_path)]
    where.append(FindingRow.state != "cured" if state == "held" else FindingRow.state == state)
    if under:
        where.append(within(under, FindingRow.division_path))
    for column, value in (
        (FindingRow.rule, rule),
        (FindingRow.verdict, verdict),
        (FindingRow.subject, subject),
    ):
        if value:
            where.append(column == value)
    if due_until:
        where.append(FindingRow.due <= due_until)
    total = session.scalar(select(func.count()).select_from(FindingRow).where(*where)) or 0
    due = func.coalesce(FindingRow.due, date.max)
    last = position(after)
    if last is not None and "\x1f" in last:
        day, _, identifier = last.partition("\x1f")
        where.append(or_(due > _day(day), (due == _day(day)) & (FindingRow.id > identifier)))
    rows = session.scalars(
        select(FindingRow).where(*where).order_by(due, FindingRow.id).limit(limit + 1)
    ).all()
    return cut(rows, limit, total, lambda row: f"{(row.due or date.max).isoformat()}\x1f{row.id}")


def finding(session: Session, scope: Scope, identifier: str) -> FindingRow:
    """One finding. Raises REQ-404."""
    row = session.scalars(
        select(FindingRow).where(
            FindingRow.id == identifier, scope.where(FindingRow.division_path, FindingRow.organisation_path)
        )
    ).first()
    if row is None:
        raise MingjingError(NOT_FOUND)
    return row


def judged(session: Session, kind: str) -> set[str]:
    """Subjects of a kind that were judged, for the program's own work."""
    return set(session.scalars(select(JudgementRow.subject).where(JudgementRow.kind == kind)))


def figures(
    session: Session, scope: Scope, under: str = "", category: str | None = None
) -> dict[str, dict[str, int]]:
    """By rule, how many verdicts of each state there are."""
    query = select(JudgementRow.counts).where(
        scope.where(JudgementRow.division_path, JudgementRow.organisation_path)
    )
    if under:
        query = query.where(within(under, JudgementRow.division_path))
    if category:
        query = query.where(JudgementRow.category == category)
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for counts in session.scalars(query):
        for rule, states in counts.items():
            for state, count in states.items():
                sums[rule][state] += count
    return {rule: dict(states) for rule, states in sums.items()}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
