"""Hubei Order 361, Article 5: public security organs manage in their territory, the departments each within its
function, and assisting units help. Nobody sees video for it.

State Council Order 799, Article 14: filed with the county-level organ of the place, which decides.
"""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mingjing.identity.actions import Action
from mingjing.identity.roles import ROLES
from mingjing.kernel.db import Database
from mingjing.law.words import ASSISTANCES, FUNCTIONS, ORGAN_LEVELS, UNIT_KINDS, vocabulary
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, SCHOOL, WUCHANG

ORGAN = {"name": "武汉市公安局江夏区分局", "kind": "public_security", "level": "county", "division": JIANGXIA}
VIDEO = {
    Action.LIVE,
    Action.PLAYBACK,
    Action.SNAPSHOT,
    Action.EXPORT,
    Action.CAMERA_READ,
    Action.RECORDING_READ,
}
CONTACTS = {"legal_representative": "张某", "responsible_person": "李某", "responsible_phone": "027-81900000"}


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


@pytest.fixture
def keeper(at: Office) -> TestClient:
    """Somebody who keeps the registers of units and divisions."""
    return at.whole.client_of(at.whole.person("keeper", "system_admin")[0])


def organ(keeper: TestClient, **members: Any) -> str:
    """Register a public security organ."""
    made: str = done(keeper.post("/api/v1/organisations", json=ORGAN | members))["id"]
    return made


def officer(at: Office, account: str, unit: str, role: str = "public_security", **place: Any) -> TestClient:
    return at.whole.client_of(at.whole.person(account, role, unit=unit, **place)[0])


@pytest.mark.parametrize("role", ["public_security", "police_station", *FUNCTIONS])
def test_who_oversees_sees_registers_and_figures_of_its_territory_and_no_video(at: Office, role: str) -> None:
    at.system(in_use="2026-10-18")
    camera = at.whole.recorder.town.add().row.id
    here = officer(at, "here", SCHOOL, role, division=JIANGXIA)
    there = officer(at, "there", SCHOOL, role, division=WUCHANG)
    assert [done(one.get("/api/v1/systems"))["total"] for one in (here, there)] == [1, 0]
    assert [done(one.get("/api/v1/findings"))["total"] > 0 for one in (here, there)] == [True, False]
    filings = here.get("/api/v1/filings")
    assert (filings.status_code == 200) == (role == "public_security")
    assert here.get(f"/api/v1/cameras/{camera}").status_code == 403
    wish = {"wishes": [{"kind": "live", "channel": camera, "stream": "main"}]}
    assert "url" not in here.post("/api/v1/tickets", json=wish).text
    assert here.post("/api/v1/systems", json={}).status_code == 403
    assert not ROLES[role].actions & VIDEO


@pytest.mark.parametrize("role", ["public_security", "police_station", "government", *FUNCTIONS])
def test_plans_and_projects_are_seen_by_those_whose_function_they_are(at: Office, role: str) -> None:
    planner = officer(at, "planner", SCHOOL, "planner", division=JIANGXIA)
    place = {"division": JIANGXIA, "organisation": SCHOOL}
    period = {"since": "2026-01-01", "until": "2026-12-31"}
    done(planner.post("/api/v1/construction-plans", json={"name": "规划"} | place | period))
    done(planner.post("/api/v1/projects", json={"name": "项目", "kind": "new"} | place))
    here = officer(at, "here", SCHOOL, role, division=JIANGXIA)
    there = officer(at, "there", SCHOOL, role, division=WUCHANG)
    building = {"public_security", "government", "development_reform", "finance", "housing_construction"}
    for path in ("construction-plans", "projects"):
        seen = here.get(f"/api/v1/{path}")
        assert (seen.status_code == 200) == (role in building), path
        if role in building:
            assert (seen.json()["total"], done(there.get(f"/api/v1/{path}"))["total"]) == (1, 0)
            assert here.post(f"/api/v1/{path}", json={}).status_code == 403


def test_a_building_unit_sees_and_files_and_changes_no_register(at: Office) -> None:
    system = at.system(in_use="2020-01-10", regime="")["id"]
    done(at.clerk.patch(f"/api/v1/systems/{system}", json={"dismantle_planned": "2026-12-31"}))
    builder = officer(at, "builder", SCHOOL, "builder", division=JIANGXIA)
    filing = next(
        one
        for one in done(builder.get(f"/api/v1/filings?system={system}"))["items"]
        if one["kind"] == "dismantling"
    )
    done(builder.patch(f"/api/v1/filings/{filing['id']}", json={"content": {"handler": "王敏"}}))
    assert builder.patch(f"/api/v1/systems/{system}", json={"note": "x"}).status_code == 403
    assert builder.get("/api/v1/cameras").status_code == 403


def test_the_maintainer_files_nothing_and_the_auditor_reads_the_journal_alone(at: Office) -> None:
    maintainer = officer(at, "m", SCHOOL, "maintainer")
    assert maintainer.get("/api/v1/filings").status_code == 403
    auditor = officer(at, "a", SCHOOL, "audit_admin")
    assert auditor.get("/api/v1/journal").status_code == 200
    for path in ("systems", "filings", "cameras", "findings"):
        assert auditor.get(f"/api/v1/{path}").status_code == 403, path


def test_a_filing_goes_to_the_organ_registered_in_the_county_of_its_location(
    at: Office, keeper: TestClient
) -> None:
    (before,) = at.filings(at.system(name="先", in_use="2026-10-18")["id"])
    assert before["organ"] == "区划420115公安机关"
    organ(keeper, name="武汉市公安局", level="city", division="420100")
    organ(keeper, name="纸坊派出所", level="station", division=JIANGXIA)
    organ(keeper, name="武昌区分局", level="county", division=WUCHANG)
    (still,) = at.filings(at.system(name="中", in_use="2026-10-18")["id"])
    assert still["organ"] == "区划420115公安机关"
    organ(keeper)
    (after,) = at.filings(at.system(name="后", in_use="2026-10-18")["id"])
    assert after["organ"] == ORGAN["name"]
    assert at.submit(before["id"])["organ"] == ORGAN["name"], (
        "what is submitted goes to the organ that is there now"
    )


def test_an_organ_that_has_ended_takes_no_filing(at: Office, keeper: TestClient) -> None:
    unit = organ(keeper)
    done(keeper.patch(f"/api/v1/organisations/{unit}", json={"ended": True}))
    (filing,) = at.filings(at.system(in_use="2026-10-18")["id"])
    assert filing["organ"] == "区划420115公安机关"


def test_a_functional_zone_files_with_its_own_organ(at: Office, keeper: TestClient) -> None:
    zone = {"code": "4201Z1", "name": "东湖新技术开发区", "civil_code": JIANGXIA}
    done(keeper.post("/api/v1/divisions", json=zone))
    (filing,) = at.filings(at.system(name="先", in_use="2026-10-18", division="4201Z1")["id"])
    assert filing["organ"] == "东湖新技术开发区公安机关"
    organ(keeper, name="东湖新技术开发区分局", division="4201Z1")
    (filing,) = at.filings(at.system(name="后", in_use="2026-10-18", division="4201Z1")["id"])
    assert filing["organ"] == "东湖新技术开发区分局"


def test_the_form_begins_with_what_the_register_knows_of_the_unit(at: Office, keeper: TestClient) -> None:
    code = "91330100799655058B"
    done(keeper.patch(f"/api/v1/organisations/{SCHOOL}", json={"credit_code": code, "contacts": CONTACTS}))
    (filing,) = at.filings(at.system(in_use="2026-10-18")["id"])
    content = done(at.clerk.get(f"/api/v1/filings/{filing['id']}"))["content"]
    assert content.items() >= (CONTACTS | {"credit_code": code}).items()
    done(keeper.patch(f"/api/v1/organisations/{SCHOOL}", json={"contacts": {"responsible_person": "赵某"}}))
    checked = done(at.clerk.get(f"/api/v1/filings/{filing['id']}"))["checklist"]
    (differs,) = [one for one in checked if one["state"] == "mismatch"]
    assert (differs["name"], differs["filed"], differs["measured"]) == ("responsible_person", "李某", "赵某")


def test_the_organ_of_the_territory_decides_where_it_runs_the_program_itself(
    at: Office, keeper: TestClient
) -> None:
    (filing,) = at.filings(at.system(in_use="2026-10-18")["id"])
    decision = f"/api/v1/filings/{filing['id']}/decision"
    accepted = {"to": "accepted", "official_number": "420115-2026-00117"}
    here = officer(at, "here", organ(keeper), division=JIANGXIA)
    assert here.post(decision, json=accepted).json()["code"] == "FIL-001", "it is not submitted yet"
    at.submit(filing["id"])
    assert here.post(decision, json={"to": "accepted"}).json()["code"] == "FIL-004"
    assert at.clerk.post(decision, json=accepted).status_code == 403
    station = organ(keeper, name="纸坊派出所", level="station")
    other = organ(keeper, name="武昌区分局", division=WUCHANG)
    for account, unit in (("s", station), ("o", other), ("x", SCHOOL)):
        refused = officer(at, account, unit).post(decision, json=accepted)
        assert (refused.status_code, refused.json()["code"]) == (403, "FIL-007"), account
    there = officer(at, "there", other, division=WUCHANG)
    assert there.post(decision, json=accepted).status_code == 404
    decided = done(here.post(decision, json=accepted))
    assert (decided["state"], decided["organ"], decided["official_number"]) == (
        "accepted",
        ORGAN["name"],
        "420115-2026-00117",
    )
    assert decided["steps"][-1]["who_name"] == "here"


def test_the_words_of_the_article_are_told_in_both_languages() -> None:
    lists = vocabulary()
    assert lists["function"] == FUNCTIONS
    assert len(FUNCTIONS) == 7
    for name, words in (
        ("unit_kind", UNIT_KINDS),
        ("organ_level", ORGAN_LEVELS),
        ("assistance", ASSISTANCES),
    ):
        assert lists[name] == words
        assert all(text.zh and text.en for text in words.values())
    assert set(FUNCTIONS) <= set(ROLES)
