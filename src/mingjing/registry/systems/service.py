"""What can be done with video systems."""

from typing import Any, Final

from mingjing.audit.history import changed
from mingjing.audit.service import Actor, Object
from mingjing.identity.queries import organisation_path
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.ids import new_id
from mingjing.law.days import day_of
from mingjing.registry import record
from mingjing.registry.places.queries import standing_place
from mingjing.registry.systems import queries
from mingjing.registry.systems.errors import DATES_CROSSED, NOT_YET, STILL_STANDS
from mingjing.registry.systems.events import SystemChanged, SystemEnding
from mingjing.registry.systems.model import SystemRow
from mingjing.registry.systems.schema import SystemPatch, SystemWish

KIND: Final = "system"
KEPT: Final = (
    "name", "division", "organisation", "regime", "category", "purposes", "necessity", "duty_basis", "funding",
    "place", "building_unit", "maintainer", "entrusted_operator", "retention_days", "address", "network", "in_use",
    "dismantle_planned", "dismantled", "note",
)  # fmt: skip
"""The members whose history is kept."""
_PLACED: Final = frozenset({"name", "division", "organisation"})
_UNITS: Final = ("building_unit", "maintainer", "entrusted_operator")


def enter(tx: Transaction, actor: Actor, scope: Scope, wish: SystemWish) -> SystemRow:
    """Enter a system. Raises DIV-004, AUTH-025, SYM-001, -002; REQ-404 where it lies outside the scope."""
    row = SystemRow(
        id=new_id("sy"), created_us=tx.now_us(), changed_us=tx.now_us(), ended_us=None, dismantle_planned=None,
        dismantled=None,
    )  # fmt: skip
    record.named(row, wish.name)
    record.placed(tx, scope, row, wish.division, wish.organisation)
    _fill(tx, scope, row, wish.model_dump(exclude=set(_PLACED)))
    tx.session.add(row)
    tx.session.flush()
    new = changed(tx, actor, Object(KIND, row.id), "enter", {}, record.members(row, KEPT), {"name": row.name})
    tx.publish(SystemChanged(row.id, frozenset(new)))
    return row


def change(tx: Transaction, actor: Actor, scope: Scope, identifier: str, patch: SystemPatch) -> SystemRow:
    """Change a system; what is absent stays. Raises as `enter` does, and SYM-003 for one that has left the register."""
    row = queries.standing_system(tx.session, scope, identifier)
    before = record.members(row, KEPT)
    given = patch.model_dump(exclude_unset=True)
    if given.get("name"):
        record.named(row, given["name"])
    if given.get("division") or given.get("organisation"):
        record.placed(
            tx,
            scope,
            row,
            given.get("division") or row.division,
            given.get("organisation") or row.organisation,
        )
    _fill(tx, scope, row, {name: value for name, value in given.items() if name not in _PLACED})
    row.changed_us = tx.now_us()
    tx.session.flush()
    after = record.members(row, KEPT)
    new = changed(tx, actor, Object(KIND, row.id), "change", before, after, {"name": row.name})
    if new:
        tx.publish(SystemChanged(row.id, frozenset(new)))
    return row


def end(tx: Transaction, actor: Actor, scope: Scope, identifier: str, reason: str) -> SystemRow:
    """Take a system out of the register; it stays readable. Whether its dismantling was filed is asked by who listens.

    Raises SYM-003; SYM-004 while it is in use or cameras belong to it; FIL-008 (filings); REQ-404.
    """
    row = queries.standing_system(tx.session, scope, identifier)
    if row.in_use is not None and row.dismantled is None:
        raise MingjingError(
            STILL_STANDS,
            zh="该系统已投入使用，尚未登记拆除日期。",
            en="It is in use, and the day of its dismantling is not entered.",
        )
    cameras = queries.camera_counts(tx.session, [row.id]).get(row.id, 0)
    if cameras:
        raise MingjingError(
            STILL_STANDS,
            zh=f"还有 {cameras} 台摄像机属于该系统，请将其移除或改归其他系统。",
            en=f"{cameras} cameras belong to it: remove them, or enter them in another system.",
        )
    tx.publish(SystemEnding(row.id))
    record.end(tx, actor, row, KIND, reason)
    tx.publish(SystemChanged(row.id, frozenset({"ended"})))
    return row


def _fill(tx: Transaction, scope: Scope, row: SystemRow, given: dict[str, Any]) -> None:
    for name in _UNITS:
        if given.get(name):
            organisation_path(tx.session, given[name])
    if given.get("place"):
        standing_place(tx.session, scope, given["place"])
    for name, value in given.items():
        setattr(row, name, _emptied(name, value))
    today = day_of(tx.now_us())
    for day in (row.in_use, row.dismantled):
        if day is not None and day > today:
            raise MingjingError(NOT_YET, day=str(day))
    for earlier, later in ((row.in_use, row.dismantled), (row.in_use, row.dismantle_planned)):
        if earlier is not None and later is not None and later < earlier:
            raise MingjingError(DATES_CROSSED, earlier=str(earlier), later=str(later))


def _emptied(name: str, value: Any) -> Any:
    """What an explicit null means: no purposes, the legal floor, an empty text, or nothing where nothing may stand."""
    if value is not None or name in {"place", *_UNITS, "in_use", "dismantle_planned", "dismantled"}:
        return value
    return {"purposes": [], "retention_days": 30}.get(name, "")
