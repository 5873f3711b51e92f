"""How figures went over the last days: noted as they change, summed backwards from now."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mingjing.governance.compliance.model import TallyDayRow
from mingjing.identity.scope import Scope
from mingjing.kernel.bulk import insert_rows
from mingjing.kernel.db import Transaction, within
from mingjing.law.days import day_of

DAYS: Final = 30
_SUMS: Final = ("applies", "broken", "unknown")

Moved = Mapping[tuple[tuple[str, str, str], str], Mapping[str, int]]
"""By place (division path, organisation path, category) and rule: by how much the verdicts of each state changed."""


def note_day(tx: Transaction, moved: Moved) -> None:
    """Add what has changed to the changes of today."""
    today = day_of(tx.now_us())
    by_place = {
        key: {"applies": sum(by.values()), "broken": by.get("broken", 0), "unknown": by.get("unknown", 0)}
        for key, by in moved.items()
        if any(by.values())
    }
    if not by_place:
        return
    sums = [getattr(TallyDayRow, name) for name in _SUMS]
    rows = tx.session.execute(
        select(
            TallyDayRow.id, TallyDayRow.rule, TallyDayRow.division_path, TallyDayRow.organisation_path,
            TallyDayRow.category, *sums,
        ).where(
            TallyDayRow.day == today, TallyDayRow.division_path.in_(sorted({where[0] for where, _ in by_place}))
        )
    )  # fmt: skip
    known = {((row[2], row[3], row[4]), row[1]): (row[0], row[5:]) for row in rows}
    fresh: list[dict[str, Any]] = []
    renewed: list[dict[str, Any]] = []
    for (where, rule), by in by_place.items():
        identifier, before = known.get((where, rule), (None, (0, 0, 0)))
        now = {name: count + by[name] for name, count in zip(_SUMS, before, strict=True)}
        if identifier is None:
            place = {"division_path": where[0], "organisation_path": where[1], "category": where[2]}
            fresh.append({"day": today, "rule": rule} | place | now)
        else:
            renewed.append({"id": identifier} | now)
    insert_rows(tx, TallyDayRow, fresh)
    if renewed:
        tx.session.execute(update(TallyDayRow), renewed)


def trend(
    session: Session, scope: Scope, today: date, sums: Mapping[str, Mapping[str, int]], under: str = "",
    category: str | None = None, unit: str = "",
) -> dict[str, list[tuple[date, int]]]:  # fmt: skip
    """By rule, how many were broken at the end of each of the last days, the oldest first, back to the first day of
    which anything is known. `sums` are the figures of now (`queries.figures`) in the same scope and narrowing."""
    where = [scope.where(TallyDayRow.division_path, TallyDayRow.organisation_path)]
    if under:
        where.append(within(under, TallyDayRow.division_path))
    if category:
        where.append(TallyDayRow.category == category)
    if unit:
        where.append(within(unit, TallyDayRow.organisation_path))
    since = max(session.scalar(select(func.min(TallyDayRow.day))) or today, today - timedelta(days=DAYS - 1))
    changes: dict[str, dict[date, int]] = {}
    query = select(TallyDayRow.rule, TallyDayRow.day, func.sum(TallyDayRow.broken)).where(
        TallyDayRow.day > since, *where
    )
    for rule, day, broken in session.execute(query.group_by(TallyDayRow.rule, TallyDayRow.day)):
        changes.setdefault(rule, {})[day] = broken
    return {
        rule: _backwards(today, since, now.get("broken", 0), changes.get(rule, {}))
        for rule, now in sums.items()
    }


def _backwards(today: date, since: date, now: int, changes: Mapping[date, int]) -> list[tuple[date, int]]:
    found = []
    day, count = today, now
    while day >= since:
        found.append((day, count))
        count -= changes.get(day, 0)
        day -= timedelta(days=1)
    return found[::-1]
