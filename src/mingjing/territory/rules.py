"""What a division code is and which one lies above it (GB/T 2260-2007; GB/T 10114 for towns).

Six digits: province, prefecture, county; nine: town or street; twelve: village or community.
"""

import re

_CODE = re.compile(r"[0-9]{6}|[0-9]{9}|[0-9]{12}")


def is_code(text: str) -> bool:
    """Whether `text` has the shape of a division code."""
    return _CODE.fullmatch(text) is not None


def candidates_above(code: str) -> list[str]:
    """Codes that may be the parent of `code`, nearest first.

    Counties under the direct rule of a province (such as 429004) have no prefecture, so the province follows.
    """
    if len(code) == 12:
        return [code[:9], *candidates_above(code[:9])]
    if len(code) == 9:
        return [code[:6], *candidates_above(code[:6])]
    above = []
    if not code.endswith("00"):
        above.append(code[:4] + "00")
    if not code.endswith("0000"):
        above.append(code[:2] + "0000")
    return above
