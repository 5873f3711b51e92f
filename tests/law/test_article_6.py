"""Hubei Order 361, Article 6: governments at county level and above prepare a plan of building and carry it out; what is
there is used fully, and nothing is built twice.
"""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mingjing.kernel.db import Database
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, SCHOOL, WUCHANG

SPOT = {"longitude": 114.3200, "latitude": 30.3700}
EASTWARD = SPOT | {"azimuth": 90.0, "view_angle": 90.0, "view_m": 50.0}
PERIOD = {"since": "2026-01-01", "until": "2028-12-31"}


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


@pytest.fixture
def planner(at: Office) -> TestClient:
    return at.whole.client_of(at.whole.person("planner", "planner", division=JIANGXIA)[0])


@pytest.fixture
def government(at: Office) -> str:
    """The district's government, registered in its division."""
    keeper = at.whole.client_of(at.whole.person("keeper", "system_admin")[0])
    body = {"name": "江夏区人民政府", "kind": "government", "division": JIANGXIA}
    made: str = done(keeper.post("/api/v1/organisations", json=body))["id"]
    return made


@pytest.fixture
def approver(at: Office, government: str) -> TestClient:
    found = at.whole.person("approver", "government", unit=government, division=JIANGXIA)
    return at.whole.client_of(found[0])


def plan(planner: TestClient, *items: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A plan of the district with these items."""
    body = {"name": "江夏区建设规划", "division": JIANGXIA, "organisation": SCHOOL} | PERIOD | members
    made = done(planner.post("/api/v1/construction-plans", json=body))
    for item in items:
        made = done(planner.post(f"/api/v1/construction-plans/{made['id']}/items", json=item))
    return made


def camera(at: Office, name: str, **dossier: Any) -> str:
    """A camera that stands in the register."""
    made: str = at.whole.recorder.town.add(name).row.id
    done(at.clerk.patch(f"/api/v1/cameras/{made}/dossier", json=dossier))
    return made


def step(client: TestClient, made: dict[str, Any], to: str) -> Any:
    return client.post(f"/api/v1/construction-plans/{made['id']}/steps", json={"to": to})


def decide(client: TestClient, made: dict[str, Any], to: str, reason: str = "") -> Any:
    return client.post(f"/api/v1/construction-plans/{made['id']}/decision", json={"to": to, "reason": reason})


def test_a_plan_has_a_period_items_with_place_number_and_budget_and_says_how_far_it_has_come(
    planner: TestClient,
) -> None:
    made = plan(
        planner,
        {"name": "纸坊大街北口", "cameras": 4, "budget_yuan": 120_000, "due": "2026-09-30"} | SPOT,
        {"name": "客运站广场", "cameras": 6, "budget_yuan": 200_000, "due": "2027-06-30"},
    )
    assert made["state"] == "draft"
    assert [one["name"] for one in made["items"]] == ["纸坊大街北口", "客运站广场"]
    assert made["figures"] == {
        "items": 2, "done": 0, "under_way": 0, "dropped": 0, "cameras": 10, "cameras_done": 0,
        "budget_yuan": 320_000, "overdue": 1,
    }  # fmt: skip
    assert [one["overdue"] for one in made["items"]] == [True, False]
    reversed_period = {"since": "2026-01-02", "until": "2026-01-01"}
    body = {"name": "倒", "division": JIANGXIA, "organisation": SCHOOL} | reversed_period
    assert planner.post("/api/v1/construction-plans", json=body).json()["code"] == "CPL-001"


def test_somebody_else_of_the_territory_approves(
    at: Office, planner: TestClient, approver: TestClient
) -> None:
    made = plan(planner, {"name": "纸坊大街北口"} | SPOT)
    assert decide(approver, made, "approved").json()["code"] == "CPL-003", "it is not submitted yet"
    done(step(planner, made, "submitted"))
    assert decide(planner, made, "approved").status_code == 403, "who plans does not approve"
    foreign = at.whole.person("foreign", "government", division=JIANGXIA)
    answer = decide(at.whole.client_of(foreign[0]), made, "approved")
    assert (answer.status_code, answer.json()["code"]) == (403, "CPL-008"), "their unit is of no territory"
    elsewhere = at.whole.client_of(at.whole.person("elsewhere", "government", division=WUCHANG)[0])
    assert decide(elsewhere, made, "approved").status_code == 404
    approved = done(decide(approver, made, "approved", "同意"))
    assert (approved["state"], approved["decided_by_name"], approved["decision"]) == (
        "approved",
        "approver",
        "同意",
    )


def test_nobody_approves_what_they_submitted_themselves(at: Office, government: str) -> None:
    user, _ = at.whole.person("both", "planner", "government", unit=government, division=JIANGXIA)
    both = at.whole.client_of(user)
    made = plan(both, {"name": "纸坊大街北口"} | SPOT)
    done(step(both, made, "submitted"))
    answer = decide(both, made, "approved")
    assert (answer.status_code, answer.json()["code"]) == (403, "CPL-007")


def test_a_return_says_why_and_opens_the_plan_again(planner: TestClient, approver: TestClient) -> None:
    made = plan(planner, {"name": "纸坊大街北口"} | SPOT)
    done(step(planner, made, "submitted"))
    item = made["items"][0]["id"]
    address = f"/api/v1/construction-plans/{made['id']}/items/{item}"
    assert planner.patch(address, json={"cameras": 9}).json()["code"] == "CPL-002"
    assert decide(approver, made, "returned").json()["code"] == "CPL-006"
    back = done(decide(approver, made, "returned", "预算依据不足"))
    assert (back["state"], back["decision"]) == ("returned", "预算依据不足")
    done(planner.patch(address, json={"cameras": 9}))
    assert done(step(planner, made, "submitted"))["state"] == "submitted"


def test_of_an_approved_plan_only_progress_is_entered(planner: TestClient, approver: TestClient) -> None:
    made = plan(planner, {"name": "纸坊大街北口", "cameras": 4} | SPOT)
    done(step(planner, made, "submitted"))
    done(decide(approver, made, "approved"))
    address = f"/api/v1/construction-plans/{made['id']}/items/{made['items'][0]['id']}"
    under_way = done(planner.patch(address, json={"progress": "under_way", "cameras_done": 1}))
    assert (under_way["figures"]["under_way"], under_way["figures"]["cameras_done"]) == (1, 1)
    assert planner.patch(address, json={"cameras_done": 5}).json()["code"] == "CPL-010"
    assert planner.patch(address, json={"budget_yuan": 1}).json()["code"] == "CPL-002"
    assert step(planner, made, "draft").json()["code"] == "CPL-003"


def test_what_sees_the_same_ground_is_found_and_told_apart(at: Office, planner: TestClient) -> None:
    same = camera(at, "同向", **EASTWARD)
    camera(at, "背向", **EASTWARD | {"azimuth": 270.0})
    camera(at, "远处", **EASTWARD | {"longitude": 114.3300})
    beside = camera(at, "旁边", **EASTWARD | {"azimuth": 150.0})
    made = plan(planner, {"name": "纸坊大街北口"} | EASTWARD)
    item = made["items"][0]
    assert (item["overlap"], item["overlapping"], item["undecided"]) == (100, 2, True)
    check = done(planner.get(f"/api/v1/construction-plans/{made['id']}/overlaps"))
    assert (check["distance_m"], check["overlap_percent"]) == (100, 50)
    assert check["basis"] == ["湖北令361 第六条第二款", "国令799 第六条"]
    found = check["items"][0]["cameras"]
    assert [(one["camera"], one["duplicate"]) for one in found] == [(same, True), (beside, False)]
    assert found[0]["outline"][0] == found[0]["outline"][-1]


def test_a_duplicate_is_not_submitted_before_reuse_or_a_reason_is_entered(
    at: Office, planner: TestClient
) -> None:
    camera(at, "同向", **EASTWARD)
    made = plan(planner, {"name": "纸坊大街北口"} | EASTWARD)
    assert [one["verdict"] for one in at.findings(made["id"], "PLAN-02")] == ["broken"]
    refused = step(planner, made, "submitted")
    assert (refused.status_code, refused.json()["code"]) == (409, "CPL-005")
    assert "纸坊大街北口" in refused.json()["detail"]
    address = f"/api/v1/construction-plans/{made['id']}/items/{made['items'][0]['id']}"
    assert planner.patch(address, json={"reuse": "reuse"}).json()["code"] == "CPL-006"
    done(planner.patch(address, json={"reuse": "reuse", "reuse_reason": "接入学校已有枪机"}))
    assert at.findings(made["id"], "PLAN-02") == []
    assert done(step(planner, made, "submitted"))["state"] == "submitted"


def test_what_was_built_meanwhile_is_found_when_the_plan_is_submitted(
    at: Office, planner: TestClient
) -> None:
    made = plan(planner, {"name": "纸坊大街北口"} | EASTWARD)
    assert made["items"][0]["undecided"] is False
    camera(at, "新装", **EASTWARD)
    assert step(planner, made, "submitted").json()["code"] == "CPL-005"


def test_an_item_whose_direction_is_open_is_taken_to_look_all_round(at: Office, planner: TestClient) -> None:
    camera(at, "背向", **EASTWARD | {"azimuth": 270.0, "view_m": 30.0})
    made = plan(planner, {"name": "纸坊大街北口"} | SPOT)
    assert made["items"][0]["overlap"] == 100


def test_a_planner_is_not_told_of_cameras_outside_the_own_territory(at: Office, planner: TestClient) -> None:
    hidden = at.whole.recorder.town.add("界外", division=WUCHANG).row.id
    done(at.clerk.patch(f"/api/v1/cameras/{hidden}/dossier", json=EASTWARD))
    made = plan(planner, {"name": "纸坊大街北口"} | EASTWARD)
    assert (made["items"][0]["overlap"], made["items"][0]["overlapping"]) == (0, 0)
    check = planner.get(f"/api/v1/construction-plans/{made['id']}/overlaps")
    assert hidden not in check.text


def test_what_government_builds_stands_in_an_approved_plan(
    at: Office, planner: TestClient, approver: TestClient
) -> None:
    made = plan(planner, {"name": "纸坊大街北口"} | SPOT)
    body = {"name": "大街视频", "kind": "new", "division": JIANGXIA, "organisation": SCHOOL}
    project = done(planner.post("/api/v1/projects", json=body | {"funding": "government_built"}))["id"]
    assert [one["severity"] for one in at.findings(project, "PLAN-01")] == ["warning"]
    item = {"plan_item": made["items"][0]["id"]}
    done(planner.patch(f"/api/v1/projects/{project}", json=item))
    assert len(at.findings(project, "PLAN-01")) == 1, "the plan is not approved"
    done(step(planner, made, "submitted"))
    done(decide(approver, made, "approved"))
    assert at.findings(project, "PLAN-01") == []
    private = done(planner.post("/api/v1/projects", json=body | {"funding": "other"}))["id"]
    assert at.findings(private, "PLAN-01") == []


def test_nothing_is_planned_or_built_in_a_forbidden_place(at: Office, planner: TestClient) -> None:
    # Article 8: the plan of such a camera is refused as the camera itself is.
    zone = {"name": "公共浴室", "kind": "intimate_facility", "division": JIANGXIA, "organisation": SCHOOL}
    done(at.clerk.post("/api/v1/forbidden-places", json=zone | SPOT | {"radius_m": 10}))
    made = plan(planner)
    items = f"/api/v1/construction-plans/{made['id']}/items"
    refused = planner.post(items, json={"name": "浴室内"} | SPOT)
    assert (refused.status_code, refused.json()["code"]) == (409, "FRB-001")
    assert "湖北令361 第八条" in refused.json()["detail"]
    outside = done(planner.post(items, json={"name": "街口"} | SPOT | {"longitude": 114.3210}))
    item = outside["items"][0]["id"]
    assert planner.patch(f"{items}/{item}", json=SPOT).json()["code"] == "FRB-001"
    body = {"name": "浴室视频", "kind": "new", "division": JIANGXIA, "organisation": SCHOOL}
    assert planner.post("/api/v1/projects", json=body | SPOT).json()["code"] == "FRB-001"


def _suspected(at: Office) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = done(at.clerk.get("/api/v1/decisions"))["items"]
    return found


def _answer(at: Office, decision: str, state: str) -> None:
    body = {"state": state, "reason": "到现场看过"}
    done(at.clerk.post(f"/api/v1/decisions/{decision}/answer", json=body))


def test_an_item_that_may_look_into_a_forbidden_place_waits_for_a_person_before_its_plan_is_approved(
    at: Office, planner: TestClient, approver: TestClient
) -> None:
    """Article 8 binds whoever plans: what is only suspected goes to a person, whose reason is kept."""
    counter = {
        "name": "营业厅三号柜台", "kind": "client_data_area", "division": JIANGXIA, "organisation": SCHOOL,
        "longitude": SPOT["longitude"] + 0.0001, "latitude": SPOT["latitude"], "radius_m": 3,
    }  # fmt: skip
    done(at.clerk.post("/api/v1/forbidden-places", json=counter))
    made = plan(
        planner, {"name": "纸坊大街北口", "cameras": 1} | EASTWARD, {"name": "女更衣室门外", "cameras": 1}
    )
    asked = {one["name"]: one for one in _suspected(at)}
    assert {name: one["grounds"][0]["ground"] for name, one in asked.items()} == {
        "纸坊大街北口": "view", "女更衣室门外": "name",
    }  # fmt: skip
    assert {(one["subject_kind"], one["state"], one["plan"]) for one in asked.values()} == {
        ("plan_item", "waiting", made["id"])
    }
    done(step(planner, made, "submitted"))
    refused = decide(approver, made, "approved")
    assert (refused.status_code, refused.json()["code"]) == (409, "CPL-012")
    assert "纸坊大街北口" in refused.json()["detail"]
    _answer(at, asked["纸坊大街北口"]["id"], "masked")
    _answer(at, asked["女更衣室门外"]["id"], "prohibited")
    assert decide(approver, made, "approved").json()["code"] == "CPL-011"
    done(step(planner, made, "draft"))
    assert step(planner, made, "submitted").json()["code"] == "CPL-011"
    (barred,) = [one for one in made["items"] if one["name"] == "女更衣室门外"]
    path = f"/api/v1/construction-plans/{made['id']}/items/{barred['id']}"
    done(planner.patch(path, json={"ended": True}))
    done(step(planner, made, "submitted"))
    told = done(decide(approver, made, "approved"))
    assert [(one["name"], one["suspicion"]) for one in told["items"]] == [("纸坊大街北口", "masked")]


def test_an_item_that_is_moved_is_asked_about_anew_and_one_far_away_is_not(
    at: Office, planner: TestClient
) -> None:
    made = plan(planner, {"name": "纸坊大街北口", "cameras": 1} | EASTWARD)
    assert _suspected(at) == []
    counter = {
        "name": "营业厅三号柜台", "kind": "client_data_area", "division": JIANGXIA, "organisation": SCHOOL,
        "longitude": SPOT["longitude"] + 0.0001, "latitude": SPOT["latitude"], "radius_m": 3,
    }  # fmt: skip
    done(at.clerk.post("/api/v1/forbidden-places", json=counter))
    (asked,) = _suspected(at)
    _answer(at, asked["id"], "allowed")
    path = f"/api/v1/construction-plans/{made['id']}/items/{made['items'][0]['id']}"
    done(planner.patch(path, json={"azimuth": 80.0}))
    assert [one["state"] for one in _suspected(at)] == ["waiting"]
    done(planner.patch(path, json={"azimuth": 270.0}))
    assert [one["state"] for one in _suspected(at)] == ["lapsed"]
