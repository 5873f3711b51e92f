"""Reads of the register of systems."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from mingjing.identity.scope import Scope
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.paging import Page
from mingjing.registry import record
from mingjing.registry.dossiers.model import DossierRow
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
        select(DossierRow.system, func.count())
        .join(CameraRow, CameraRow.id == DossierRow.camera)
        .where(DossierRow.system.in_(list(identifiers)), CameraRow.removed_us.is_(None))
        .group_by(DossierRow.system)
    )
    return {system: count for system, count in rows if system is not None}
