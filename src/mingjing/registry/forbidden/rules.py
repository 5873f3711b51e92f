"""What a spot says of itself: in which places it lies, into which it may look. Pure.

Walls are not known: what lies in sight is a suspicion, for a person to decide.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple

from mingjing.law.facts import ForbiddenKind, Suspicion, ZoneFact
from mingjing.law.space import Box, Ring, View, around, distance, inside, metres, sees, sees_point
from mingjing.law.suspicion import grounds

WIDEST_DEGREES: Final = 0.5
"""Of a place, from west to east and from south to north."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A forbidden or conditional place: a ring, or a point with a radius in metres."""

    id: str
    kind: ForbiddenKind
    box: Box
    ring: Ring | None = None
    longitude: float = 0.0
    latitude: float = 0.0
    radius: float = 0.0
    since: date | None = None
    until: date | None = None

    def holds_point(self, longitude: float, latitude: float) -> bool:
        if self.ring is not None:
            return inside(longitude, latitude, self.ring)
        return metres(self.longitude, self.latitude, longitude, latitude) <= self.radius

    def metres_from(self, longitude: float, latitude: float) -> float:
        """0 inside."""
        if self.ring is not None:
            return distance(longitude, latitude, self.ring)
        return max(metres(self.longitude, self.latitude, longitude, latitude) - self.radius, 0.0)

    def in_view(self, view: View) -> bool:
        if self.ring is not None:
            return sees(view, self.ring)
        return sees_point(view, self.longitude, self.latitude, self.radius)


class Spot(NamedTuple):
    """Where a camera stands or shall stand, as far as it is known: degrees, degrees clockwise from north, metres."""

    longitude: float | None = None
    latitude: float | None = None
    azimuth: float | None = None
    angle: float | None = None
    reach: float | None = None
    name: str = ""
    indoor: bool | None = None
    subcategory: str = ""
    """Of the place that it belongs to."""

    @property
    def view(self) -> View | None:
        """What it is taken to see: what is not known of its view is a usual one, and far away nobody is recognised."""
        if self.longitude is None or self.latitude is None or self.azimuth is None:
            return None
        figures = grounds().figures
        reach = min(self.reach or figures["reach_m"], figures["reach_most_m"])
        return View(self.longitude, self.latitude, self.azimuth, self.angle or figures["angle"], reach)

    @property
    def area(self) -> Box | None:
        """The box around everything that can matter to it; None where its position is not known."""
        if self.longitude is None or self.latitude is None:
            return None
        view = self.view
        return around(self.longitude, self.latitude, view.reach if view else grounds().figures["near_m"])


class Seen(NamedTuple):
    """What was found of a spot: the places it lies in, and those it may look into."""

    inside: tuple[ZoneFact, ...] = ()
    suspected: tuple[Suspicion, ...] = ()


def look(spot: Spot, zones: Iterable[Zone]) -> Seen:
    """In which of `zones` a spot lies, and of what it is suspected. The order is that of the zones."""
    within: list[ZoneFact] = []
    suspected: list[Suspicion] = []
    for zone in zones:
        found = _meets(spot, zone)
        if found == "inside":
            within.append(ZoneFact(zone.id, zone.kind, since=zone.since, until=zone.until))
        # Beside a secret unit nothing is suspected: there consent is asked for. A dwelling is no forbidden place.
        if found is not None and (
            zone.kind == "dwelling_facing" or (found != "inside" and zone.kind != "secret_neighbour")
        ):
            suspected.append(Suspicion(found, zone.kind, zone.id, since=zone.since, until=zone.until))
    suspected += _told(spot)
    return Seen(tuple(within), tuple(suspected))


def overlaps(one: Box, other: Box) -> bool:
    """Whether two boxes touch."""
    return (
        one.west <= other.east
        and other.west <= one.east
        and one.south <= other.north
        and other.south <= one.north
    )


def area_of(
    ring: Ring | None, longitude: float | None, latitude: float | None, radius: float | None
) -> Box | None:
    """The box around an area; None where neither a ring nor a point with a radius is given."""
    if ring:
        return Box(
            min(corner[0] for corner in ring), min(corner[1] for corner in ring),
            max(corner[0] for corner in ring), max(corner[1] for corner in ring),
        )  # fmt: skip
    if longitude is None or latitude is None or not radius:
        return None
    return around(longitude, latitude, radius)


def _meets(spot: Spot, zone: Zone) -> Literal["inside", "view", "near"] | None:
    """How a spot and a zone meet: `inside`, `view`, `near`; None where they do not."""
    if spot.longitude is None or spot.latitude is None:
        return None
    if zone.holds_point(spot.longitude, spot.latitude):
        return "inside"
    view = spot.view
    if view is not None:
        return "view" if zone.in_view(view) else None
    return "near" if zone.metres_from(spot.longitude, spot.latitude) <= grounds().figures["near_m"] else None


def _told(spot: Spot) -> Iterator[Suspicion]:
    """What a spot's name and place say; outdoors neither is taken for a room."""
    if spot.indoor is False:
        return
    for word, kind in grounds().of_name(spot.name):
        yield Suspicion("name", kind, word)
    of_place = grounds().subcategories.get(spot.subcategory) if spot.indoor else None
    if of_place is not None:
        yield Suspicion("place", of_place, spot.subcategory)
