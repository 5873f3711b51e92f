"""Staff files and agreements as they go over the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from mingjing.kernel.text import Line, Name, Note
from mingjing.kernel.wire import EXAMPLE_US, Day, DivisionCode, Reference, Told, Wanted, example

Post = Literal["watch", "manage"]
Work = Literal["operation", "design", "construction", "inspection", "maintenance"]
Systems = Annotated[list[Reference], Field(max_length=500)]
Number = Annotated[Line, Field(max_length=60)]
_STAFF = {
    "name": "赵某", "division": "420115", "organisation": "or_k2x9p4q7m1aa", "post": "watch",
    "system": "sy_k2x9p4q7m1aa", "vetted": "2026-01-05", "pledged": "2026-01-06", "trained": "2026-01-10", "left": None,
    "note": "",
}  # fmt: skip
_AGREEMENT = {
    "name": "视频运维安全保密协议", "division": "420115", "organisation": "or_k2x9p4q7m1aa",
    "contractor": "or_k2x9p4q7m1ab", "work": "operation", "contract": "HT-2026-017", "systems": ["sy_k2x9p4q7m1aa"],
    "content": "", "signed": "2026-01-05", "until": "2026-12-31", "note": "",
}  # fmt: skip


class StaffWish(Wanted):
    """A staff file to be entered."""

    model_config = example(**_STAFF)

    name: Name
    division: DivisionCode
    organisation: Reference = Field(description="The unit that employs them")
    post: Post
    system: Reference | None = None
    vetted: Day | None = None
    pledged: Day | None = None
    trained: Day | None = None
    left: Day | None = None
    note: Note = ""


class StaffPatch(Wanted):
    """What shall change; absent members stay, null empties."""

    model_config = example(trained="2026-12-01")

    name: Name | None = None
    post: Post | None = None
    system: Reference | None = None
    vetted: Day | None = None
    pledged: Day | None = None
    trained: Day | None = None
    left: Day | None = None
    note: Note | None = None


class Staff(Told):
    model_config = example(
        id="sf_k2x9p4q7m1aa",
        next_training="2027-01-10",
        created_us=EXAMPLE_US,
        changed_us=EXAMPLE_US,
        **_STAFF,
    )

    id: str
    name: str
    division: str
    organisation: str
    post: Post
    system: str | None
    vetted: date | None
    pledged: date | None
    trained: date | None
    next_training: date | None = Field(
        description="Null where nobody was trained yet, or no order in force asks for it"
    )
    left: date | None
    note: str
    created_us: int
    changed_us: int


class AgreementWish(Wanted):
    """An agreement to be entered."""

    model_config = example(**_AGREEMENT)

    name: Name
    division: DivisionCode
    organisation: Reference = Field(description="The unit that has concluded it")
    contractor: Reference
    work: Work
    contract: Number = ""
    systems: Systems = Field(default=[])
    content: Note = ""
    signed: Day | None = None
    until: Day
    note: Note = ""


class AgreementPatch(Wanted):
    """What shall change; absent members stay, null empties."""

    model_config = example(until="2027-12-31")

    name: Name | None = None
    contractor: Reference | None = None
    work: Work | None = None
    contract: Number | None = None
    systems: Systems | None = None
    content: Note | None = None
    signed: Day | None = None
    until: Day | None = None
    note: Note | None = None


class Agreement(Told):
    model_config = example(id="ag_k2x9p4q7m1aa", created_us=EXAMPLE_US, changed_us=EXAMPLE_US, **_AGREEMENT)

    id: str
    name: str
    division: str
    organisation: str
    contractor: str
    work: Work
    contract: str
    systems: list[str]
    content: str
    signed: date | None
    until: date
    note: str
    created_us: int
    changed_us: int
