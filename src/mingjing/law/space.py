"""Where things lie and what a camera sees, for rules: WGS-84 degrees in, metres and shares out.

Distances here are of streets and rooms, not of provinces: the neighbourhood of a point is taken as a plane
(equirectangular projection), which at Hubei's latitudes is off by less than 0.1 per cent within 5 km.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, radians, sin
from typing import Final

from shapely import Point, Polygon, make_valid
from shapely.geometry.base import BaseGeometry

METRES_PER_DEGREE: Final = 111_320.0
"""Of latitude; of longitude at the equator."""
_STEP: Final = 5.0
"""Degrees between two corners of a field of view's far edge."""

Ring = Sequence[Sequence[float]]
"""Corners [longitude, latitude] of an area; its last need not repeat its first."""


@dataclass(frozen=True, slots=True)
class View:
    """A field of view on the ground: from a point, around `azimuth` (degrees clockwise from north), `angle` degrees
    wide, `reach` metres far."""

    longitude: float
    latitude: float
    azimuth: float
    angle: float
    reach: float


@dataclass(frozen=True, slots=True)
class Box:
    """A range of longitudes and latitudes, both ends included."""

    west: float
    south: float
    east: float
    north: float


def metres(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    """How far two points are apart."""
    x, y = _plane(other_longitude, other_latitude, longitude, latitude)
    return hypot(x, y)


def around(longitude: float, latitude: float, reach: float) -> Box:
    """The box that holds every point within `reach` metres: what an index is asked before distances are."""
    north = reach / METRES_PER_DEGREE
    east = reach / (METRES_PER_DEGREE * _narrowing(latitude))
    return Box(longitude - east, latitude - north, longitude + east, latitude + north)


def around_all(boxes: Sequence[Box]) -> Box:
    """The box around boxes, of which there is one at least."""
    return Box(
        min(one.west for one in boxes), min(one.south for one in boxes),
        max(one.east for one in boxes), max(one.north for one in boxes),
    )  # fmt: skip


def widened(box: Box, reach: float) -> Box:
    """A box with `reach` metres more on each side."""
    corner = around(box.west, max(abs(box.south), abs(box.north)), reach)
    wide, high = box.west - corner.west, reach / METRES_PER_DEGREE
    return Box(box.west - wide, box.south - high, box.east + wide, box.north + high)


def outline(view: View) -> list[list[float]]:
    """The ring of a field of view, for a map: [longitude, latitude] in degrees, closed."""
    corners = _sector(view.azimuth, view.angle, view.reach)
    narrowing = METRES_PER_DEGREE * _narrowing(view.latitude)
    return [[view.longitude + x / narrowing, view.latitude + y / METRES_PER_DEGREE] for x, y in corners]


def inside(longitude: float, latitude: float, ring: Ring) -> bool:
    """Whether a point lies in an area or on its edge."""
    return bool(_area(ring, longitude, latitude).intersects(Point(0, 0)))


def distance(longitude: float, latitude: float, ring: Ring) -> float:
    """Metres from a point to an area; 0 inside."""
    return float(_area(ring, longitude, latitude).distance(Point(0, 0)))


def sees(view: View, ring: Ring) -> bool:
    """Whether a field of view reaches into an area. Walls are not known here: what it says is a suspicion."""
    return bool(_ground(view).intersects(_area(ring, view.longitude, view.latitude)))


def sees_point(view: View, longitude: float, latitude: float, radius: float = 0.0) -> bool:
    """Whether a field of view reaches within `radius` metres of a point."""
    at = Point(_plane(longitude, latitude, view.longitude, view.latitude))
    return bool(_ground(view).distance(at) <= radius)


def shared(one: View, other: View) -> float:
    """How much of the smaller of two fields of view the other covers too, 0 to 1."""
    if metres(one.longitude, one.latitude, other.longitude, other.latitude) > one.reach + other.reach:
        return 0.0
    ground, ring = _ground(one), outline(other)
    area = _area(ring, one.longitude, one.latitude)
    smaller = min(ground.area, area.area)
    return float(ground.intersection(area).area / smaller) if smaller > 0 else 0.0


def _narrowing(latitude: float) -> float:
    return max(cos(radians(latitude)), 1e-6)


def _plane(longitude: float, latitude: float, at_longitude: float, at_latitude: float) -> tuple[float, float]:
    """Metres east and north of the point (`at_longitude`, `at_latitude`)."""
    east = (longitude - at_longitude) * METRES_PER_DEGREE * _narrowing(at_latitude)
    return east, (latitude - at_latitude) * METRES_PER_DEGREE


def _area(ring: Ring, longitude: float, latitude: float) -> BaseGeometry:
    """An area on the plane around a point. One that crosses itself is taken for what it encloses."""
    area = Polygon([_plane(corner[0], corner[1], longitude, latitude) for corner in ring])
    return area if area.is_valid else make_valid(area)


def _ground(view: View) -> Polygon:
    return Polygon(_sector(view.azimuth, view.angle, view.reach))


@lru_cache(maxsize=4096)
def _sector(azimuth: float, angle: float, reach: float) -> tuple[tuple[float, float], ...]:
    """Corners of a sector in metres around its point, closed; a full circle has no corner in its middle."""
    steps = max(int(angle / _STEP), 1)
    arc = [radians(azimuth - angle / 2 + angle * step / steps) for step in range(steps + 1)]
    edge = [(reach * sin(at), reach * cos(at)) for at in arc]
    if angle >= 360:
        return (*edge[:-1], edge[0])
    return ((0.0, 0.0), *edge, (0.0, 0.0))
