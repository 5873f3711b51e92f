"""What was filed last of a system, and how the register stands to it since: the ground of a change filing (SC799, 14).

A member that stood in the form otherwise than in the register on the very day is no change: `FILE-04` tells it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mingjing.governance.filing.measured import measured
from mingjing.governance.filing.model import DifferenceRow, FilingRow
from mingjing.governance.filing.rules import OWED
from mingjing.kernel.db import Transaction
from mingjing.law.days import day_of
from mingjing.law.facts import Difference
from mingjing.law.rules.filing import FILED_MEMBERS

NUMBERS: Final = ("cameras", "retention_days")
"""Filed members that can be measured."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What the organ has got last: the form, and what the register had then."""

    content: Mapping[str, Any]
    register: Mapping[str, Any]


def statements(session: Session, systems: Sequence[str]) -> dict[str, Statement]:
    """By system, what was filed last and not given back, for the program's own work."""
    rows = session.execute(
        select(FilingRow.system, FilingRow.content, FilingRow.register)
        .where(
            FilingRow.system.in_(list(systems)),
            FilingRow.kind.in_(["initial", "legacy", "change"]),
            FilingRow.state.in_(["submitted", "accepted"]),
        )
        .order_by(FilingRow.submitted, FilingRow.number)
    )
    return {system: Statement(content, register) for system, content, register in rows}


def before_filing(session: Session, row: FilingRow) -> Mapping[str, Any]:
    """The form that was filed last before this filing; empty where none was."""
    filed = session.execute(
        select(FilingRow.content, FilingRow.number, FilingRow.submitted)
        .where(
            FilingRow.system == row.system,
            FilingRow.id != row.id,
            FilingRow.kind.in_(["initial", "legacy", "change"]),
            FilingRow.state.in_(["submitted", "accepted"]),
        )
        .order_by(FilingRow.submitted.desc(), FilingRow.number.desc())
    )
    for content, number, submitted in filed:
        earlier = (
            row.submitted is None or submitted is None or (submitted, number) < (row.submitted, row.number)
        )
        if earlier:
            found: Mapping[str, Any] = content
            return found
    return {}


def numbers(statement: Statement) -> dict[str, int]:
    """The filed numbers that can be measured."""
    return {name: value for name in NUMBERS if isinstance(value := statement.content.get(name), int)}


def differences(session: Session, systems: Sequence[str]) -> dict[str, list[Difference]]:
    """By system, what differs from what was filed, for the program's own work."""
    rows = session.execute(
        select(DifferenceRow.system, DifferenceRow.member, DifferenceRow.since)
        .where(DifferenceRow.system.in_(list(systems)))
        .order_by(DifferenceRow.member)
    )
    found: dict[str, list[Difference]] = {}
    for system, member, since in rows:
        found.setdefault(system, []).append(Difference(member, since))
    return found


def compare(tx: Transaction, systems: Sequence[str]) -> list[str]:
    """Keep since when each member differs from what was filed last; returns the systems of which anything was. What was
    filed and is given back differs since the day on which it changed."""
    said = statements(tx.session, systems)
    if not said:
        return []
    facts = measured(tx.session, list(said))
    known: dict[str, set[str]] = {}
    rows = tx.session.execute(
        select(DifferenceRow.system, DifferenceRow.member).where(DifferenceRow.system.in_(list(said)))
    )
    for system, member in rows:
        known.setdefault(system, set()).add(member)
    for system, statement in said.items():
        differ = _changed(statement, facts[system])
        before = known.get(system, set())
        fresh = sorted(differ - before)
        since = _given_back(tx.session, system, statement) if fresh else {}
        for member in fresh:
            day = since.get(member, day_of(tx.now_us()))
            tx.session.add(DifferenceRow(system=system, member=member, since=day))
        if agree := before - differ:
            tx.session.execute(
                delete(DifferenceRow).where(
                    DifferenceRow.system == system, DifferenceRow.member.in_(sorted(agree))
                )
            )
    tx.session.flush()
    return list(said)


def _given_back(session: Session, system: str, statement: Statement) -> dict[str, date]:
    """Members that a change filing has told and the organ has given back, each with the day from which that filing counts: a
    return begins no new term."""
    rows = session.execute(
        select(FilingRow.register, FilingRow.trigger).where(
            FilingRow.system == system, FilingRow.kind == "change", FilingRow.state.in_(sorted(OWED)),
            FilingRow.submitted.is_not(None),
        )
    )  # fmt: skip
    return {member: trigger for register, trigger in rows for member in _changed(statement, register)}


def _changed(statement: Statement, now: Mapping[str, Any]) -> set[str]:
    return {
        member
        for member in FILED_MEMBERS
        if member in statement.content
        and now.get(member) is not None
        and now[member] not in (statement.content[member], statement.register.get(member))
    }
