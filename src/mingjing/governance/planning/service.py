"""What can be done with construction plans: written, submitted, decided on by somebody else, carried out."""

from collections.abc import Sequence
from typing import Any, Final

from mingjing.audit.history import changed
from mingjing.audit.service import Actor, Object
from mingjing.governance.decisions.queries import of_subjects
from mingjing.governance.planning import queries
from mingjing.governance.planning.errors import (
    ITEM_OUTSIDE,
    ITEM_PROHIBITED,
    ITEM_SUSPECTED,
    NOT_OF_TERRITORY,
    OVERLAP_UNDECIDED,
    OWN_PLAN,
    PERIOD_REVERSED,
    PLAN_CLOSED,
    PLAN_EMPTY,
    PLAN_STEP,
    REASON_MISSING,
    TOO_MANY_DONE,
)
from mingjing.governance.planning.events import PlanChanged
from mingjing.governance.planning.model import ConstructionPlanRow, PlanItemRow
from mingjing.governance.planning.rules import OPEN, STATES
from mingjing.governance.planning.schema import (
    ConstructionPlanPatch,
    ConstructionPlanWish,
    PlanDecision,
    PlanItemPatch,
    PlanItemWish,
    PlanStepWish,
)
from mingjing.governance.planning.spots import check_spot, limits, located, overlaps_at, undecided
from mingjing.identity.queries import organisation
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import ErrorKind, MingjingError
from mingjing.kernel.ids import new_id
from mingjing.law.days import day_of
from mingjing.law.facts import DecisionState
from mingjing.registry import record
from mingjing.registry.places.queries import place

KIND: Final = "construction_plan"
ITEM: Final = "plan_item"
KEPT: Final = (
    "name", "division", "organisation", "since", "until", "state", "submitted_by", "decided_by", "decision", "note",
)  # fmt: skip
ITEM_KEPT: Final = (
    "name", "division", "place", "longitude", "latitude", "azimuth", "view_angle", "view_m", "cameras", "purpose",
    "budget_yuan", "due", "progress", "cameras_done", "reuse", "reuse_reason", "overlap", "overlapping",
)  # fmt: skip
_PROGRESS: Final = frozenset({"progress", "cameras_done"})
"""What is still entered once a plan is approved."""
_OPTIONAL: Final = frozenset({"place", "longitude", "latitude", "azimuth", "view_angle", "view_m", "due"})


def enter(tx: Transaction, actor: Actor, scope: Scope, wish: ConstructionPlanWish) -> ConstructionPlanRow:
    """Enter a plan. Raises DIV-004, AUTH-025, CPL-001; REQ-404 where it lies outside the scope."""
    row = ConstructionPlanRow(
        id=new_id("cp"), since=wish.since, until=wish.until, state="draft", submitted_by="", submitted_us=None,
        decided_by="", decided_us=None, decision="", note=wish.note, created_us=tx.now_us(),
        changed_us=tx.now_us(), ended_us=None,
    )  # fmt: skip
    record.named(row, wish.name)
    record.placed(tx, scope, row, wish.division, wish.organisation)
    _period(row)
    tx.session.add(row)
    tx.session.flush()
    changed(tx, actor, Object(KIND, row.id), "enter", {}, record.members(row, KEPT), {"name": row.name})
    return row


def change(
    tx: Transaction, actor: Actor, scope: Scope, identifier: str, patch: ConstructionPlanPatch
) -> ConstructionPlanRow:
    """Change a plan that is open; what is absent stays. Raises as `enter` does, CPL-002."""
    row = _open(tx, scope, identifier)
    before = record.members(row, KEPT)
    given = {name: value for name, value in patch.model_dump(exclude_unset=True).items() if value is not None}
    if "name" in given:
        record.named(row, given["name"])
    if {"division", "organisation"} & set(given):
        record.placed(
            tx, scope, row, given.get("division", row.division), given.get("organisation", row.organisation)
        )
        for one in queries.items(tx.session, [row.id]).get(row.id, []):
            _stand(tx, scope, row, one, one.division)
    for name in {"since", "until", "note"} & set(given):
        setattr(row, name, given[name])
    _period(row)
    return _kept(tx, actor, row, "change", before)


def add(
    tx: Transaction, actor: Actor, scope: Scope, sees: Scope, identifier: str, wish: PlanItemWish
) -> PlanItemRow:
    """Add an item to a plan that is open. `sees` is where the planner may see cameras: those are what it is checked
    against. Raises DIV-004, PLC-003, FRB-001, CPL-002, -006, -009; REQ-404."""
    plan = _open(tx, scope, identifier)
    row = PlanItemRow(
        id=new_id("pi"), plan=plan.id, progress="planned", cameras_done=0, overlap=0, overlapping=0,
        created_us=tx.now_us(), changed_us=tx.now_us(), ended_us=None,
    )  # fmt: skip
    record.named(row, wish.name)
    _stand(tx, scope, plan, row, wish.division or plan.division)
    _fill(tx, sees, row, wish.model_dump(exclude={"name", "division"}))
    tx.session.add(row)
    tx.session.flush()
    changed(tx, actor, Object(ITEM, row.id), "enter", {}, record.members(row, ITEM_KEPT), _naming(row, plan))
    tx.publish(PlanChanged(plan.id, (row.id,)))
    return row


def change_item(
    tx: Transaction,
    actor: Actor,
    scope: Scope,
    sees: Scope,
    identifier: str,
    item: str,
    patch: PlanItemPatch,
) -> PlanItemRow:
    """Change an item; what is absent stays. Of an approved plan only its progress changes, CPL-002 for the rest. Raises
    as `add` does, CPL-010."""
    plan = queries.plan(tx.session, scope, identifier)
    row = queries.item(tx.session, scope, plan.id, item)
    given = patch.model_dump(exclude_unset=True)
    if plan.state not in OPEN and not (plan.state == "approved" and set(given) <= _PROGRESS):
        raise _closed(plan)
    before = record.members(row, ITEM_KEPT)
    if given.pop("name", None):
        record.named(row, patch.name or row.name)
    if given.pop("division", None):
        _stand(tx, scope, plan, row, patch.division or row.division)
    if given.pop("ended", None):
        row.ended_us = tx.now_us()
    _fill(tx, sees if plan.state in OPEN else None, row, given)
    row.changed_us = tx.now_us()
    tx.session.flush()
    after = record.members(row, ITEM_KEPT) | ({"ended": True} if row.ended_us is not None else {})
    if changed(tx, actor, Object(ITEM, row.id), "change", before, after, _naming(row, plan)):
        tx.publish(PlanChanged(plan.id, (row.id,)))
    return row


def step(
    tx: Transaction, actor: Actor, scope: Scope, sees: Scope, identifier: str, wish: PlanStepWish
) -> ConstructionPlanRow:
    """Submit a plan, or take it back. Each item is checked once more against what is there.

    Raises CPL-003, -004; CPL-005 where an item overlaps and nothing was decided on it; CPL-011 where a person decided that
    an item looks into a forbidden place; REQ-404.
    """
    row = queries.plan(tx.session, scope, identifier)
    if (wish.to == "submitted") != (row.state in OPEN) or row.state == "approved":
        raise _not_now(row)
    before = record.members(row, KEPT)
    if wish.to == "submitted":
        _submittable(tx, sees, row)
        row.submitted_by, row.submitted_us = actor.id, tx.now_us()
        row.decided_by, row.decided_us, row.decision = "", None, ""
    row.state = wish.to
    return _kept(tx, actor, row, "submit" if wish.to == "submitted" else "take_back", before)


def decide(
    tx: Transaction, actor: Actor, scope: Scope, identifier: str, unit: str, wish: PlanDecision
) -> ConstructionPlanRow:
    """Approve a plan or return it; `unit` is the unit of who decides.

    Raises CPL-003 for one that is not submitted; CPL-007 where who decides has submitted it; CPL-008 where the unit is
    registered neither in its division nor above it; CPL-006 for a return without a reason; CPL-011 and -012 where an
    item is decided to be prohibited, or is suspected and nobody has decided; REQ-404.
    """
    row = queries.plan(tx.session, scope, identifier)
    if row.state != "submitted":
        raise _not_now(row)
    if actor.id == row.submitted_by:
        raise MingjingError(OWN_PLAN)
    decider = organisation(tx.session, unit)
    if not decider.division_path or not row.division_path.startswith(decider.division_path):
        raise MingjingError(NOT_OF_TERRITORY)
    if wish.to == "returned" and not wish.reason:
        raise MingjingError(REASON_MISSING, zh="退回", en="A return")
    if wish.to == "approved":
        items = queries.items(tx.session, [row.id]).get(row.id, [])
        _refuse(tx, items, "prohibited", ITEM_PROHIBITED)
        _refuse(tx, items, "waiting", ITEM_SUSPECTED)
    before = record.members(row, KEPT)
    row.state, row.decision = wish.to, wish.reason
    row.decided_by, row.decided_us = actor.id, tx.now_us()
    return _kept(tx, actor, row, "approve" if wish.to == "approved" else "return", before)


def _submittable(tx: Transaction, sees: Scope, row: ConstructionPlanRow) -> None:
    items = queries.items(tx.session, [row.id]).get(row.id, [])
    if not items:
        raise MingjingError(PLAN_EMPTY)
    today = day_of(tx.now_us())
    for one in items:
        check_spot(tx.session, today, one.division_path, one.longitude, one.latitude)
        _measure(tx, sees, one)
    _refuse(tx, items, "prohibited", ITEM_PROHIBITED)
    lacking = [one.name for one in items if undecided(one, today) and one.progress != "dropped"]
    if lacking:
        raise MingjingError(OVERLAP_UNDECIDED, names="、".join(lacking))


def _refuse(tx: Transaction, items: Sequence[PlanItemRow], state: DecisionState, error: ErrorKind) -> None:
    """Refuse a plan with an item on which the decision stands so."""
    said = of_subjects(tx.session, ITEM, [one.id for one in items if one.progress != "dropped"])
    names = [one.name for one in items if one.id in said and said[one.id].state == state]
    if names:
        raise MingjingError(error, names="、".join(names))


def _fill(tx: Transaction, sees: Scope | None, row: PlanItemRow, given: dict[str, Any]) -> None:
    """Put members into an item, and check it against the cameras that `sees` covers; None leaves that check as it was."""
    if sees is not None and given.get("place"):
        place(tx.session, sees, given["place"])
    for name, value in given.items():
        if value is not None or name in _OPTIONAL:
            setattr(row, name, value)
    if sees is not None:
        check_spot(tx.session, day_of(tx.now_us()), row.division_path, row.longitude, row.latitude)
    if row.reuse and not row.reuse_reason:
        words = {"reuse": ("利旧", "Reuse"), "build": ("另建", "Building beside what is there")}[row.reuse]
        raise MingjingError(REASON_MISSING, zh=words[0], en=words[1])
    if row.cameras_done > row.cameras:
        raise MingjingError(TOO_MANY_DONE, done=row.cameras_done, planned=row.cameras)
    if sees is not None:
        _measure(tx, sees, row)


def _measure(tx: Transaction, sees: Scope, row: PlanItemRow) -> None:
    """How much an item shares with what is there now."""
    spot, limit = located(row), limits(row.division_path, day_of(tx.now_us()))
    found = overlaps_at(tx.session, sees, spot, limit) if spot is not None and limit is not None else []
    row.overlap, row.overlapping = max((one.share for one in found), default=0), len(found)


def _stand(tx: Transaction, scope: Scope, plan: ConstructionPlanRow, row: PlanItemRow, division: str) -> None:
    record.placed(tx, scope, row, division, plan.organisation)
    if not row.division_path.startswith(plan.division_path):
        raise MingjingError(ITEM_OUTSIDE, division=division, whole=plan.division)


def _open(tx: Transaction, scope: Scope, identifier: str) -> ConstructionPlanRow:
    row = queries.plan(tx.session, scope, identifier)
    if row.state not in OPEN:
        raise _closed(row)
    return row


def _closed(row: ConstructionPlanRow) -> MingjingError:
    return MingjingError(PLAN_CLOSED, zh=STATES[row.state].zh, en=STATES[row.state].en)


def _not_now(row: ConstructionPlanRow) -> MingjingError:
    return MingjingError(PLAN_STEP, zh=STATES[row.state].zh, en=STATES[row.state].en)


def _period(row: ConstructionPlanRow) -> None:
    if row.until < row.since:
        raise MingjingError(PERIOD_REVERSED, since=str(row.since), until=str(row.until))


def _naming(row: PlanItemRow, plan: ConstructionPlanRow) -> dict[str, str]:
    return {"name": row.name, "plan": plan.name}


def _kept(
    tx: Transaction,
    actor: Actor,
    row: ConstructionPlanRow,
    what: str,
    before: dict[str, Any],
) -> ConstructionPlanRow:
    row.changed_us = tx.now_us()
    tx.session.flush()
    after = record.members(row, KEPT)
    if changed(tx, actor, Object(KIND, row.id), what, before, after, {"name": row.name}):
        concerned = queries.items(tx.session, [row.id]).get(row.id, [])
        tx.publish(PlanChanged(row.id, tuple(one.id for one in concerned)))
    return row
