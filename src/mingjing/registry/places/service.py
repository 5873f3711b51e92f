"""What can be done with places and their key positions."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from mingjing.audit.history import changed
from mingjing.audit.service import Actor, Object
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.ids import new_id
from mingjing.law.words import SUBCATEGORIES
from mingjing.registry import record
from mingjing.registry.dossiers.queries import covering
from mingjing.registry.places import queries
from mingjing.registry.places.errors import CITATION_MISSING, HALF_POINT, PLACE_WATCHED, SUBCATEGORY_FOREIGN
from mingjing.registry.places.events import PlaceChanged
from mingjing.registry.places.model import KeyPositionRow, PlaceRow
from mingjing.registry.places.schema import PlacePatch, PlaceWish, PositionWish
from mingjing.registry.systems.queries import living_at

KIND: Final = "place"
KEPT: Final = (
    "name", "division", "organisation", "category", "subcategory", "national_class", "address", "longitude",
    "latitude", "outline", "key_protected_unit", "counter_terror_target", "citation", "designated", "note",
)  # fmt: skip
_PLACED: Final = frozenset({"name", "division", "organisation", "positions"})
_EMPTY: Final = frozenset({"longitude", "latitude", "outline", "designated"})


def enter(tx: Transaction, actor: Actor, scope: Scope, wish: PlaceWish) -> PlaceRow:
    """Enter a place. Raises DIV-004, AUTH-025, PLC-001, -002, -003; REQ-404 where it lies outside the scope."""
    row = PlaceRow(id=new_id("pc"), created_us=tx.now_us(), changed_us=tx.now_us(), ended_us=None)
    record.named(row, wish.name)
    record.placed(tx, scope, row, wish.division, wish.organisation)
    _fill(row, wish.model_dump(exclude=set(_PLACED)))
    tx.session.add(row)
    tx.session.flush()
    _position(tx, row, wish.positions)
    changed(tx, actor, Object(KIND, row.id), "enter", {}, _shown(tx, row), {"name": row.name})
    tx.publish(PlaceChanged(row.id))
    return row


def change(tx: Transaction, actor: Actor, scope: Scope, identifier: str, patch: PlacePatch) -> PlaceRow:
    """Change a place; what is absent stays. Raises as `enter` does, and PLC-004 for one that has left the register."""
    row = queries.standing_place(tx.session, scope, identifier)
    before = _shown(tx, row)
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
    members = {name: value for name, value in given.items() if name not in _PLACED}
    _fill(row, {name: value for name, value in members.items() if value is not None or name in _EMPTY})
    if patch.positions is not None:
        _position(tx, row, patch.positions)
    row.changed_us = tx.now_us()
    tx.session.flush()
    if changed(tx, actor, Object(KIND, row.id), "change", before, _shown(tx, row), {"name": row.name}):
        tx.publish(PlaceChanged(row.id))
    return row


def end(tx: Transaction, actor: Actor, scope: Scope, identifier: str, reason: str) -> PlaceRow:
    """Take a place out of the register; it stays readable. Raises PLC-004; PLC-005 while a system serves it or a camera
    covers one of its key positions; REQ-404."""
    row = queries.standing_place(tx.session, scope, identifier)
    systems = living_at(tx.session, row.id)
    if systems:
        raise MingjingError(
            PLACE_WATCHED,
            zh=f"视频系统“{'”“'.join(systems)}”仍属于该场所。",
            en=f"These video systems belong to it: {', '.join(systems)}.",
        )
    cameras = len(covering(tx.session, row.id))
    if cameras:
        raise MingjingError(
            PLACE_WATCHED,
            zh=f"还有 {cameras} 台摄像机覆盖其关键部位。",
            en=f"{cameras} cameras cover its key positions.",
        )
    record.end(tx, actor, row, KIND, reason)
    tx.publish(PlaceChanged(row.id))
    return row


def _fill(row: PlaceRow, given: dict[str, Any]) -> None:
    for name, value in given.items():
        setattr(row, name, value)
    if row.subcategory and row.subcategory not in SUBCATEGORIES.get(row.category, {}):
        raise MingjingError(SUBCATEGORY_FOREIGN, subcategory=row.subcategory, category=row.category)
    if row.category == "other_statutory" and not row.citation:
        raise MingjingError(CITATION_MISSING)
    if (row.longitude is None) != (row.latitude is None):
        raise MingjingError(HALF_POINT)


def _position(tx: Transaction, row: PlaceRow, wanted: Sequence[PositionWish]) -> None:
    """Make the key positions of a place those that are wanted; one that goes keeps its row, as cameras name it."""
    there = {
        one.id: one
        for one in tx.session.scalars(
            select(KeyPositionRow).where(KeyPositionRow.place == row.id, KeyPositionRow.ended_us.is_(None))
        )
    }
    for wish in wanted:
        if (wish.longitude is None) != (wish.latitude is None):
            raise MingjingError(HALF_POINT)
        if wish.id is None:
            one = KeyPositionRow(id=new_id("kp"), place=row.id, ended_us=None)
            tx.session.add(one)
        elif wish.id in there:
            one = there.pop(wish.id)
        else:
            raise MingjingError(NOT_FOUND)
        one.kind, one.name, one.longitude, one.latitude = wish.kind, wish.name, wish.longitude, wish.latitude
    for gone in there.values():
        gone.ended_us = tx.now_us()
    tx.session.flush()


def _shown(tx: Transaction, row: PlaceRow) -> dict[str, Any]:
    positions = queries.positions(tx.session, [row.id]).get(row.id, [])
    return record.members(row, KEPT) | {
        "positions": [
            {name: getattr(one, name) for name in ("id", "kind", "name", "longitude", "latitude")}
            for one, _ in positions
        ]
    }
