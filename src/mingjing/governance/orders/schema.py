"""Maintenance as it goes over the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from mingjing.governance.orders.rules import Cause, State
from mingjing.governance.reminding.schema import Recall
from mingjing.kernel.text import Line, Name, Note
from mingjing.kernel.wire import EXAMPLE_US, Day, DivisionCode, Reference, Told, Wanted, example

Hours = Annotated[int, Field(ge=1, le=8760)]
Phone = Annotated[str, Field(max_length=40, pattern=r"^[0-9+ ()\-]*$")]
Systems = Annotated[list[Reference], Field(max_length=500)]
Moment = Annotated[int, Field(ge=0, le=7_258_118_400_000_000, examples=[EXAMPLE_US])]
_CONTRACT = {
    "name": "2026 年度视频运维", "division": "420115", "organisation": "or_k2x9p4q7m1aa", "maintainer": "or_k2x9p4q7m1ab",
    "systems": ["sy_k2x9p4q7m1aa"], "since": "2026-01-01", "until": "2026-12-31", "response_hours": 2,
    "repair_hours": 24, "contact": "刘工", "phone": "027-81900000", "note": "",
}  # fmt: skip


class ContractWish(Wanted):
    """A maintenance contract to be entered."""

    model_config = example(**_CONTRACT)

    name: Name
    division: DivisionCode
    organisation: Reference = Field(description="The unit that has given it")
    maintainer: Reference
    systems: Systems = Field(default=[])
    since: Day
    until: Day
    response_hours: Hours
    repair_hours: Hours
    contact: Line = ""
    phone: Phone = ""
    note: Note = ""


class ContractPatch(Wanted):
    """What shall change; absent members stay."""

    model_config = example(until="2027-12-31")

    name: Name | None = None
    maintainer: Reference | None = None
    systems: Systems | None = None
    since: Day | None = None
    until: Day | None = None
    response_hours: Hours | None = None
    repair_hours: Hours | None = None
    contact: Line | None = None
    phone: Phone | None = None
    note: Note | None = None


class Contract(Told):
    model_config = example(id="ct_k2x9p4q7m1aa", created_us=EXAMPLE_US, changed_us=EXAMPLE_US, **_CONTRACT)

    id: str
    name: str
    division: str
    organisation: str
    maintainer: str
    systems: list[str]
    since: date
    until: date
    response_hours: int
    repair_hours: int
    contact: str
    phone: str
    note: str
    created_us: int
    changed_us: int


class OrderWish(Wanted):
    """A fault to be reported."""

    model_config = example(system="sy_k2x9p4q7m1aa", camera=None, cause="picture", description="大门画面模糊")

    system: Reference
    camera: Reference | None = None
    cause: Cause
    description: Annotated[Note, Field(min_length=1)]


class OrderWorkWish(Wanted):
    """What the maintaining unit says of an order."""

    model_config = example(to="responded", note="已派工")

    to: Literal["responded", "repaired"]
    note: Note = ""


class OrderStepWish(Wanted):
    """What the using unit says of an order; `responded` sends back what is not repaired."""

    model_config = example(to="confirmed", note="")

    to: Literal["confirmed", "responded", "withdrawn"]
    note: Note = ""


class OrderStep(Told):
    model_config = example(
        at_us=EXAMPLE_US, who="us_k3v7q2m5x4ab", who_name="刘工", state="responded", note="已派工"
    )

    at_us: int
    who: str
    who_name: str
    state: State
    note: str


_ORDER = {
    "id": "wo_k2x9p4q7m1aa", "number": "WX-2026-0117", "system": "sy_k2x9p4q7m1aa", "system_name": "实验小学校园安全系统",
    "camera": None, "camera_name": None, "division": "420115", "maintainer": "or_k2x9p4q7m1ab", "contract": None,
    "cause": "picture", "description": "大门画面模糊", "state": "opened", "opened_us": EXAMPLE_US,
    "respond_by_us": EXAMPLE_US, "repair_by_us": EXAMPLE_US, "responded_us": None, "repaired_us": None,
    "over_us": None, "overdue": False, "next": ["responded", "withdrawn"], "changed_us": EXAMPLE_US,
}  # fmt: skip


class Order(BaseModel):
    """A fault order in a list."""

    model_config = example(**_ORDER)

    id: str
    number: str
    system: str
    system_name: str
    camera: str | None
    camera_name: str | None
    division: str
    maintainer: str | None
    contract: str | None
    cause: Cause
    description: str
    state: State
    opened_us: int
    respond_by_us: int | None = Field(
        description="Null where neither a contract nor an order in force sets a term"
    )
    repair_by_us: int | None
    responded_us: int | None
    repaired_us: int | None
    over_us: int | None
    overdue: bool = Field(description="The next term is over now")
    next: list[State]
    changed_us: int


class OrderWhole(Order):
    """An order with its steps."""

    model_config = example(**_ORDER, steps=[], reminders=[])

    steps: list[OrderStep]
    reminders: list[Recall]


class OutageWish(Wanted):
    """A planned outage."""

    model_config = example(
        system="sy_k2x9p4q7m1aa", from_us=EXAMPLE_US, until_us=EXAMPLE_US + 1, reason="更换交换机"
    )

    system: Reference
    from_us: Moment
    until_us: Moment
    reason: Annotated[Note, Field(min_length=1)]


class Outage(Told):
    model_config = example(
        id="po_k2x9p4q7m1aa", system="sy_k2x9p4q7m1aa", from_us=EXAMPLE_US, until_us=EXAMPLE_US + 1, reason="更换交换机",
        entered_by_name="王敏", created_us=EXAMPLE_US,
    )  # fmt: skip

    id: str
    system: str
    from_us: int
    until_us: int
    reason: str
    entered_by_name: str
    created_us: int
