"""Reads of reminders: one's own, and who was told of a record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mingjing.governance.reminding.model import ReminderReceiver, ReminderRow
from mingjing.identity.queries import names
from mingjing.kernel.paging import Page, cut, position


def own(
    session: Session, user: str, limit: int, after: str | None, *, unseen: bool
) -> Page[tuple[ReminderRow, int | None]]:
    """What was told to a person, the newest first, each with when they took note of it."""
    where = [ReminderReceiver.user == user]
    if unseen:
        where.append(ReminderReceiver.seen_us.is_(None))
    query = select(ReminderRow, ReminderReceiver.seen_us).join(
        ReminderReceiver, ReminderReceiver.reminder == ReminderRow.id
    )
    total = session.scalar(select(func.count()).select_from(ReminderReceiver).where(*where)) or 0
    at_us, _, last = (position(after) or "").partition("\x1f")
    if at_us.isdecimal():
        earlier = ReminderRow.at_us < int(at_us)
        where.append(or_(earlier, (ReminderRow.at_us == int(at_us)) & (ReminderRow.id > last)))
    newest = query.where(*where).order_by(ReminderRow.at_us.desc(), ReminderRow.id)
    rows = [(row[0], row[1]) for row in session.execute(newest.limit(limit + 1))]
    return cut(rows, limit, total, lambda one: f"{one[0].at_us}\x1f{one[0].id}")


def told(session: Session, reminders: Sequence[str]) -> dict[str, list[str]]:
    """Names of those whom each reminder was told. Whether the caller may see it is asked before."""
    rows = session.execute(
        select(ReminderReceiver.reminder, ReminderReceiver.user).where(
            ReminderReceiver.reminder.in_(list(reminders))
        )
    ).all()
    people = names(session, {user for _, user in rows})
    found: dict[str, list[str]] = {}
    for reminder, user in rows:
        found.setdefault(reminder, []).append(people[user][1])
    return {reminder: sorted(whom) for reminder, whom in found.items()}


@dataclass(frozen=True, slots=True)
class Recalled:
    """That a record's deadline was recalled: at which stage, on which day, to whom."""

    stage: str
    due: date
    day: date
    told: list[str]


def of_record(session: Session, record: str) -> list[Recalled]:
    """How a record's deadlines were recalled, in order. Whether the caller may see the record is asked before."""
    rows = session.scalars(
        select(ReminderRow).where(ReminderRow.record == record).order_by(ReminderRow.at_us, ReminderRow.id)
    ).all()
    whom = told(session, [row.id for row in rows])
    return [Recalled(row.stage, row.due, row.day, whom.get(row.id, [])) for row in rows]
