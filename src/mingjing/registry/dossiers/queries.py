"""Reads of dossiers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mingjing.identity.scope import Scope
from mingjing.law.facts import CameraFacts
from mingjing.law.space import Box
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.dossiers.rules import MANDATORY
from mingjing.registry.model import CameraRow
from mingjing.registry.places.queries import place_of_position
from mingjing.registry.queries import camera, in_scope
from mingjing.registry.systems.model import SystemRow


def dossier(session: Session, scope: Scope, channel: str) -> DossierRow:
    """The dossier of a camera, an empty one where nobody has written it yet. Raises REQ-404."""
    camera(session, scope, channel, removed=True)
    return session.get(DossierRow, channel) or empty(channel)


def empty(channel: str) -> DossierRow:
    """A dossier in which nothing stands."""
    return DossierRow(camera=channel, complete=0, changed_us=0)


def of_system(session: Session, system: str) -> list[str]:
    """Cameras of a system, for the program's own work."""
    return list(
        session.scalars(
            select(DossierRow.camera).where(DossierRow.system == system).order_by(DossierRow.camera)
        )
    )


def place_covered_by(session: Session, channel: str) -> str | None:
    """The place whose key position a camera covers, for the program's own work."""
    row = session.get(DossierRow, channel)
    return place_of_position(session, row.position) if row is not None and row.position else None


def standing(session: Session) -> list[tuple[str, str]]:
    """Every camera that is in the register, with its division path, for the program's own work."""
    rows = session.execute(
        select(CameraRow.id, CameraRow.division_path).where(CameraRow.removed_us.is_(None))
    )
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True, slots=True)
class CameraStanding:
    """A camera as rules judge it, with what a list of findings shows of it."""

    facts: CameraFacts
    name: str
    organisation_path: str
    category: str


def standings(session: Session, channels: Sequence[str]) -> Iterator[CameraStanding]:
    """Cameras of the register for the program's own work. One that has no dossier lacks everything."""
    columns = [getattr(DossierRow, name) for name in MANDATORY]
    query = (
        select(
            CameraRow.id, CameraRow.name, CameraRow.division_path, CameraRow.organisation_path,
            SystemRow.regime, SystemRow.category, *columns,
        )
        .outerjoin(DossierRow, DossierRow.camera == CameraRow.id)
        .outerjoin(SystemRow, SystemRow.id == DossierRow.system)
        .where(CameraRow.removed_us.is_(None), CameraRow.id.in_(list(channels)))
    )  # fmt: skip
    in_use, checked = MANDATORY.index("in_use"), MANDATORY.index("sign_checked")
    for identifier, name, division_path, organisation_path, regime, category, *members in session.execute(
        query
    ):
        facts = CameraFacts(
            identifier, division_path, regime or "", members[in_use], members[checked],
            tuple(one for one, value in zip(MANDATORY, members, strict=True) if value is None),
        )  # fmt: skip
        yield CameraStanding(facts, name, organisation_path, category or "")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a camera of the register stands and looks, as far as its dossier says."""

    camera: str
    name: str
    longitude: float
    latitude: float
    azimuth: float | None
    view_angle: float | None
    view_m: float | None


def standing_in(session: Session, scope: Scope, box: Box) -> list[Standing]:
    """Cameras of the register that stand in a box."""
    columns = (
        DossierRow.longitude, DossierRow.latitude, DossierRow.azimuth, DossierRow.view_angle, DossierRow.view_m,
    )  # fmt: skip
    rows = session.execute(
        select(CameraRow.id, CameraRow.name, *columns)
        .join(DossierRow, DossierRow.camera == CameraRow.id)
        .where(
            DossierRow.longitude.between(box.west, box.east), DossierRow.latitude.between(box.south, box.north),
            CameraRow.removed_us.is_(None), in_scope(scope),
        )
        .order_by(CameraRow.id)
    )  # fmt: skip
    return [
        Standing(camera, name, longitude, latitude, *looks)
        for camera, name, longitude, latitude, *looks in rows
        if longitude is not None and latitude is not None
    ]
