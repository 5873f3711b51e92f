"""Writing dossiers: members, the sign with its checks and photo, the baseline picture."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from mingjing.audit.history import changed
from mingjing.audit.service import Actor, Object
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.ids import new_id
from mingjing.law.days import day_of
from mingjing.registry.dossiers import queries
from mingjing.registry.dossiers.errors import (
    CHECK_IN_FUTURE,
    CODE_DIVISION,
    CODE_FORM,
    CODE_TAKEN,
    MOVE_REASON,
)
from mingjing.registry.dossiers.events import DossierChanged
from mingjing.registry.dossiers.members import FIELDS, VIEW
from mingjing.registry.dossiers.model import DossierRow, PictureRow, SignCheckRow
from mingjing.registry.dossiers.rules import code_fault, completeness, moved
from mingjing.registry.dossiers.schema import DossierPatch, SignCheckWish, plain
from mingjing.registry.forbidden.queries import judge_spots
from mingjing.registry.model import CameraRow
from mingjing.registry.places.errors import HALF_POINT
from mingjing.registry.places.queries import place_of_position, standing_place
from mingjing.registry.queries import camera
from mingjing.registry.systems.queries import standing_system
from mingjing.territory.queries import civil_code

KIND: Final = "dossier"
PLACED_BY: Final = frozenset({"longitude", "latitude", "in_use"})
"""Members that decide whether it may stand where it does. A view can only make it suspected."""


def change(tx: Transaction, actor: Actor, scope: Scope, channel: str, patch: DossierPatch) -> DossierRow:
    """Change a camera's dossier; what is absent stays.

    Raises DOS-001, -002, -003, -004, -009, PLC-003; FRB-001 in a forbidden place, FRB-002 beside a secret unit that
    has not consented before the camera is in use; REQ-404 for a camera, system or position outside the scope.
    """
    found = camera(tx.session, scope, channel)
    row = queries.dossier(tx.session, scope, channel)
    given = plain(patch.model_dump(exclude_unset=True))
    reason = given.pop("move_reason", None)
    _check_references(tx, scope, given)
    if given.get("code"):
        _check_code(tx, channel, given["code"], found.row.division)
    old_places, old_system = _places(tx, row), row.system
    before = members(row)
    after = {name: value for name, value in (before | _spoken(given)).items() if value is not None}
    went = _moved(tx, row, before, after, reason)
    _check_sign(tx, row, given)
    for name, value in given.items():
        setattr(row, name, value)
    if (row.longitude is None) != (row.latitude is None):
        raise MingjingError(HALF_POINT)
    if given.keys() & PLACED_BY:
        _refuse(tx, found.row, row)
    if went:
        row.moved = day_of(tx.now_us())
        after |= {"move_reason": reason}
    row.complete = completeness(after)
    _put(tx, row)
    facts = {"name": found.row.name} | ({"reason": reason, "moved": went} if went else {})
    if changed(tx, actor, Object(KIND, channel), "move" if went else "change", before, after, facts):
        if "sign_checked" in given and given["sign_checked"] is not None:
            _note_check(tx, actor, row)
        systems = {one for one in (old_system, row.system) if one is not None}
        tx.publish(DossierChanged(channel, frozenset(systems), frozenset(old_places | _places(tx, row))))
    return row


def _refuse(tx: Transaction, of: CameraRow, row: DossierRow) -> None:
    """Refuse a position in which no camera may stand."""
    today = day_of(tx.now_us())
    spot = queries.spot_of(tx.session, of, row)
    judged = judge_spots(tx.session, today, {of.id: spot}, {of.id: of.division_path})[of.id]
    used = row.in_use is not None and row.in_use <= today
    if refusal := judged.refusal(installing=not used):
        raise refusal.error


def check_sign(tx: Transaction, actor: Actor, scope: Scope, channel: str, wish: SignCheckWish) -> DossierRow:
    """Register a check of a camera's sign on the spot. Raises DOS-009, REQ-404."""
    given = {"sign_checked": wish.day, "sign_state": wish.state}
    also = {"sign_text": wish.text, "sign_place": wish.place}
    patch = given | {name: value for name, value in also.items() if value is not None}
    return change(tx, actor, scope, channel, DossierPatch.model_validate(patch))


def keep_sign_photo(
    tx: Transaction, actor: Actor, scope: Scope, channel: str, digest: str, size: int
) -> DossierRow:
    """A picture of the sign was kept: it is the one that counts; those before it stay. Raises REQ-404."""
    return _keep(tx, actor, scope, channel, "sign", digest, size)


def keep_baseline(
    tx: Transaction, actor: Actor, scope: Scope, channel: str, digest: str, size: int
) -> DossierRow:
    """A picture of the view as it shall be was kept (HB361, article 9), with where the camera stands and looks by its
    dossier. Those before it stay. Raises REQ-404."""
    return _keep(tx, actor, scope, channel, "baseline", digest, size)


def members(row: DossierRow) -> dict[str, Any]:
    """What stands in a dossier, as history keeps it: plain JSON, nothing that is empty."""
    return {name: value for name in FIELDS if (value := _plain(getattr(row, name))) is not None}


def _keep(
    tx: Transaction, actor: Actor, scope: Scope, channel: str, kind: str, digest: str, size: int
) -> DossierRow:
    found = camera(tx.session, scope, channel)
    row = queries.dossier(tx.session, scope, channel)
    member = "baseline" if kind == "baseline" else "sign_photo"
    stood = {name: getattr(row, name) for name in VIEW if getattr(row, name) is not None}
    made = PictureRow(
        id=new_id("pi"), camera=channel, kind=kind, at_us=tx.now_us(), who=actor.id[:64], who_name=actor.name[:200],
        sha256=digest, bytes=size, stood=stood if kind == "baseline" else {},
    )  # fmt: skip
    tx.session.add(made)
    before = {member: getattr(row, member)}
    setattr(row, member, made.id)
    _put(tx, row)
    facts = {"name": found.row.name, "sha256": digest}
    changed(tx, actor, Object(KIND, channel), member, before, {member: made.id}, facts)
    tx.publish(DossierChanged(channel, frozenset(), frozenset()))
    return row


def _put(tx: Transaction, row: DossierRow) -> None:
    known = row.changed_us > 0
    row.changed_us = tx.now_us()
    if not known:
        tx.session.add(row)
    tx.session.flush()


def _moved(
    tx: Transaction, row: DossierRow, before: Mapping[str, Any], after: Mapping[str, Any], reason: str | None
) -> list[str]:
    """The members by which a camera in use is moved; none for one that is not. Raises DOS-004 without a reason."""
    if row.in_use is None or row.in_use > day_of(tx.now_us()):
        return []
    went = moved(before, after)
    if went and not reason:
        raise MingjingError(MOVE_REASON)
    return went


def _check_sign(tx: Transaction, row: DossierRow, given: Mapping[str, Any]) -> None:
    day = given.get("sign_checked")
    if day is not None and day != row.sign_checked and day > day_of(tx.now_us()):
        raise MingjingError(CHECK_IN_FUTURE, day=str(day))


def _note_check(tx: Transaction, actor: Actor, row: DossierRow) -> None:
    if row.sign_checked is None:
        raise ValueError("a check has its day")
    tx.session.add(
        SignCheckRow(
            camera=row.camera, day=row.sign_checked, state=row.sign_state or "present", text=row.sign_text or "",
            place=row.sign_place or "", who=actor.id[:64], who_name=actor.name[:200], at_us=tx.now_us(),
        )
    )  # fmt: skip


def _check_references(tx: Transaction, scope: Scope, given: Mapping[str, Any]) -> None:
    if given.get("system"):
        standing_system(tx.session, scope, given["system"])
    if given.get("position"):
        of_place = place_of_position(tx.session, given["position"])
        if of_place is None:
            raise MingjingError(NOT_FOUND)
        standing_place(tx.session, scope, of_place)


def _spoken(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in given.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _places(tx: Transaction, row: DossierRow) -> set[str]:
    found = place_of_position(tx.session, row.position) if row.position else None
    return {found} if found else set()


def _check_code(tx: Transaction, channel: str, code: str, division: str) -> None:
    civil = civil_code(tx.session, division)
    fault = code_fault(code, civil)
    if fault == "division":
        raise MingjingError(CODE_DIVISION, code=code, division=civil)
    if fault is not None:
        raise MingjingError(CODE_FORM, code=code)
    taken = tx.session.scalar(
        select(DossierRow.camera).where(DossierRow.code == code, DossierRow.camera != channel)
    )
    if taken is not None:
        raise MingjingError(CODE_TAKEN, code=code)
