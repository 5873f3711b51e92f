"""Rounds as they go over the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from mingjing.kernel.text import Line, Note
from mingjing.kernel.wire import EXAMPLE_US, Day, Reference, Told, Wanted, example
from mingjing.law.facts import RoundKind

SubjectKind = Literal["forbidden_place", "camera", "place"]
Cycle = Annotated[int, Field(ge=1, le=3650, examples=[1])]
Outcome = Literal["nothing", "found"]


class RoundWish(Wanted):
    """A round to be made from today on. That of a forbidden place is opened with it."""

    model_config = example(kind="sign_check", subject_kind="place", subject="pc_k2x9p4q7m1aa", cycle_days=365)

    kind: RoundKind
    subject_kind: SubjectKind
    subject: Reference
    cycle_days: Cycle
    organisation: Reference | None = Field(
        default=None, description="Who makes it; absent: the unit that answers for the subject"
    )


class RoundPatch(Wanted):
    """What shall change; absent members stay."""

    model_config = example(cycle_days=7)

    cycle_days: Cycle | None = None
    organisation: Reference | None = None


class ResultWish(Wanted):
    """What a round found."""

    model_config = example(
        day="2026-11-26", outcome="found", note="303 房烟感旁发现针孔摄像头", reported="2026-11-26"
    )

    day: Day | None = Field(default=None, description="Absent: today")
    outcome: Outcome
    note: Note = ""
    reported: Day | None = Field(default=None, description="When it was reported to the police")
    reported_to: Annotated[Line, Field(max_length=100)] = ""


class Report(Wanted):
    """When, and to whom, a find was reported."""

    model_config = example(reported="2026-11-26", reported_to="纸坊派出所")

    reported: Day
    reported_to: Annotated[Line, Field(min_length=1, max_length=100)]


class Result(Told):
    model_config = example(
        id="rr_k2x9p4q7m1aa", day="2026-11-26", at_us=EXAMPLE_US, who="us_k3v7q2m5x4ab", who_name="王敏",
        outcome="nothing", note="", reported=None, reported_to="",
    )  # fmt: skip

    id: str
    day: date
    at_us: int
    who: str
    who_name: str
    outcome: Outcome
    note: str
    reported: date | None
    reported_to: str


class Round(BaseModel):
    """A round, when it is due next, and what it found last."""

    model_config = example(
        id="rd_k2x9p4q7m1aa", kind="forbidden_check", subject_kind="forbidden_place", subject="fp_k2x9p4q7m1aa",
        name="纸坊宾馆客房区", division="420115", organisation="or_k2x9p4q7m1aa", cycle_days=1, since="2026-11-01",
        until=None, last_done="2026-11-25", next_due="2026-11-26", days_left=0, last=None, created_us=EXAMPLE_US,
        changed_us=EXAMPLE_US, ended_us=None,
    )  # fmt: skip

    id: str
    kind: RoundKind
    subject_kind: SubjectKind
    subject: str
    name: str
    division: str
    organisation: str
    cycle_days: int
    since: date
    until: date | None
    last_done: date | None
    next_due: date
    days_left: int
    last: Result | None
    created_us: int
    changed_us: int
    ended_us: int | None


class RoundWhole(Round):
    """A round with everything that it found, newest first."""

    results: list[Result]
