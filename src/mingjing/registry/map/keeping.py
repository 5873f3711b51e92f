"""Keeping the map's points in step with the records that they stand for, in the transaction that writes the record."""

from typing import Final

from sqlalchemy import delete, select

from mingjing.kernel.bulk import insert_rows
from mingjing.kernel.db import Transaction, rewrite_prefix
from mingjing.registry.dossiers.events import DossierChanged
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.dossiers.queries import place_covered_by
from mingjing.registry.events import CameraChanged, CameraMoved, CameraRemoved, CamerasEntered
from mingjing.registry.map.cells import cell
from mingjing.registry.map.model import MapPointRow
from mingjing.registry.model import CameraRow
from mingjing.registry.places.events import PlaceChanged
from mingjing.registry.places.model import PlaceRow
from mingjing.registry.places.queries import positions
from mingjing.territory.events import DivisionMoved

AT_ONCE: Final = 500


def follow_dossier(tx: Transaction, event: DossierChanged) -> None:
    """A camera got a position, another one or none; places may be covered now, or no more."""
    _camera(tx, event.camera)
    for place in sorted(event.places):
        _place(tx, place)


def follow_table(tx: Transaction, event: CamerasEntered) -> None:
    """A table was brought in: new cameras and dossiers by the thousand, whose points are written together."""
    channels = [*event.entered, *event.touched]
    columns = (CameraRow.division_path, CameraRow.organisation_path, CameraRow.enabled)
    for start in range(0, len(channels), AT_ONCE):
        part = channels[start : start + AT_ONCE]
        tx.session.execute(delete(MapPointRow).where(MapPointRow.record.in_(part)))
        rows = tx.session.execute(
            select(CameraRow.id, DossierRow.longitude, DossierRow.latitude, *columns, CameraRow.removed_us)
            .join(DossierRow, DossierRow.camera == CameraRow.id)
            # Not asked whether it has left: SQLite would read all that have not for it.
            .where(CameraRow.id.in_(part))
        ).all()
        points = [
            {
                "record": channel, "kind": "camera", "cell": cell(longitude, latitude), "longitude": longitude,
                "latitude": latitude, "division_path": division, "organisation_path": unit, "marked": int(enabled),
            }
            for channel, longitude, latitude, division, unit, enabled, removed_us in rows
            if longitude is not None and latitude is not None and removed_us is None
        ]  # fmt: skip
        insert_rows(tx, MapPointRow, points)
    for place in event.places:
        _place(tx, place)


def follow_camera(tx: Transaction, event: CameraChanged | CameraMoved | CameraRemoved) -> None:
    """A camera was switched, moved to another unit or division, or left the register."""
    _camera(tx, event.channel)
    if isinstance(event, CameraRemoved) and (place := place_covered_by(tx.session, event.channel)):
        _place(tx, place)


def follow_place(tx: Transaction, event: PlaceChanged) -> None:
    """A place was written."""
    _place(tx, event.place)


def follow_division(tx: Transaction, event: DivisionMoved) -> None:
    """What stands in a division that moved stands where it does now."""
    rewrite_prefix(tx, MapPointRow.division_path, event.old_path, event.new_path)


def _camera(tx: Transaction, channel: str) -> None:
    row, dossier = tx.session.get_one(CameraRow, channel), tx.session.get(DossierRow, channel)
    point = None
    if row.removed_us is None and dossier is not None:
        point = (dossier.longitude, dossier.latitude)
    _keep(tx, "camera", row, point, marked=row.enabled)


def _place(tx: Transaction, identifier: str) -> None:
    row = tx.session.get_one(PlaceRow, identifier)
    point = (row.longitude, row.latitude) if row.ended_us is None else None
    covered = [cameras for _, cameras in positions(tx.session, [identifier]).get(identifier, ())]
    _keep(tx, "place", row, point, marked=0 in covered)


def _keep(
    tx: Transaction,
    kind: str,
    row: CameraRow | PlaceRow,
    point: tuple[float | None, float | None] | None,
    *,
    marked: bool,
) -> None:
    known = tx.session.get(MapPointRow, row.id)
    if point is None or point[0] is None or point[1] is None:
        if known is not None:
            tx.session.delete(known)
        return
    longitude, latitude = point[0], point[1]
    if known is None:
        known = MapPointRow(record=row.id, kind=kind)
        tx.session.add(known)
    known.cell, known.longitude, known.latitude = cell(longitude, latitude), longitude, latitude
    known.division_path, known.organisation_path = row.division_path, row.organisation_path
    known.marked = int(marked)
    tx.session.flush()
