"""Decisions as they go over the wire."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from mingjing.kernel.text import Note
from mingjing.kernel.wire import EXAMPLE_US, Day, Wanted, example
from mingjing.law.facts import DecisionState, ForbiddenKind, Ground
from mingjing.registry.places.schema import Corner

SubjectKind = Literal["camera", "plan_item", "project"]


class DecisionWish(Wanted):
    """What a person says, with the reason."""

    model_config = example(state="masked", reason="柜台客户输密区在画面右下，设遮挡后可用")

    state: Literal["allowed", "masked", "prohibited"]
    reason: Annotated[Note, Field(min_length=1)]


class MaskConfirmation(Wanted):
    """That the mask was seen in the picture."""

    model_config = example(day="2026-11-26")

    day: Day


class SuspicionOut(BaseModel):
    """Why it is suspected. Of a zone that one may not see, neither its name nor its area is told."""

    model_config = example(
        ground="view", kind="client_data_area", what="fp_k2x9p4q7m1aa", name="营业厅三号柜台", outline=None,
        longitude=114.322, latitude=30.349, radius_m=2.0,
    )  # fmt: skip

    ground: Ground
    kind: ForbiddenKind
    what: str = Field(
        description="The zone, the word, or the sub-category; empty for a zone outside one's scope"
    )
    name: str
    outline: list[Corner] | None
    longitude: float | None
    latitude: float | None
    radius_m: float | None


class Decision(BaseModel):
    """What was asked, and what was said."""

    model_config = example(
        id="dc_k2x9p4q7m1aa", subject_kind="camera", subject="ch_k2x9p4q7m1aa", plan=None, name="营业厅柜台西", division="420115",
        organisation="or_k2x9p4q7m1aa", state="waiting", reason="", decided_by=None, decided_name="", decided_us=None,
        mask_confirmed=None, view={"longitude": 114.322, "latitude": 30.349, "azimuth": 135.0, "view_m": 30.0},
        field=[[114.322, 30.349], [114.3223, 30.3488], [114.322, 30.3487]], basis=["湖北令361 第八条"],
        basis_en=["Hubei Order 361, Article 8"], created_us=EXAMPLE_US, changed_us=EXAMPLE_US,
    )  # fmt: skip

    id: str
    subject_kind: SubjectKind
    subject: str
    plan: str | None = Field(description="Of a plan item: the plan that it stands in")
    name: str
    division: str
    organisation: str
    grounds: list[SuspicionOut]
    view: dict[str, Any]
    field: list[Corner] | None = Field(
        description="Ring of what it is taken to see; null where that is not known"
    )
    state: DecisionState
    reason: str
    decided_by: str | None
    decided_name: str
    decided_us: int | None
    mask_confirmed: date | None
    basis: list[str]
    basis_en: list[str]
    created_us: int
    changed_us: int
