"""Routes of the map."""

from typing import Annotated

from fastapi import APIRouter, Query
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
from mingjing.registry.map.queries import Kind, Wanted, extent
from mingjing.registry.site import Site
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
    box: BoxText = "-180,-90,180,90",
    zoom: Zoom = 0,
    under: Under = None,
    organisation: Unit = None,
    finding: FindingRule = None,
) -> MapCameras:
    with store.reading() as session:
        found = caller.scope(Action.COMPLIANCE_READ)
        wanted = _wanted(session, caller, "camera", box, under, organisation, finding)
        scope = caller.scope(Action.CAMERA_READ)
        return queries.cameras(session, scope, found, site.facts, wanted, zoom, store.clock.now_us())


@router.get(
    "/map/places", openapi_extra=fails(*_REFUSED), summary="Places in a box of the map, and their coverage"
)
def map_places(
    store: Store,
    caller: PlaceReader,
    box: BoxText = "-180,-90,180,90",
    zoom: Zoom = 0,
    under: Under = None,
    organisation: Unit = None,
    finding: FindingRule = None,
) -> MapPlaces:
    with store.reading() as session:
        found = caller.scope(Action.COMPLIANCE_READ)
        wanted = _wanted(session, caller, "place", box, under, organisation, finding)
        scope = caller.scope(Action.REGISTER_READ)
        return queries.places(session, scope, found, wanted, zoom, store.clock.now_us())


@router.get(
    "/map/systems", openapi_extra=fails(*_REFUSED), summary="Video systems in a box of the map, by their life"
)
def map_systems(
    store: Store,
    caller: PlaceReader,
    box: BoxText = "-180,-90,180,90",
    zoom: Zoom = 0,
    under: Under = None,
    organisation: Unit = None,
    finding: FindingRule = None,
) -> MapSystems:
    with store.reading() as session:
        found = caller.scope(Action.COMPLIANCE_READ)
        wanted = _wanted(session, caller, "system", box, under, organisation, finding)
        scope = caller.scope(Action.REGISTER_READ)
        return queries.systems(session, scope, found, wanted, zoom, store.clock.now_us())


@router.get(
    "/map/plan-items",
    openapi_extra=fails(*_REFUSED),
    summary="Items of construction plans in a box of the map, and what overlaps there",
)
def map_plan_items(
    store: Store,
    caller: PlanReader,
    box: BoxText = "-180,-90,180,90",
    zoom: Zoom = 0,
    under: Under = None,
    organisation: Unit = None,
    finding: FindingRule = None,
) -> MapPlanItems:
    with store.reading() as session:
        wanted = _wanted(session, caller, "plan", box, under, organisation, finding)
        scope = caller.scope(Action.PLANNING_READ)
        return queries.plan_items(session, scope, wanted, zoom, store.clock.now_us())


def _wanted(
    session: Session,
    caller: Caller,
    kind: Kind,
    box: str,
    under: str | None,
    organisation: str | None,
    finding: str | None,
) -> Wanted:
    rule = None if finding == "any" else finding
    return Wanted(
        kind,
        _box(box),
        under=path_of(session, under) if under else "",
        organisation_path=organisation_path(session, organisation) if organisation else "",
        among=subjects_held(caller.scope(Action.COMPLIANCE_READ), kind, rule) if finding else None,
    )


def _box(text: str) -> Box:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise MingjingError(BOX_BAD, box=text[:60]) from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise MingjingError(BOX_BAD, box=text[:60])
    return Box(west, south, east, north)
