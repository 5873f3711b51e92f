"""What is owed by a day, gathered from the rooms that know of it."""

from collections.abc import Callable, Iterator
from typing import Final

from sqlalchemy.orm import Session

from mingjing.governance.compliance.queries import dated
from mingjing.governance.filing.queries import waiting
from mingjing.governance.filing.rules import RULE_OF
from mingjing.governance.orders.queries import running
from mingjing.governance.reminding.rules import Duty
from mingjing.identity.actions import Action
from mingjing.law.days import day_of


def duties(session: Session) -> Iterator[Duty]:
    """Everything that is owed by a day, for the program's own work."""
    for source in SOURCES:
        yield from source(session)


def _filings(session: Session) -> Iterator[Duty]:
    """Filings that are in our hands; what the organ has got waits for its answer."""
    for row, name in waiting(session):
        yield Duty(
            "filing", row.id, f"filing:{row.id}", name, row.kind, row.due, row.division_path, row.organisation_path,
            Action.FILING_WRITE,
        )  # fmt: skip


def _findings(session: Session) -> Iterator[Duty]:
    """Findings with a day, and the terms of those that were acknowledged. An open filing stands for the finding that its
    system owes it; a camera's cycle is recalled by the round that goes there."""
    open_filings = {(row.system, RULE_OF[row.kind]) for row, _ in waiting(session)}
    for row in dated(session):
        due = row.acknowledged_until if row.state == "acknowledged" else row.due
        if due is None or row.kind == "camera" or (row.subject, row.rule) in open_filings:
            continue
        yield Duty(
            "finding", row.id, f"{row.kind}:{row.subject}", row.subject_name, row.rule, due, row.division_path,
            row.organisation_path, Action.COMPLIANCE_HANDLE,
        )  # fmt: skip


def _orders(session: Session) -> Iterator[Duty]:
    """Fault orders that are not repaired, by the day of the next term."""
    for row, name in running(session):
        next_us = row.respond_by_us if row.state == "opened" else row.repair_by_us
        if next_us is not None:
            yield Duty(
                "order", row.id, f"order:{row.id}", name, row.number, day_of(next_us), row.division_path,
                row.maintainer_path or row.organisation_path, Action.ORDER_WORK,
            )  # fmt: skip


SOURCES: Final[tuple[Callable[[Session], Iterator[Duty]], ...]] = (_filings, _findings, _orders)
