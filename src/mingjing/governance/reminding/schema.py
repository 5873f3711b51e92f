"""Reminders as they go over the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from mingjing.governance.reminding.rules import Stage
from mingjing.kernel.wire import EXAMPLE_US, Told, Wanted, example


class Reminder(BaseModel):
    """That something is owed, as it was told to the reader."""

    model_config = example(
        id="rm_k2x9p4q7m1aa", kind="filing", record="fi_k2x9p4q7m1aa", subject="filing:fi_k2x9p4q7m1aa",
        name="实验小学校园安全系统", what="initial", title="初次备案", title_en="initial", due="2026-11-17", days_left=3,
        stage="3", day="2026-11-13", holidays_known=True, at_us=EXAMPLE_US, seen_us=None, told=["王敏"],
    )  # fmt: skip

    id: str
    kind: Literal["filing", "finding", "order"]
    record: str
    subject: str = Field(description="Where it is dealt with: kind of record and its identifier")
    name: str
    what: str
    title: str
    title_en: str
    due: date
    days_left: int
    stage: Stage
    day: date
    holidays_known: bool = Field(
        description="False: chosen by weekends alone, the year's holidays are not known"
    )
    at_us: int
    seen_us: int | None
    told: list[str]


ReminderKey = Annotated[str, Field(pattern=r"^rm_[a-z0-9]{1,29}$")]


class Seen(Wanted):
    """Reminders of which one has taken note."""

    model_config = example(reminders=["rm_k2x9p4q7m1aa"])

    reminders: Annotated[list[ReminderKey], Field(max_length=500)]


class Recall(Told):
    """That a record's deadline was recalled."""

    model_config = example(stage="3", due="2026-11-17", day="2026-11-13", told=["王敏"])

    stage: Stage
    due: date
    day: date
    told: list[str]
