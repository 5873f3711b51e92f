"""Hubei Order 361, Article 12: who runs and maintains a system follows from who paid for it."""

from pathlib import Path
from typing import Any

import pytest

from mingjing.audit.service import SYSTEM
from mingjing.kernel.db import Database
from mingjing.territory.service import Entry, enter
from tests.law.office import Office, done, office
from tests.places import POLICE, SCHOOL


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


@pytest.mark.parametrize(
    ("funding", "units"),
    [("government_built", [SCHOOL]), ("government_leased", [POLICE]), ("other", [POLICE, SCHOOL]), ("", [])],
)
def test_the_unit_that_maintains_follows_from_the_funding(at: Office, funding: str, units: list[str]) -> None:
    body: dict[str, Any] = {"funding": funding, "building_unit": POLICE, "maintainer": None}
    system = at.system(**body)
    duty = system["duty"]
    assert (duty["units"], duty["met"]) == (units, False)
    assert duty["basis"] == ["湖北令361 第十二条"]
    verdicts = [one["verdict"] for one in at.findings(system["id"], "MAINT-01")]
    assert verdicts == (["broken"] if units else ["unknown"])
    if units:
        named = done(at.clerk.patch(f"/api/v1/systems/{system['id']}", json={"maintainer": units[0]}))
        assert named["duty"]["met"]
        assert at.findings(system["id"], "MAINT-01") == []


def test_another_province_is_not_judged_by_hubeis_order(at: Office) -> None:
    with at.whole.database.transaction() as tx:
        enter(tx, SYSTEM, Entry("110000", "北京市"))
        enter(tx, SYSTEM, Entry("110101", "东城区"))
    system = at.system(division="110101", in_use="2026-10-18")
    assert system["duty"] is None
    assert at.findings(system["id"], "MAINT-01") == []
    (filing,) = at.filings(system["id"])
    clock = done(at.clerk.get(f"/api/v1/filings/{filing['id']}"))["clock"]
    assert (clock["basis"], clock["carried"]) == (["国令799 第十四条"], False)
