"""Rule sets: dated data that says which rules bind where, since when, with which figures, and on which articles they
rest. An amended order or another province is another file in `books/`, not code.

A fact is judged by the sets in force on its own date and at its own place; obligations of several sets are their union.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from mingjing.kernel.errors import Text


class BookFaultError(ValueError):
    """A rule set that cannot be read; its text says where and what."""


@dataclass(frozen=True, slots=True)
class Clause:
    """What one set says of one rule."""

    article: Text
    figures: Mapping[str, int]
    regimes: frozenset[str]
    """Regimes of systems that it binds; empty for all."""
    own: frozenset[str] = frozenset()
    """Names of figures that the text does not give: our own terms, or those of standards that it refers to."""

    def binds(self, regime: str) -> bool:
        return not self.regimes or regime in self.regimes


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One legal text as data."""

    id: str
    title: Text
    short: Text
    division: str
    """The division code where it is in force, empty for the whole country."""
    since: date
    until: date | None
    """The first day on which it is in force no more."""
    followed_by: str | None
    loaded: bool
    """False for a named, empty place: its text was not at hand."""
    note: Text | None
    clauses: Mapping[str, Clause]


@dataclass(frozen=True, slots=True)
class Applied:
    """A set that judges a fact. `carried`: replaced by one whose text is not loaded, so the old one goes on."""

    set: RuleSet
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Books:
    """Every rule set of the installation."""

    sets: tuple[RuleSet, ...]

    def get(self, identifier: str) -> RuleSet | None:
        return next((one for one in self.sets if one.id == identifier), None)

    def in_force(self, day: date, division_path: str) -> tuple[Applied, ...]:
        """The sets that judge what happened on `day` at a place, as its materialised division path."""
        found = []
        for one in self.sets:
            if not one.loaded or day < one.since or not _at(one.division, division_path):
                continue
            if one.until is None or day < one.until:
                found.append(Applied(one))
            elif one.followed_by and self._carries(one.followed_by, day):
                found.append(Applied(one, carried=True))
        return tuple(found)

    def _carries(self, identifier: str, day: date) -> bool:
        follower = self.get(identifier)
        return follower is not None and not follower.loaded and follower.since <= day


def _at(division: str, path: str) -> bool:
    return not division or f"/{division}/" in f"/{path}"


@cache
def shipped() -> Books:
    """The sets that come with the program."""
    folder = resources.files("mingjing.law").joinpath("books")
    return read(
        sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda f: f.name)
    )


def read(files: Iterable[Traversable]) -> Books:
    """Rule sets from TOML files. Raises BookFaultError naming the file and the member."""
    sets = tuple(_read(file.name, file.read_text(encoding="utf-8")) for file in files)
    names = {one.id for one in sets}
    for one in sets:
        if one.followed_by is not None and one.followed_by not in names:
            raise BookFaultError(f"{one.id}: followed_by names {one.followed_by!r}, which is not there")
    return Books(sets)


def _read(name: str, text: str) -> RuleSet:
    try:
        data = tomllib.loads(text)
        return RuleSet(
            id=data["id"],
            title=_text(data["title"]),
            short=_text(data["short"]),
            division=data.get("division", ""),
            since=_date(data["since"]),
            until=_date(data["until"]) if "until" in data else None,
            followed_by=data.get("followed_by"),
            loaded=data["loaded"],
            note=_text(data["note"]) if "note" in data else None,
            clauses=MappingProxyType({rule: _clause(one) for rule, one in data.get("rules", {}).items()}),
        )
    except (KeyError, TypeError, ValueError) as cause:
        raise BookFaultError(f"{name}: {cause!r}") from cause


def _clause(data: dict[str, Any]) -> Clause:
    figures = data.get("figures", {})
    if not all(type(value) is int for value in figures.values()):
        raise ValueError(f"figures are whole numbers: {figures}")
    own = frozenset(data.get("own", ()))
    if not own <= figures.keys():
        raise ValueError(f"own figures that are not there: {sorted(own - figures.keys())}")
    return Clause(_text(data["article"]), MappingProxyType(figures), frozenset(data.get("regimes", ())), own)


def _text(data: dict[str, str]) -> Text:
    return Text(data["zh"], data["en"])


def _date(value: object) -> date:
    if type(value) is not date:
        raise ValueError(f"{value!r} is not a day")
    return value
