"""What waits for a decision stands in the list of those who may take it, and of nobody else."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mingjing.kernel.db import Database
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, POLICE, SCHOOL, WUCHANG


@pytest.fixture
def database_url(laid_sqlite: Path, tmp_path: Path) -> str:
    """The address of a database with its tables and no row."""
    shutil.copyfile(laid_sqlite, tmp_path / "mingjing.sqlite3")
    return f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


def waits(client: TestClient, kind: str) -> list[dict[str, Any]]:
    return [one for one in done(client.get("/api/v1/waiting"))["items"] if one["kind"] == kind]


def names(client: TestClient, kind: str) -> list[str]:
    return [one["name"] for one in waits(client, kind)]


def somebody(at: Office, role: str, division: str | None = None, unit: str = POLICE) -> TestClient:
    account = f"{role.replace('_', '-')}-{division or 'all'}-{unit[-4:].lower()}"
    return at.whole.client_of(at.whole.person(account, role, unit=unit, division=division)[0])


def test_a_suspicion_waits_for_those_who_may_decide_on_it_and_goes_with_the_decision(at: Office) -> None:
    at.whole.recorder.town.add("体育馆更衣室", division=JIANGXIA)
    elsewhere, auditor = somebody(at, "filing_clerk", WUCHANG), somebody(at, "public_security")
    (one,) = waits(at.clerk, "decision")
    assert (one["name"], one["due"], one["count"]) == ("体育馆更衣室", None, 1)
    assert names(elsewhere, "decision") == []
    assert names(auditor, "decision") == [], "who only reads decides nothing"
    answer = {"state": "masked", "reason": "遮挡更衣区"}
    done(at.clerk.post(f"/api/v1/decisions/{one['record']}/answer", json=answer))
    assert (names(at.clerk, "decision"), names(at.clerk, "mask")) == ([], ["体育馆更衣室"])
    done(at.clerk.post(f"/api/v1/decisions/{one['record']}/mask", json={"day": str(at.today)}))
    assert names(at.clerk, "mask") == []


def test_findings_that_nobody_has_noted_wait_by_rule_until_somebody_has(at: Office) -> None:
    channel = at.whole.recorder.town.add("大门", division=JIANGXIA).row.id
    before = {one["rule"]: one["count"] for one in waits(at.clerk, "findings")}
    assert before["DOS-01"] == 1
    (finding,) = at.findings(channel, "DOS-01")
    done(at.clerk.post(f"/api/v1/findings/{finding['id']}/acknowledgement", json={"reason": "待补"}))
    after = {one["rule"]: one["count"] for one in waits(at.clerk, "findings")}
    assert after == {rule: count for rule, count in before.items() if rule != "DOS-01"}
    assert waits(somebody(at, "finance"), "findings") == []


def test_a_submitted_plan_waits_for_the_government_of_its_territory(at: Office) -> None:
    planner, government = somebody(at, "planner"), somebody(at, "government")
    plan = {
        "name": "2026 年度规划", "division": JIANGXIA, "organisation": SCHOOL, "since": "2026-01-01",
        "until": "2026-12-31",
    }  # fmt: skip
    made = done(planner.post("/api/v1/construction-plans", json=plan))["id"]
    item = {"name": "路口", "division": JIANGXIA, "cameras": 1, "purpose": "治安"}
    done(planner.post(f"/api/v1/construction-plans/{made}/items", json=item))
    keeper = at.whole.client_of(at.whole.person("keeper", "system_admin")[0])
    done(keeper.patch(f"/api/v1/organisations/{POLICE}", json={"division": JIANGXIA}))
    assert names(government, "plan") == []
    done(planner.post(f"/api/v1/construction-plans/{made}/steps", json={"to": "submitted"}))
    assert names(government, "plan") == ["2026 年度规划"]
    assert names(planner, "plan") == []
    done(keeper.patch(f"/api/v1/organisations/{POLICE}", json={"division": WUCHANG}))
    assert names(government, "plan") == [], "a unit of another territory cannot approve it"


def test_an_acceptance_waits_from_the_end_of_construction_until_it_is_concluded(at: Office) -> None:
    builder = somebody(at, "builder")
    project = {
        "name": "校园监控", "kind": "new", "division": JIANGXIA, "organisation": SCHOOL, "main_works": "教学楼",
        "main_acceptance": "2026-10-20",
    }  # fmt: skip
    made = done(builder.post("/api/v1/projects", json=project))["id"]
    assert names(builder, "acceptance") == []
    done(builder.patch(f"/api/v1/projects/{made}", json={"video_construction": "2026-10-01"}))
    (one,) = waits(builder, "acceptance")
    assert (one["name"], one["due"], one["days_left"]) == ("校园监控", "2026-10-20", 2)
    assert names(at.clerk, "acceptance") == []
    passed = {"conclusion": "passed", "concluded": "2026-10-18"}
    done(builder.patch(f"/api/v1/projects/{made}/acceptance", json=passed))
    assert names(builder, "acceptance") == []
