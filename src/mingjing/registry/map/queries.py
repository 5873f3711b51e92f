"""Reads of the map. Cost: a box is as many ranges of the index as it has squares; counting looks at each point once, so
that a province of a hundred thousand is counted in some ten milliseconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import BigInteger, ColumnElement, Double, Select, and_, column, func, or_, select, values
from sqlalchemy.orm import Session

from mingjing.identity.scope import Scope
from mingjing.kernel.db import within
from mingjing.law.space import Box, around_all
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.map.cells import FINEST, Tile, level_of, ranges, tiles
from mingjing.registry.map.model import MapPointRow
from mingjing.registry.model import CameraRow
from mingjing.registry.places.model import PlaceRow

Kind = Literal["camera", "place", "system", "plan"]
"""Cameras and places have points here; systems and the items of plans are looked up in their registers."""
_AT_ONCE: Final = 900
_BOTH: Final = 1 << 24
"""Two counts in one number, so that one look at the index gives both."""
_BOX_TILES: Final = 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a map shows: of a kind, in a box, and narrowed to a division, a unit, some records."""

    kind: Kind
    box: Box
    under: str = ""
    organisation_path: str = ""
    among: Select[str] | None = None
    """The records that may be shown; None for all."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """How many points lie in a square, and how many of them are marked (`MapPointRow.marked`)."""

    tile: Tile
    count: int
    marked: int


@dataclass(frozen=True, slots=True)
class CameraPoint:
    """A camera on the map; degrees and metres, None where the dossier does not say."""

    id: str
    name: str
    longitude: float
    latitude: float
    enabled: bool
    height_m: float | None
    azimuth: float | None
    view_angle: float | None
    view_m: float | None


@dataclass(frozen=True, slots=True)
class PlacePoint:
    """A place on the map."""

    id: str
    name: str
    category: str
    longitude: float
    latitude: float
    outline: list[list[float]] | None


def clusters(session: Session, scope: Scope, wanted: Wanted, parts: Sequence[Tile]) -> list[Cluster]:
    """The squares among `parts` in which something lies."""
    bounds = values(column("first", BigInteger), column("after", BigInteger), name="bounds")
    asked = bounds.data([(part.first, part.end) for part in parts]).cte("squares")
    counted = (
        select(func.count() * _BOTH + func.coalesce(func.sum(MapPointRow.marked), 0))
        .where(
            MapPointRow.kind == wanted.kind,
            MapPointRow.cell >= asked.c.first,
            MapPointRow.cell < asked.c.after,
            *_narrowed(scope, wanted),
        )
        .correlate(asked)
        .scalar_subquery()
    )
    by_first = {part.first: part for part in parts}
    rows = session.execute(select(asked.c.first, counted))
    return [Cluster(by_first[first], *divmod(int(both), _BOTH)) for first, both in rows if int(both) >= _BOTH]


def camera_points(session: Session, scope: Scope, wanted: Wanted, most: int) -> list[CameraPoint] | None:
    """Cameras in a box, or None where there are more than `most`."""
    records = _records(session, scope, wanted, most)
    if records is None:
        return None
    columns = [getattr(DossierRow, name) for name in ("height_m", "azimuth", "view_angle", "view_m")]
    query = (
        select(
            CameraRow.id, CameraRow.name, MapPointRow.longitude, MapPointRow.latitude, CameraRow.enabled, *columns
        )
        .join(DossierRow, DossierRow.camera == CameraRow.id)
        .join(MapPointRow, MapPointRow.record == CameraRow.id)
    )  # fmt: skip
    found: list[CameraPoint] = []
    for part in _parts(records):
        found += [CameraPoint(*row) for row in session.execute(query.where(CameraRow.id.in_(part)))]
    return sorted(found, key=lambda one: (one.name, one.id))


def place_points(session: Session, scope: Scope, wanted: Wanted, most: int) -> list[PlacePoint] | None:
    """Places in a box, or None where there are more than `most`."""
    records = _records(session, scope, wanted, most)
    if records is None:
        return None
    columns = [getattr(PlaceRow, name) for name in PlacePoint.__slots__]
    found: list[PlacePoint] = []
    for part in _parts(records):
        rows = session.execute(select(*columns).where(PlaceRow.id.in_(part)))
        found += [PlacePoint(*row) for row in rows]
    return sorted(found, key=lambda one: (one.name, one.id))


def inside(kind: Kind, ring: Sequence[tuple[float, float]]) -> Select[str]:
    """The records of a kind that stand inside a ring of corners, whosever they are: a filter for a query that has a scope.

    A point is inside where a line from it to the east crosses the ring's edges an odd number of times.
    """
    across = [column(name, Double) for name in ("foot", "top", "at", "slope")]
    edges = values(*across, name="edges").data(_edges(ring)).cte("edges")
    crossed = (
        select(func.count())
        .where(
            MapPointRow.latitude >= edges.c.foot,
            MapPointRow.latitude < edges.c.top,
            MapPointRow.longitude < edges.c.at + (MapPointRow.latitude - edges.c.foot) * edges.c.slope,
        )
        .correlate(MapPointRow)
        .scalar_subquery()
    )
    longitudes, latitudes = [corner[0] for corner in ring], [corner[1] for corner in ring]
    box = Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))
    return select(MapPointRow.record).where(MapPointRow.kind == kind, *_in_box(box), crossed % 2 == 1)


def _edges(ring: Sequence[tuple[float, float]]) -> list[tuple[float, float, float, float]]:
    """Edges that are not level: their lower and upper latitude, the longitude of the lower end, and how far east they run
    to a degree of latitude."""
    found = []
    for one, other in zip(ring, [*ring[1:], ring[0]], strict=True):
        low, high = sorted((one, other), key=lambda corner: corner[1])
        if high[1] > low[1]:
            found.append((low[1], high[1], low[0], (high[0] - low[0]) / (high[1] - low[1])))
    return found or [(0.0, 0.0, 0.0, 0.0)]


def extent(session: Session, cameras: Scope, places: Scope) -> Box | None:
    """The least box that holds the cameras and places of two scopes; None where nothing has a position."""
    at = MapPointRow
    edges = select(
        func.min(at.longitude), func.min(at.latitude), func.max(at.longitude), func.max(at.latitude)
    )
    found = [
        session.execute(
            edges.where(at.kind == kind, scope.where(at.division_path, at.organisation_path, by))
        ).one()
        for kind, scope, by in (("camera", cameras, at.record), ("place", places, None))
    ]
    boxes = [Box(*edge) for edge in found if edge[0] is not None]
    return around_all(boxes) if boxes else None


def cells_in_operation(
    session: Session, scope: Scope, wanted: Wanted, cameras: Sequence[str]
) -> dict[str, int]:
    """The cells of those of some cameras that are in operation, wherever they lie."""
    found: dict[str, int] = {}
    for part in _parts(cameras):
        query = select(MapPointRow.record, MapPointRow.cell).where(
            MapPointRow.record.in_(part), MapPointRow.marked == 1, *_narrowed(scope, wanted)
        )
        found |= {row[0]: row[1] for row in session.execute(query)}
    return found


def _records(session: Session, scope: Scope, wanted: Wanted, most: int) -> list[str] | None:
    query = select(MapPointRow.record).where(
        MapPointRow.kind == wanted.kind, *_in_box(wanted.box), *_narrowed(scope, wanted)
    )
    found = list(session.scalars(query.limit(most + 1)))
    return found if len(found) <= most else None


def _in_box(box: Box) -> list[ColumnElement[bool]]:
    parts = [
        and_(MapPointRow.cell >= first, MapPointRow.cell < end)
        for first, end in ranges(tiles(box, level_of(box, FINEST, _BOX_TILES)))
    ]
    return [
        or_(*parts),
        MapPointRow.longitude.between(box.west, box.east),
        MapPointRow.latitude.between(box.south, box.north),
    ]


def _narrowed(scope: Scope, wanted: Wanted) -> list[ColumnElement[bool]]:
    by_channel: Any = MapPointRow.record if wanted.kind == "camera" else None
    found = [scope.where(MapPointRow.division_path, MapPointRow.organisation_path, by_channel)]
    if wanted.under:
        found.append(within(wanted.under, MapPointRow.division_path))
    if wanted.organisation_path:
        found.append(within(wanted.organisation_path, MapPointRow.organisation_path))
    if wanted.among is not None:
        found.append(MapPointRow.record.in_(wanted.among))
    return found


def _parts(records: Sequence[str]) -> list[Sequence[str]]:
    return [records[start : start + _AT_ONCE] for start in range(0, len(records), _AT_ONCE)]
