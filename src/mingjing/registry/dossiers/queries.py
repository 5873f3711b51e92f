"""Reads of dossiers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from mingjing.identity.scope import Scope
from mingjing.kernel.db import among
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.law.days import day_of
from mingjing.law.facts import BaselineFact, CameraFacts
from mingjing.law.space import Box, widened
from mingjing.law.suspicion import grounds
from mingjing.registry.dossiers.model import DossierRow, PictureRow, SignCheckRow
from mingjing.registry.dossiers.rules import lacking, shift_m, turn_degrees
from mingjing.registry.forbidden.queries import consents_for, see
from mingjing.registry.forbidden.rules import Spot
from mingjing.registry.model import CameraRow
from mingjing.registry.places.model import KeyPositionRow, PlaceRow
from mingjing.registry.places.queries import place_of_position
from mingjing.registry.queries import camera, in_scope
from mingjing.registry.systems.model import SystemRow

SHOWN_MOST = 200
INDOOR: Final = "2"
"""GB/T 28181, `RoomType`: 1 is out of doors."""
_SPOT: Final = ("longitude", "latitude", "azimuth", "view_angle", "view_m")
"""Members of a dossier that a spot begins with, in its order."""
_JUDGED: Final = (
    "complete", "in_use", "moved", "sign_checked", "sign_state", "sign_photo", "camera_type", "home_preset",
    "return_seconds", "pickup", "pickup_basis",
)  # fmt: skip
"""Members that rules read, in the order of `standings`."""
_STANDS: Final = ("tilt", "room", *_SPOT)
"""Members that say where it stands and looks."""


def dossier(session: Session, scope: Scope, channel: str) -> DossierRow:
    """The dossier of a camera, an empty one where nobody has written it yet. Raises REQ-404."""
    camera(session, scope, channel, removed=True)
    return session.get(DossierRow, channel) or empty(channel)


def known(session: Session, channels: Sequence[str]) -> dict[str, DossierRow]:
    """Dossiers of some hundred cameras by camera. Whether the caller may see them is asked before."""
    rows = session.scalars(select(DossierRow).where(DossierRow.camera.in_(list(channels))))
    return {row.camera: row for row in rows}


def empty(channel: str) -> DossierRow:
    """A dossier in which nothing stands."""
    return DossierRow(camera=channel, complete=0, changed_us=0)


def digests(session: Session) -> set[str]:
    """Digests of the files that pictures name."""
    return set(session.scalars(select(PictureRow.sha256)))


def picture(session: Session, identifier: str | None) -> PictureRow:
    """A picture that was kept. Whether the caller may see its camera is asked before. Raises REQ-404."""
    row = session.get(PictureRow, identifier) if identifier is not None else None
    if row is None:
        raise MingjingError(NOT_FOUND)
    return row


def sign_checks(session: Session, channel: str) -> Sequence[SignCheckRow]:
    """Checks of a camera's sign, newest first. Whether the caller may see the camera is asked before."""
    return session.scalars(
        select(SignCheckRow)
        .where(SignCheckRow.camera == channel)
        .order_by(SignCheckRow.day.desc(), SignCheckRow.id.desc())
        .limit(SHOWN_MOST)
    ).all()


def of_system(session: Session, system: str) -> list[str]:
    """Cameras of a system, for the program's own work."""
    return list(
        session.scalars(
            select(DossierRow.camera).where(DossierRow.system == system).order_by(DossierRow.camera)
        )
    )


def systems_with(session: Session, channels: Sequence[str]) -> list[str]:
    """Systems to which these cameras belong, those that have left the register too, for the program's own work."""
    rows = session.scalars(
        select(DossierRow.system)
        .where(DossierRow.camera.in_(list(channels)), DossierRow.system.is_not(None))
        .distinct()
        .order_by(DossierRow.system)
    )
    return [row for row in rows if row is not None]


class Belonging(NamedTuple):
    """A camera of a system."""

    system: str
    camera: str
    name: str
    removed_us: int | None


def cameras_of(session: Session, systems: Sequence[str]) -> list[Belonging]:
    """Cameras of systems, those that have left the register too, for the program's own work."""
    return [Belonging(*row) for row in session.execute(_belonging(systems))]


def gone_from(session: Session, systems: Sequence[str], missing: Sequence[str]) -> list[Belonging]:
    """Cameras of systems that have left the register or are among `missing`, for the program's own work."""
    at = CameraRow.__table__.c
    query = _belonging(systems).where(or_(at.removed_us.is_not(None), among(missing, at.id)))
    return [Belonging(*row) for row in session.execute(query)]


def _belonging(systems: Sequence[str]) -> Select[Any]:
    dossiers, cameras = DossierRow.__table__.c, CameraRow.__table__.c
    return (
        select(dossiers.system, cameras.id, cameras.name, cameras.removed_us)
        .join(CameraRow.__table__, cameras.id == dossiers.camera)
        .where(among(systems, dossiers.system))
        .order_by(cameras.id)
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


def looking_into(session: Session, areas: Sequence[Box]) -> list[str]:
    """Cameras of the register that stand in one of some boxes or may look into it, for the program's own work."""
    found: set[str] = set()
    for area in areas:
        near = widened(area, grounds().figures["reach_most_m"])
        found.update(
            session.scalars(
                select(DossierRow.camera)
                .join(CameraRow, CameraRow.id == DossierRow.camera)
                .where(
                    CameraRow.removed_us.is_(None),
                    DossierRow.longitude.between(near.west, near.east),
                    DossierRow.latitude.between(near.south, near.north),
                )
            )
        )
    return sorted(found)


def covering(session: Session, place: str) -> list[str]:
    """Cameras of the register that cover a position of a place, for the program's own work."""
    return list(
        session.scalars(
            select(DossierRow.camera)
            .join(KeyPositionRow, KeyPositionRow.id == DossierRow.position)
            .join(CameraRow, CameraRow.id == DossierRow.camera)
            .where(KeyPositionRow.place == place, CameraRow.removed_us.is_(None))
            .order_by(DossierRow.camera)
        )
    )


def spot_of(session: Session, of: CameraRow, row: DossierRow) -> Spot:
    """What a camera's name and dossier say of the spot where it stands."""
    subcategory = (
        session.scalar(
            select(PlaceRow.subcategory)
            .join(KeyPositionRow, KeyPositionRow.place == PlaceRow.id)
            .where(KeyPositionRow.id == row.position)
        )
        if row.position
        else None
    )
    return _spot(of.name, row.room, [getattr(row, name) for name in _SPOT], subcategory)


@dataclass(frozen=True, slots=True)
class Viewing:
    """A camera as a person is asked about it: whose it is, and the members of its dossier that say what it sees."""

    camera: str
    name: str
    division: str
    division_path: str
    organisation: str
    organisation_path: str
    view: dict[str, Any]


def viewings(session: Session, channels: Sequence[str]) -> list[Viewing]:
    """Cameras with what they see, for the program's own work. What is not known is left out of the view."""
    if not channels:
        return []
    members = (*_SPOT, "room")
    rows = session.execute(
        select(CameraRow, DossierRow)
        .outerjoin(DossierRow, DossierRow.camera == CameraRow.id)
        .where(CameraRow.id.in_(list(channels)))
    )
    return [
        Viewing(
            camera.id, camera.name, camera.division, camera.division_path, camera.organisation,
            camera.organisation_path,
            {name: value for name in members if (value := getattr(dossier, name, None)) is not None},
        )
        for camera, dossier in rows
    ]  # fmt: skip


class CameraStanding(NamedTuple):
    """A camera as rules judge it, with what a list of findings shows of it."""

    facts: CameraFacts
    name: str
    organisation_path: str
    category: str


def standings(session: Session, channels: Sequence[str]) -> Iterator[CameraStanding]:
    """Cameras of the register for the program's own work. One that has no dossier lacks everything."""
    # Tables and plain rows, and no more columns than rules read: a night reads all of them.
    tables = [
        row.__table__ for row in (CameraRow, DossierRow, SystemRow, PictureRow, KeyPositionRow, PlaceRow)
    ]
    cameras, dossiers, systems, pictures, positions, places = (table.c for table in tables)
    query = (
        select(
            cameras.id, cameras.name, cameras.division_path, cameras.organisation_path, cameras.removed_us,
            systems.regime, systems.category, pictures.at_us, pictures.stood, places.subcategory,
            *(dossiers[name] for name in _JUDGED), *(dossiers[name] for name in _STANDS),
        )
        .select_from(tables[0])
        .outerjoin(tables[1], dossiers.camera == cameras.id)
        .outerjoin(tables[2], systems.id == dossiers.system)
        .outerjoin(tables[3], pictures.id == dossiers.baseline)
        .outerjoin(tables[4], positions.id == dossiers.position)
        .outerjoin(tables[5], places.id == positions.place)
        # Not asked whether it has left: SQLite would read all that have not for it, and look among them.
        .where(among(channels, cameras.id))
    )  # fmt: skip
    rows = [row for row in session.execute(query).all() if row[4] is None]
    # An identifier and a name stand first, room and what a spot begins with last, the sub-category in the middle.
    seen = see(session, {row[0]: _spot(row[1], row[-6], row[-5:], row[9]) for row in rows})
    within = {
        channel: [zone.id for zone in one.inside if zone.kind == "secret_neighbour"]
        for channel, one in seen.items()
        if one.inside
    }
    consents = consents_for(session, {channel: zones for channel, zones in within.items() if zones})
    for (
        identifier, name, path, unit_path, _, regime, category, at_us, stood, _, complete, in_use, moved, sign_checked,
        sign_state, sign_photo, camera_type, home_preset, return_seconds, pickup, pickup_basis, tilt, _, *spot,
    ) in rows:  # fmt: skip
        inside, suspected = seen[identifier]
        baseline = None
        if at_us is not None and stood is not None:
            baseline = _baseline(at_us, stood, dict(zip(_SPOT, spot, strict=True)) | {"tilt": tilt})
        facts = CameraFacts(
            identifier, path, regime or "", in_use, sign_checked, lacking(complete or 0), sign_state or "",
            sign_photo is not None, moved, baseline, camera_type or "", home_preset or "", return_seconds,
            placed=spot[0] is not None, inside=inside, suspected=suspected, consents=consents.get(identifier, ()),
            pickup=pickup, pickup_basis=pickup_basis or "",
        )  # fmt: skip
        yield CameraStanding(facts, name, unit_path, category or "")


def _baseline(at_us: int, stood: dict[str, Any], stands: dict[str, Any]) -> BaselineFact:
    return BaselineFact(day_of(at_us), shift_m(stood, stands), turn_degrees(stood, stands))


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


def _spot(name: str, room: str | None, stands: Sequence[Any], subcategory: str | None) -> Spot:
    """A spot of a camera; `stands` are the members of `_SPOT`."""
    longitude, latitude, azimuth, angle, reach = stands
    indoor = room == INDOOR if room else None
    return Spot(longitude, latitude, azimuth, angle, reach, name, indoor, subcategory or "")
