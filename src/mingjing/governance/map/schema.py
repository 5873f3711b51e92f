"""The map as it goes over the wire. Degrees are WGS-84, lengths metres."""

from typing import Literal

from pydantic import Field

from mingjing.governance.map.standing import Planned, Status
from mingjing.governance.planning.rules import PlanState, Progress
from mingjing.kernel.wire import EXAMPLE_US, Told, example
from mingjing.law.facts import Category, Regime


class MapCluster(Told):
    """What lies in one square: how many, and the worst of them."""

    model_config = example(
        longitude=114.3219, latitude=30.3491, west=114.2578, south=30.2971, east=114.3457, north=30.373, count=12,
        status="failed",
    )  # fmt: skip

    longitude: float = Field(description="Of the middle of the square")
    latitude: float
    west: float
    south: float
    east: float
    north: float
    count: int
    status: Status


class MapCamera(Told):
    model_config = example(
        id="ch_k2x9p4q7m1aa", name="实验小学大门东", longitude=114.322, latitude=30.349, status="ok", height_m=4.5,
        azimuth=135.0, view_angle=90.0, view_m=60.0, findings=1,
    )  # fmt: skip

    id: str
    name: str
    longitude: float
    latitude: float
    status: Status
    height_m: float | None
    azimuth: float | None
    view_angle: float | None
    view_m: float | None
    findings: int | None = Field(description="That are not cured; null where they are not for the caller")


class MapPlace(Told):
    model_config = example(
        id="pc_k2x9p4q7m1aa", name="江夏区实验小学", category="education_health_heritage", longitude=114.322,
        latitude=30.349, outline=None, status="failed", required=4, uncovered=1, findings=1,
    )  # fmt: skip

    id: str
    name: str
    category: Category
    longitude: float
    latitude: float
    outline: list[list[float]] | None
    status: Status
    required: int = Field(description="Key positions")
    uncovered: int = Field(description="Of these, those that no camera in use covers")
    findings: int | None = Field(description="That are not cured; null where they are not for the caller")


class MapCameras(Told):
    """Cameras in a box: squares where they are many, else each of them."""

    model_config = example(total=1, clusters=[], as_of_us=EXAMPLE_US)

    total: int
    clusters: list[MapCluster]
    cameras: list[MapCamera]
    as_of_us: int


class MapPlaces(Told):
    """Places in a box: squares where they are many, else each of them."""

    model_config = example(total=1, uncovered=1, clusters=[], as_of_us=EXAMPLE_US)

    total: int
    uncovered: int = Field(description="Places with a key position that no camera in use covers")
    clusters: list[MapCluster]
    places: list[MapPlace]
    as_of_us: int


class MapPlanItem(Told):
    """What a construction plan wants built at one spot."""

    model_config = example(
        id="pi_k2x9p4q7m1aa", name="纸坊大街北口", plan="cp_k2x9p4q7m1aa",
        plan_name="江夏区公共安全视频建设规划（2026—2028）", plan_state="submitted", longitude=114.3223,
        latitude=30.3491, azimuth=90.0, view_angle=90.0, view_m=50.0, cameras=2, progress="planned",
        standing="duplicate", overlap=62, overlapping=1,
    )  # fmt: skip

    id: str
    name: str
    plan: str
    plan_name: str
    plan_state: PlanState
    longitude: float
    latitude: float
    azimuth: float | None
    view_angle: float | None
    view_m: float | None
    cameras: int
    progress: Progress
    standing: Planned
    overlap: int = Field(description="Per cent shared with a camera that was there when it was checked")
    overlapping: int = Field(description="With how many cameras it shared ground then")


class MapSystem(Told):
    model_config = example(
        id="sy_k2x9p4q7m1aa", name="实验小学视频系统", regime="art7", category="education_health_heritage",
        longitude=114.322, latitude=30.349, by="place", status="ok", findings=1,
    )  # fmt: skip

    id: str
    name: str
    regime: Regime
    category: str
    longitude: float
    latitude: float
    by: Literal["place", "cameras"] = Field(description="It stands where its place is, or amid its cameras")
    status: Status = Field(description="`running` before it enters into use, `off` once dismantled")
    findings: int | None = Field(description="That are not cured; null where they are not for the caller")


class MapPlanItems(Told):
    """Items of construction plans in a box: squares where they are many, else each of them."""

    model_config = example(total=1, undecided=1, clusters=[], as_of_us=EXAMPLE_US)

    total: int
    undecided: int = Field(description="Those whose overlap asks for a decision that is not there")
    clusters: list[MapCluster] = Field(description="`failed` where one is undecided")
    items: list[MapPlanItem]
    as_of_us: int


class MapSystems(Told):
    """Video systems in a box: squares where they are many, else each of them."""

    model_config = example(total=1, clusters=[], as_of_us=EXAMPLE_US)

    total: int
    clusters: list[MapCluster]
    systems: list[MapSystem]
    as_of_us: int


class MapGround(Told):
    """What lies below the points, empty addresses where there is nothing but ground; and where the points are."""

    model_config = example(
        tiles="https://tiles.example.cn/{z}/{x}/{y}.png",
        style="",
        datum="gcj02",
        attribution="示例",
        extent=[114.1, 30.0, 114.6, 30.5],
    )

    tiles: str
    style: str
    datum: Literal["wgs84", "gcj02"]
    attribution: str
    extent: list[float] | None = Field(
        description="West, south, east, north of all that the caller may see; null where nothing has a position"
    )
