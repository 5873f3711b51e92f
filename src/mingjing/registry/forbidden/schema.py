"""Forbidden places and consents as they go over the wire."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from mingjing.kernel.text import Line, Name, Note
from mingjing.kernel.wire import EXAMPLE_US, Day, DivisionCode, Reference, Told, Wanted, example
from mingjing.law.facts import ForbiddenKind
from mingjing.registry.places.schema import Corner, Latitude, Longitude

Ring = Annotated[list[Corner], Field(min_length=3, max_length=500)]
Radius = Annotated[float, Field(gt=0, le=5000, examples=[12.0])]
_SHOWN: dict[str, Any] = {
    "name": "纸坊宾馆客房区", "kind": "hotel_guest_room", "division": "420115", "organisation": "or_k2x9p4q7m1aa",
    "place": None, "longitude": 114.322, "latitude": 30.349, "radius_m": 12.0, "outline": None, "since": None,
    "until": None, "note": "",
}  # fmt: skip
_CONSENT: dict[str, Any] = {
    "name": "关于同意安装公共视频的复函", "number": "军函〔2026〕12号", "given": "2026-05-20", "until": None,
    "cameras": [], "points": "营区东侧道路 3 个点位，不朝向营区",
}  # fmt: skip


class ForbiddenPlaceWish(Wanted):
    """A forbidden place to be entered: an outline, or a point with a radius in metres."""

    model_config = example(**_SHOWN)

    name: Name
    kind: ForbiddenKind
    division: DivisionCode
    organisation: Reference
    place: Reference | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    radius_m: Radius | None = None
    outline: Ring | None = None
    since: Day | None = None
    until: Day | None = None
    note: Note = ""


class ForbiddenPlacePatch(Wanted):
    """What shall change; absent members stay."""

    model_config = example(until="2026-12-20")

    name: Name | None = None
    kind: ForbiddenKind | None = None
    division: DivisionCode | None = None
    organisation: Reference | None = None
    place: Reference | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    radius_m: Radius | None = None
    outline: Ring | None = None
    since: Day | None = None
    until: Day | None = None
    note: Note | None = None


class ForbiddenPlace(Told):
    model_config = example(
        id="fp_k2x9p4q7m1aa", created_us=EXAMPLE_US, changed_us=EXAMPLE_US, ended_us=None, **_SHOWN
    )

    id: str
    name: str
    kind: ForbiddenKind
    division: str
    organisation: str
    place: str | None
    longitude: float | None
    latitude: float | None
    radius_m: float | None
    outline: list[Corner] | None
    since: date | None
    until: date | None
    note: str
    created_us: int
    changed_us: int
    ended_us: int | None


class ConsentWish(Wanted):
    """A secret unit's document by which it consents to cameras in its neighbourhood."""

    model_config = example(zone="fp_k2x9p4q7m1aa", **_CONSENT)

    zone: Reference
    name: Name
    number: Annotated[Line, Field(max_length=100)] = ""
    given: Day
    until: Day | None = None
    cameras: Annotated[list[Reference], Field(max_length=500)] = Field(
        default=[], description="Those that it covers; empty for every one in the neighbourhood"
    )
    points: Note = ""


class ConsentPatch(Wanted):
    """What shall change; absent members stay."""

    model_config = example(until="2027-05-19")

    name: Name | None = None
    number: Annotated[Line, Field(max_length=100)] | None = None
    given: Day | None = None
    until: Day | None = None
    cameras: Annotated[list[Reference], Field(max_length=500)] | None = None
    points: Note | None = None


class Consent(Told):
    model_config = example(
        id="sc_k2x9p4q7m1aa", zone="fp_k2x9p4q7m1aa", zone_name="某单位周边", division="420115",
        organisation="or_k2x9p4q7m1aa", created_us=EXAMPLE_US, changed_us=EXAMPLE_US, ended_us=None, **_CONSENT
    )  # fmt: skip

    id: str
    zone: str
    zone_name: str
    division: str
    organisation: str
    name: str
    number: str
    given: date
    until: date | None
    cameras: list[str]
    points: str
    created_us: int
    changed_us: int
    ended_us: int | None
