"""State Council Order 799, Article 10: beside a secret unit nothing is installed before that unit consents. Article 13 and
Hubei Order 361, Article 9: signs are checked in rounds, and a check is entered where the camera's dossier has it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from mingjing.kernel.db import Database
from tests.law.office import Office, done, office
from tests.law.test_article_8 import LATITUDE, LONGITUDE, TODAY, camera, place, zone
from tests.places import JIANGXIA, SCHOOL

BESIDE: dict[str, Any] = {"longitude": LONGITUDE, "latitude": LATITUDE}


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


def consent(at: Office, neighbourhood: str, given: date, **members: Any) -> dict[str, Any]:
    body = {"zone": neighbourhood, "name": "同意安装的复函", "number": "复〔2026〕3号", "given": str(given)}
    return done(at.clerk.post("/api/v1/secret-consents", json=body | members))


def test_nothing_is_installed_beside_a_secret_unit_before_it_consents(at: Office) -> None:
    secret = zone(at, "secret_neighbour", radius_m=100)["id"]
    channel = camera(at)
    refused = place(at, channel, **BESIDE)
    assert (refused.status_code, refused.json()["code"]) == (409, "FRB-002")
    assert "国令799 第十条" in refused.json()["detail"]
    consent(at, secret, TODAY - timedelta(days=1), cameras=[camera(at, "另一台")])
    assert place(at, channel, **BESIDE).json()["code"] == "FRB-002"
    consent(at, secret, TODAY - timedelta(days=1))
    done(place(at, channel, in_use=str(TODAY), **BESIDE))
    assert at.findings(channel, "SECR-01") == []


def test_a_camera_that_is_in_use_there_without_consent_is_a_violation(at: Office) -> None:
    channel = camera(at, in_use="2026-01-05", **BESIDE)
    secret = zone(at, "secret_neighbour", radius_m=100)["id"]
    (finding,) = at.findings(channel, "SECR-01")
    assert (finding["verdict"], finding["severity"], finding["basis"]) == (
        "broken",
        "violation",
        ["国令799 第十条"],
    )
    late = consent(at, secret, TODAY)
    (finding,) = at.findings(channel, "SECR-01")
    assert (finding["verdict"], finding["severity"]) == ("unknown", "warning")
    done(
        at.clerk.patch(
            f"/api/v1/secret-consents/{late['id']}", json={"given": "2025-12-01", "until": "2026-10-20"}
        )
    )
    assert at.findings(channel, "SECR-01") == []
    at.on(date(2026, 10, 21))
    assert [one["verdict"] for one in at.findings(channel, "SECR-01")] == ["broken"]


def test_only_the_neighbourhood_of_a_secret_unit_takes_a_consent(at: Office) -> None:
    body = {"zone": zone(at, "dormitory_room")["id"], "name": "复函", "given": str(TODAY)}
    assert at.clerk.post("/api/v1/secret-consents", json=body).json()["code"] == "FRB-006"


def test_a_sign_check_of_a_place_is_entered_in_the_dossiers_of_its_cameras(at: Office) -> None:
    made = done(
        at.clerk.post(
            "/api/v1/places",
            json={
                "name": "实验小学", "division": JIANGXIA, "organisation": SCHOOL, "category": "education_health_heritage",
                "positions": [{"kind": "entrance", "name": "大门"}],
            },
        )
    )  # fmt: skip
    channel = camera(at, in_use="2026-01-05", position=made["positions"][0]["id"])
    assert [one["verdict"] for one in at.findings(channel, "SIGN-01")] == ["broken"]
    wish = {"kind": "sign_check", "subject_kind": "place", "subject": made["id"], "cycle_days": 365}
    path = f"/api/v1/rounds/{done(at.clerk.post('/api/v1/rounds', json=wish))['id']}"
    assert at.clerk.post("/api/v1/rounds", json=wish).json()["code"] == "RND-001"
    done(at.clerk.post(f"{path}/results", json={"outcome": "found", "note": "大门标识脱落"}))
    assert [one["verdict"] for one in at.findings(channel, "SIGN-01")] == ["broken"]
    seen = done(at.clerk.post(f"{path}/results", json={"outcome": "nothing"}))
    assert (seen["last_done"], seen["next_due"]) == (str(TODAY), str(TODAY + timedelta(days=365)))
    # Without a photo of it nobody can say that it still is what was seen.
    assert [one["verdict"] for one in at.findings(channel, "SIGN-01")] == ["unknown"]
    at.on(TODAY + timedelta(days=360))
    assert [one["basis"] for one in at.findings(seen["id"], "SIGN-02")] == [
        ["湖北令361 第九条第二款", "国令799 第十三条"]
    ]
    assert done(at.clerk.get(f"/api/v1/cameras/{channel}/dossier"))["sign_checked"] == str(TODAY)
    assert done(at.clerk.get(f"/api/v1/cameras/{channel}/dossier"))["sign_state"] == "present"
    wrong = wish | {"subject_kind": "forbidden_place"}
    assert at.clerk.post("/api/v1/rounds", json=wrong).json()["code"] == "RND-004"
