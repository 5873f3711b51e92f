"""What goes over the wire for the registers of units and divisions."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from mingjing.kernel.text import Line, Name
from mingjing.kernel.wire import Told, Wanted, example
from mingjing.law.facts import Assistance, Function, OrganLevel, UnitKind
from mingjing.territory.rules import CODE, Kind

Person = Annotated[Line, Field(max_length=100)]
Phone = Annotated[str, Field(max_length=40, pattern=r"^[0-9+ ()\-]*$")]
CreditCode = Annotated[str, Field(max_length=18, examples=["11420115MB1234567Q"])]
DivisionCode = Annotated[str, Field(pattern=f"^{CODE}$", examples=["420115"])]


class Contacts(Told):
    """Who speaks for a unit."""

    model_config = example(
        legal_representative="张某", responsible_person="李某", responsible_phone="027-81900000",
        security_contact="王某", security_phone="027-81900001",
    )  # fmt: skip

    legal_representative: str
    responsible_person: str
    responsible_phone: str
    security_contact: str
    security_phone: str


class Organisation(Told):
    """A unit; `path` is the identifiers from the top, `contacts` null where they are not for the caller."""

    model_config = example(
        id="or_k2x9p4q7m1aa", name="江夏区公安分局", parent=None, path="or_k2x9p4q7m1aa/", kind="public_security",
        level="county", function="", assistance="", credit_code="11420115MB1234567Q", division="420115",
        address="纸坊大街 1 号", ended_us=None,
    )  # fmt: skip

    id: str
    name: str
    parent: str | None
    path: str
    kind: UnitKind
    level: OrganLevel
    function: Function
    assistance: Assistance
    credit_code: str
    division: str | None
    address: str
    ended_us: int | None
    contacts: Contacts | None


class ContactsWish(Wanted):
    """Who speaks for a unit; absent members stay, null empties."""

    model_config = example(responsible_person="李某", responsible_phone="027-81900000")

    legal_representative: Person | None = None
    responsible_person: Person | None = None
    responsible_phone: Phone | None = None
    security_contact: Person | None = None
    security_phone: Phone | None = None


class _UnitMembers(Wanted):
    kind: UnitKind | None = None
    level: OrganLevel | None = Field(default=None, description="Of a public security organ")
    function: Function | None = Field(default=None, description="Of a department: HB361, article 5")
    assistance: Assistance | None = Field(default=None, description="Of an assisting unit")
    credit_code: CreditCode | None = Field(default=None, description="GB 32100")
    division: DivisionCode | None = None
    address: Line | None = None
    contacts: ContactsWish | None = None


class OrganisationWish(_UnitMembers):
    """A new unit."""

    model_config = example(
        name="纸坊派出所", parent="or_k2x9p4q7m1aa", kind="public_security", level="station", division="420115",
        credit_code="",
    )  # fmt: skip

    name: Name
    parent: str | None = Field(default=None, max_length=32)


class OrganisationPatch(_UnitMembers):
    """What shall change of a unit; absent members stay, null empties."""

    model_config = example(contacts={"responsible_phone": "027-81900000"}, ended=False)

    name: Name | None = None
    ended: bool | None = Field(default=None, description="Whether it has ceased to be")


class Division(Told):
    """An administrative division or functional zone; `leaf` says that nothing in force lies below it."""

    model_config = example(
        code="420304", name="郧阳区", parent="420300", path="420000/420300/420304/", kind="administrative",
        civil_code="420304", valid_from="2014-09-09", valid_to=None, successor=None, leaf=False,
    )  # fmt: skip

    code: str
    name: str
    parent: str | None
    path: str
    kind: Kind
    civil_code: str = Field(
        description="The administrative code for GB/T 28181: its own, or the one that stands for a functional zone"
    )
    valid_from: date | None = Field(description="The first day in force; null where nobody has said")
    valid_to: date | None = Field(description="The first day in force no more")
    successor: str | None
    leaf: bool


class DivisionWish(Wanted):
    """A division to enter. What lies above it follows from the code where it is not said."""

    model_config = example(code="420115001", name="纸坊街道")

    code: DivisionCode
    name: Name
    parent: DivisionCode | None = None
    kind: Kind | None = None
    civil_code: DivisionCode | None = Field(
        default=None, description="For a functional zone: the administrative code that stands for it"
    )
    valid_from: date | None = None
    valid_to: date | None = None
    successor: DivisionCode | None = None


class DivisionPatch(Wanted):
    """Another name, or the end of a division: what is kept there goes over to the successor."""

    model_config = example(name="纸坊街道办事处")

    name: Name | None = None
    ended: date | None = Field(default=None, description="The first day in force no more; absent: today")
    successor: DivisionCode | None = None
    reason: Line = Field(default="", description="Why; the journal keeps it")


class DivisionMove(Wanted):
    """Where a division shall lie, or the code that it shall have, or both."""

    model_config = example(code="420304", name="郧阳区", since="2014-09-09")

    parent: DivisionCode | None = None
    code: DivisionCode | None = None
    name: Name | None = None
    since: date | None = Field(default=None, description="The first day of the new code; absent: today")
    reason: Line = Field(default="", description="Why; the journal keeps it")

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.parent is None and self.code is None:
            raise ValueError("须填写 parent 或 code / parent or code has to be given")
        return self


class DivisionsLoaded(Told):
    """What came of a table: its rows, how many were new, how many got another name."""

    model_config = example(rows=121, entered=118, renamed=2)

    rows: int
    entered: int
    renamed: int


class Organisations(Told):
    items: list[Organisation]


class Divisions(Told):
    items: list[Division]
