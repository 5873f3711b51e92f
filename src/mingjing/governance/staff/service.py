"""What can be done with staff files and agreements."""

from typing import Any, Final

from mingjing.audit.history import changed
from mingjing.audit.service import Actor, Object
from mingjing.governance.staff import queries
from mingjing.governance.staff.events import AgreementChanged, StaffChanged
from mingjing.governance.staff.model import AgreementRow, StaffRow
from mingjing.governance.staff.schema import AgreementPatch, AgreementWish, StaffPatch, StaffWish
from mingjing.identity.queries import organisation_path
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction
from mingjing.kernel.ids import new_id
from mingjing.registry import record
from mingjing.registry.systems.queries import video_system

STAFF: Final = "staff"
AGREEMENT: Final = "agreement"
_STAFF_KEPT: Final = tuple(StaffWish.model_fields)
_AGREEMENT_KEPT: Final = tuple(AgreementWish.model_fields)
_PLACED: Final = frozenset({"name", "division", "organisation"})
_EMPTY: Final[dict[str, Any]] = {"note": "", "content": "", "contract": "", "systems": []}
"""What an explicit null means where nothing may not stand."""
_STAY: Final = frozenset({"name", "post", "contractor", "work", "until"})
"""Members that cannot be emptied."""


def enter_staff(tx: Transaction, actor: Actor, scope: Scope, wish: StaffWish) -> StaffRow:
    """Enter a staff file. Raises DIV-004, AUTH-025; REQ-404 where it or its system lies outside the scope."""
    row = StaffRow(id=new_id("sf"), created_us=tx.now_us(), changed_us=tx.now_us(), ended_us=None)
    record.named(row, wish.name)
    record.placed(tx, scope, row, wish.division, wish.organisation)
    _fill(tx, scope, row, wish.model_dump(exclude=set(_PLACED)))
    tx.session.add(row)
    tx.session.flush()
    after = record.members(row, _STAFF_KEPT)
    changed(tx, actor, Object(STAFF, row.id), "enter", {}, after, {"name": row.name})
    tx.publish(StaffChanged(row.id))
    return row


def change_staff(tx: Transaction, actor: Actor, scope: Scope, identifier: str, patch: StaffPatch) -> StaffRow:
    """Change a staff file; what is absent stays. Raises as `enter_staff` does."""
    row = queries.member(tx.session, scope, identifier)
    before = record.members(row, _STAFF_KEPT)
    _fill(tx, scope, row, patch.model_dump(exclude_unset=True))
    row.changed_us = tx.now_us()
    tx.session.flush()
    after = record.members(row, _STAFF_KEPT)
    if changed(tx, actor, Object(STAFF, row.id), "change", before, after, {"name": row.name}):
        tx.publish(StaffChanged(row.id))
    return row


def enter_agreement(tx: Transaction, actor: Actor, scope: Scope, wish: AgreementWish) -> AgreementRow:
    """Enter an agreement. Raises DIV-004, AUTH-025; REQ-404 where it or one of its systems lies outside the scope."""
    row = AgreementRow(id=new_id("ag"), created_us=tx.now_us(), changed_us=tx.now_us(), ended_us=None)
    record.named(row, wish.name)
    record.placed(tx, scope, row, wish.division, wish.organisation)
    _fill(tx, scope, row, wish.model_dump(exclude=set(_PLACED)))
    tx.session.add(row)
    tx.session.flush()
    after = record.members(row, _AGREEMENT_KEPT)
    changed(tx, actor, Object(AGREEMENT, row.id), "enter", {}, after, {"name": row.name})
    tx.publish(AgreementChanged(row.id, frozenset(row.systems)))
    return row


def change_agreement(
    tx: Transaction, actor: Actor, scope: Scope, identifier: str, patch: AgreementPatch
) -> AgreementRow:
    """Change an agreement; what is absent stays. Raises as `enter_agreement` does."""
    row = queries.agreement(tx.session, scope, identifier)
    before, covered = record.members(row, _AGREEMENT_KEPT), frozenset(row.systems)
    _fill(tx, scope, row, patch.model_dump(exclude_unset=True))
    row.changed_us = tx.now_us()
    tx.session.flush()
    after = record.members(row, _AGREEMENT_KEPT)
    if changed(tx, actor, Object(AGREEMENT, row.id), "change", before, after, {"name": row.name}):
        tx.publish(AgreementChanged(row.id, covered | frozenset(row.systems)))
    return row


def _fill(tx: Transaction, scope: Scope, row: StaffRow | AgreementRow, given: dict[str, Any]) -> None:
    if given.get("name"):
        record.named(row, given["name"])
    if given.get("contractor"):
        organisation_path(tx.session, given["contractor"])
    for identifier in [given.get("system"), *(given.get("systems") or ())]:
        if identifier:
            video_system(tx.session, scope, identifier)
    for name, value in given.items():
        if name != "name" and not (value is None and name in _STAY):
            setattr(row, name, _EMPTY.get(name) if value is None else value)
