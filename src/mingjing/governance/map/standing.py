"""How what stands on the map is doing. Pure: what was measured comes in, one word goes out."""

from collections import Counter
from collections.abc import Mapping
from typing import Final, Literal

from mingjing.media.causes import StreamState

Status = Literal["failed", "unknown", "running", "ok", "off"]
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
    return next((one for one in WORST_FIRST if heard[one]), "off")


def of_place(required: int, uncovered: int) -> Status:
    """A place by its key positions: one whose positions nobody has entered is unknown."""
    if not required:
        return "unknown"
    return "failed" if uncovered else "ok"
