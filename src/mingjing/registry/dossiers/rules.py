"""Rules of dossiers: which members are mandatory, what a device code is. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

_CODE: Final = re.compile(r"[0-9]{20}")
CAMERA_TYPES: Final = frozenset({"131", "132"})
"""Type numbers of GB/T 28181 codes at digits 11 to 13 that are cameras: 131 camera, 132 network camera."""

MANDATORY: Final = (
    "system",
    "code",
    "longitude",
    "latitude",
    "height_m",
    "azimuth",
    "in_use",
    "sign_checked",
)


def missing(members: Mapping[str, Any]) -> list[str]:
    """Mandatory members that are empty."""
    return [name for name in MANDATORY if members.get(name) in {None, ""}]


def completeness(members: Mapping[str, Any]) -> int:
    """How much of the mandatory members is there, per cent, rounded down: 100 is all of them."""
    return (len(MANDATORY) - len(missing(members))) * 100 // len(MANDATORY)


def code_fault(code: str, division: str) -> str | None:
    """What is wrong with a device code (GB/T 28181, annex D): `form`, `type` or `division`; None where nothing is."""
    if _CODE.fullmatch(code) is None:
        return "form"
    if code[10:13] not in CAMERA_TYPES:
        return "type"
    return None if code[:6] == division[:6] else "division"
