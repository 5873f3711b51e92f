"""A county for the demo: units, places, systems and their filings in all states of life, the same for a seed.

Everything goes through the services that people use, with dates around today, so that lists, deadlines and findings show
what they show in use: filed in time, due in days, overdue, returned, forgotten. Names are made up.

Each thing is made in a transaction of its own, with dice of its own, and the journal says in the same transaction that it was:
a county that was stopped goes on with the next.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mingjing.app.county import building, ledger, organs, privacy, registers, upkeep
from mingjing.app.county.ground import County, Site, Size
from mingjing.kernel.db import Transaction
from mingjing.registry.systems import queries as register

__all__ = ["Site", "Size", "settle"]


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of the making: of what, in which order, each of them is made, and how. It never changes its place or its name:
    the journal of a county that was stopped tells of it."""

    name: str
    of: Callable[[County], Sequence[Any]]
    make: Callable[[County, Transaction, Any], None]


_STEPS: Final = (
    _Step("units", lambda _: [None], registers.enter_units),
    _Step("organs", lambda _: [None], organs.seat),
    _Step("places", registers.places_to_be, registers.enter_place),
    _Step("systems", registers.places_with_system, registers.enter_system),
    _Step("cameras", registers.cameras_to_be, registers.enter_camera),
    _Step("forbidden", privacy.spots, privacy.forbid),
    _Step("decisions", privacy.suspected, privacy.decide),
    _Step("signs", privacy.signed, privacy.check_sign),
    _Step("filings", lambda county: list(enumerate(county.systems)), upkeep.make_filings),
    _Step("plans", lambda _: building.PLANS, building.make_plan),
    _Step("projects", building.deliveries, building.make_project),
    _Step("upkeep", lambda county: list(enumerate(county.systems)), upkeep.keep_up),
)


def settle(site: Site, seed: int = 1, size: Size | None = None) -> bool:
    """Make the county in a register that has no system yet, or what is missing of one that was stopped; returns whether
    there was anything to make."""
    with site.database.reading() as session:
        done = ledger.read(session)
        if register.standing(session) if done is None else done.whole:
            return False
        county = County(site, random.Random(seed), size or Size())  # noqa: S311 - the same for a seed
        if done is not None:
            ledger.remember(session, county, done)
    for step in _STEPS:
        county.dice.seed(f"{seed} {step.name}")
        begun = done.steps.get(step.name, 0) if done is not None else 0
        for number, one in list(enumerate(step.of(county)))[begun:]:
            if site.stopping.is_set():
                return True
            county.dice.seed(f"{seed} {step.name} {number}")
            with site.database.transaction() as tx:
                step.make(county, tx, one)
                ledger.write(tx, step.name, county.made())
    with site.database.transaction() as tx:
        ledger.close(tx)
    return True
