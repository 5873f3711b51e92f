"""Hubei Order 361, Article 10: the video system of a new, rebuilt or extended project is designed, built, accepted and put
to use together with the main works; it is accepted at completion, and not put to use before.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mingjing.app.gathering import named
from mingjing.kernel.db import Database
from tests.law.office import Office, done, office
from tests.law.test_article_9 import accept, project
from tests.places import JIANGXIA, SCHOOL, WUCHANG

OTHER = {"name": "别的项目", "kind": "new", "division": JIANGXIA, "organisation": SCHOOL}
DEFECT = {"what": "后勤门夜间补光不足", "cure": "加装补光灯"}
CURED = DEFECT | {"cured": "2026-10-05", "retested": "2026-10-08", "retest": "passed"}


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


@pytest.fixture
def builder(at: Office) -> TestClient:
    return at.whole.client_of(at.whole.person("builder", "builder", division=JIANGXIA)[0])


def test_the_archive_holds_files_that_are_kept_here_and_digests_of_those_that_the_unit_keeps(
    at: Office, builder: TestClient
) -> None:
    made, drawing = project(at, builder), b"%PDF-1.7\nas built\n%%EOF\n"
    address = f"/api/v1/projects/{made}/files"
    kept = done(builder.post(address, params={"name": "竣工图.pdf"}, content=drawing))
    assert kept == done(builder.post(address, params={"name": "又一次.pdf"}, content=drawing))
    own = {"group": "design", "title": "设计说明", "sha256": "0" * 64}
    listed = [{"group": "acceptance", "title": "竣工图", "sha256": kept["sha256"]}, own]
    told = done(accept(builder, made, documents=listed))
    assert [one["kept"] for one in told["acceptance"]["documents"]] == [True, False]
    found = builder.get(f"{address}/{kept['sha256']}")
    assert (found.content, found.headers["content-type"]) == (drawing, "application/pdf")
    # A digest that is entered is no way to a file, nor is one of another project's.
    assert builder.get(f"{address}/{own['sha256']}").status_code == 404
    other = done(builder.post("/api/v1/projects", json=OTHER))["id"]
    done(accept(builder, other, documents=listed))
    assert builder.get(f"/api/v1/projects/{other}/files/{kept['sha256']}").status_code == 404
    with at.whole.database.reading() as session:
        assert named(session) >= {kept["sha256"]}


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"<html>", "SUB-001"), (b"", "SUB-001"), (b"%PDF-" + bytes(10 << 20), "SUB-002")],
    ids=["web page", "nothing", "too large"],
)
def test_what_is_no_document_or_too_large_is_not_taken_into_an_archive(
    at: Office, builder: TestClient, content: bytes, code: str
) -> None:
    address = f"/api/v1/projects/{project(at, builder)}/files"
    assert builder.post(address, params={"name": "x"}, content=content).json()["code"] == code


def test_an_altered_file_of_an_archive_is_not_handed_out(at: Office, builder: TestClient) -> None:
    address = f"/api/v1/projects/{project(at, builder)}/files"
    kept = done(builder.post(address, params={"name": "x.pdf"}, content=b"%PDF-1.7\n"))["sha256"]
    at.whole.app.state.files.path(kept).write_bytes(b"%PDF-1.8\n")
    assert builder.get(f"{address}/{kept}").json()["code"] == "SUB-004"


def put_to_use(at: Office, system: str, day: str) -> Any:
    return at.clerk.patch(f"/api/v1/systems/{system}", json={"in_use": day})


def stages(answer: dict[str, Any]) -> dict[str, tuple[str, int]]:
    return {one["stage"]: (one["state"], one["days_late"]) for one in answer["stages"]}


def test_each_of_the_four_stages_is_no_later_than_that_of_the_main_works(
    at: Office, builder: TestClient
) -> None:
    made = project(
        at, builder, main_works="教学楼", main_design="2026-03-01", main_construction="2026-06-01",
        main_acceptance="2026-10-10", main_use="2026-12-01", video_design="2026-03-01",
        video_construction="2026-06-13",
    )  # fmt: skip
    told = done(builder.get(f"/api/v1/projects/{made}"))
    assert stages(told) == {
        "design": ("met", 0),
        "construction": ("late", 12),
        "acceptance": ("late", 8),
        "use": ("waiting", 0),
    }
    assert told["stages"][1]["words"] == "施工：主体工程 2026-06-01，视频系统 2026-06-13，晚 12 天"
    found = {one["message"]: one["verdict"] for one in at.findings(made, "SIM-01")}
    assert found == {
        "施工：主体工程 2026-06-01，视频系统 2026-06-13，晚 12 天。": "broken",
        "验收：主体工程 2026-10-10，视频系统 —，晚 8 天。": "broken",
        "投用：主体工程 2026-12-01，视频系统 —，尚未到期。": "pending",
    }
    at.on(date(2026, 12, 3))
    assert {one["verdict"] for one in at.findings(made, "SIM-01")} == {"broken"}


def test_a_video_system_built_on_its_own_has_nothing_to_keep_step_with(
    at: Office, builder: TestClient
) -> None:
    made = project(at, builder, main_design="2026-03-01")
    assert {state for state, _ in stages(done(builder.get(f"/api/v1/projects/{made}"))).values()} == {"alone"}
    assert at.findings(made, "SIM-01") == []


def test_stages_follow_each_other(builder: TestClient) -> None:
    body = {"name": "倒", "kind": "new", "division": JIANGXIA, "organisation": SCHOOL}
    days = {"main_design": "2026-03-02", "main_construction": "2026-03-01"}
    answer = builder.post("/api/v1/projects", json=body | days)
    assert (answer.status_code, answer.json()["code"]) == (422, "PRJ-001")


def test_what_was_not_accepted_is_not_put_to_use(at: Office, builder: TestClient) -> None:
    system = at.system()["id"]
    made = project(at, builder, system=system)
    refused = put_to_use(at, system, "2026-10-18")
    assert (refused.status_code, refused.json()["code"]) == (409, "PRJ-002")
    assert "湖北令361 第十条第二款" in refused.json()["detail"]
    assert at.filings(system) == [], "nothing of the refused act remains"
    done(accept(builder, made, conclusion="not_passed", concluded="2026-10-01", defects=[DEFECT]))
    assert put_to_use(at, system, "2026-10-18").json()["code"] == "PRJ-002"
    done(accept(builder, made, conclusion="passed", concluded="2026-10-09", defects=[]))
    assert put_to_use(at, system, "2026-10-08").json()["code"] == "PRJ-002", "it was accepted a day later"
    assert done(put_to_use(at, system, "2026-10-09"))["in_use"] == "2026-10-09"
    assert [one["kind"] for one in at.filings(system)] == ["initial"]


def test_basically_passed_stands_once_every_defect_is_cured_and_tested_again(
    at: Office, builder: TestClient
) -> None:
    system = at.system()["id"]
    made = project(at, builder, system=system)
    drawn = {"conclusion": "basically_passed", "concluded": "2026-10-01"}
    assert accept(builder, made, **drawn).json()["code"] == "PRJ-003", "what is wrong has to be said"
    done(accept(builder, made, **drawn, defects=[DEFECT, CURED]))
    assert put_to_use(at, system, "2026-10-18").json()["code"] == "PRJ-002"
    stands = done(accept(builder, made, defects=[CURED, CURED]))
    assert (stands["accepted"], stands["open_defects"]) == ("2026-10-08", 0)
    assert put_to_use(at, system, "2026-10-07").json()["code"] == "PRJ-002"
    done(put_to_use(at, system, "2026-10-08"))


def test_a_trial_run_of_less_than_thirty_days_is_a_warning_and_hinders_nothing(
    at: Office, builder: TestClient
) -> None:
    system = at.system()["id"]
    made = project(at, builder, system=system)
    trial = {"trial_from": "2026-09-01", "trial_until": "2026-09-30"}
    done(accept(builder, made, conclusion="passed", concluded="2026-10-01", **trial))
    (warned,) = at.findings(made, "ACC-01")
    assert (warned["severity"], warned["verdict"]) == ("warning", "broken")
    done(put_to_use(at, system, "2026-10-01"))
    done(accept(builder, made, trial_until="2026-10-01"))
    assert at.findings(made, "ACC-01") == []


def test_a_system_without_a_project_above_all_an_old_one_is_not_hindered(at: Office) -> None:
    for day in ("2011-05-01", "2020-01-10", "2026-10-18"):
        assert done(put_to_use(at, at.system(name=day)["id"], day))["in_use"] == day


def test_an_old_system_that_a_project_extends_keeps_its_own_day_of_use(
    at: Office, builder: TestClient
) -> None:
    system = at.system(in_use="2015-01-01")["id"]
    project(at, builder, kind="extended", system=system, video_design="2026-05-01")
    assert done(put_to_use(at, system, "2015-02-01"))["in_use"] == "2015-02-01"
    # What is put to use after the project began is the project's.
    assert put_to_use(at, system, "2026-06-01").json()["code"] == "PRJ-002"


def test_what_was_really_used_before_it_was_accepted_is_a_finding(at: Office, builder: TestClient) -> None:
    made = project(at, builder, video_use="2026-10-02")
    (found,) = at.findings(made, "ACC-01")
    assert (found["severity"], found["verdict"]) == ("blocks", "broken")
    done(accept(builder, made, conclusion="passed", concluded="2026-10-01", trial_from="2026-08-01",
                trial_until="2026-09-05"))  # fmt: skip
    assert at.findings(made, "ACC-01") == []


def test_what_is_not_accepted_is_not_handed_over(at: Office, builder: TestClient) -> None:
    made = project(at, builder)
    assert accept(builder, made, handed_over="2026-10-10").json()["code"] == "PRJ-004"
    done(accept(builder, made, conclusion="passed", concluded="2026-10-09"))
    assert accept(builder, made, handed_over="2026-10-08").json()["code"] == "PRJ-004"
    done(accept(builder, made, handed_over="2026-10-10"))


def test_a_project_names_nothing_that_its_reader_may_not_see(at: Office, builder: TestClient) -> None:
    there = at.system(name="界外系统", division=WUCHANG)["id"]
    body = {"name": "项目", "kind": "new", "division": JIANGXIA, "organisation": SCHOOL, "system": there}
    assert builder.post("/api/v1/projects", json=body).status_code == 404
    wide = at.whole.client_of(at.whole.person("wide", "builder")[0])
    made = done(wide.post("/api/v1/projects", json=body))
    assert made["system_name"] == "界外系统"
    seen = done(builder.get(f"/api/v1/projects/{made['id']}"))
    assert (seen["system"], seen["system_name"]) == (None, "")
