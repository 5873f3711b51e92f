"""Reads of findings and of the figures that they add up to."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from mingjing.governance.compliance.keeping import STATES, UNSETTLED
from mingjing.governance.compliance.model import FindingRow, JudgementRow, TallyRow
from mingjing.identity.scope import Scope
from mingjing.kernel.db import within
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.paging import Page, cut, day_key, day_position


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
    unit: str = "",
) -> Page[FindingRow]:
    """Findings, those with a deadline first and the earliest of them before the others. `held`: not cured."""
    where = [scope.where(FindingRow.division_path, FindingRow.organisation_path)]
    where.append(FindingRow.state != "cured" if state == "held" else FindingRow.state == state)
    if under:
        where.append(within(under, FindingRow.division_path))
    if unit:
        where.append(within(unit, FindingRow.organisation_path))
    for column, value in (
        (FindingRow.rule, rule),
        (FindingRow.verdict, verdict),
        (FindingRow.subject, subject),
    ):
        if value:
            where.append(column == value)
    if due_until:
        where.append(FindingRow.due <= due_until)
    if state == "held" and not subject and not due_until:
        total = _held(session, scope, under, unit, rule, verdict)
    else:
        total = session.scalar(select(func.count()).select_from(FindingRow).where(*where)) or 0
    rows = _by_day(session, where, limit + 1, day_position(after))
    return cut(rows, limit, total, lambda row: day_key(row.due or date.max, row.id))


def _by_day(
    session: Session, where: Sequence[ColumnElement[bool]], limit: int, after: tuple[date, str] | None
) -> list[FindingRow]:
    """Those with a deadline, then those without, each read along an index and not sorted."""
    day, identifier = after or (date.min, "")
    due = FindingRow.due
    rows: list[FindingRow] = []
    if day != date.max:
        later = or_(due > day, and_(due == day, FindingRow.id > identifier))
        query = select(FindingRow).where(*where, due.is_not(None), later)
        rows += session.scalars(query.order_by(due, FindingRow.id).limit(limit))
        identifier = ""
    if len(rows) < limit:
        query = select(FindingRow).where(*where, due.is_(None), FindingRow.id > identifier)
        rows += session.scalars(query.order_by(FindingRow.id).limit(limit - len(rows)))
    return rows


def _held(
    session: Session, scope: Scope, under: str, unit: str, rule: str | None, verdict: str | None
) -> int:
    """How many findings are not cured: what tallies add up to, so that nobody waits until all of them are counted."""
    told = [state for state in UNSETTLED if verdict in {None, "", state}]
    where = [scope.where(TallyRow.division_path, TallyRow.organisation_path)]
    if under:
        where.append(within(under, TallyRow.division_path))
    if unit:
        where.append(within(unit, TallyRow.organisation_path))
    if rule:
        where.append(TallyRow.rule == rule)
    sums = [func.sum(getattr(TallyRow, state)) for state in told]
    found = session.execute(select(*sums).where(*where)).one() if sums else ()
    return sum(count or 0 for count in found)


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


def dated(session: Session) -> Sequence[FindingRow]:
    """Findings with a day or a term, for the program's own work."""
    return session.scalars(
        select(FindingRow)
        .where(
            FindingRow.state != "cured",
            or_(FindingRow.due.is_not(None), FindingRow.acknowledged_until.is_not(None)),
        )
        .order_by(FindingRow.id)
    ).all()


def unnoticed(session: Session, scope: Scope) -> list[tuple[str, str, int, int]]:
    """By rule and verdict, how many open findings without a deadline nobody has taken note of, and since when."""
    rows = session.execute(
        select(FindingRow.rule, FindingRow.verdict, func.count(), func.min(FindingRow.opened_us))
        .where(
            FindingRow.state == "open",
            FindingRow.due.is_(None),
            scope.where(FindingRow.division_path, FindingRow.organisation_path),
        )
        .group_by(FindingRow.rule, FindingRow.verdict)
        .order_by(FindingRow.rule, FindingRow.verdict)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def held_by_subject(session: Session, scope: Scope, subjects: Sequence[str]) -> dict[str, int]:
    """How many findings that are not cured there are of each of some subjects, for those that have any."""
    query = (
        select(FindingRow.subject, func.count())
        .where(
            FindingRow.state != "cured", scope.where(FindingRow.division_path, FindingRow.organisation_path)
        )
        .group_by(FindingRow.subject)
    )
    found: dict[str, int] = {}
    for start in range(0, len(subjects), 500):
        rows = session.execute(query.where(FindingRow.subject.in_(subjects[start : start + 500])))
        found |= {row[0]: row[1] for row in rows}
    return found


def subjects_held(scope: Scope, kind: str, rule: str | None) -> Select[str]:
    """Subjects of a kind of which something is found that is not cured, by one rule or any: a part of other queries."""
    query = select(FindingRow.subject).where(
        FindingRow.kind == kind,
        FindingRow.state != "cured",
        scope.where(FindingRow.division_path, FindingRow.organisation_path),
    )
    return query if rule is None else query.where(FindingRow.rule == rule)


def how_many_judged(session: Session) -> int:
    """Subjects of which something is known."""
    return session.scalar(select(func.count()).select_from(JudgementRow)) or 0


def judged(session: Session, kind: str) -> set[str]:
    """Subjects of a kind that were judged, for the program's own work."""
    return set(session.scalars(select(JudgementRow.subject).where(JudgementRow.kind == kind)))


def figures(
    session: Session, scope: Scope, under: str = "", category: str | None = None, unit: str = ""
) -> dict[str, dict[str, int]]:
    """By rule, how many verdicts of each state there are."""
    sums = [func.sum(getattr(TallyRow, state)) for state in STATES]
    where = [scope.where(TallyRow.division_path, TallyRow.organisation_path)]
    if under:
        where.append(within(under, TallyRow.division_path))
    if category:
        where.append(TallyRow.category == category)
    if unit:
        where.append(within(unit, TallyRow.organisation_path))
    rows = session.execute(select(TallyRow.rule, *sums).where(*where).group_by(TallyRow.rule))
    return {row[0]: dict(zip(STATES, row[1:], strict=True)) for row in rows}


def moved(
    session: Session, scope: Scope, from_us: int, until_us: int, *, under: str = "", unit: str = ""
) -> dict[str, tuple[int, int]]:
    """By rule, how many findings were opened last within a time, and how many were cured."""
    where = [scope.where(FindingRow.division_path, FindingRow.organisation_path)]
    if under:
        where.append(within(under, FindingRow.division_path))
    if unit:
        where.append(within(unit, FindingRow.organisation_path))
    counts: dict[str, list[int]] = {}
    for position, column in enumerate((FindingRow.opened_us, FindingRow.cured_us)):
        query = select(FindingRow.rule, func.count()).where(column >= from_us, column < until_us, *where)
        for rule, count in session.execute(query.group_by(FindingRow.rule)):
            counts.setdefault(rule, [0, 0])[position] = count
    return {rule: (opened, cured) for rule, (opened, cured) in counts.items()}
