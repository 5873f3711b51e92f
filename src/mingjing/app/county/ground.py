"""What the parts of the demo's county share: its size, its site, and what is there already."""

import random
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from mingjing.audit.service import Actor
from mingjing.kernel.db import Database
from mingjing.kernel.files import FileStore
from mingjing.registry.site import CameraSite

CLERK: Final = Actor("system", "county-clerk", "演示 demo")
CHECKER: Final = Actor("system", "county-checker", "演示复核 demo")


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each."""

    units: int = 60
    places: int = 300
    systems: int = 120
    cameras: int = 2000
    forbidden: int = 60


@dataclass(frozen=True, slots=True)
class Site:
    """Where the county is made. It ends early once `stopping` is set."""

    database: Database
    cameras: CameraSite
    files: FileStore
    division: str
    stopping: threading.Event


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the rest of the county refers to it."""

    id: str
    name: str
    unit: str
    category: str
    national: str
    point: tuple[float, float]
    positions: tuple[tuple[str, str], ...]


@dataclass
class County:
    """A county that grows: who draws, and what is there already for the next to refer to."""

    site: Site
    dice: random.Random
    size: Size
    units: list[str] = field(default_factory=list)
    governments: list[str] = field(default_factory=list)
    companies: list[str] = field(default_factory=list)
    government: str = ""
    """Who plans and approves for the whole of it."""
    places: list[Place] = field(default_factory=list)
    systems: list[tuple[str, Place, date]] = field(default_factory=list)
    """In use, since when."""
    building: list[tuple[str, Place]] = field(default_factory=list)
    cameras: list[tuple[str, Place, float, float]] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    """Of the approved plan."""
    _made: dict[str, list[str]] = field(default_factory=dict)

    def enter_unit(self, unit: str, kind: str) -> None:
        self._made.setdefault("units", []).append(unit)
        # Who approves plans stands above the townships: entered last, and no choice where one of them is made.
        if kind == "government" and len(self.units) == self.size.units:
            self.government = unit
            return
        self.units.append(unit)
        if kind == "government":
            self.governments.append(unit)
        elif kind == "maintenance":
            self.companies.append(unit)

    def enter_place(self, place: Place) -> None:
        self._made.setdefault("places", []).append(place.id)
        self.places.append(place)

    def enter_system(self, system: str, place: Place, in_use: date | None) -> None:
        self._made.setdefault("systems", []).append(system)
        if in_use is None:
            self.building.append((system, place))
        else:
            self.systems.append((system, place, in_use))

    def enter_camera(self, channel: str, place: Place, longitude: float, latitude: float) -> None:
        self._made.setdefault("cameras", []).append(channel)
        self.cameras.append((channel, place, longitude, latitude))

    def enter_items(self, items: Sequence[str]) -> None:
        self._made.setdefault("items", []).extend(items)
        self.items.extend(items)

    def made(self) -> Mapping[str, Sequence[str]]:
        """Identifiers of what was entered since this was asked last, by kind."""
        found, self._made = self._made, {}
        return found

    def company(self) -> str:
        """One that operates or maintains for others."""
        return self.dice.choice(self.companies or self.units)
