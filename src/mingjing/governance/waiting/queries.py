"""What waits for one's own decision. Each kind is asked for where the reader may do what it asks for, not where they may only
read."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from mingjing.governance.compliance.queries import unnoticed
from mingjing.governance.decisions.queries import undecided
from mingjing.governance.planning.queries import submitted
from mingjing.governance.projects.queries import unaccepted
from mingjing.governance.waiting.schema import Kind, Waiting
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.identity.queries import organisation
from mingjing.law.days import days_left
from mingjing.law.rules import rules

EACH_MOST: Final = 500


def waiting(session: Session, caller: Caller, today: date) -> Iterator[Waiting]:
    """Everything that waits for the caller."""
    yield from _decisions(session, caller)
    yield from _plans(session, caller)
    yield from _acceptances(session, caller, today)
    yield from _findings(session, caller)


def _decisions(session: Session, caller: Caller) -> Iterator[Waiting]:
    for row in undecided(session, caller.scope(Action.COMPLIANCE_HANDLE), EACH_MOST):
        kind: Kind = "decision" if row.state == "waiting" else "mask"
        yield _one(kind, row.id, row.name, row.changed_us)


def _plans(session: Session, caller: Caller) -> Iterator[Waiting]:
    """A plan is approved by a unit of its division or above it, and not by who submitted it."""
    scope = caller.scope(Action.PLANNING_APPROVE)
    territory = organisation(session, caller.organisation).division_path
    if scope and territory:
        for row in submitted(session, scope, territory, EACH_MOST):
            if row.submitted_by != caller.user:
                yield _one("plan", row.id, row.name, row.submitted_us or row.changed_us)


def _acceptances(session: Session, caller: Caller, today: date) -> Iterator[Waiting]:
    for row in unaccepted(session, caller.scope(Action.PROJECT_WRITE), EACH_MOST):
        made = _one("acceptance", row.id, row.name, row.changed_us)
        day = row.main_acceptance
        left = None if day is None else days_left(day, today)
        yield made.model_copy(update={"due": day, "days_left": left})


def _findings(session: Session, caller: Caller) -> Iterator[Waiting]:
    for rule, verdict, count, since_us in unnoticed(session, caller.scope(Action.COMPLIANCE_HANDLE)):
        title = rules()[rule].title
        yield _one("findings", "", "", since_us).model_copy(
            update={"rule": rule, "verdict": verdict, "count": count, "title": title.zh, "title_en": title.en}
        )


def _one(kind: Kind, record: str, name: str, since_us: int) -> Waiting:
    return Waiting(
        kind=kind, record=record, name=name, rule="", verdict="", title="", title_en="", count=1, due=None,
        days_left=None, since_us=since_us,
    )  # fmt: skip
