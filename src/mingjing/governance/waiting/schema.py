"""What waits for a decision, as it goes over the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from mingjing.kernel.wire import EXAMPLE_US, Told, example

Kind = Literal["decision", "mask", "plan", "acceptance", "findings"]


class Waiting(BaseModel):
    """One thing that waits for the reader: a suspicion to decide on, a mask to confirm, a plan to approve, an acceptance to
    conclude; or the findings of one rule that nobody has taken note of."""

    model_config = example(
        kind="decision", record="dc_k2x9p4q7m1aa", name="营业厅柜台西", rule="", verdict="", title="", title_en="",
        count=1, due=None, days_left=None, since_us=EXAMPLE_US,
    )  # fmt: skip

    kind: Kind
    record: str = Field(description="Its identifier; empty for findings")
    name: str
    rule: str = Field(description="Of findings; empty for the others")
    verdict: str
    title: str
    title_en: str
    count: Annotated[int, Field(ge=1)]
    due: date | None = Field(description="Null where the law sets no day")
    days_left: int | None
    since_us: int


class WaitingList(Told):
    """What waits for the reader, by kind, the oldest first."""

    items: list[Waiting]
