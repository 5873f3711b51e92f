"""Reads of the register of places."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session

from mingjing.identity.scope import Scope
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.paging import Page
from mingjing.registry import record
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.model import CameraRow
from mingjing.registry.places.errors import PLACE_ENDED
from mingjing.registry.places.model import KeyPositionRow, PlaceRow
from mingjing.registry.record import Narrowed


def places(
    session: Session,
    scope: Scope,
    wanted: Narrowed,
    limit: int,
    after: str | None,
    *,
    category: str | None = None,
    coverage: str | None = None,
    position: str | None = None,
) -> Page[PlaceRow]:
    """Places by name; `coverage`: `uncovered` for those with a key position that no camera in use covers, `unlisted` for
    those of which no key position is entered; `position`: the one that has this key position."""
    also: list[ColumnElement[bool]] = [] if category is None else [PlaceRow.category == category]
    listed = select(KeyPositionRow.id).where(
        KeyPositionRow.place == PlaceRow.id, KeyPositionRow.ended_us.is_(None)
    )
    if position is not None:
        also.append(listed.where(KeyPositionRow.id == position).exists())
    if coverage == "uncovered":
        also.append(listed.where(_covering() == 0).exists())
    elif coverage == "unlisted":
        also.append(~listed.exists())
    return record.listed(session, scope, PlaceRow, wanted, limit, after, *also)


def place(session: Session, scope: Scope, identifier: str) -> PlaceRow:
    """One place. Raises REQ-404."""
    return record.one(session, scope, PlaceRow, identifier)


def standing_place(session: Session, scope: Scope, identifier: str) -> PlaceRow:
    """One place that something shall belong to. Raises REQ-404, PLC-004 for one that has left the register."""
    row = place(session, scope, identifier)
    if row.ended_us is not None:
        raise MingjingError(PLACE_ENDED, name=row.name)
    return row


def known(session: Session, identifiers: Sequence[str]) -> Sequence[PlaceRow]:
    """Places for the program's own work, never for a person."""
    return session.scalars(select(PlaceRow).where(PlaceRow.id.in_(list(identifiers)))).all()


def visible(session: Session, scope: Scope, identifiers: Sequence[str]) -> set[str]:
    """Those of these places that somebody may see."""
    query = select(PlaceRow.id).where(PlaceRow.id.in_(list(identifiers)), record.in_scope(scope, PlaceRow))
    return set(session.scalars(query))


def positions(session: Session, places: Sequence[str]) -> dict[str, list[tuple[KeyPositionRow, int]]]:
    """Key positions by place, each with how many cameras in use cover it."""
    query = (
        select(KeyPositionRow, _covering())
        .where(KeyPositionRow.ended_us.is_(None), KeyPositionRow.place.in_(list(places)))
        .order_by(KeyPositionRow.place, KeyPositionRow.kind, KeyPositionRow.name, KeyPositionRow.id)
    )
    found: dict[str, list[tuple[KeyPositionRow, int]]] = {}
    for row, cameras in session.execute(query):
        found.setdefault(row.place, []).append((row, cameras))
    return found


def _covering() -> ScalarSelect[int]:
    """How many cameras in use cover a key position, as a part of a query of key positions."""
    return (
        select(func.count())
        .select_from(DossierRow)
        .join(CameraRow, CameraRow.id == DossierRow.camera)
        .where(
            DossierRow.position == KeyPositionRow.id,
            DossierRow.in_use.is_not(None),
            CameraRow.removed_us.is_(None),
        )
        .correlate(KeyPositionRow)
        .scalar_subquery()
    )


def standing(session: Session) -> list[tuple[str, str]]:
    """Every place that is in the register, with its division path, for the program's own work."""
    rows = session.execute(select(PlaceRow.id, PlaceRow.division_path).where(PlaceRow.ended_us.is_(None)))
    return [(row[0], row[1]) for row in rows]


def place_of_position(session: Session, position: str) -> str | None:
    """The place that a key position belongs to."""
    return session.scalar(select(KeyPositionRow.place).where(KeyPositionRow.id == position))
