"""Who plans, builds, maintains and oversees: organs and departments of HB361, article 5, with their seat in the county, and
the demo's account of each, in its own unit and territory."""

from typing import Final

from mingjing.app.county.ground import CLERK, County
from mingjing.identity.queries import user_by_account
from mingjing.identity.service.accounts import Changes, RoleWish, change_user
from mingjing.identity.service.first_start import demo_account
from mingjing.identity.service.organisations import add_organisation
from mingjing.kernel.db import Transaction
from mingjing.law.words import FUNCTIONS

_UNITS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "public_security": ("区公安分局（演示）", {"kind": "public_security", "level": "county"}),
    "police_station": ("纸坊派出所（演示）", {"kind": "public_security", "level": "station"}),
    **{
        function: (f"区{words.zh}主管部门（演示）", {"kind": "department", "function": function})
        for function, words in FUNCTIONS.items()
    },
    "builder": ("江夏智安工程公司（演示）", {"kind": "builder"}),
    "maintainer": ("江夏智安运维公司（演示）", {"kind": "maintenance"}),
}
"""By role, the unit whose function it is; government and planner belong to the county's own government."""


def seat(county: County, tx: Transaction, _: None) -> None:
    """Enter the units and let the accounts of the demo belong to them; where there are none, the units alone."""
    division = {"division": county.site.division}
    for role, (name, members) in _UNITS.items():
        unit = add_organisation(tx, CLERK, name, None, members | division).id
        _appoint(county, tx, role, unit)
    for role in ("government", "planner"):
        _appoint(county, tx, role, county.government)


def _appoint(county: County, tx: Transaction, role: str, unit: str) -> None:
    found = user_by_account(tx.session, demo_account(role))
    if found is not None and found.demo:
        held = [RoleWish(role, county.site.division)]
        change_user(tx, CLERK, found.id, Changes(organisation=unit, roles=held))
