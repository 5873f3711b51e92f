"""Reads of dossiers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mingjing.identity.scope import Scope
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.law.days import day_of
from mingjing.law.facts import BaselineFact, CameraFacts
from mingjing.law.space import Box
from mingjing.registry.dossiers.members import MANDATORY, VIEW
from mingjing.registry.dossiers.model import DossierRow, PictureRow, SignCheckRow
from mingjing.registry.dossiers.rules import shift_m, turn_degrees
from mingjing.registry.model import CameraRow
from mingjing.registry.places.queries import place_of_position
from mingjing.registry.queries import camera, in_scope
from mingjing.registry.systems.model import SystemRow

SHOWN_MOST = 200
_JUDGED = (
    "in_use",
    "moved",
    "sign_checked",
    "sign_state",
    "sign_photo",
    "camera_type",
    "home_preset",
    "return_seconds",
)
"""Members that rules read, beside the mandatory ones and where it looks."""


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


def cameras_of(session: Session, systems: Sequence[str]) -> list[tuple[str, CameraRow]]:
    """Cameras of systems, each with the system, those that have left the register too, for the program's own work."""
    rows = session.execute(
        select(DossierRow.system, CameraRow)
        .join(CameraRow, CameraRow.id == DossierRow.camera)
        .where(DossierRow.system.in_(list(systems)))
        .order_by(CameraRow.id)
    )
    return [(system, row) for system, row in rows if system is not None]


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
    read = tuple(dict.fromkeys((*MANDATORY, *_JUDGED, *VIEW)))
    query = (
        select(
            CameraRow.id, CameraRow.name, CameraRow.division_path, CameraRow.organisation_path,
            SystemRow.regime, SystemRow.category, PictureRow.at_us, PictureRow.stood,
            *(getattr(DossierRow, name) for name in read),
        )
        .outerjoin(DossierRow, DossierRow.camera == CameraRow.id)
        .outerjoin(SystemRow, SystemRow.id == DossierRow.system)
        .outerjoin(PictureRow, PictureRow.id == DossierRow.baseline)
        .where(CameraRow.removed_us.is_(None), CameraRow.id.in_(list(channels)))
    )  # fmt: skip
    for identifier, name, path, unit_path, regime, category, at_us, stood, *values in session.execute(query):
        members = dict(zip(read, values, strict=True))
        facts = CameraFacts(
            identifier, path, regime or "", members["in_use"], members["sign_checked"],
            tuple(one for one in MANDATORY if members[one] in {None, ""}),
            sign_state=members["sign_state"] or "", sign_photo=members["sign_photo"] is not None,
            moved=members["moved"], baseline=_baseline(at_us, stood, members),
            camera_type=members["camera_type"] or "", home_preset=members["home_preset"] or "",
            return_seconds=members["return_seconds"],
        )  # fmt: skip
        yield CameraStanding(facts, name, unit_path, category or "")


def _baseline(at_us: int | None, stood: dict[str, Any] | None, stands: dict[str, Any]) -> BaselineFact | None:
    if at_us is None or stood is None:
        return None
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
