"""Keeping, changing and removing saved filters."""

from sqlalchemy import func, select

from mingjing.audit.service import Object, record
from mingjing.identity.caller import Caller
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.ids import new_id
from mingjing.operations.errors import FILTER_NAMED, FILTERS_FULL
from mingjing.operations.filters.model import SavedFilter
from mingjing.operations.filters.schema import SavedFilterPatch, SavedFilterWish

EACH_MOST = 100
"""Filters that one person keeps at most, of all pages."""
KIND = "filter"


def save(tx: Transaction, caller: Caller, wish: SavedFilterWish) -> SavedFilter:
    """Keep one. Raises OPS-021 where there are too many, OPS-022 where the page has one of that name."""
    mine = select(func.count()).select_from(SavedFilter).where(SavedFilter.owner == caller.user)
    if (tx.session.scalar(mine) or 0) >= EACH_MOST:
        raise MingjingError(FILTERS_FULL, most=EACH_MOST)
    row = SavedFilter(
        id=new_id("sv"), page=wish.page, name=wish.name, filter=wish.filter, owner=caller.user, owner_name=caller.name,
        organisation=caller.organisation, shared=wish.shared, changed_us=tx.now_us(),
    )  # fmt: skip
    _named_once(tx, row)
    tx.session.add(row)
    tx.session.flush()
    _journalled(tx, caller, row, "save")
    return row


def change(tx: Transaction, caller: Caller, identifier: str, patch: SavedFilterPatch) -> SavedFilter:
    """Change one's own. Raises REQ-404 for one that is not, OPS-022 where the page has another one of that name."""
    row = _own(tx, caller, identifier)
    given = patch.model_dump(exclude_none=True)
    name = given.get("name", row.name)
    _named_once(tx, row, name)
    row.name, row.filter, row.shared = name, given.get("filter", row.filter), given.get("shared", row.shared)
    # Whoever changed units shares with the one they belong to now.
    row.organisation, row.changed_us = caller.organisation, tx.now_us()
    _journalled(tx, caller, row, "change")
    return row


def remove(tx: Transaction, caller: Caller, identifier: str) -> None:
    """Remove one's own. Raises REQ-404."""
    row = _own(tx, caller, identifier)
    tx.session.delete(row)
    _journalled(tx, caller, row, "remove")


def _own(tx: Transaction, caller: Caller, identifier: str) -> SavedFilter:
    row = tx.session.get(SavedFilter, identifier)
    if row is None or row.owner != caller.user:
        raise MingjingError(NOT_FOUND)
    return row


def _named_once(tx: Transaction, row: SavedFilter, name: str | None = None) -> None:
    wanted = name or row.name
    other = select(SavedFilter.id).where(
        SavedFilter.owner == row.owner, SavedFilter.page == row.page, SavedFilter.name == wanted,
        SavedFilter.id != row.id,
    )  # fmt: skip
    if tx.session.scalars(other.limit(1)).first() is not None:
        raise MingjingError(FILTER_NAMED, name=wanted)


def _journalled(tx: Transaction, caller: Caller, row: SavedFilter, what: str) -> None:
    facts = {"name": row.name, "page": row.page, "shared": row.shared}
    record(tx, caller.actor, f"{KIND}.{what}", Object(KIND, row.id), facts)
