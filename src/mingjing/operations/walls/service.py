"""Keeping, changing and removing saved walls and tours. What may be seen of one is said in `queries.py`."""

from sqlalchemy import func, select

from mingjing.audit.service import Object, record
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.identity.errors import NOT_ALLOWED
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.ids import new_id
from mingjing.operations.errors import WALLS_FULL
from mingjing.operations.walls.model import SavedWall
from mingjing.operations.walls.queries import Kind
from mingjing.operations.walls.schema import LayoutWish, TourWish

EACH_MOST = 100
"""Walls, and rounds, that one person keeps at most."""

_PREFIX = {"layout": "ly", "tour": "to"}


def save(tx: Transaction, caller: Caller, kind: Kind, wish: LayoutWish | TourWish) -> SavedWall:
    """Keep one. Raises AUTH-003 where it shall be shared and the caller may not, OPS-020 where there are too many."""
    _may_share(caller, wish.shared)
    mine = select(func.count()).select_from(SavedWall)
    if (
        tx.session.scalar(mine.where(SavedWall.owner == caller.user, SavedWall.kind == kind)) or 0
    ) >= EACH_MOST:
        raise MingjingError(WALLS_FULL, most=EACH_MOST)
    row = SavedWall(
        id=new_id(_PREFIX[kind]),
        kind=kind,
        owner=caller.user,
        owner_name=caller.name,
        organisation=caller.organisation,
    )
    _put(tx, row, wish)
    tx.session.add(row)
    tx.session.flush()
    record(tx, caller.actor, f"{kind}.save", Object(kind, row.id), {"name": row.name, "shared": row.shared})
    return row


def change(tx: Transaction, caller: Caller, kind: Kind, wall: str, wish: LayoutWish | TourWish) -> SavedWall:
    """Change one's own. Raises REQ-404 for one that is not, AUTH-003 where it shall be shared and may not."""
    row = tx.session.get(SavedWall, wall)
    if row is None or row.kind != kind or row.owner != caller.user:
        raise MingjingError(NOT_FOUND)
    _may_share(caller, wish.shared)
    row.organisation = caller.organisation
    _put(tx, row, wish)
    record(tx, caller.actor, f"{kind}.change", Object(kind, wall), {"name": row.name, "shared": row.shared})
    return row


def remove(tx: Transaction, caller: Caller, kind: Kind, wall: str) -> None:
    """Remove one's own, or with `layout.share` one that is shared with one's unit. Raises REQ-404."""
    row = tx.session.get(SavedWall, wall)
    if row is None or row.kind != kind or not _removable(row, caller):
        raise MingjingError(NOT_FOUND)
    tx.session.delete(row)
    record(tx, caller.actor, f"{kind}.remove", Object(kind, wall), {"name": row.name, "owner": row.owner})


def _removable(row: SavedWall, caller: Caller) -> bool:
    if row.owner == caller.user:
        return True
    # Whoever shared it may have left; the unit can still tidy up.
    return row.shared and row.organisation == caller.organisation and caller.may(Action.LAYOUT_SHARE)


def _may_share(caller: Caller, shared: bool) -> None:
    if shared and not caller.may(Action.LAYOUT_SHARE):
        raise MingjingError(NOT_ALLOWED, action=Action.LAYOUT_SHARE.value)


def _put(tx: Transaction, row: SavedWall, wish: LayoutWish | TourWish) -> None:
    row.name, row.shared, row.changed_us = wish.name, wish.shared, tx.now_us()
    row.content = wish.content.model_dump(mode="json")
