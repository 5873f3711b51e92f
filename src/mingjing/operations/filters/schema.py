"""Saved filters as they go over the wire."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from mingjing.kernel.text import Name
from mingjing.kernel.wire import EXAMPLE_US, Told, Wanted, example

Page = Literal[
    "cameras", "systems", "places", "forbidden-places", "decisions", "units", "construction-plans", "projects",
    "filings", "rounds", "orders", "contracts", "staff", "agreements", "compliance",
]  # fmt: skip
"""Pages that have a filter, by the first part of their address."""
FilterText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.~%+:;,=&-]*$", max_length=1000)]
"""A query as browsers write it: everything else stands as `%E6%B1%9F`."""


class SavedFilterWish(Wanted):
    """A filter to keep under a name."""

    model_config = Wanted.model_config | example(
        name="纸坊逾期", page="filings", filter="state=open&within=overdue"
    )

    name: Name
    page: Page
    filter: FilterText
    shared: bool = Field(default=False, description="With the people of one's unit")


class SavedFilterPatch(Wanted):
    """What shall change; absent members stay."""

    model_config = Wanted.model_config | example(name="纸坊逾期备案")

    name: Name | None = None
    filter: FilterText | None = None
    shared: bool | None = None


class SavedFilterOut(Told):
    """One's own, or one that is shared with one's unit."""

    model_config = example(
        id="sv_k2x9p4q7m1aa", name="纸坊逾期", page="filings", filter="state=open&within=overdue", shared=False,
        mine=True, owner_name="王敏", changed_us=EXAMPLE_US,
    )  # fmt: skip

    id: str
    name: str
    page: Page
    filter: str
    shared: bool
    mine: bool
    owner_name: str
    changed_us: int


class SavedFilters(Told):
    """By name."""

    items: list[SavedFilterOut]
