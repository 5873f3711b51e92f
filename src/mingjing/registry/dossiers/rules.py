"""Rules of dossiers: what is missing, what a device code is, whether a camera came to stand elsewhere. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mingjing.law.space import metres
from mingjing.registry.dossiers.members import MANDATORY, VIEW

_CODE: Final = re.compile(r"[0-9]{20}")
CAMERA_NUMBERS: Final = frozenset({"131", "132"})
"""Type numbers of GB/T 28181 codes at digits 11 to 13 that are cameras: 131 camera, 132 network camera."""


def missing(members: Mapping[str, Any]) -> list[str]:
    """Mandatory members that are empty."""
    return [name for name in MANDATORY if members.get(name) in {None, ""}]


def completeness(members: Mapping[str, Any]) -> int:
    """How much of the mandatory members is there, per cent, rounded down: 100 is all of them."""
    return (len(MANDATORY) - len(missing(members))) * 100 // len(MANDATORY)


def lacking(complete: int) -> int:
    """How many mandatory members are empty where so much per cent is there: there are fewer of them than per cents."""
    return len(MANDATORY) - -(-complete * len(MANDATORY) // 100)


def code_fault(code: str, division: str) -> str | None:
    """What is wrong with a device code (GB/T 28181, annex D): `form`, `type` or `division`; None where nothing is."""
    if _CODE.fullmatch(code) is None:
        return "form"
    if code[10:13] not in CAMERA_NUMBERS:
        return "type"
    return None if code[:6] == division[:6] else "division"


def moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Which members say that a camera stands or looks elsewhere: to enter one for the first time is no move."""
    return [name for name in VIEW if before.get(name) is not None and before[name] != after.get(name)]


def shift_m(stood: Mapping[str, Any], stands: Mapping[str, Any]) -> float | None:
    """How far a camera has gone between two positions, metres; None where one of both is not entered."""
    places = [(at.get("longitude"), at.get("latitude")) for at in (stood, stands)]
    (x, y), (other_x, other_y) = places
    if x is None or y is None or other_x is None or other_y is None:
        return None
    return metres(x, y, other_x, other_y)


def turn_degrees(stood: Mapping[str, Any], stands: Mapping[str, Any]) -> float | None:
    """How far a camera has turned, degrees, of azimuth or tilt the greater; None where neither can be compared."""
    turns = [
        _between(stood[name], stands[name])
        for name in ("azimuth", "tilt")
        if stood.get(name) is not None and stands.get(name) is not None
    ]
    return max(turns, default=None)


def _between(one: float, other: float) -> float:
    """The angle between two directions: 359° and 1° are 2° apart."""
    turn = abs(one - other) % 360
    return min(turn, 360 - turn)
