"""Reads of the map: what the register holds in a box, with what is measured and found about it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from mingjing.governance.compliance.queries import held_by_subject
from mingjing.governance.map.schema import (
    MapCamera,
    MapCameras,
    MapCluster,
    MapPlace,
    MapPlaces,
    MapPlanItem,
    MapPlanItems,
    MapSystem,
    MapSystems,
)
from mingjing.governance.map.standing import (
    Status,
    of_camera,
    of_cameras,
    of_item,
    of_place,
    of_system,
    worst,
)
from mingjing.governance.planning import queries as planning
from mingjing.governance.planning.model import PlanItemRow
from mingjing.governance.planning.spots import undecided
from mingjing.identity.scope import Scope
from mingjing.law.days import day_of
from mingjing.media.causes import StreamState
from mingjing.registry.map import queries
from mingjing.registry.map.cells import FINEST, Tile, cell, level_of, tiles
from mingjing.registry.map.queries import Cluster, Wanted
from mingjing.registry.places.queries import positions
from mingjing.registry.site import Facts
from mingjing.registry.systems.queries import located

SINGLE_FROM = 15
"""Zoom below which no single one is drawn where more than `FEW` are in view."""
FEW = 400
MANY = 2000
"""Never more single ones than these: a street of screens."""
SQUARES = 700
"""Of a view: 64 picture points each on a common screen, larger on a wall."""
_FINER = 3
"""A square of the grid is an eighth of the tile that a zoom is named after."""


def cameras(
    session: Session, scope: Scope, found: Scope, facts: Facts, wanted: Wanted, zoom: float, now_us: int
) -> MapCameras:
    """Cameras in a box as people see them; `found` is where the caller may read findings."""
    points = queries.camera_points(session, scope, wanted, _most(zoom))
    main = _main_streams(facts)
    if points is None:
        parts = _grid(wanted, zoom)
        counted = queries.clusters(session, scope, wanted, parts)
        heard = _heard(session, scope, wanted, facts, main, parts)
        return MapCameras(
            total=sum(one.count for one in counted),
            clusters=[_cluster(one, of_cameras(one.marked, heard[one.tile.first])) for one in counted],
            cameras=[],
            as_of_us=now_us,
        )
    channels = [one.id for one in points]
    held = held_by_subject(session, found, channels) if found else None
    lost = _lost(facts, [channel for channel in channels if channel in main])
    shown = [
        MapCamera.model_validate(
            {name: getattr(one, name) for name in one.__slots__ if name != "enabled"}
            | {
                "status": of_camera(one.enabled, main.get(one.id), one.id in lost),
                "findings": None if held is None else held.get(one.id, 0),
            }
        )
        for one in points
    ]
    return MapCameras(total=len(shown), clusters=[], cameras=shown, as_of_us=now_us)


def places(
    session: Session, scope: Scope, found: Scope, wanted: Wanted, zoom: float, now_us: int
) -> MapPlaces:
    """Places in a box with what is covered of them."""
    points = queries.place_points(session, scope, wanted, _most(zoom))
    if points is None:
        counted = queries.clusters(session, scope, wanted, _grid(wanted, zoom))
        return MapPlaces(
            total=sum(one.count for one in counted),
            uncovered=sum(one.marked for one in counted),
            clusters=[_cluster(one, "failed" if one.marked else "ok") for one in counted],
            places=[],
            as_of_us=now_us,
        )
    identifiers = [one.id for one in points]
    held = held_by_subject(session, found, identifiers) if found else None
    covered = positions(session, identifiers)
    shown = []
    for one in points:
        cameras_at = [cameras for _, cameras in covered.get(one.id, ())]
        required, uncovered = len(cameras_at), cameras_at.count(0)
        shown.append(
            MapPlace.model_validate(
                {name: getattr(one, name) for name in one.__slots__}
                | {
                    "status": of_place(required, uncovered), "required": required, "uncovered": uncovered,
                    "findings": None if held is None else held.get(one.id, 0),
                }
            )
        )  # fmt: skip
    return MapPlaces(
        total=len(shown),
        uncovered=sum(one.uncovered > 0 for one in shown),
        clusters=[],
        places=shown,
        as_of_us=now_us,
    )


def systems(
    session: Session, scope: Scope, found: Scope, wanted: Wanted, zoom: float, now_us: int
) -> MapSystems:
    """Video systems in a box, each where its place is or amid its cameras."""
    today = day_of(now_us)
    points = [(one, of_system(one.in_use, one.dismantled, today)) for one in located(session, scope, wanted)]
    if len(points) > _most(zoom):
        squares = _squares(wanted, zoom, ((one.longitude, one.latitude, status) for one, status in points))
        return MapSystems(total=len(points), clusters=squares, systems=[], as_of_us=now_us)
    held = held_by_subject(session, found, [one.id for one, _ in points]) if found else None
    shown = [
        MapSystem.model_validate(
            {name: getattr(one, name) for name in _SYSTEM}
            | {"status": status, "findings": None if held is None else held.get(one.id, 0)}
        )
        for one, status in points
    ]
    return MapSystems(total=len(points), clusters=[], systems=shown, as_of_us=now_us)


def plan_items(session: Session, scope: Scope, wanted: Wanted, zoom: float, now_us: int) -> MapPlanItems:
    """Items of construction plans in a box, with what was found at their spots."""
    today = day_of(now_us)
    planned = planning.located(session, scope, wanted)
    open_ones = {one.item.id for one in planned if undecided(one.item, today)}
    clusters: list[MapCluster] = []
    items: list[MapPlanItem] = []
    if len(planned) > _most(zoom):
        clusters = _squares(wanted, zoom, (_spot(one.item, one.item.id in open_ones) for one in planned))
    else:
        items = [
            MapPlanItem.model_validate(
                {name: getattr(one.item, name) for name in _ITEM}
                | {
                    "plan_name": one.plan_name, "plan_state": one.plan_state,
                    "standing": of_item(one.item.id in open_ones, one.item.reuse, one.item.overlapping),
                }
            )
            for one in planned
        ]  # fmt: skip
    return MapPlanItems(
        total=len(planned), undecided=len(open_ones), clusters=clusters, items=items, as_of_us=now_us
    )


_SYSTEM = [name for name in MapSystem.model_fields if name not in {"status", "findings"}]
_ITEM = [name for name in MapPlanItem.model_fields if name not in {"plan_name", "plan_state", "standing"}]


def _spot(row: PlanItemRow, asks: bool) -> tuple[float, float, Status]:
    return row.longitude or 0.0, row.latitude or 0.0, "failed" if asks else "ok"


def _squares(wanted: Wanted, zoom: float, points: Iterable[tuple[float, float, Status]]) -> list[MapCluster]:
    """Points in the squares that they lie in, for what has no index of cells: thousands, not a hundred thousand."""
    parts = {part.first: part for part in _grid(wanted, zoom)}
    finer = 2 * (FINEST - next(iter(parts.values())).level)
    counted: dict[int, Counter[Status]] = defaultdict(Counter)
    for longitude, latitude, status in points:
        counted[cell(longitude, latitude) >> finer << finer][status] += 1
    return [
        _cluster(Cluster(parts[first], statuses.total(), 0), worst(statuses))
        for first, statuses in counted.items()
    ]


def _most(zoom: float) -> int:
    return FEW if zoom < SINGLE_FROM else MANY


def _grid(wanted: Wanted, zoom: float) -> list[Tile]:
    return tiles(wanted.box, level_of(wanted.box, min(int(zoom) + _FINER, FINEST), SQUARES))


def _cluster(one: Cluster, status: Status) -> MapCluster:
    box = one.tile.box()
    return MapCluster(
        longitude=(box.west + box.east) / 2, latitude=(box.south + box.north) / 2, west=box.west, south=box.south,
        east=box.east, north=box.north, count=one.count, status=status,
    )  # fmt: skip


def _main_streams(facts: Facts) -> dict[str, StreamState]:
    """The state of main streams by camera."""
    return {
        channel: stats.state
        for stream, stats in facts.stats().items()
        for channel, _, kind in [stream.rpartition(".")]
        if kind == "main"
    }


def _heard(
    session: Session,
    scope: Scope,
    wanted: Wanted,
    facts: Facts,
    main: dict[str, StreamState],
    parts: Sequence[Tile],
) -> dict[int, Counter[Status]]:
    """What is heard of cameras in operation, by the first cell of the square that they lie in."""
    lost = _lost(facts, list(main))
    finer = 2 * (FINEST - parts[0].level) if parts else 0
    heard: dict[int, Counter[Status]] = defaultdict(Counter)
    for channel, at in queries.cells_in_operation(session, scope, wanted, list(main)).items():
        heard[at >> finer << finer][of_camera(True, main[channel], channel in lost)] += 1
    return heard


def _lost(facts: Facts, channels: Sequence[str]) -> set[str]:
    """Those of the cameras whose recording is being lost."""
    return {channel for channel, now in facts.recording(channels).items() if now.state == "lost"}
