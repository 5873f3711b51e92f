"""Technical checklists as data: what an acceptance asks, of which standard, and how well that standard is known here.

Values are open: where a standard's own figure was not at hand, none is written, and who accepts enters what was measured.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final, Literal, get_args

from mingjing.kernel.errors import Text

Seen = Literal["excerpt", "secondary", "practice"]
"""How a standard is known: an excerpt of it was read, somebody else's summary was, or it is the custom of the field."""
SEEN: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "excerpt": Text("读到节选", "Known from an excerpt"),
        "secondary": Text("据他人转述，原文未见", "Known from a summary, the text itself was not read"),
        "practice": Text("行业惯例", "Custom of the field"),
    }
)


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One line of a checklist."""

    id: str
    standard: str
    seen: Seen
    title: Text
    value: Text
    """What is to be entered beside the result; empty where there is nothing to measure."""


@cache
def acceptance() -> tuple[CheckItem, ...]:
    """The technical checklist of an acceptance, in its order. Raises ValueError for a list that cannot be read."""
    text = resources.files("mingjing.law").joinpath("checklists", "acceptance.toml").read_text("utf-8")
    found = tuple(_item(name, one) for name, one in tomllib.loads(text)["items"].items())
    unknown = [one.id for one in found if one.seen not in get_args(Seen)]
    if unknown:
        raise ValueError(f"these items do not say how their standard is known: {unknown}")
    return found


def _item(name: str, one: Mapping[str, str]) -> CheckItem:
    return CheckItem(
        name, one["standard"], one["seen"],  # type: ignore[arg-type]  # checked by `acceptance`
        Text(one["zh"], one["en"]), Text(one.get("value_zh", ""), one.get("value_en", "")),
    )  # fmt: skip
