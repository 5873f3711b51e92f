"""What can be done with filings: opened by the clock or by hand, filled in, checked, submitted, their outcome recorded."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from mingjing.audit.history import changed
from mingjing.audit.service import SYSTEM, Actor, Object
from mingjing.governance.filing import queries
from mingjing.governance.filing.errors import (
    DISMANTLING_OPEN,
    FILING_OPEN,
    FORM_INCOMPLETE,
    NOT_DUE,
    NOT_THE_ORGAN,
    OUTCOME_INCOMPLETE,
    OWN_CHECK,
    STEP_IMPOSSIBLE,
)
from mingjing.governance.filing.events import FilingChanged
from mingjing.governance.filing.measured import measured
from mingjing.governance.filing.model import FilingRow, FilingStepRow
from mingjing.governance.filing.rules import DECISIONS, OPEN, OWED, RULE_OF, STEPS, check, county_of
from mingjing.governance.filing.schema import FilingDecision, FilingPatch, FilingStepWish
from mingjing.governance.filing.statement import compare, differences
from mingjing.identity.events import OrganisationChanged
from mingjing.identity.queries import county_organ, organisation
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction, rewrite_prefix, rewrite_value
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.ids import new_id
from mingjing.kernel.numbers import next_number
from mingjing.law.days import day_of
from mingjing.law.facts import FilingKind
from mingjing.law.rule import Court, State
from mingjing.law.rules import rules
from mingjing.law.sets import shipped
from mingjing.registry.dossiers.events import DossierChanged
from mingjing.registry.dossiers.queries import systems_with
from mingjing.registry.events import CameraRemoved, CamerasEntered
from mingjing.registry.systems.events import SystemChanged, SystemEnding
from mingjing.registry.systems.facts import facts_of
from mingjing.registry.systems.queries import known, used_by, video_system
from mingjing.territory.events import DivisionMoved
from mingjing.territory.queries import division

KIND: Final = "filing"
_KEPT: Final = ("state", "content", "organ", "submitted", "decided", "official_number", "due")
_DECIDES: Final = frozenset({"county", "city", "province"})
"""Levels of public security organs that take filings; a police station does not."""


def follow(tx: Transaction, event: SystemChanged) -> None:
    """A system was entered or changed: open the filing that it now owes, and keep its filings where it stands."""
    for row in known(tx.session, [event.system]):
        for filing in tx.session.scalars(select(FilingRow).where(FilingRow.system == row.id)):
            filing.division_path, filing.organisation_path = row.division_path, row.organisation_path
        kinds: tuple[FilingKind, ...] = ("initial", "legacy", "dismantling")
        for kind in kinds:
            due = _due(tx, row.id, kind)
            if due is not None and not _there(tx, row.id, kind):
                trigger = row.dismantle_planned if kind == "dismantling" else row.in_use
                _open(tx, SYSTEM, row.id, kind, trigger or day_of(tx.now_us()), due)
    follow_changes(tx, [event.system])


def guard_ending(tx: Transaction, event: SystemEnding) -> None:
    """A system shall leave the register: refused while a filing of it is open, and until the dismantling of one that has to
    be filed, or was, is submitted (SC799, 14). Raises FIL-008."""
    rows = tx.session.scalars(
        select(FilingRow).where(FilingRow.system == event.system).order_by(FilingRow.number)
    ).all()
    under_way = [row.number for row in rows if row.state in OWED]
    if under_way:
        raise MingjingError(
            DISMANTLING_OPEN,
            zh=f"备案 {'、'.join(under_way)} 尚未办结。",
            en=f"Not finished: {', '.join(under_way)}.",
        )
    done = {row.kind for row in rows if row.state in {"submitted", "accepted"}}
    if "dismantling" not in done and (done or _bound(tx, event.system)):
        raise MingjingError(
            DISMANTLING_OPEN,
            zh="该系统须备案，其拆除备案尚未提交。",
            en="The system has to be filed, and its dismantling has not been submitted.",
        )


def follow_dossier(tx: Transaction, event: DossierChanged) -> None:
    """A camera came to a system or left it."""
    follow_changes(tx, sorted(event.systems))


def follow_removal(tx: Transaction, event: CameraRemoved) -> None:
    """A camera left the register, and with it the system that it belonged to."""
    follow_changes(tx, systems_with(tx.session, [event.channel]))


def follow_table(tx: Transaction, event: CamerasEntered) -> None:
    """A table of cameras was brought in."""
    follow_changes(tx, event.systems)


def follow_unit(tx: Transaction, event: OrganisationChanged) -> None:
    """What was filed of a unit may have changed."""
    follow_changes(tx, used_by(tx.session, event.organisation))


def follow_changes(tx: Transaction, systems: Sequence[str]) -> None:
    """Find what differs from what was filed, open the change filing that is owed for it, and take back one that the
    program has opened and nobody has touched where nothing differs any more."""
    filed = compare(tx, systems)
    changed_since = differences(tx.session, filed)
    for identifier in filed:
        open_one = tx.session.scalars(
            select(FilingRow).where(
                FilingRow.system == identifier, FilingRow.kind == "change", FilingRow.state.in_(sorted(OPEN))
            )
        ).first()
        found = changed_since.get(identifier)
        if found and open_one is None:
            due = _due(tx, identifier, "change")
            if due is not None:
                _open(tx, SYSTEM, identifier, "change", min(one.since for one in found), due)
        elif not found and open_one is not None and _untouched(tx, open_one):
            _entered(tx, SYSTEM, open_one, "withdrawn", "", _shown(open_one))


def follow_division(tx: Transaction, event: DivisionMoved) -> None:
    """Filings stand where their systems stand, and an organ's division keeps its organ under another code."""
    rewrite_prefix(tx, FilingRow.division_path, event.old_path, event.new_path)
    rewrite_value(tx, FilingRow.organ_division, event.old_code, event.new_code)


def open_by_hand(tx: Transaction, actor: Actor, scope: Scope, of_system: str, kind: FilingKind) -> FilingRow:
    """Open a filing. Raises FIL-005 where one of the kind is under way, FIL-006 where none is due; REQ-404."""
    row = video_system(tx.session, scope, of_system)
    under_way = tx.session.scalars(
        select(FilingRow).where(
            FilingRow.system == row.id, FilingRow.kind == kind, FilingRow.state.in_(sorted(OPEN))
        )
    ).first()
    if under_way is not None:
        raise MingjingError(FILING_OPEN, number=under_way.number)
    today = day_of(tx.now_us())
    due = _due(tx, row.id, kind)
    if kind == "change":
        since = [one.since for one in differences(tx.session, [row.id]).get(row.id, ())]
        return _open(tx, actor, row.id, kind, min(since, default=today), due or today)
    trigger = row.in_use if kind in {"initial", "legacy"} else row.dismantle_planned
    if due is None or trigger is None:
        raise MingjingError(
            NOT_DUE, zh="该系统没有到期的此类备案义务。", en="The system owes no filing of this kind."
        )
    return _open(tx, actor, row.id, kind, trigger, due)


def fill(tx: Transaction, actor: Actor, scope: Scope, identifier: str, patch: FilingPatch) -> FilingRow:
    """Change what stands in the form. Raises FIL-001 once it has been submitted, REQ-404."""
    row = queries.filing(tx.session, scope, identifier)
    if row.state not in {"preparing", "checking", "returned", "refused"}:
        raise MingjingError(STEP_IMPOSSIBLE, state=row.state, to="preparing")
    before = _shown(row)
    row.content = row.content | patch.content.model_dump(mode="json", exclude_unset=True)
    row.changed_us = tx.now_us()
    tx.session.flush()
    changed(tx, actor, Object(KIND, row.id), "fill", before, _shown(row), {"number": row.number})
    return row


def step(tx: Transaction, actor: Actor, scope: Scope, identifier: str, wish: FilingStepWish) -> FilingRow:
    """Bring a filing into another state. Raises FIL-001 to -004, REQ-404."""
    row = queries.filing(tx.session, scope, identifier)
    if wish.to not in STEPS[row.state]:
        raise MingjingError(STEP_IMPOSSIBLE, state=row.state, to=wish.to)
    before = _shown(row)
    if wish.to == "checking":
        lacking = [
            one.item.title.zh
            for one in check(row.content, measured(tx.session, [row.system])[row.system])
            if one.state == "missing"
        ]
        if lacking:
            raise MingjingError(FORM_INCOMPLETE, missing="、".join(lacking))
        row.prepared_by = actor.id
    if wish.to == "submitted":
        if actor.id == row.prepared_by:
            raise MingjingError(OWN_CHECK)
        row.submitted = _happened(tx, wish.day)
        row.register = measured(tx.session, [row.system])[row.system]
        # The organ may have been registered, or the system moved, since the filing was opened.
        organ, row.organ_division = organ_of(tx, row.division_path)
        row.organ = wish.organ or organ
    if wish.to in DECISIONS:
        _outcome(tx, row, wish.to, wish.day, wish.official_number, wish.organ)
    return _entered(tx, actor, row, wish.to, wish.note, before)


def decide(
    tx: Transaction, actor: Actor, scope: Scope, identifier: str, unit: str, wish: FilingDecision
) -> FilingRow:
    """Decide on a filing as the organ itself; `unit` is the unit of who decides.

    Raises FIL-001 for one that is not submitted, FIL-004, FIL-007 where the unit is no public security organ of county
    level or above of the location, or who decides has prepared it; REQ-404.
    """
    row = queries.filing(tx.session, scope, identifier)
    organ = organisation(tx.session, unit)
    entitled = organ.level in _DECIDES and row.division_path.startswith(organ.division_path)
    if not entitled or organ.ended_us is not None or actor.id == row.prepared_by:
        raise MingjingError(NOT_THE_ORGAN)
    if wish.to not in STEPS[row.state]:
        raise MingjingError(STEP_IMPOSSIBLE, state=row.state, to=wish.to)
    before = _shown(row)
    _outcome(tx, row, wish.to, wish.day, wish.official_number, organ.name)
    return _entered(tx, actor, row, wish.to, wish.note, before)


def organ_of(tx: Transaction, division_path: str) -> tuple[str, str]:
    """The organ that a filing of a place goes to, and the division that it belongs to: the county-level public security
    organ of the location (SC799, 14; HB361, 11 has "county level or above"). A functional zone acts as a county. Where
    no organ is registered there, it is called after the county."""
    codes = [code for code in division_path.split("/") if code]
    county = county_of(codes) or (codes[-1] if codes else "")
    registered = county_organ(tx.session, county)
    return registered.name if registered else f"{division(tx.session, county).name}公安机关", county


def _outcome(
    tx: Transaction, row: FilingRow, to: str, day: date | None, official_number: str, organ: str
) -> None:
    row.decided = _happened(tx, day)
    if to == "accepted" and not official_number:
        raise MingjingError(OUTCOME_INCOMPLETE, zh="备案编号", en="The official number")
    row.official_number = official_number or row.official_number
    row.organ = organ or row.organ


def _entered(
    tx: Transaction, actor: Actor, row: FilingRow, to: str, note: str, before: dict[str, Any]
) -> FilingRow:
    """Enter the state that a filing has come into."""
    row.state, row.changed_us = to, tx.now_us()
    _note(tx, actor, row, note)
    tx.session.flush()
    changed(tx, actor, Object(KIND, row.id), to, before, _shown(row), {"number": row.number})
    # What was filed last may be another form now.
    compare(tx, [row.system])
    tx.publish(FilingChanged(row.id, row.system))
    return row


def _open(
    tx: Transaction, actor: Actor, of_system: str, kind: FilingKind, trigger: date, due: date
) -> FilingRow:
    row = known(tx.session, [of_system])[0]
    number = next_number(tx, FilingRow.number, f"BA-{day_of(tx.now_us()).year}")
    organ, organ_division = organ_of(tx, row.division_path)
    made = FilingRow(
        id=new_id("fi"), number=number, kind=kind, system=row.id, division_path=row.division_path,
        organisation_path=row.organisation_path, trigger=trigger, due=due, state="preparing", content={}, organ=organ,
        organ_division=organ_division, submitted=None, decided=None, official_number="", register={}, prepared_by="",
        created_us=tx.now_us(), changed_us=tx.now_us(),
    )  # fmt: skip
    tx.session.add(made)
    tx.session.flush()
    facts = measured(tx.session, [row.id])[row.id]
    made.content = {name: value for name, value in facts.items() if value not in (None, "")}
    _note(tx, actor, made, "")
    changed(
        tx,
        actor,
        Object(KIND, made.id),
        "open",
        {},
        _shown(made),
        {"number": made.number, "system": row.name},
    )
    tx.publish(FilingChanged(made.id, row.id))
    return made


def _due(tx: Transaction, of_system: str, kind: str) -> date | None:
    """When a filing of a kind is due by the rules in force; None where none is owed."""
    rule = RULE_OF.get(kind)
    if rule is None:
        return None
    due: list[date] = []
    for subject in facts_of(tx.session, [of_system], queries.facts(tx.session, [of_system])):
        known_facts = replace(subject, differences=differences(tx.session, [of_system]).get(of_system, ()))
        for found in Court(shipped(), day_of(tx.now_us())).judge(rules()[rule], known_facts):
            if found.state in {State.PENDING, State.BROKEN} and found.due is not None:
                due.append(found.due)
    return min(due, default=None)


def _bound(tx: Transaction, of_system: str) -> bool:
    """Whether any filing is or was owed for a system by the rules in force."""
    (row,) = known(tx.session, [of_system])
    court = Court(shipped(), day_of(tx.now_us()))
    return any(
        found
        for subject in facts_of(tx.session, [row.id], {})
        for rule in ("FILE-01", "FILE-02", "DISM-02")
        for found in court.judge(rules()[rule], subject)
    )


def _there(tx: Transaction, of_system: str, kind: str) -> bool:
    kinds = [kind] if kind == "dismantling" else ["initial", "legacy"]
    query = select(FilingRow.id).where(
        FilingRow.system == of_system, FilingRow.kind.in_(kinds), FilingRow.state != "withdrawn"
    )
    return tx.session.scalars(query.limit(1)).first() is not None


def _untouched(tx: Transaction, row: FilingRow) -> bool:
    """Whether the program has opened a filing and nobody has done anything to it."""
    steps = queries.steps(tx.session, row.id)
    return row.state == "preparing" and row.changed_us == row.created_us and steps[0].who == SYSTEM.id


def _happened(tx: Transaction, day: date | None) -> date:
    today = day_of(tx.now_us())
    if day is None:
        return today
    if day > today:
        raise MingjingError(OUTCOME_INCOMPLETE, zh="不晚于今天的日期", en="A day that is not after today")
    return day


def _note(tx: Transaction, actor: Actor, row: FilingRow, note: str) -> None:
    tx.session.add(
        FilingStepRow(
            filing=row.id, at_us=tx.now_us(), who=actor.id, who_name=actor.name, state=row.state, note=note
        )
    )


def _shown(row: FilingRow) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in _KEPT}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()}
