"""Rules of construction plans: their states, and what an overlap means. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from types import MappingProxyType
from typing import Any, Final, Literal

from mingjing.kernel.errors import Text
from mingjing.law.space import View, metres, shared

PlanState = Literal["draft", "submitted", "approved", "returned"]
Progress = Literal["planned", "under_way", "done", "dropped"]
Reuse = Literal["", "reuse", "build"]

STATES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "draft": Text("编制中", "being drafted"),
        "submitted": Text("待批", "waiting for approval"),
        "approved": Text("已批准", "approved"),
        "returned": Text("已退回", "returned"),
    }
)
OPEN: Final = frozenset({"draft", "returned"})
"""States in which a plan and its items may be changed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From which distance and share on an overlap counts: figures of the clause on duplicate building (PLAN-02)."""

    distance_m: int
    overlap_percent: int
    reach_m: int
    """How far a camera is taken to see whose reach nobody has entered."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands or shall stand, and where it looks as far as that is known."""

    longitude: float
    latitude: float
    azimuth: float | None = None
    angle: float | None = None
    reach: float | None = None

    def view(self, limits: Limits) -> View:
        """Its field of view. One whose direction is not known is taken to look all round."""
        known = self.azimuth is not None and self.angle is not None
        return View(
            self.longitude, self.latitude, (self.azimuth or 0.0) if known else 0.0,
            (self.angle or 360.0) if known else 360.0, self.reach or float(limits.reach_m),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Overlap:
    """A camera that is there and sees some of what is planned."""

    camera: str
    share: int
    """Per cent of the smaller field of view."""
    metres: int
    duplicate: bool
    """It sees so much of it that building there needs a reason."""


def limits_of(figures: Iterable[Mapping[str, int]]) -> Limits | None:
    """The strictest of what several orders say; None where none is in force."""
    known = list(figures)
    if not known:
        return None
    return Limits(
        max(one["distance_m"] for one in known),
        min(one["overlap_percent"] for one in known),
        max(one["reach_m"] for one in known),
    )


def overlaps(planned: Spot, there: Mapping[str, Spot], limits: Limits) -> list[Overlap]:
    """Cameras within the distance that share ground with what is planned, the greatest share first."""
    view = planned.view(limits)
    found = []
    for camera, spot in there.items():
        apart = metres(planned.longitude, planned.latitude, spot.longitude, spot.latitude)
        if apart > limits.distance_m:
            continue
        share = floor(shared(view, spot.view(limits)) * 100 + 0.5)
        if share > 0:
            found.append(Overlap(camera, share, round(apart), share >= limits.overlap_percent))
    return sorted(found, key=lambda one: (-one.share, one.metres, one.camera))


def figures(items: Sequence[Mapping[str, Any]], today: Any) -> dict[str, int]:
    """How far a plan has come: items and cameras, those of dropped items left out, money, and what is overdue."""
    wanted = [one for one in items if one["progress"] != "dropped"]
    return {
        "items": len(items),
        "done": sum(one["progress"] == "done" for one in items),
        "under_way": sum(one["progress"] == "under_way" for one in items),
        "dropped": len(items) - len(wanted),
        "cameras": sum(one["cameras"] for one in wanted),
        "cameras_done": sum(one["cameras_done"] for one in wanted),
        "budget_yuan": sum(one["budget_yuan"] for one in wanted),
        "overdue": sum(
            one["progress"] != "done" and one["due"] is not None and one["due"] < today for one in wanted
        ),
    }
