"""How what stands on the map is doing. Pure: what was measured comes in, one word goes out."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

from mingjing.media.causes import StreamState

Status = Literal["failed", "unknown", "running", "ok", "off"]
Planned = Literal["duplicate", "overlap", "reuse", "build", "clear"]
"""An item of a plan beside what is there: it needs a decision; it shares ground, less than asks for one; it was decided to
reuse what is there, or to build beside it; nothing is there."""
WORST_FIRST: Final[tuple[Status, ...]] = ("failed", "unknown", "running", "ok", "off")
_STREAM: Final[Mapping[StreamState, Status]] = {
    StreamState.RETRYING: "failed",
    StreamState.OPENING: "running",
    StreamState.PLAYING: "ok",
    StreamState.IDLE: "ok",
    StreamState.CLOSED: "off",
}


def of_camera(enabled: bool, main: StreamState | None, lost: bool) -> Status:
    """A camera by its main stream: one in operation of which nothing is heard is unknown, never good."""
    if not enabled:
        return "off"
    if lost:
        return "failed"
    return "unknown" if main is None else _STREAM[main]


def of_cameras(in_operation: int, heard: Counter[Status]) -> Status:
    """The worst of some cameras: how many are in operation, and what is heard of some of them."""
    if in_operation > heard.total() and not heard["failed"]:
        return "unknown"
    return worst(heard)


def of_place(required: int, uncovered: int) -> Status:
    """A place by its key positions: one whose positions nobody has entered is unknown."""
    if not required:
        return "unknown"
    return "failed" if uncovered else "ok"


def of_system(in_use: date | None, dismantled: date | None, today: date) -> Status:
    """A system by its life: before it enters into use, in use, dismantled."""
    if dismantled is not None and dismantled <= today:
        return "off"
    return "ok" if in_use is not None and in_use <= today else "running"


def of_item(undecided: bool, reuse: str, overlapping: int) -> Planned:
    """An item of a plan by what was found at its spot and decided on it."""
    if undecided:
        return "duplicate"
    if reuse == "reuse":
        return "reuse"
    if reuse == "build":
        return "build"
    return "overlap" if overlapping else "clear"


def worst(statuses: Counter[Status]) -> Status:
    """The worst of some statuses."""
    return next((one for one in WORST_FIRST if statuses[one]), "off")
