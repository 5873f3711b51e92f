"""Places as they go over the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from mingjing.kernel.text import Line, Name, Note
from mingjing.kernel.wire import EXAMPLE_US, Day, DivisionCode, Reference, Told, Wanted, example
from mingjing.law.facts import Category, PositionKind

NationalClass = Literal[
    "", "n7_1_road_square", "n7_2_1_crowded", "n7_2_2_hub", "n7_2_3_vehicle", "n7_2_4_service_area",
    "n9_other_public", "n33_non_public",
]  # fmt: skip
Longitude = Annotated[float, Field(ge=-180, le=180, examples=[114.322])]
Latitude = Annotated[float, Field(ge=-90, le=90, examples=[30.349])]
Corner = Annotated[list[float], Field(min_length=2, max_length=2)]


class PositionWish(Wanted):
    model_config = example(kind="entrance", name="后勤门", longitude=114.322, latitude=30.349)

    id: Annotated[str | None, Field(max_length=32)] = Field(
        default=None, description="Of one that is there and stays; absent: a new one"
    )
    kind: PositionKind
    name: Name
    longitude: Longitude | None = None
    latitude: Latitude | None = None


class PlaceWish(Wanted):
    """A place to be entered."""

    model_config = example(
        name="江夏区实验小学", division="420115", organisation="or_k2x9p4q7m1aa",
        category="education_health_heritage", subcategory="school", national_class="n7_2_1_crowded",
        address="纸坊大街 12 号", longitude=114.322, latitude=30.349,
    )  # fmt: skip

    name: Name
    division: DivisionCode
    organisation: Reference
    category: Category
    subcategory: Annotated[str, Field(max_length=32, pattern=r"^[a-z_]*$", examples=["school"])] = ""
    national_class: NationalClass = ""
    address: Line = ""
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    outline: Annotated[list[Corner], Field(min_length=3, max_length=500)] | None = None
    key_protected_unit: bool = False
    counter_terror_target: bool = False
    citation: Line = ""
    designated: Day | None = None
    note: Note = ""
    positions: Annotated[list[PositionWish], Field(max_length=200)] = Field(default=[])


class PlacePatch(Wanted):
    """What shall change; absent members stay. `positions` replaces all of them."""

    model_config = example(address="纸坊大街 14 号")

    name: Name | None = None
    division: DivisionCode | None = None
    organisation: Reference | None = None
    category: Category | None = None
    subcategory: Annotated[str, Field(max_length=32, pattern=r"^[a-z_]*$", examples=["school"])] | None = None
    national_class: NationalClass | None = None
    address: Line | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    outline: Annotated[list[Corner], Field(min_length=3, max_length=500)] | None = None
    key_protected_unit: bool | None = None
    counter_terror_target: bool | None = None
    citation: Line | None = None
    designated: Day | None = None
    note: Note | None = None
    positions: Annotated[list[PositionWish], Field(max_length=200)] | None = None


class Position(BaseModel):
    model_config = example(
        id="kp_k2x9p4q7m1aa", kind="entrance", name="后勤门", longitude=114.322, latitude=30.349, cameras=0
    )

    id: str
    kind: PositionKind
    name: str
    longitude: float | None
    latitude: float | None
    cameras: int = Field(description="Cameras in use that cover it")


class Place(Told):
    model_config = example(
        id="pc_k2x9p4q7m1aa", name="江夏区实验小学", division="420115", organisation="or_k2x9p4q7m1aa",
        category="education_health_heritage", subcategory="school", national_class="n7_2_1_crowded",
        address="纸坊大街 12 号", longitude=114.322, latitude=30.349, outline=None, key_protected_unit=False,
        counter_terror_target=False, citation="", designated=None, note="", created_us=EXAMPLE_US,
        changed_us=EXAMPLE_US, ended_us=None,
    )  # fmt: skip

    id: str
    name: str
    division: str
    organisation: str
    category: Category
    subcategory: str
    national_class: NationalClass
    address: str
    longitude: float | None
    latitude: float | None
    outline: list[Corner] | None
    key_protected_unit: bool
    counter_terror_target: bool
    citation: str
    designated: date | None
    note: str
    positions: list[Position]
    created_us: int
    changed_us: int
    ended_us: int | None
