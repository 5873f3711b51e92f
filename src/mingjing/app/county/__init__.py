"""A county for the demo: units, places, systems and their filings in all states of life, the same for a seed.

Everything goes through the services that people use, with dates around today, so that lists, deadlines and findings show
what they show in use: filed in time, due in days, overdue, returned, forgotten. Names are made up.
"""

import random

from mingjing.app.county import building, organs, privacy, registers, upkeep
from mingjing.app.county.ground import County, Site, Size
from mingjing.registry.systems import queries as register

__all__ = ["Site", "Size", "settle"]


def settle(site: Site, seed: int = 1, size: Size | None = None) -> bool:
    """Make the county in a register that has no system yet; returns whether it was made."""
    with site.database.reading() as session:
        if register.standing(session):
            return False
    county = County(site, random.Random(seed), size or Size())  # noqa: S311 - the same for a seed
    registers.enter_units(county)
    organs.seat(county)
    steps = (
        registers.enter_places, registers.enter_systems, registers.enter_cameras, privacy.forbid, privacy.decide,
        upkeep.make_filings, building.make_plans, building.make_projects, upkeep.keep_up,
    )  # fmt: skip
    for step in steps:
        for _ in step(county):
            if site.stopping.is_set():
                return True
    return True
