"""Filings as they go over the wire."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from mingjing.governance.filing.rules import State
from mingjing.governance.reminding.schema import Recall
from mingjing.kernel.text import Line, Note
from mingjing.kernel.wire import EXAMPLE_US, Day, Days, Reference, Told, Wanted, example
from mingjing.law.facts import FilingKind

Phone = Annotated[str, Field(max_length=40, pattern=r"^[0-9+ ()\-]*$")]
YesNo = Literal["", "yes", "no"]
"""Empty where nobody has said."""


class FilingWish(Wanted):
    """A filing to be opened by hand."""

    model_config = example(system="sy_k2x9p4q7m1aa", kind="change")

    system: Reference
    kind: FilingKind


class Form(Wanted):
    """What stands in the form; absent members stay."""

    model_config = example(unit_name="江夏区实验小学", cameras=16, retention_days=30)

    unit_name: Line = ""
    credit_code: Annotated[str, Field(max_length=18, pattern=r"^[0-9A-Z]*$")] = ""
    legal_representative: Line = ""
    responsible_person: Line = ""
    responsible_phone: Phone = ""
    handler: Line = ""
    system_name: Line = ""
    in_use: Day | None = None
    address: Line = ""
    cameras: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    device_types: Line = ""
    retention_days: Days | None = None
    declared_by: Line = ""
    industry: Line = ""
    security_contact: Line = ""
    security_phone: Phone = ""
    design_unit: Line = ""
    construction_unit: Line = ""
    accepted_on: Day | None = None
    agreement: Line = ""
    police_connection: YesNo = ""
    protection_level: Line = ""
    watch_room: Line = ""
    staff: Annotated[int, Field(ge=0, le=10_000)] | None = None
    secret_consent: YesNo = ""
    resolution: Line = ""
    audio: YesNo = ""
    declared_capture: Line = ""
    edge_storage: YesNo = ""
    medium: Line = ""
    capacity: Line = ""
    key_target: YesNo = ""


class FilingPatch(Wanted):
    model_config = example(content={"handler": "王敏"})

    content: Form


class FilingStepWish(Wanted):
    """The next step. `day`, `organ` and `official_number` are what came back from the organ."""

    model_config = example(
        to="accepted", day="2026-11-10", organ="江夏区公安分局", official_number="420115-2026-00117", note=""
    )

    to: State
    day: Day | None = Field(default=None, description="When it happened; absent: today")
    organ: Annotated[str, Field(max_length=100)] = ""
    official_number: Annotated[str, Field(max_length=60)] = ""
    note: Note = ""


class FilingDecision(Wanted):
    """What the organ decides on a filing that was submitted to it."""

    model_config = example(to="accepted", official_number="420115-2026-00117", note="")

    to: Literal["accepted", "returned", "refused"]
    day: Day | None = Field(default=None, description="When it was decided; absent: today")
    official_number: Annotated[str, Field(max_length=60)] = ""
    note: Note = ""


class FilingStep(Told):
    model_config = example(
        at_us=EXAMPLE_US, who="us_k3v7q2m5x4ab", who_name="王敏", state="checking", note=""
    )

    at_us: int
    who: str
    who_name: str
    state: State
    note: str


class ChecklistItem(BaseModel):
    model_config = example(
        name="retention_days", group="retention", title="存储期限（天）", title_en="Retention, days",
        article="SC799 14", mandatory=True, state="mismatch", filed=30, measured=28,
    )  # fmt: skip

    name: str
    group: str
    title: str
    title_en: str
    article: str
    mandatory: bool
    state: Literal["done", "missing", "mismatch", "open"] = Field(description="`open`: it may stay empty")
    filed: Any = None
    measured: Any = None


class FiledChange(BaseModel):
    """A member that differs from what was filed last, which is what demands a change filing."""

    model_config = example(
        name="address", title="建设位置", title_en="Location", before="纸坊大街 12 号", after="纸坊大街 14 号",
        since="2026-11-01", at_us=EXAMPLE_US, who_name="王敏",
    )  # fmt: skip

    name: str
    title: str
    title_en: str
    before: Any = Field(description="As it was filed last")
    after: Any = Field(
        description="As the register has it now; of a filing that was submitted, as it stands in its form"
    )
    since: date | None = Field(description="When it was found; null once it was filed")
    at_us: int | None = Field(description="When it was changed last; null for what is counted")
    who_name: str


class Clock(BaseModel):
    """How the deadline was counted."""

    model_config = example(
        due="2026-11-17", first=None, days_left=-6,
        how="投用 2026-10-18，次日起第 30 日 = 2026-11-17 24:00",
        how_en="Entry into use 2026-10-18, day 30 from the day after = 2026-11-17 24:00",
        basis=["湖北令361 第十一条第一款", "国令799 第十四条"], carried=True,
    )  # fmt: skip

    due: date
    first: date | None
    """For dismantling: the first day of the window."""
    days_left: int
    how: str
    how_en: str
    basis: list[str]
    basis_en: list[str] = []
    carried: bool = Field(description="It rests on a text reported to be replaced by one that is not loaded")


class Filing(Told):
    model_config = example(
        id="fi_k2x9p4q7m1aa", number="BA-2026-0117", kind="initial", system="sy_k2x9p4q7m1aa",
        system_name="实验小学校园安全系统", division="420115", trigger="2026-10-18", due="2026-11-17", days_left=-6,
        state="preparing", organ="江夏区公安机关", submitted=None, decided=None, official_number="", missing=2,
        created_us=EXAMPLE_US, changed_us=EXAMPLE_US,
    )  # fmt: skip

    id: str
    number: str
    kind: FilingKind
    system: str
    system_name: str
    division: str
    trigger: date
    due: date
    days_left: int
    state: State
    organ: str
    submitted: date | None
    decided: date | None
    official_number: str
    missing: int
    created_us: int
    changed_us: int


class FilingWhole(Filing):
    """A filing with its form, its checklist, its clock and its steps."""

    model_config = example(
        id="fi_k2x9p4q7m1aa", number="BA-2026-0117", kind="initial", system="sy_k2x9p4q7m1aa",
        system_name="实验小学校园安全系统", division="420115", trigger="2026-10-18", due="2026-11-17", days_left=-6,
        state="preparing", organ="江夏区公安机关", submitted=None, decided=None, official_number="", missing=2,
        created_us=EXAMPLE_US, changed_us=EXAMPLE_US, content={"cameras": 16}, next=["checking", "withdrawn"],
    )  # fmt: skip

    content: dict[str, Any]
    checklist: list[ChecklistItem]
    changes: list[FiledChange] = Field(description="Of a change filing: what demanded it")
    clock: Clock
    next: list[State]
    steps: list[FilingStep]
    reminders: list[Recall] = Field(description="How its deadline was recalled, to whom")
