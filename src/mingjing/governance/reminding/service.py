"""Reminding: each duty's stage is told once to those whom it concerns, kept, and entered in the journal."""

from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import select, tuple_

from mingjing.audit.service import SYSTEM, Object, record
from mingjing.governance.reminding.duties import duties
from mingjing.governance.reminding.model import ReminderReceiver, ReminderRow
from mingjing.governance.reminding.rules import Duty, Stage, receivers, stage_of
from mingjing.identity.queries import Entitled, entitled
from mingjing.kernel.db import Database, Transaction, rewrite_prefix
from mingjing.kernel.ids import new_id
from mingjing.law.calendar import holidays_known
from mingjing.law.days import day_of
from mingjing.territory.events import DivisionMoved

AT_ONCE: Final = 200


def remind_everybody(
    database: Database, escalate_after: int, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Tell every stage that a deadline has reached today and that was not told yet, until `stopping`; returns how many
    reminders were made. In many transactions, so that recording's commits come between them."""
    today = day_of(database.clock.now_us())
    with database.reading() as session:
        owed = [
            (one, stage)
            for one in duties(session)
            if (stage := stage_of(one.due, today, escalate_after)) is not None
        ]
    count = 0
    for start in range(0, len(owed), AT_ONCE):
        if stopping():
            return count
        with database.transaction() as tx:
            count += _remind(tx, owed[start : start + AT_ONCE])
    return count


def note_seen(tx: Transaction, user: str, reminders: Sequence[str]) -> None:
    """A person has taken note of reminders; those of others, and those noted before, stay as they are."""
    rows = tx.session.scalars(
        select(ReminderReceiver).where(
            ReminderReceiver.user == user,
            ReminderReceiver.reminder.in_(list(reminders)),
            ReminderReceiver.seen_us.is_(None),
        )
    )
    for row in rows:
        row.seen_us = tx.now_us()


def follow_division(tx: Transaction, event: DivisionMoved) -> None:
    """Reminders stand where their records stand."""
    rewrite_prefix(tx, ReminderRow.division_path, event.old_path, event.new_path)


def _remind(tx: Transaction, owed: Sequence[tuple[Duty, Stage]]) -> int:
    key = tuple_(ReminderRow.kind, ReminderRow.record, ReminderRow.due, ReminderRow.stage)
    known = {
        tuple(row)
        for row in tx.session.execute(
            select(ReminderRow.kind, ReminderRow.record, ReminderRow.due, ReminderRow.stage).where(
                key.in_([(one.kind, one.record, one.due, stage) for one, stage in owed])
            )
        )
    }
    fresh = [(one, stage) for one, stage in owed if (one.kind, one.record, one.due, stage) not in known]
    people: dict[str, Sequence[Entitled]] = {}
    for one, stage in fresh:
        if one.action not in people:
            people[one.action] = entitled(tx.session, one.action)
        made = _made(tx, one, stage)
        there = [
            (person.user, person.unit_path)
            for person in people[one.action]
            if person.covers(one.division_path, one.organisation_path)
        ]
        deliver(tx, made, receivers(one.organisation_path, there, above=stage == "escalated"))
    return len(fresh)


def _made(tx: Transaction, one: Duty, stage: Stage) -> ReminderRow:
    today = day_of(tx.now_us())
    row = ReminderRow(
        id=new_id("rm"), kind=one.kind, record=one.record, subject=one.subject, name=one.name, what=one.what,
        due=one.due, stage=stage, day=today, holidays_known=holidays_known(one.due) and holidays_known(today),
        division_path=one.division_path, organisation_path=one.organisation_path, at_us=tx.now_us(),
    )  # fmt: skip
    tx.session.add(row)
    tx.session.flush()
    return row


def deliver(tx: Transaction, row: ReminderRow, users: Sequence[str]) -> None:
    """Bring a reminder to people: into the console's bell, and into the journal. Whatever else carries reminders one day,
    letters or messages, is called from here."""
    tx.session.add_all(ReminderReceiver(reminder=row.id, user=user, seen_us=None) for user in users)
    facts = {
        "what": row.what,
        "name": row.name,
        "stage": row.stage,
        "due": row.due.isoformat(),
        "told": list(users),
    }
    record(tx, SYSTEM, "reminder.tell", Object(row.kind, row.record), facts)
