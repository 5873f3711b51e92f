"""What the parts of the demo's county share: its size, its site, and what is there already."""

import random
import threading
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
    """Where the county is made. It ends early, and for good, once `stopping` is set."""

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

    def company(self) -> str:
        """One that operates or maintains for others."""
        return self.dice.choice(self.companies or self.units)
