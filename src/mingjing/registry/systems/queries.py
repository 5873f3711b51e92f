"""Reads of the register of systems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from mingjing.identity.scope import Scope
from mingjing.kernel.db import among, within
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.paging import Page
from mingjing.law.facts import Regime
from mingjing.registry import record
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.map.model import MapPointRow
from mingjing.registry.map.queries import Wanted
from mingjing.registry.model import CameraRow
from mingjing.registry.record import Narrowed
from mingjing.registry.systems.errors import SYSTEM_ENDED
from mingjing.registry.systems.model import SystemRow


def systems(
    session: Session,
    scope: Scope,
    wanted: Narrowed,
    limit: int,
    after: str | None,
    *,
    regime: str | None = None,
    life: str | None = None,
) -> Page[SystemRow]:
    """Systems by name; `life` is `planned`, `in_use`, `dismantling` or `dismantled` (`_AT`)."""
    also: list[ColumnElement[bool]] = [] if regime is None else [SystemRow.regime == regime]
    also += _AT.get(life or "", ())
    return record.listed(session, scope, SystemRow, wanted, limit, after, *also)


_AT: Final[Mapping[str, Sequence[ColumnElement[bool]]]] = MappingProxyType(
    {
        "planned": (SystemRow.in_use.is_(None),),
        "in_use": (SystemRow.in_use.is_not(None), SystemRow.dismantled.is_(None)),
        "dismantling": (SystemRow.dismantle_planned.is_not(None), SystemRow.dismantled.is_(None)),
        "dismantled": (SystemRow.dismantled.is_not(None),),
    }
)
"""Where a system is in its life, by its dates."""


def video_system(session: Session, scope: Scope, identifier: str) -> SystemRow:
    """One system. Raises REQ-404."""
    return record.one(session, scope, SystemRow, identifier)


def standing_system(session: Session, scope: Scope, identifier: str) -> SystemRow:
    """One system that something shall belong to. Raises REQ-404, SYM-003 for one that has left the register."""
    row = video_system(session, scope, identifier)
    if row.ended_us is not None:
        raise MingjingError(SYSTEM_ENDED, name=row.name)
    return row


def known(session: Session, identifiers: Sequence[str]) -> Sequence[SystemRow]:
    """Systems for the program's own work (rules, deadlines), never for a person."""
    return session.scalars(select(SystemRow).where(SystemRow.id.in_(list(identifiers)))).all()


def used_by(session: Session, organisation: str) -> list[str]:
    """Systems that a unit uses or has built, for the program's own work."""
    return list(
        session.scalars(
            select(SystemRow.id)
            .where(or_(SystemRow.organisation == organisation, SystemRow.building_unit == organisation))
            .order_by(SystemRow.id)
        )
    )


def living_at(session: Session, place: str) -> list[str]:
    """Names of the systems in the register that serve a place, for the program's own work."""
    query = select(SystemRow.name).where(SystemRow.place == place, SystemRow.ended_us.is_(None))
    return list(session.scalars(query.order_by(SystemRow.name)))


def serving(session: Session, place: str) -> list[str]:
    """Systems that serve a place, for the program's own work."""
    return list(session.scalars(select(SystemRow.id).where(SystemRow.place == place).order_by(SystemRow.id)))


def standing(session: Session) -> list[tuple[str, str]]:
    """Every system that is in the register, with its division path, for the program's own work."""
    rows = session.execute(select(SystemRow.id, SystemRow.division_path).where(SystemRow.ended_us.is_(None)))
    return [(row[0], row[1]) for row in rows]


def camera_types(session: Session, identifiers: Sequence[str]) -> dict[str, dict[str, int]]:
    """By system, how many cameras of each kind (`PTZType` of GB/T 28181) the register has; those whose kind nobody has
    entered are left out."""
    rows = session.execute(
        select(DossierRow.system, DossierRow.camera_type, func.count())
        .join(CameraRow, CameraRow.id == DossierRow.camera)
        .where(
            DossierRow.system.in_(list(identifiers)),
            DossierRow.camera_type.is_not(None),
            CameraRow.removed_us.is_(None),
        )
        .group_by(DossierRow.system, DossierRow.camera_type)
        .order_by(DossierRow.camera_type)
    )
    found: dict[str, dict[str, int]] = {}
    for system, kind, count in rows:
        if system is not None and kind:
            found.setdefault(system, {})[kind] = count
    return found


def camera_counts(session: Session, identifiers: Sequence[str]) -> dict[str, int]:
    """How many cameras of the register belong to each system."""
    rows = session.execute(
        # Counted, not asked for: SQLite would read every camera of the register.
        select(DossierRow.system, func.count(case((CameraRow.removed_us.is_(None), 1))))
        .join(CameraRow, CameraRow.id == DossierRow.camera)
        .where(among(identifiers, DossierRow.system))
        .group_by(DossierRow.system)
    )
    return {system: count for system, count in rows if system is not None}


@dataclass(frozen=True, slots=True)
class SystemPoint:
    """A system on the map: where its place is, else in the middle of its cameras; WGS-84 degrees."""

    id: str
    name: str
    regime: Regime
    category: str
    in_use: date | None
    dismantled: date | None
    longitude: float
    latitude: float
    by: Literal["place", "cameras"]


def located(session: Session, scope: Scope, wanted: Wanted) -> list[SystemPoint]:
    """Systems within a box by name.

    Places and cameras that the scope does not cover say nothing of where a system is. Cost: every system in scope, and
    every camera of those without a place.
    """
    place, point = aliased(MapPointRow), aliased(MapPointRow)
    seen = scope.where(place.division_path, place.organisation_path)
    loose = (
        select(SystemRow.id)
        .outerjoin(place, and_(place.record == SystemRow.place, seen))
        .where(place.record.is_(None), record.in_scope(scope, SystemRow), SystemRow.ended_us.is_(None))
    )
    middle = (
        select(
            DossierRow.system, func.avg(point.longitude).label("longitude"), func.avg(point.latitude).label("latitude")
        )
        .join(point, point.record == DossierRow.camera)
        .where(DossierRow.system.in_(loose), scope.where(point.division_path, point.organisation_path))
        .group_by(DossierRow.system)
        .subquery()
    )  # fmt: skip
    longitude = func.coalesce(place.longitude, middle.c.longitude)
    latitude = func.coalesce(place.latitude, middle.c.latitude)
    box = wanted.box
    where = [
        record.in_scope(scope, SystemRow), *record.narrowing(SystemRow, Narrowed(wanted.under)),
        longitude.between(box.west, box.east), latitude.between(box.south, box.north),
    ]  # fmt: skip
    if wanted.organisation_path:
        where.append(within(wanted.organisation_path, SystemRow.organisation_path))
    if wanted.among is not None:
        where.append(SystemRow.id.in_(wanted.among))
    columns: list[Any] = [
        SystemRow.id, SystemRow.name, SystemRow.regime, SystemRow.category, SystemRow.in_use, SystemRow.dismantled,
        longitude, latitude, case((place.record.is_not(None), "place"), else_="cameras"),
    ]  # fmt: skip
    query = (
        select(*columns)
        .outerjoin(place, and_(place.record == SystemRow.place, seen))
        .outerjoin(middle, middle.c.system == SystemRow.id)
        .where(*where)
        .order_by(SystemRow.name, SystemRow.id)
    )
    return [SystemPoint(*row) for row in session.execute(query)]
