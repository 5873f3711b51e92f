"""Judging: what the rules say of subjects now, kept as findings that open, are acknowledged, and are cured.

What is judged after one change is the same as what a judgement of everything would say: a subject's verdicts depend on
its own facts and on today alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, insert, select, update

from mingjing.audit.history import changed
from mingjing.audit.service import Actor, Object
from mingjing.governance.compliance.errors import NOT_OPEN
from mingjing.governance.compliance.events import FindingsChanged
from mingjing.governance.compliance.model import FindingRow, JudgementRow
from mingjing.governance.compliance.queries import finding
from mingjing.governance.compliance.subjects import KINDS, Standing
from mingjing.governance.filing.events import FilingChanged
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction, rewrite_prefix
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.ids import new_id
from mingjing.law.days import day_of
from mingjing.law.rule import Judged, Rule, State, judge
from mingjing.law.rules import rules
from mingjing.law.sets import Books, shipped
from mingjing.registry.dossiers.events import DossierChanged
from mingjing.registry.places.events import PlaceChanged
from mingjing.registry.systems.events import SystemChanged
from mingjing.territory.events import DivisionMoved

AT_ONCE: Final = 500
_HELD: Final = frozenset({"open", "acknowledged"})
_MEMBERS: Final = (
    "subject_name", "division_path", "organisation_path", "verdict", "severity", "due", "facts", "sets", "carried",
)  # fmt: skip


def follow_system(tx: Transaction, event: SystemChanged) -> None:
    """A system was changed."""
    judge_subjects(tx, "system", [event.system])


def follow_filing(tx: Transaction, event: FilingChanged) -> None:
    """A filing came into another state: its system is judged."""
    judge_subjects(tx, "system", [event.system])


def follow_place(tx: Transaction, event: PlaceChanged) -> None:
    """A place was changed."""
    judge_subjects(tx, "place", [event.place])


def follow_dossier(tx: Transaction, event: DossierChanged) -> None:
    """A camera came to another system, or covers another position."""
    judge_subjects(tx, "system", sorted(event.systems))
    judge_subjects(tx, "place", sorted(event.places))


def follow_division(tx: Transaction, event: DivisionMoved) -> None:
    """What was found stands where its subject stands."""
    for column in (FindingRow.division_path, JudgementRow.division_path):
        rewrite_prefix(tx, column, event.old_path, event.new_path)


def judge_everything(tx: Transaction) -> int:
    """Judge every subject anew, as each night does; returns how many there were."""
    return sum(judge_subjects(tx, kind, None) for kind in KINDS)


def judge_subjects(tx: Transaction, kind: str, wanted: Sequence[str] | None) -> int:
    """Judge subjects of a kind (None: all), and keep what differs from what is known; returns how many there were."""
    today, books = day_of(tx.now_us()), shipped()
    asked = [one for one in rules().values() if one.kind == kind]
    count = 0
    seen: set[str] = set()
    for part in _parts(KINDS[kind](tx.session, wanted)):
        _keep(tx, kind, part, asked, books, today)
        count += len(part)
        seen.update(one.facts.id for one in part)
    _forget(tx, kind, wanted, seen)
    return count


def acknowledge(
    tx: Transaction, actor: Actor, scope: Scope, identifier: str, reason: str, until: date | None
) -> FindingRow:
    """Take note of a finding, with the reason why it stands. Raises CMP-001 for one that is cured, REQ-404."""
    row = finding(tx.session, scope, identifier)
    if row.state not in _HELD:
        raise MingjingError(NOT_OPEN)
    before = {"state": row.state, "reason": row.reason}
    row.state, row.reason = "acknowledged", reason
    row.acknowledged_by, row.acknowledged_until, row.changed_us = actor.id, until, tx.now_us()
    tx.session.flush()
    after = {"state": row.state, "reason": row.reason}
    changed(
        tx,
        actor,
        Object("finding", row.id),
        "acknowledge",
        before,
        after,
        {"rule": row.rule, "name": row.subject_name},
    )
    return row


def _keep(
    tx: Transaction,
    kind: str,
    part: Sequence[Standing],
    asked: Sequence[Rule[Any]],
    books: Books,
    today: date,
) -> None:
    subjects = [one.facts.id for one in part]
    known: dict[tuple[str, str, str], FindingRow] = {
        (row.rule, row.subject, row.key): row
        for row in tx.session.scalars(select(FindingRow).where(FindingRow.subject.in_(subjects)))
    }
    judged = {
        row.subject: row
        for row in tx.session.scalars(select(JudgementRow).where(JudgementRow.subject.in_(subjects)))
    }
    opened: list[dict[str, Any]] = []
    fresh: list[dict[str, Any]] = []
    for one in part:
        counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for rule in asked:
            for found in judge(rule, one.facts, books, today):
                counts[rule.id][found.state.value] += 1
                row = known.pop((rule.id, one.facts.id, found.key), None)
                if found.state is State.MET:
                    _cure(tx, row)
                elif row is None:
                    opened.append(_opened(tx, kind, one, found))
                else:
                    _renew(tx, row, one, found)
        plain = {rule: dict(states) for rule, states in counts.items()}
        _note_judgement(tx, judged.get(one.facts.id), fresh, kind, one, plain)
    for row in known.values():
        _cure(tx, row)
    if opened:
        tx.session.execute(insert(FindingRow), opened)
    if fresh:
        tx.session.execute(insert(JudgementRow), fresh)
    tx.session.flush()
    tx.publish(FindingsChanged(kind, tuple(subjects)))


def _opened(tx: Transaction, kind: str, one: Standing, found: Judged) -> dict[str, Any]:
    return _members(one, found) | {
        "id": new_id("fd"), "rule": found.rule, "kind": kind, "subject": one.facts.id, "key": found.key,
        "state": "open", "reason": "", "acknowledged_by": None, "acknowledged_until": None, "times": 1,
        "opened_us": tx.now_us(), "changed_us": tx.now_us(), "cured_us": None,
    }  # fmt: skip


def _members(one: Standing, found: Judged) -> dict[str, Any]:
    return {
        "subject_name": one.name, "division_path": one.facts.division_path,
        "organisation_path": one.organisation_path, "verdict": found.state.value, "severity": found.severity.value,
        "due": found.due, "facts": dict(found.facts), "sets": list(found.sets), "carried": found.carried,
    }  # fmt: skip


def _renew(tx: Transaction, row: FindingRow, one: Standing, found: Judged) -> None:
    members = _members(one, found)
    graver = row.verdict != found.state.value and found.state is State.BROKEN
    lapsed = row.acknowledged_until is not None and row.acknowledged_until < day_of(tx.now_us())
    if row.state == "cured":
        row.state, row.cured_us, row.opened_us, row.times = "open", None, tx.now_us(), row.times + 1
        row.reason, row.acknowledged_by, row.acknowledged_until = "", None, None
    elif row.state == "acknowledged" and (graver or lapsed):
        row.state = "open"
    elif all(getattr(row, name) == value for name, value in members.items()):
        return
    for name in _MEMBERS:
        setattr(row, name, members[name])
    row.changed_us = tx.now_us()


def _cure(tx: Transaction, row: FindingRow | None) -> None:
    if row is not None and row.state in _HELD:
        row.state, row.cured_us, row.changed_us = "cured", tx.now_us(), tx.now_us()


def _note_judgement(
    tx: Transaction,
    row: JudgementRow | None,
    fresh: list[dict[str, Any]],
    kind: str,
    one: Standing,
    counts: dict[str, dict[str, int]],
) -> None:
    place = {
        "division_path": one.facts.division_path, "organisation_path": one.organisation_path,
        "category": one.category, "counts": counts,
    }  # fmt: skip
    if row is None:
        fresh.append({"subject": one.facts.id, "kind": kind, "judged_us": tx.now_us()} | place)
    elif any(getattr(row, name) != value for name, value in place.items()):
        for name, value in place.items():
            setattr(row, name, value)
        row.judged_us = tx.now_us()


def _forget(tx: Transaction, kind: str, wanted: Sequence[str] | None, seen: set[str]) -> None:
    """Subjects that are no more owe nothing more: their findings are cured, their figures go."""
    if wanted is None:
        known = set(tx.session.scalars(select(JudgementRow.subject).where(JudgementRow.kind == kind)))
    else:
        known = set(wanted)
    for part in _parts(iter(sorted(known - seen))):
        tx.session.execute(delete(JudgementRow).where(JudgementRow.subject.in_(part)))
        tx.session.execute(
            update(FindingRow)
            .where(FindingRow.subject.in_(part), FindingRow.state.in_(sorted(_HELD)))
            .values(state="cured", cured_us=tx.now_us(), changed_us=tx.now_us())
        )


def _parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    part: list[Any] = []
    for item in items:
        part.append(item)
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part
