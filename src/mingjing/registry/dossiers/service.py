"""Writing dossiers."""

from typing import Any, Final

from sqlalchemy import select

from mingjing.audit.history import changed
from mingjing.audit.service import Actor, Object
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.registry.dossiers import queries
from mingjing.registry.dossiers.errors import CODE_DIVISION, CODE_FORM, CODE_TAKEN
from mingjing.registry.dossiers.events import DossierChanged
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.dossiers.rules import code_fault, completeness
from mingjing.registry.dossiers.schema import DossierPatch
from mingjing.registry.places.errors import HALF_POINT
from mingjing.registry.places.queries import place, place_of_position
from mingjing.registry.queries import camera
from mingjing.registry.systems.queries import video_system
from mingjing.territory.queries import civil_code

KIND: Final = "dossier"
KEPT: Final = tuple(DossierPatch.model_fields)


def change(tx: Transaction, actor: Actor, scope: Scope, channel: str, patch: DossierPatch) -> DossierRow:
    """Change a camera's dossier; what is absent stays.

    Raises DOS-001, -002, -003, PLC-003; REQ-404 for a camera, system or position outside the scope.
    """
    found = camera(tx.session, scope, channel)
    row = queries.dossier(tx.session, scope, channel)
    before, known = _members(row), row.changed_us > 0
    given = patch.model_dump(exclude_unset=True)
    if given.get("system"):
        video_system(tx.session, scope, given["system"])
    if given.get("position"):
        of_place = place_of_position(tx.session, given["position"])
        if of_place is None:
            raise MingjingError(NOT_FOUND)
        place(tx.session, scope, of_place)
    if given.get("code"):
        _check_code(tx, channel, given["code"], found.row.division)
    old_places, old_system = _places(tx, row), row.system
    for name, value in given.items():
        setattr(row, name, value)
    if (row.longitude is None) != (row.latitude is None):
        raise MingjingError(HALF_POINT)
    row.complete, row.changed_us = completeness(_members(row)), tx.now_us()
    if not known:
        tx.session.add(row)
    tx.session.flush()
    if changed(tx, actor, Object(KIND, channel), "change", before, _members(row), {"name": found.row.name}):
        systems = {one for one in (old_system, row.system) if one is not None}
        tx.publish(DossierChanged(channel, frozenset(systems), frozenset(old_places | _places(tx, row))))
    return row


def _members(row: DossierRow) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in KEPT}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in values.items()
        if value is not None
    }


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
