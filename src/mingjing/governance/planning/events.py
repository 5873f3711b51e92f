"""What construction plans say to other rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """A construction plan or some of its items were entered or changed; `items` are those concerned, all of them where
    the plan itself came into another state."""

    plan: str
    items: tuple[str, ...]
