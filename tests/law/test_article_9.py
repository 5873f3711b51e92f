"""Hubei Order 361, Article 9, paragraph 1: what is built follows the rules of state and province and the standards of the
trade; what is accepted says by which, and how each of them was checked.

State Council Order 799, Article 11: designed, built, inspected and accepted by the standards, with an archive of each.

Paragraph 2: a camera's position is fixed, its range of view relatively fixed, and it has a conspicuous sign. State Council
Order 799, Article 13: the sign; Article 23: nobody moves a camera of Article 7 without right.
"""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from mingjing.kernel.db import Database
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, SCHOOL

GROUPS = ("design", "construction", "inspection", "acceptance")
STANDS = {"longitude": 114.3213, "latitude": 30.3755, "azimuth": 90.0, "tilt": 10.0}
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
        {"group": "design", "title": "图纸", "dated": None, "size_bytes": 12, "sha256": DIGEST, "kept": False}
    ]


def picture(form: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (30, 90, 160)).save(out, form)
    return out.getvalue()


class TestFixedPlaceFixedViewAndSign:
    """Article 9, paragraph 2, of one camera in use at the school's gate."""

    @pytest.fixture
    def camera(self, at: Office) -> str:
        channel = at.whole.recorder.town.add().row.id
        system = at.system(in_use="2026-10-18")["id"]
        self.write(at, channel, system=system, in_use="2026-10-18", **STANDS)
        return channel

    def write(self, at: Office, channel: str, **members: Any) -> dict[str, Any]:
        return done(at.clerk.patch(f"/api/v1/cameras/{channel}/dossier", json=members))

    def keep_baseline(self, at: Office, channel: str) -> dict[str, Any]:
        """An operator who may see the picture keeps it: one act."""
        at.whole.recorder.town.node.key_frames[f"{channel}.main"] = picture()
        operator = at.whole.client_of(at.whole.person(f"op{at.clock.now_us()}", "operator_admin")[0])
        return done(operator.post(f"/api/v1/cameras/{channel}/baseline"))

    def verdicts(self, at: Office, channel: str, rule: str) -> list[str]:
        return [one["verdict"] for one in at.findings(channel, rule)]

    def test_without_a_baseline_picture_nobody_can_say_that_the_view_is_fixed(
        self, at: Office, camera: str
    ) -> None:
        assert self.verdicts(at, camera, "FIX-01") == ["unknown"]
        kept = self.keep_baseline(at, camera)["baseline"]
        assert (kept["shift_m"], kept["turn_degrees"]) == (0.0, 0.0)
        assert kept["who_name"]
        assert self.verdicts(at, camera, "FIX-01") == []

    def test_a_camera_in_use_is_not_moved_without_a_reason(self, at: Office, camera: str) -> None:
        for members in ({"azimuth": 120.0}, {"longitude": 114.33}, {"tilt": 30.0}, {"azimuth": None}):
            refused = at.clerk.patch(f"/api/v1/cameras/{camera}/dossier", json=members)
            assert (refused.status_code, refused.json()["code"]) == (422, "DOS-004"), members
        assert "移位" in refused.json()["remedy"]
        assert self.write(at, camera, height_m=5.0)["moved"] is None

    def test_a_move_is_kept_with_who_when_and_why_and_wants_a_new_baseline(
        self, at: Office, camera: str
    ) -> None:
        self.keep_baseline(at, camera)
        moved = self.write(at, camera, azimuth=120.0, move_reason="校门改建，立杆东移")
        assert moved["moved"] == "2026-10-18"
        (change, *_) = at.clerk.get(f"/api/v1/cameras/{camera}/dossier/changes").json()
        assert (change["what"], change["before"]["azimuth"], change["after"]["azimuth"]) == (
            "move",
            90.0,
            120.0,
        )
        assert change["after"]["move_reason"] == "校门改建，立杆东移"
        (duty,) = at.findings(camera, "FIX-01")
        assert (duty["verdict"], duty["due"]) == ("pending", "2026-11-17")
        at.on(date(2026, 11, 18))
        assert self.verdicts(at, camera, "FIX-01") == ["broken"]
        self.keep_baseline(at, camera)
        assert self.verdicts(at, camera, "FIX-01") == []

    def test_what_stands_elsewhere_than_its_baseline_without_a_recorded_move_is_found(
        self, at: Office, camera: str
    ) -> None:
        self.write(at, camera, in_use=None)
        self.keep_baseline(at, camera)
        self.write(at, camera, azimuth=120.0)
        self.write(at, camera, in_use="2026-10-18")
        (finding,) = at.findings(camera, "FIX-01")
        assert (finding["verdict"], finding["basis"][0]) == ("broken", "湖北令361 第九条第二款")

    def test_a_camera_that_turns_goes_home_by_itself(self, at: Office, camera: str) -> None:
        self.write(at, camera, camera_type="3")
        assert self.verdicts(at, camera, "FIX-02") == []
        self.write(at, camera, camera_type="1")
        assert self.verdicts(at, camera, "FIX-02") == ["broken"]
        self.write(at, camera, home_preset="1", return_seconds=60)
        assert self.verdicts(at, camera, "FIX-02") == []

    def test_a_sign_is_checked_on_the_spot_photographed_and_checked_again_in_time(
        self, at: Office, camera: str
    ) -> None:
        assert self.verdicts(at, camera, "SIGN-01") == ["broken"]
        check = {"day": "2026-10-18", "state": "present", "text": "公共安全视频监控区域", "place": "门右立柱"}
        checked = done(at.clerk.post(f"/api/v1/cameras/{camera}/sign/checks", json=check))
        assert checked["sign_due"] == "2027-10-18"
        assert self.verdicts(at, camera, "SIGN-01") == ["unknown"]
        at.clerk.put(f"/api/v1/cameras/{camera}/sign/photo", content=picture("PNG"))
        assert self.verdicts(at, camera, "SIGN-01") == []
        shown = at.clerk.get(f"/api/v1/cameras/{camera}/sign/photo")
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
        done(at.clerk.post(f"/api/v1/cameras/{camera}/sign/checks", json=check | {"state": "worn"}))
        assert self.verdicts(at, camera, "SIGN-01") == ["broken"]
        log = at.clerk.get(f"/api/v1/cameras/{camera}/sign/checks").json()
        assert [(one["day"], one["state"]) for one in log] == [
            ("2026-10-18", "worn"),
            ("2026-10-18", "present"),
        ]
        done(at.clerk.post(f"/api/v1/cameras/{camera}/sign/checks", json=check))
        at.on(date(2027, 10, 19))
        assert self.verdicts(at, camera, "SIGN-01") == ["broken"]

    def test_what_is_no_photo_and_a_check_that_has_not_been_are_refused(
        self, at: Office, camera: str
    ) -> None:
        answer = at.clerk.put(f"/api/v1/cameras/{camera}/sign/photo", content=b"%PDF-1.7 not a photo")
        assert (answer.status_code, answer.json()["code"]) == (422, "DOS-006")
        wish = {"day": "2026-10-19", "state": "present"}
        answer = at.clerk.post(f"/api/v1/cameras/{camera}/sign/checks", json=wish)
        assert (answer.status_code, answer.json()["code"]) == (422, "DOS-009")

    def test_a_picture_that_was_altered_is_not_shown_as_the_baseline(self, at: Office, camera: str) -> None:
        self.keep_baseline(at, camera)
        operator = at.whole.client_of(at.whole.person("viewer", "operator_admin")[0])
        assert operator.get(f"/api/v1/cameras/{camera}/baseline").status_code == 200
        (file,) = at.whole.app.state.files.folder.glob("*/*")
        file.write_bytes(picture("PNG"))
        answer = operator.get(f"/api/v1/cameras/{camera}/baseline")
        assert (answer.status_code, answer.json()["code"]) == (410, "DOS-008")
