"""What makes a camera suspect of looking where none may be: the words, sub-categories and distances of
`suspicion.toml`. They are data, so that a county can be asked to add its own."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from mingjing.law.facts import ForbiddenKind
from mingjing.law.words import FORBIDDEN_KINDS


@dataclass(frozen=True, slots=True)
class Grounds:
    """Words and sub-categories with the kind of forbidden place that each points to, and figures of views: metres,
    `angle` in degrees."""

    words: Mapping[str, ForbiddenKind]
    subcategories: Mapping[str, ForbiddenKind]
    figures: Mapping[str, int]
    any_word: re.Pattern[str]
    """Finds any of the words: nearly all names hold none."""

    def of_name(self, name: str) -> list[tuple[str, ForbiddenKind]]:
        """The words that a name holds, each with its kind; of two words of one kind the first."""
        if self.any_word.search(name) is None:
            return []
        found: dict[ForbiddenKind, str] = {}
        for word, kind in self.words.items():
            if word in name:
                found.setdefault(kind, word)
        return [(word, kind) for kind, word in found.items()]


@cache
def grounds() -> Grounds:
    """The grounds that come with the program. Raises ValueError where the file names a kind that is not there."""
    text = resources.files("mingjing.law").joinpath("suspicion.toml").read_text(encoding="utf-8")
    return read(text)


def read(text: str) -> Grounds:
    """Grounds from TOML. Raises ValueError for a kind that is not there and for a word that stands twice."""
    data = tomllib.loads(text)
    words: dict[str, ForbiddenKind] = {}
    subcategories: dict[str, ForbiddenKind] = {}
    for one in data["grounds"]:
        if one["kind"] not in FORBIDDEN_KINDS:
            raise ValueError(f"{one['kind']!r} is not a kind of forbidden place")
        for member, into in (("words", words), ("subcategories", subcategories)):
            for word in one.get(member, ()):
                if word in into:
                    raise ValueError(f"{word!r} stands twice")
                into[word] = one["kind"]
    any_word = re.compile("|".join(map(re.escape, words)) or "(?!)")
    return Grounds(
        MappingProxyType(words), MappingProxyType(subcategories), MappingProxyType(data["figures"]), any_word
    )
