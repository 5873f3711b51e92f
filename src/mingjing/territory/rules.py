"""What a division code is and which one lies above it (GB/T 2260-2007; GB/T 10114 for towns).

Six characters: province, prefecture, county; nine: town or street; twelve: village or community. A functional zone has
no code of GB/T 2260 and gets a local one of the same length, with a letter where its own part begins: `4201Z1` beside
the districts of 420100, `420115Z01` beside the streets of 420115; what lies below it goes on as usual (`4201Z1001`).
"""

import re
from typing import Final, Literal

Kind = Literal["administrative", "functional_zone"]

CODE: Final = "(?:[0-9]{6}|[0-9]{4}[A-HJ-NP-Z][0-9])(?:(?:[0-9]{3}|[A-HJ-NP-Z][0-9]{2})(?:[0-9]{3})?)?"
"""The form of a code; I and O are left out, as they read like 1 and 0."""
_CODE = re.compile(CODE)
_MUNICIPALITIES: Final = frozenset({"11", "12", "31", "50"})


def is_code(text: str) -> bool:
    """Whether `text` has the shape of a division code."""
    return _CODE.fullmatch(text) is not None


def is_heading(code: str) -> bool:
    """Whether a code of GB/T 2260 stands for no division, but above several in the table: 429000 above the counties
    under the direct rule of the province, 110100 above the districts of a municipality."""
    if len(code) != 6 or code.endswith("0000") or not code.endswith("00"):
        return False
    return code[2:4] == "90" or code[:2] in _MUNICIPALITIES


def kind_of(code: str) -> Kind:
    """What a code stands for; a letter in it makes it a local one."""
    return "administrative" if code.isdecimal() else "functional_zone"


def level(code: str) -> int:
    """1 province, 2 prefecture, 3 county, 4 town, 5 village."""
    if len(code) > 6:
        return len(code) // 3 + 1
    if code.endswith("0000"):
        return 1
    return 2 if code.endswith("00") else 3


def candidates_above(code: str) -> list[str]:
    """Codes that may be the parent of `code`, nearest first.

    Counties under the direct rule of a province (such as 429004) have no prefecture, so the province follows.
    """
    if len(code) == 12:
        return [code[:9], *candidates_above(code[:9])]
    if len(code) == 9:
        return [code[:6], *candidates_above(code[:6])]
    above = []
    if not code.endswith("00") and not is_heading(code[:4] + "00"):
        above.append(code[:4] + "00")
    if not code.endswith("0000"):
        above.append(code[:2] + "0000")
    return above
