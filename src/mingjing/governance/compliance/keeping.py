"""Keeping what was judged: only what differs from what is known is written.

A night looks at every subject and changes few; so rows are read as plain tuples, and written in bulk.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from mingjing.governance.compliance.events import FindingsChanged
from mingjing.governance.compliance.model import FindingRow, JudgementRow, TallyDayRow, TallyRow
from mingjing.governance.compliance.subjects import Standing
from mingjing.governance.compliance.trend import note_day
from mingjing.kernel.bulk import insert_rows
from mingjing.kernel.db import Transaction, among, rewrite_prefix, within
from mingjing.kernel.ids import new_id
from mingjing.law.days import day_of
from mingjing.law.rule import SETTLED, Judged, State

HELD: Final = frozenset({"open", "acknowledged"})
"""States of a finding that is not cured."""
_MEMBERS: Final = (
    "subject_name", "division_path", "organisation_path", "verdict", "severity", "due", "facts", "sets", "carried",
)  # fmt: skip
_LIFE: Final = ("id", "state", "acknowledged_until", "times", "verdict", "told")
STATES: Final = ("met", "pending", "broken", "unknown", "late")
UNSETTLED: Final = ("pending", "broken", "unknown")
"""Those of which a finding is not cured."""

Verdicts = Sequence[tuple[Standing, Sequence[Judged]]]
Where = tuple[str, str, str]
"""Division path, organisation path, category."""
Counts = str
"""By rule, how many verdicts of each state, as `JudgementRow.counts` has it."""
Moved = defaultdict[tuple[Where, str], Counter[str]]
"""By place and rule, how many verdicts of each state there are more, or fewer."""


def keep(tx: Transaction, kind: str, wanted: Sequence[str], judged: Verdicts) -> None:
    """Keep the verdicts on `wanted`; those of them that are not among `judged` are no more, and owe nothing."""
    if not wanted:
        return
    # Tallies are added to: two who judge the same place take turns.
    tx.alone("judging")
    found = compare(tx.session, day_of(tx.now_us()), wanted, judged, known(tx.session, wanted))
    if not found.subjects:
        return
    changed = _keep_findings(tx, kind, found)
    _keep_figures(tx, kind, found)
    if changed:
        tx.publish(FindingsChanged(kind, tuple(sorted(changed))))


def compare(
    session: Session, today: date, wanted: Sequence[str], judged: Verdicts, before: "Known"
) -> "Compared":
    """The verdicts on `wanted` beside what was known of them before. Reads only."""
    again = _over(session, today)
    told = [_Told(one, verdicts) for one, verdicts in judged]
    there = {one.subject for one in told}
    differ = [
        one
        for one in told
        if one.subject in again or before.get(one.subject) != (one.where, one.counts, one.digest)
    ]
    return Compared(differ, [subject for subject in wanted if subject not in there], before)


def stand_elsewhere(tx: Transaction, old: str, new: str) -> None:
    """A division with all that lies below it stands elsewhere, and what was judged there with it. Tallies are summed
    anew: two places may have become one."""
    tx.alone("judging")
    for column in (FindingRow.division_path, JudgementRow.division_path, TallyDayRow.division_path):
        rewrite_prefix(tx, column, old, new)
    at = TallyRow.division_path
    tx.session.execute(delete(TallyRow).where(or_(within(old, at), within(new, at))))
    moved: Moved = defaultdict(Counter)
    rows = tx.session.execute(
        select(
            JudgementRow.division_path, JudgementRow.organisation_path, JudgementRow.category, JudgementRow.counts
        ).where(within(new, JudgementRow.division_path))
    )  # fmt: skip
    for division, organisation, category, counts in rows:
        _move(moved, (division, organisation, category), counts, 1)
    _tally(tx, moved)


class _Told:
    """What was judged of a subject, as it is compared with what is known of it: where it stands, its counts, and a digest
    of all that its findings tell. Nearly every night all three are the same, and no finding is read."""

    __slots__ = ("counts", "digest", "standing", "subject", "verdicts", "where")

    def __init__(self, standing: Standing, verdicts: Sequence[Judged]) -> None:
        self.standing = standing
        self.subject: str = standing.facts.id
        self.where: Where = (standing.facts.division_path, standing.organisation_path, standing.category)
        self.counts = _counts(",".join([one.rule + " " + one.state for one in verdicts]))
        self.verdicts = [one for one in verdicts if one.state is not State.MET]
        said = ", ".join([repr(standing.name), *[one.text for one in self.verdicts]])
        self.digest = _digest(f"({said})" if self.verdicts else f"({said},)")


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs of some subjects from what is known, and those that are no more."""

    differ: Sequence[_Told]
    gone: Sequence[str]
    known: "Known"

    @property
    def subjects(self) -> list[str]:
        return [*self.gone, *(one.subject for one in self.differ)]


Known = Mapping[str, tuple[Where, Counts, str]]
"""By subject, where it stood, its counts and the digest of what its findings told."""


def known(session: Session, wanted: Sequence[str]) -> Known:
    """What is known of subjects; nothing of those that were never judged."""
    at = JudgementRow.__table__.c
    rows = session.execute(
        select(at.subject, at.division_path, at.organisation_path, at.category, at.counts, at.told).where(
            among(wanted, at.subject)
        )
    )
    return {
        subject: ((division, organisation, category), counts, told)
        for subject, division, organisation, category, counts, told in rows
    }


def _over(session: Session, today: date) -> set[str]:
    """Subjects of findings that were acknowledged for a term which is over."""
    held, until = FindingRow.state == "acknowledged", FindingRow.acknowledged_until
    return set(session.scalars(select(FindingRow.subject).where(held, until < today)))


def _keep_findings(tx: Transaction, kind: str, compared: Compared) -> set[str]:
    columns = [getattr(FindingRow, name) for name in _LIFE]
    rows = tx.session.execute(
        select(FindingRow.rule, FindingRow.subject, FindingRow.key, *columns).where(
            FindingRow.subject.in_(compared.subjects), FindingRow.kind == kind
        )
    )
    known = {(rule, subject, key): tuple(rest) for rule, subject, key, *rest in rows}
    now_us, today = tx.now_us(), day_of(tx.now_us())
    opened: list[dict[str, Any]] = []
    renewed: list[dict[str, Any]] = []
    changed: set[str] = set()
    for told in compared.differ:
        one = told.standing
        for found in told.verdicts:
            row = known.pop((found.rule, one.facts.id, found.key), None)
            if row is None:
                opened.append(_opened(kind, one, found, now_us))
                changed.add(one.facts.id)
            elif (change := _renewed(row, one, found, now_us, today)) is not None:
                renewed.append(change)
                changed.add(one.facts.id)
    cured = [(row[0], subject) for (_, subject, _), row in known.items() if row[1] in HELD]
    changed.update(subject for _, subject in cured)
    insert_rows(tx, FindingRow, opened)
    # Members that change differ from row to row: those of a kind go together.
    for part in _alike(renewed):
        tx.session.execute(update(FindingRow), part)
    if cured:
        members = {"state": "cured", "cured_us": now_us, "changed_us": now_us}
        tx.session.execute(update(FindingRow), [{"id": identifier} | members for identifier, _ in cured])
    return changed


def _opened(kind: str, one: Standing, found: Judged, now_us: int) -> dict[str, Any]:
    told = _told(one, found)
    settled = found.state in SETTLED
    opened = {
        "told": _digest(repr(told)),
        "id": new_id("fd"), "rule": found.rule, "kind": kind, "subject": one.facts.id, "key": found.key,
        "state": "cured" if settled else "open", "reason": "", "acknowledged_by": None, "acknowledged_until": None,
        "times": 1, "opened_us": now_us, "changed_us": now_us, "cured_us": now_us if settled else None,
    }  # fmt: skip
    opened.update(zip(_MEMBERS, told, strict=True))
    return opened


def _told(one: Standing, found: Judged) -> tuple[Any, ...]:
    """The members of a finding in the order of `_MEMBERS`."""
    return (
        one.name, one.facts.division_path, one.organisation_path, str(found.state), str(found.severity), found.due,
        dict(found.facts), list(found.sets), found.carried,
    )  # fmt: skip


def _renewed(
    row: tuple[Any, ...], one: Standing, found: Judged, now_us: int, today: date
) -> dict[str, Any] | None:
    """What changes of a finding that is known; None where nothing does. What is acknowledged and grows graver, or whose
    term is over, is open again; what was cured is opened anew, as the same finding; what was done late is cured, and says
    by how many days."""
    identifier, state, until, times, verdict, known = row
    told = _told(one, found)
    digest = _digest(repr(told))
    change: dict[str, Any] = {}
    if found.state in SETTLED:
        change = {"state": "cured", "cured_us": now_us} if state in HELD else {}
    elif state == "cured":
        change = {
            "state": "open", "cured_us": None, "opened_us": now_us, "times": times + 1, "reason": "",
            "acknowledged_by": None, "acknowledged_until": None,
        }  # fmt: skip
    elif state == "acknowledged":
        graver = verdict != found.state.value and found.state is State.BROKEN
        if graver or (until is not None and until < today):
            change = {"state": "open"}
    if not change and digest == known:
        return None
    values = {"id": identifier, "changed_us": now_us, "told": digest}
    return values | change | dict(zip(_MEMBERS, told, strict=True))


def _digest(told: str) -> str:
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def _alike(changes: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    parts: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for change in changes:
        parts[tuple(change)].append(change)
    return list(parts.values())


def _keep_figures(tx: Transaction, kind: str, compared: Compared) -> None:
    gone = {subject: compared.known[subject] for subject in compared.gone if subject in compared.known}
    steps: Counter[tuple[Where, Counts]] = Counter()
    fresh: list[dict[str, Any]] = []
    renewed: list[dict[str, Any]] = []
    now_us = tx.now_us()
    for one in compared.differ:
        row = {
            "subject": one.subject, "division_path": one.where[0], "organisation_path": one.where[1],
            "category": one.where[2], "counts": one.counts, "told": one.digest, "judged_us": now_us,
        }  # fmt: skip
        before = compared.known.get(one.subject)
        if before is None:
            fresh.append(row | {"kind": kind})
        else:
            renewed.append(row)
            steps[before[0], before[1]] -= 1
        steps[one.where, one.counts] += 1
    for where, counts, _ in gone.values():
        steps[where, counts] -= 1
    insert_rows(tx, JudgementRow, fresh)
    if renewed:
        tx.session.execute(update(JudgementRow), renewed)
    if gone:
        tx.session.execute(delete(JudgementRow).where(JudgementRow.subject.in_(list(gone))))
    moved: Moved = defaultdict(Counter)
    for (where, counts), step in steps.items():
        _move(moved, where, counts, step)
    _tally(tx, moved)
    note_day(tx, moved)


@lru_cache(maxsize=4096)
def _counts(verdicts: str) -> Counts:
    """From the states of a subject's verdicts, `FILE-01 broken,SCOPE-01 met`: subjects of a kind are judged alike."""
    counts: dict[str, list[int]] = {}
    for part in filter(None, verdicts.split(",")):
        rule, state = part.split(" ")
        counts.setdefault(rule, [0] * len(STATES))[STATES.index(state)] += 1
    return ",".join(f"{rule} {' '.join(map(str, numbers))}" for rule, numbers in sorted(counts.items()))


def _move(moved: Moved, where: Where, counts: Counts, by: int) -> None:
    """Add what so many subjects more, or fewer, of the same counts bring."""
    if not by:
        return
    for rule, state, count in _parsed(counts):
        moved[where, rule][state] += by * count


@lru_cache(maxsize=4096)
def _parsed(counts: Counts) -> tuple[tuple[str, str, int], ...]:
    return tuple(
        (rule, state, int(count))
        for rule, *numbers in (part.split(" ") for part in counts.split(",") if part)
        for state, count in zip(STATES, numbers, strict=True)
        if count != "0"
    )


def _tally(tx: Transaction, moved: Mapping[tuple[Where, str], Counter[str]]) -> None:
    """Add what has moved to the tallies."""
    moved = {key: by for key, by in moved.items() if any(by.values())}
    if not moved:
        return
    places = sorted({where[0] for where, _ in moved})
    sums = [getattr(TallyRow, state) for state in STATES]
    rows = tx.session.execute(
        select(
            TallyRow.id, TallyRow.rule, TallyRow.division_path, TallyRow.organisation_path, TallyRow.category, *sums
        ).where(TallyRow.division_path.in_(places))
    )  # fmt: skip
    known = {((row[2], row[3], row[4]), row[1]): (row[0], row[5:]) for row in rows}
    fresh: list[dict[str, Any]] = []
    renewed: list[dict[str, Any]] = []
    for (where, rule), by in moved.items():
        identifier, before = known.get((where, rule), (None, (0,) * len(STATES)))
        sums_now = {state: count + by[state] for state, count in zip(STATES, before, strict=True)}
        if identifier is None:
            place = {"division_path": where[0], "organisation_path": where[1], "category": where[2]}
            fresh.append({"rule": rule} | place | sums_now)
        else:
            renewed.append({"id": identifier} | sums_now)
    insert_rows(tx, TallyRow, fresh)
    if renewed:
        tx.session.execute(update(TallyRow), renewed)
