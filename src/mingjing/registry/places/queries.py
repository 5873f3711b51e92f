"""Reads of the register of places."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from mingjing.identity.scope import Scope
from mingjing.kernel.paging import Page
from mingjing.registry import record
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.model import CameraRow
from mingjing.registry.places.model import KeyPositionRow, PlaceRow
from mingjing.registry.record import Narrowed


def places(
    session: Session,
    scope: Scope,
    wanted: Narrowed,
    limit: int,
    after: str | None,
    category: str | None = None,
) -> Page[PlaceRow]:
    """Places by name."""
    also: list[ColumnElement[bool]] = [] if category is None else [PlaceRow.category == category]
    return record.listed(session, scope, PlaceRow, wanted, limit, after, *also)


def place(session: Session, scope: Scope, identifier: str) -> PlaceRow:
    """One place. Raises REQ-404."""
    return record.one(session, scope, PlaceRow, identifier)


def known(session: Session, identifiers: Sequence[str] | None = None) -> Sequence[PlaceRow]:
    """Places for the program's own work, never for a person; None: all."""
    query = select(PlaceRow)
    if identifiers is not None:
        query = query.where(PlaceRow.id.in_(list(identifiers)))
    return session.scalars(query).all()


def positions(
    session: Session, places: Sequence[str] | None = None
) -> dict[str, list[tuple[KeyPositionRow, int]]]:
    """Key positions by place, each with how many cameras in use cover it; None: of all places."""
    covering = (
        select(DossierRow.position, func.count().label("cameras"))
        .join(CameraRow, CameraRow.id == DossierRow.camera)
        .where(
            CameraRow.removed_us.is_(None), DossierRow.in_use.is_not(None), DossierRow.position.is_not(None)
        )
        .group_by(DossierRow.position)
        .subquery()
    )
    query = (
        select(KeyPositionRow, func.coalesce(covering.c.cameras, 0))
        .outerjoin(covering, covering.c.position == KeyPositionRow.id)
        .where(KeyPositionRow.ended_us.is_(None))
        .order_by(KeyPositionRow.place, KeyPositionRow.kind, KeyPositionRow.name, KeyPositionRow.id)
    )
    if places is not None:
        query = query.where(KeyPositionRow.place.in_(list(places)))
    found: dict[str, list[tuple[KeyPositionRow, int]]] = {}
    for row, cameras in session.execute(query):
        found.setdefault(row.place, []).append((row, cameras))
    return found


def place_of_position(session: Session, position: str) -> str | None:
    """The place that a key position belongs to."""
    return session.scalar(select(KeyPositionRow.place).where(KeyPositionRow.id == position))
