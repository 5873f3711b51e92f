"""Hubei Order 361, Article 9, paragraph 1: what is built follows the rules of state and province and the standards of the
trade; what is accepted says by which, and how each of them was checked.

State Council Order 799, Article 11: designed, built, inspected and accepted by the standards, with an archive of each.
"""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mingjing.kernel.db import Database
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, SCHOOL

GROUPS = ("design", "construction", "inspection", "acceptance")
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


@pytest.fixture
def builder(at: Office) -> TestClient:
    return at.whole.client_of(at.whole.person("builder", "builder", division=JIANGXIA)[0])


def project(at: Office, builder: TestClient, **members: Any) -> str:
    """A project that delivers a system of the school."""
    body = {
        "name": "校园视频项目", "kind": "new", "division": JIANGXIA, "organisation": SCHOOL,
        "system": at.system()["id"],
    }  # fmt: skip
    made: str = done(builder.post("/api/v1/projects", json=body | members))["id"]
    return made


def accept(builder: TestClient, identifier: str, **members: Any) -> Any:
    return builder.patch(f"/api/v1/projects/{identifier}/acceptance", json=members)


def test_the_list_names_standards_and_how_well_each_is_known(builder: TestClient) -> None:
    items = done(builder.get("/api/v1/acceptance-checklist"))["items"]
    standards = {one["standard"] for one in items}
    assert {"GB 37300-2018", "GB 50395-2007", "GB 50348-2018", "GB 55029", "GB 35114-2017"} <= standards
    assert {one["seen"] for one in items} == {"excerpt", "secondary", "practice"}
    # No figure of a standard whose table was not obtained: what was measured is entered.
    (figures,) = [one for one in items if one["item"] == "technical_figures"]
    assert (figures["value"], "未取得" in figures["title"]) == ("实测值", True)


def test_an_acceptance_keeps_standards_report_and_each_check_with_what_was_measured(
    at: Office, builder: TestClient
) -> None:
    made = project(at, builder)
    checks = [
        {"item": "picture_day", "result": "passed", "value": "4"},
        {"item": "oldest_recording", "result": "failed", "value": "2026-09-20"},
    ]
    kept = done(
        accept(
            builder, made, standards=["GB 50348-2018", "GB 37300-2018"], checks=checks, report_lab="省检验院",
            report_number="JY-118", report_date="2026-10-10",
        )
    )["acceptance"]  # fmt: skip
    assert (kept["checks"], kept["standards"][0], kept["report_number"]) == (
        checks,
        "GB 50348-2018",
        "JY-118",
    )
    foreign = accept(builder, made, checks=[{"item": "smell", "result": "passed"}])
    assert (foreign.status_code, foreign.json()["code"]) == (422, "PRJ-006")
    history = builder.get(f"/api/v1/projects/{made}/changes").json()
    assert [one["what"] for one in history] == ["accept", "enter"]


def test_the_archive_has_four_groups_and_half_of_who_accepts_are_experts(
    at: Office, builder: TestClient
) -> None:
    made = project(at, builder)
    people = [{"name": "周工", "expert": True}, {"name": "吴主任"}, {"name": "郑科长"}]
    drawn = done(accept(builder, made, conclusion="passed", concluded="2026-10-10", members=people))
    assert drawn["acceptance"]["expert_share"] == 33
    assert drawn["acceptance"]["missing_groups"] == list(GROUPS)
    found = at.findings(made, "ACC-02")
    assert {one["severity"] for one in found} == {"warning"}
    assert sorted(one["basis"] for one in found) == [["国令799 第十一条"], ["湖北令361 第十条第二款"]]
    documents = [{"group": one, "title": one, "sha256": DIGEST} for one in GROUPS]
    done(accept(builder, made, documents=documents, members=people[:2]))
    assert at.findings(made, "ACC-02") == []


def test_a_document_is_kept_by_its_digest(at: Office, builder: TestClient) -> None:
    made = project(at, builder)
    wrong = {"group": "design", "title": "图纸", "sha256": "abc"}
    assert accept(builder, made, documents=[wrong]).json()["code"] == "REQ-422"
    kept = done(accept(builder, made, documents=[wrong | {"sha256": DIGEST, "size_bytes": 12}]))
    assert kept["acceptance"]["documents"] == [
        {"group": "design", "title": "图纸", "dated": None, "size_bytes": 12, "sha256": DIGEST}
    ]
