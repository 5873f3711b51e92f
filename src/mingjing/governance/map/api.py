"""Routes of the map."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy.orm import Session

from mingjing.governance.compliance.queries import subjects_held
from mingjing.governance.map import queries
from mingjing.governance.map.errors import BOX_BAD
from mingjing.governance.map.schema import MapCameras, MapGround, MapPlaces, MapPlanItems, MapSystems
from mingjing.governance.map.site import Ground
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.identity.errors import ORGANISATION_UNKNOWN
from mingjing.identity.queries import organisation_path
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.wire import fails
from mingjing.law.space import Box
from mingjing.registry.dependencies import Site
from mingjing.registry.map.queries import Kind, Wanted, extent
from mingjing.territory.errors import DIVISION_UNKNOWN
from mingjing.territory.queries import path_of

router = APIRouter(tags=["map"])
Person = Annotated[Caller, requires(Action.OWN)]
CameraReader = Annotated[Caller, requires(Action.CAMERA_READ)]
PlaceReader = Annotated[Caller, requires(Action.REGISTER_READ)]
PlanReader = Annotated[Caller, requires(Action.PLANNING_READ)]
BoxText = Annotated[
    str,
    Query(
        max_length=200, examples=["114.2,30.2,114.5,30.5"], description="West, south, east, north, degrees"
    ),
]
Zoom = Annotated[float, Query(ge=0, le=24, examples=[12], description="Of the view, as MapLibre counts it")]
Under = Annotated[str | None, Query(max_length=12, examples=["420115"])]
Unit = Annotated[str | None, Query(max_length=32, examples=["or_k2x9p4q7m1aa"])]
FindingRule = Annotated[
    str | None,
    Query(
        max_length=16, examples=["SIGN-01"], description="Of which it is found; `any`: of which anything is"
    ),
]


@dataclass(frozen=True, slots=True)
class _View:
    """What every layer is asked for: a box, how near it is looked at, and what it is narrowed to."""

    box: BoxText = "-180,-90,180,90"
    zoom: Zoom = 0
    under: Under = None
    organisation: Unit = None
    finding: FindingRule = None


View = Annotated[_View, Depends()]
_REFUSED = (BOX_BAD, DIVISION_UNKNOWN, ORGANISATION_UNKNOWN)


@router.get("/map/ground", summary="What lies below the points of the map, and where they are")
def get_ground(store: Store, caller: Person, ground: Ground) -> MapGround:
    with store.reading() as session:
        cameras, places = caller.scope(Action.CAMERA_READ), caller.scope(Action.REGISTER_READ)
        found = extent(session, cameras, places)
    return MapGround(
        **ground.model_dump(), extent=[found.west, found.south, found.east, found.north] if found else None
    )


@router.get("/map/cameras", openapi_extra=fails(*_REFUSED), summary="Cameras in a box of the map")
def map_cameras(
    store: Store,
    site: Site,
    caller: CameraReader,
    asked: View,
) -> MapCameras:
    with store.reading() as session:
        found = caller.scope(Action.COMPLIANCE_READ)
        wanted = _wanted(session, caller, "camera", asked)
        scope = caller.scope(Action.CAMERA_READ)
        return queries.cameras(session, scope, found, site.facts, wanted, asked.zoom, store.clock.now_us())


@router.get(
    "/map/places", openapi_extra=fails(*_REFUSED), summary="Places in a box of the map, and their coverage"
)
def map_places(
    store: Store,
    caller: PlaceReader,
    asked: View,
) -> MapPlaces:
    with store.reading() as session:
        found = caller.scope(Action.COMPLIANCE_READ)
        wanted = _wanted(session, caller, "place", asked)
        scope = caller.scope(Action.REGISTER_READ)
        return queries.places(session, scope, found, wanted, asked.zoom, store.clock.now_us())


@router.get(
    "/map/systems", openapi_extra=fails(*_REFUSED), summary="Video systems in a box of the map, by their life"
)
def map_systems(
    store: Store,
    caller: PlaceReader,
    asked: View,
) -> MapSystems:
    with store.reading() as session:
        found = caller.scope(Action.COMPLIANCE_READ)
        wanted = _wanted(session, caller, "system", asked)
        scope = caller.scope(Action.REGISTER_READ)
        return queries.systems(session, scope, found, wanted, asked.zoom, store.clock.now_us())


@router.get(
    "/map/plan-items",
    openapi_extra=fails(*_REFUSED),
    summary="Items of construction plans in a box of the map, and what overlaps there",
)
def map_plan_items(
    store: Store,
    caller: PlanReader,
    asked: View,
) -> MapPlanItems:
    with store.reading() as session:
        wanted = _wanted(session, caller, "plan", asked)
        scope = caller.scope(Action.PLANNING_READ)
        return queries.plan_items(session, scope, wanted, asked.zoom, store.clock.now_us())


def _wanted(
    session: Session,
    caller: Caller,
    kind: Kind,
    asked: _View,
) -> Wanted:
    rule = None if asked.finding == "any" else asked.finding
    return Wanted(
        kind,
        _box(asked.box),
        under=path_of(session, asked.under) if asked.under else "",
        organisation_path=organisation_path(session, asked.organisation) if asked.organisation else "",
        among=subjects_held(caller.scope(Action.COMPLIANCE_READ), kind, rule) if asked.finding else None,
    )


def _box(text: str) -> Box:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise MingjingError(BOX_BAD, box=text[:60]) from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise MingjingError(BOX_BAD, box=text[:60])
    return Box(west, south, east, north)
