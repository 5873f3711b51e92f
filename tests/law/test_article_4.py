"""Hubei Order 361, Article 4: unified planning, building by level, territorial management: no system without a territory and
a unit that answers for it, and each organ sees its own level.
"""

from pathlib import Path

import pytest

from mingjing.kernel.db import Database
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, SCHOOL, WUCHANG


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


@pytest.mark.parametrize("member", ["division", "organisation"])
def test_no_system_is_entered_without_a_territory_and_a_unit(at: Office, member: str) -> None:
    body = {"name": "无主系统", "division": JIANGXIA, "organisation": SCHOOL}
    refused = at.clerk.post(
        "/api/v1/systems", json={name: value for name, value in body.items() if name != member}
    )
    assert refused.status_code == 422
    unknown = at.clerk.post(
        "/api/v1/systems", json=body | {member: "zz" if member == "organisation" else "999999"}
    )
    assert unknown.status_code == 422, unknown.text


def test_each_level_manages_what_lies_below_it(at: Office) -> None:
    here, there = at.system(name="江夏系统")["id"], at.system(name="武昌系统", division=WUCHANG)["id"]
    seen = {}
    for account, division in (("city", "420100"), ("jiangxia", JIANGXIA), ("wuchang", WUCHANG)):
        officer = at.whole.client_of(at.whole.person(account, "public_security", division=division)[0])
        seen[account] = {one["id"] for one in done(officer.get("/api/v1/systems"))["items"]}
    assert seen == {"city": {here, there}, "jiangxia": {here}, "wuchang": {there}}


def test_what_is_owed_goes_to_one_organ_of_the_territory(at: Office) -> None:
    for division in (JIANGXIA, WUCHANG):
        system = at.system(name=f"{division} 系统", division=division, in_use="2026-10-18")["id"]
        (filing,) = at.filings(system)
        assert filing["organ"] == f"区划{division}公安机关"
        assert [one["division"] for one in at.findings(system, "FILE-01")] == [division]
