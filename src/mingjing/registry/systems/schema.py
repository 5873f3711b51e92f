"""Video systems as they go over the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from mingjing.kernel.text import Line, Name, Note
from mingjing.kernel.wire import EXAMPLE_US, Day, Days, DivisionCode, Reference, Told, Wanted, example
from mingjing.law.facts import Category, Funding, Regime

Purpose = Literal["public_safety", "public_service", "social_management"]
Network = Literal["", "private", "internet"]


class SystemWish(Wanted):
    """A video system to be entered."""

    model_config = example(
        name="实验小学校园安全系统", division="420115", organisation="or_k2x9p4q7m1aa", regime="art7",
        category="education_health_heritage", purposes=["public_safety"], funding="government_built",
    )  # fmt: skip

    name: Name
    division: DivisionCode
    organisation: Reference = Field(description="The unit that manages and uses it")
    regime: Regime = ""
    category: Category = ""
    purposes: Annotated[list[Purpose], Field(max_length=3)] = Field(default=[])
    necessity: Note = ""
    duty_basis: Line = Field(
        default="", description="Why the using unit has a security duty there (SC799, article 9)"
    )
    funding: Funding = ""
    place: Reference | None = None
    building_unit: Reference | None = None
    maintainer: Reference | None = None
    entrusted_operator: Reference | None = None
    retention_days: Days = 30
    address: Line = ""
    network: Network = ""
    in_use: Day | None = None
    note: Note = ""


class SystemPatch(Wanted):
    """What shall change; absent members stay, null empties."""

    model_config = example(in_use="2026-10-18")

    name: Name | None = None
    division: DivisionCode | None = None
    organisation: Reference | None = None
    regime: Regime | None = None
    category: Category | None = None
    purposes: Annotated[list[Purpose], Field(max_length=3)] | None = None
    necessity: Note | None = None
    duty_basis: Line | None = None
    funding: Funding | None = None
    place: Reference | None = None
    building_unit: Reference | None = None
    maintainer: Reference | None = None
    entrusted_operator: Reference | None = None
    retention_days: Days | None = None
    address: Line | None = None
    network: Network | None = None
    in_use: Day | None = None
    dismantle_planned: Day | None = None
    dismantled: Day | None = None
    note: Note | None = None


class Duty(BaseModel):
    """Who has to maintain a system, and why (HB361, article 12)."""

    model_config = example(
        units=["or_k2x9p4q7m1aa"], reason="政府投资建设的系统，由管理和使用单位负责运行维护",
        reason_en="A system built by government is maintained by the unit that manages and uses it",
        basis=["湖北令361 第十二条"],
        basis_en=["Hubei Order 361, Article 12"], met=True,
    )  # fmt: skip

    units: list[str]
    reason: str
    reason_en: str
    basis: list[str]
    basis_en: list[str]
    met: bool


class System(Told):
    model_config = example(
        id="sy_k2x9p4q7m1aa", name="实验小学校园安全系统", division="420115", organisation="or_k2x9p4q7m1aa",
        regime="art7", category="education_health_heritage", purposes=["public_safety"], necessity="", duty_basis="",
        funding="government_built", place=None, building_unit=None, maintainer="or_k2x9p4q7m1aa",
        entrusted_operator=None, retention_days=30, address="纸坊大街 12 号", network="private", in_use="2026-10-18",
        dismantle_planned=None, dismantled=None, note="", cameras=12, created_us=EXAMPLE_US, changed_us=EXAMPLE_US,
        ended_us=None,
    )  # fmt: skip

    id: str
    name: str
    division: str
    organisation: str
    regime: Regime
    category: Category
    purposes: list[Purpose]
    necessity: str
    duty_basis: str
    funding: Funding
    place: str | None
    building_unit: str | None
    maintainer: str | None
    entrusted_operator: str | None
    retention_days: int
    address: str
    network: Network
    in_use: date | None
    dismantle_planned: date | None
    dismantled: date | None
    note: str
    cameras: int
    duty: Duty | None = Field(description="Null where no order in force says who it is")
    created_us: int
    changed_us: int
    ended_us: int | None
