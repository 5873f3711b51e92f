"""Construction plans as they go over the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from mingjing.governance.planning.rules import PlanState, Progress, Reuse
from mingjing.kernel.text import Line, Name, Note
from mingjing.kernel.wire import EXAMPLE_US, Day, DivisionCode, Reference, Told, Wanted, example
from mingjing.law.facts import DecisionState
from mingjing.registry.places.schema import Latitude, Longitude

Cameras = Annotated[int, Field(ge=0, le=100_000, examples=[4])]
Yuan = Annotated[int, Field(ge=0, le=1_000_000_000_000, examples=[120_000])]
Azimuth = Annotated[float, Field(ge=0, lt=360)]
Angle = Annotated[float, Field(gt=0, le=360)]
Reach = Annotated[float, Field(gt=0, le=10_000)]


class ConstructionPlanWish(Wanted):
    """A construction plan to be entered."""

    model_config = example(
        name="江夏区公共安全视频建设规划（2026—2028）", division="420115", organisation="or_k2x9p4q7m1aa",
        since="2026-01-01", until="2028-12-31",
    )  # fmt: skip

    name: Name
    division: DivisionCode
    organisation: Reference = Field(description="The government that plans")
    since: Day
    until: Day
    note: Note = ""


class ConstructionPlanPatch(Wanted):
    """What shall change; absent members stay."""

    model_config = example(until="2029-12-31")

    name: Name | None = None
    division: DivisionCode | None = None
    organisation: Reference | None = None
    since: Day | None = None
    until: Day | None = None
    note: Note | None = None


class PlanItemWish(Wanted):
    """An item to be entered into a plan."""

    model_config = example(
        name="纸坊大街北口", longitude=114.3223, latitude=30.3491, azimuth=90.0, view_angle=90.0, view_m=50.0,
        cameras=2, purpose="路口治安与交通", budget_yuan=60_000, due="2026-12-31",
    )  # fmt: skip

    name: Name = Field(description="Where: the spot in words")
    division: DivisionCode | None = Field(default=None, description="Absent: the plan's")
    place: Reference | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    azimuth: Azimuth | None = None
    view_angle: Angle | None = None
    view_m: Reach | None = None
    cameras: Cameras = 1
    purpose: Line = ""
    budget_yuan: Yuan = 0
    due: Day | None = None
    reuse: Reuse = ""
    reuse_reason: Line = ""


class PlanItemPatch(Wanted):
    """What shall change; absent members stay, null empties. Of an approved plan, progress alone."""

    model_config = example(progress="under_way", cameras_done=1)

    name: Name | None = None
    division: DivisionCode | None = None
    place: Reference | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    azimuth: Azimuth | None = None
    view_angle: Angle | None = None
    view_m: Reach | None = None
    cameras: Cameras | None = None
    purpose: Line | None = None
    budget_yuan: Yuan | None = None
    due: Day | None = None
    reuse: Reuse | None = None
    reuse_reason: Line | None = None
    progress: Progress | None = None
    cameras_done: Cameras | None = None
    ended: Literal[True] | None = Field(default=None, description="Take it out of the plan")


class PlanStepWish(Wanted):
    """The next step of who plans: submit it, or take it back."""

    model_config = example(to="submitted")

    to: Literal["submitted", "draft"]


class PlanDecision(Wanted):
    """What the approver decides. A return needs its reason."""

    model_config = example(to="approved", reason="同意，按年度组织实施")

    to: Literal["approved", "returned"]
    reason: Line = ""


class PlanFigures(BaseModel):
    """How far a plan has come; cameras and money are those of items that were not dropped."""

    model_config = example(
        items=12,
        done=3,
        under_way=2,
        dropped=1,
        cameras=40,
        cameras_done=11,
        budget_yuan=1_200_000,
        overdue=1,
    )

    items: int
    done: int
    under_way: int
    dropped: int
    cameras: int
    cameras_done: int
    budget_yuan: int
    overdue: int


class ConstructionPlan(Told):
    model_config = example(
        id="cp_k2x9p4q7m1aa", name="江夏区公共安全视频建设规划（2026—2028）", division="420115",
        organisation="or_k2x9p4q7m1aa", since="2026-01-01", until="2028-12-31", state="submitted",
        submitted_by="us_k3v7q2m5x4ab", submitted_by_name="王敏", submitted_us=EXAMPLE_US, decided_by_name="",
        decided_us=None, decision="", note="",
        created_us=EXAMPLE_US, changed_us=EXAMPLE_US,
    )  # fmt: skip

    id: str
    name: str
    division: str
    organisation: str
    since: date
    until: date
    state: PlanState
    submitted_by: str
    submitted_by_name: str
    submitted_us: int | None
    decided_by_name: str
    decided_us: int | None
    decision: str
    note: str
    figures: PlanFigures
    created_us: int
    changed_us: int


class PlanItem(Told):
    model_config = example(
        id="pi_k2x9p4q7m1aa", plan="cp_k2x9p4q7m1aa", name="纸坊大街北口", division="420115", place=None,
        longitude=114.3223, latitude=30.3491, azimuth=90.0, view_angle=90.0, view_m=50.0, cameras=2,
        purpose="路口治安与交通", budget_yuan=60_000, due="2026-12-31", progress="planned", cameras_done=0, reuse="",
        reuse_reason="", overlap=62, overlapping=1, undecided=True, decision=None,
        suspicion=None, overdue=False, created_us=EXAMPLE_US,
        changed_us=EXAMPLE_US,
    )  # fmt: skip

    id: str
    plan: str
    name: str
    division: str
    place: str | None
    longitude: float | None
    latitude: float | None
    azimuth: float | None
    view_angle: float | None
    view_m: float | None
    cameras: int
    purpose: str
    budget_yuan: int
    due: date | None
    progress: Progress
    cameras_done: int
    reuse: Reuse
    reuse_reason: str
    overlap: int = Field(description="Per cent shared with a camera that was there when it was checked")
    overlapping: int
    undecided: bool = Field(description="The overlap asks for a decision that is not there")
    decision: str | None = Field(description="What was asked of a person; null where nothing was suspected")
    suspicion: DecisionState | None = Field(description="What was said of it")
    overdue: bool
    created_us: int
    changed_us: int


class ConstructionPlanWhole(ConstructionPlan):
    """A plan with its items."""

    model_config = example(
        id="cp_k2x9p4q7m1aa", name="江夏区公共安全视频建设规划（2026—2028）", division="420115",
        organisation="or_k2x9p4q7m1aa", since="2026-01-01", until="2028-12-31", state="submitted",
        submitted_by="us_k3v7q2m5x4ab", submitted_by_name="王敏", submitted_us=EXAMPLE_US, decided_by_name="",
        decided_us=None, decision="", note="",
        created_us=EXAMPLE_US, changed_us=EXAMPLE_US,
    )  # fmt: skip

    items: list[PlanItem]


class Neighbour(BaseModel):
    """A camera that is there and sees some of what an item wants built."""

    model_config = example(
        camera="ch_k2x9p4q7m1aa", name="纸坊大街北口枪机", share=62, metres=18, duplicate=True,
        outline=[[114.3223, 30.3491], [114.3228, 30.3494], [114.3228, 30.3488], [114.3223, 30.3491]],
    )  # fmt: skip

    camera: str
    name: str
    share: int = Field(description="Per cent of the smaller field of view")
    metres: int
    duplicate: bool = Field(description="Building here needs a reason; otherwise the camera may be reused")
    outline: list[list[float]] = Field(description="Ring of [longitude, latitude]")


class ItemOverlaps(BaseModel):
    """What one item shares with cameras that are there now, the greatest share first."""

    model_config = example(
        item="pi_k2x9p4q7m1aa",
        outline=[[114.3224, 30.3491], [114.3229, 30.3494], [114.3229, 30.3488], [114.3224, 30.3491]],
    )

    item: str
    outline: list[list[float]]
    cameras: list[Neighbour]


class OverlapCheck(BaseModel):
    """The check of a plan against what is there, by item; items without a position are left out."""

    model_config = example(
        distance_m=100, overlap_percent=50, basis=["湖北令361 第六条第二款"],
        basis_en=["Hubei Order 361, Article 6(2)"],
    )  # fmt: skip

    distance_m: int | None = Field(description="Null where no order in force says what a duplicate is")
    overlap_percent: int | None
    basis: list[str]
    basis_en: list[str]
    items: list[ItemOverlaps]
