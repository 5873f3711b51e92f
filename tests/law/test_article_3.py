"""Hubei Order 361, Article 3: what a public safety video system is, and what it is for.

State Council Order 799, Articles 2, 7 and 9: which places are public, who may build there, and that nobody else may.
"""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mingjing.kernel.db import Database
from mingjing.law.words import PURPOSES, REGIMES
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, SCHOOL


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


@pytest.fixture
def keeper(at: Office) -> TestClient:
    return at.whole.client_of(at.whole.person("keeper", "system_admin")[0])


def unit(keeper: TestClient, kind: str, **members: Any) -> str:
    body = {"name": f"单位 {kind}", "kind": kind}
    made: str = done(keeper.post("/api/v1/organisations", json=body | members))["id"]
    return made


def place(at: Office, national_class: str) -> str:
    body = {
        "name": f"场所 {national_class}", "division": JIANGXIA, "organisation": SCHOOL, "category": "commerce_leisure",
        "national_class": national_class,
    }  # fmt: skip
    made: str = done(at.clerk.post("/api/v1/places", json=body))["id"]
    return made


def verdicts(at: Office, system: str, rule: str) -> list[str]:
    return [one["verdict"] for one in at.findings(system, rule)]


def test_a_system_says_what_it_is_for_and_what_binds_it(at: Office) -> None:
    system = at.system(purposes=[], regime="")["id"]
    assert verdicts(at, system, "SCOPE-01") == ["broken"]
    done(at.clerk.patch(f"/api/v1/systems/{system}", json={"purposes": ["public_safety"], "regime": "art7"}))
    assert verdicts(at, system, "SCOPE-01") == []
    assert at.clerk.patch(f"/api/v1/systems/{system}", json={"purposes": ["marketing"]}).status_code == 422
    assert (set(PURPOSES), set(REGIMES)) == (
        {"public_safety", "public_service", "social_management"},
        {"art7", "art9", "non_public"},
    )


def test_roads_and_squares_are_built_by_government_and_by_nobody_else(at: Office, keeper: TestClient) -> None:
    square = place(at, "n7_1_road_square")
    system = at.system(place=square, building_unit=unit(keeper, "operator"))["id"]
    (found,) = at.findings(system, "SCOPE-02")
    assert (found["verdict"], found["basis"]) == ("broken", ["国令799 第七条第三款、第九条第一款"])
    done(at.clerk.patch(f"/api/v1/systems/{system}", json={"building_unit": unit(keeper, "government")}))
    assert verdicts(at, system, "SCOPE-02") == []


def test_other_places_are_built_by_who_runs_them(at: Office, keeper: TestClient) -> None:
    system = at.system(place=place(at, "n7_2_1_crowded"), building_unit=SCHOOL)["id"]
    assert verdicts(at, system, "SCOPE-02") == []
    stranger = unit(keeper, "other", name="路过的公司")
    done(at.clerk.patch(f"/api/v1/systems/{system}", json={"building_unit": stranger}))
    assert verdicts(at, system, "SCOPE-02") == ["broken"]
    done(keeper.patch(f"/api/v1/organisations/{stranger}", json={"kind": "operator"}))
    assert verdicts(at, system, "SCOPE-02") == [], "the register of units says what it is"


def test_where_nobody_said_who_built_it_or_where_it_is_unknown_and_not_good(at: Office) -> None:
    assert verdicts(at, at.system()["id"], "SCOPE-02") == ["unknown"]


def test_in_other_public_places_a_security_duty_is_the_ground(at: Office) -> None:
    system = at.system(regime="art9")["id"]
    assert verdicts(at, system, "SCOPE-02") == ["unknown"]
    done(at.clerk.patch(f"/api/v1/systems/{system}", json={"duty_basis": "物业服务合同，承担小区安全防范"}))
    assert verdicts(at, system, "SCOPE-02") == []


def test_the_class_of_the_place_decides_at_once(at: Office, keeper: TestClient) -> None:
    crowded = place(at, "n7_2_1_crowded")
    system = at.system(place=crowded, building_unit=unit(keeper, "operator"))["id"]
    assert verdicts(at, system, "SCOPE-02") == []
    done(at.clerk.patch(f"/api/v1/places/{crowded}", json={"national_class": "n7_1_road_square"}))
    assert verdicts(at, system, "SCOPE-02") == ["broken"]


def test_what_is_no_public_place_is_asked_nothing(at: Office) -> None:
    assert verdicts(at, at.system(regime="non_public")["id"], "SCOPE-02") == []
