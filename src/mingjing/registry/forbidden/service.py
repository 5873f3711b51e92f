"""What can be done with forbidden places and with the consents of secret units."""

from typing import Any, Final

from mingjing.audit.history import changed
from mingjing.audit.service import Actor, Object
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.ids import new_id
from mingjing.law.space import Box
from mingjing.registry import record
from mingjing.registry.forbidden import queries
from mingjing.registry.forbidden.errors import AREA_MISSING, AREA_WIDE, DATES_REVERSED, ENDED, NOT_SECRET
from mingjing.registry.forbidden.events import ConsentChanged, ForbiddenPlaceChanged
from mingjing.registry.forbidden.model import ConsentRow, ForbiddenPlaceRow
from mingjing.registry.forbidden.rules import WIDEST_DEGREES, area_of
from mingjing.registry.forbidden.schema import (
    ConsentPatch,
    ConsentWish,
    ForbiddenPlacePatch,
    ForbiddenPlaceWish,
)
from mingjing.registry.places.errors import HALF_POINT
from mingjing.registry.places.queries import place
from mingjing.registry.queries import camera

KIND: Final = "forbidden_place"
CONSENT: Final = "secret_consent"
KEPT: Final = (
    "name", "kind", "division", "organisation", "place", "longitude", "latitude", "radius_m", "outline", "since",
    "until", "note",
)  # fmt: skip
CONSENT_KEPT: Final = ("name", "number", "given", "until", "cameras", "points")
_PLACED: Final = frozenset({"name", "division", "organisation"})
_EMPTY: Final = frozenset({"place", "longitude", "latitude", "radius_m", "outline", "since", "until"})


def enter(tx: Transaction, actor: Actor, scope: Scope, wish: ForbiddenPlaceWish) -> ForbiddenPlaceRow:
    """Enter a forbidden place.

    Raises FRB-003, -004, -007, PLC-003, DIV-004, AUTH-025; REQ-404 where it, or its place, lies outside the scope.
    """
    row = ForbiddenPlaceRow(id=new_id("fp"), created_us=tx.now_us(), changed_us=tx.now_us(), ended_us=None)
    record.named(row, wish.name)
    record.placed(tx, scope, row, wish.division, wish.organisation)
    _fill(tx, scope, row, wish.model_dump(exclude=set(_PLACED)))
    tx.session.add(row)
    tx.session.flush()
    changed(tx, actor, Object(KIND, row.id), "enter", {}, record.members(row, KEPT), {"name": row.name})
    tx.publish(ForbiddenPlaceChanged(row.id, (_box(row),)))
    return row


def change(
    tx: Transaction, actor: Actor, scope: Scope, identifier: str, patch: ForbiddenPlacePatch
) -> ForbiddenPlaceRow:
    """Change a forbidden place; what is absent stays. Raises as `enter` does, and FRB-005 for one that has ended."""
    row = _current(tx, scope, identifier)
    before, was = record.members(row, KEPT), _box(row)
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
    _fill(
        tx,
        scope,
        row,
        {name: value for name, value in members.items() if value is not None or name in _EMPTY},
    )
    row.changed_us = tx.now_us()
    tx.session.flush()
    if changed(
        tx, actor, Object(KIND, row.id), "change", before, record.members(row, KEPT), {"name": row.name}
    ):
        tx.publish(ForbiddenPlaceChanged(row.id, (was, _box(row))))
    return row


def end(tx: Transaction, actor: Actor, scope: Scope, identifier: str, reason: str) -> ForbiddenPlaceRow:
    """Take a forbidden place out of the register; it stays readable. Raises FRB-005, REQ-404."""
    row = _current(tx, scope, identifier)
    record.end(tx, actor, row, KIND, reason)
    tx.publish(ForbiddenPlaceChanged(row.id, (_box(row),)))
    return row


def enter_consent(tx: Transaction, actor: Actor, scope: Scope, wish: ConsentWish) -> ConsentRow:
    """Enter a secret unit's consent; it stands where its neighbourhood does.

    Raises FRB-004, -005, -006; REQ-404 for a neighbourhood or camera outside the scope.
    """
    zone = _current(tx, scope, wish.zone)
    if zone.kind != "secret_neighbour":
        raise MingjingError(NOT_SECRET, name=zone.name)
    row = ConsentRow(
        id=new_id("sc"), zone=zone.id, created_us=tx.now_us(), changed_us=tx.now_us(), ended_us=None
    )
    record.placed(tx, scope, row, zone.division, zone.organisation)
    _agree(tx, scope, row, wish.model_dump(exclude={"zone"}))
    tx.session.add(row)
    tx.session.flush()
    shown = record.members(row, CONSENT_KEPT)
    changed(tx, actor, Object(CONSENT, row.id), "enter", {}, shown, {"name": row.name, "zone": zone.name})
    tx.publish(ConsentChanged(row.id, _box(zone)))
    return row


def change_consent(
    tx: Transaction, actor: Actor, scope: Scope, identifier: str, patch: ConsentPatch
) -> ConsentRow:
    """Change a consent; what is absent stays. Raises FRB-004, REQ-404."""
    row = queries.consent(tx.session, scope, identifier)
    before = record.members(row, CONSENT_KEPT)
    given = patch.model_dump(exclude_unset=True)
    _agree(
        tx, scope, row, {name: value for name, value in given.items() if value is not None or name == "until"}
    )
    row.changed_us = tx.now_us()
    tx.session.flush()
    shown = record.members(row, CONSENT_KEPT)
    if changed(tx, actor, Object(CONSENT, row.id), "change", before, shown, {"name": row.name}):
        (zone,) = queries.known(tx.session, [row.zone])
        tx.publish(ConsentChanged(row.id, _box(zone)))
    return row


def _current(tx: Transaction, scope: Scope, identifier: str) -> ForbiddenPlaceRow:
    row = queries.forbidden_place(tx.session, scope, identifier)
    if row.ended_us is not None:
        raise MingjingError(ENDED, name=row.name)
    return row


def _fill(tx: Transaction, scope: Scope, row: ForbiddenPlaceRow, given: dict[str, Any]) -> None:
    if given.get("place"):
        place(tx.session, scope, given["place"])
    for name, value in given.items():
        setattr(row, name, value)
    if (row.longitude is None) != (row.latitude is None):
        raise MingjingError(HALF_POINT)
    area = area_of(row.outline, row.longitude, row.latitude, row.radius_m)
    if area is None:
        raise MingjingError(AREA_MISSING)
    if max(area.east - area.west, area.north - area.south) > WIDEST_DEGREES:
        raise MingjingError(AREA_WIDE, most=WIDEST_DEGREES)
    row.west, row.south, row.east, row.north = area.west, area.south, area.east, area.north
    if row.since and row.until and row.until < row.since:
        raise MingjingError(DATES_REVERSED, since=str(row.since), until=str(row.until))


def _agree(tx: Transaction, scope: Scope, row: ConsentRow, given: dict[str, Any]) -> None:
    for name, value in given.items():
        if name == "name":
            record.named(row, value)
        else:
            setattr(row, name, value)
    for channel in given.get("cameras", ()):
        camera(tx.session, scope, channel)
    if row.until and row.until < row.given:
        raise MingjingError(DATES_REVERSED, since=str(row.given), until=str(row.until))


def _box(row: ForbiddenPlaceRow) -> Box:
    return Box(row.west, row.south, row.east, row.north)
