"""Systems and places that leave the register: what has to be done before, and that nothing of them goes away."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mingjing.kernel.db import Database
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, SCHOOL

GONE = {"reason": "校区搬迁"}


@pytest.fixture
def database_url(laid_sqlite: Path, tmp_path: Path) -> str:
    """The address of a database with its tables and no row."""
    shutil.copyfile(laid_sqlite, tmp_path / "mingjing.sqlite3")
    return f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


def ended(at: Office, kind: str, identifier: str) -> Any:
    return at.clerk.post(f"/api/v1/{kind}/{identifier}/ending", json=GONE)


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def listed(at: Office, kind: str, more: str = "") -> list[str]:
    return [one["id"] for one in done(at.clerk.get(f"/api/v1/{kind}?{more}"))["items"]]


def test_a_system_that_is_filed_leaves_after_its_dismantling_was_submitted(at: Office) -> None:
    system = at.filed()
    assert refused(ended(at, "systems", system)) == (409, "SYM-004"), "it stands"
    at.on(date(2026, 11, 1))
    done(at.clerk.patch(f"/api/v1/systems/{system}", json={"dismantle_planned": "2026-11-20"}))
    at.on(date(2026, 11, 20))
    done(at.clerk.patch(f"/api/v1/systems/{system}", json={"dismantled": "2026-11-20"}))
    answer = ended(at, "systems", system)
    assert refused(answer) == (409, "FIL-008")
    (dismantling,) = [one for one in at.filings(system) if one["kind"] == "dismantling"]
    assert dismantling["number"] in answer.json()["detail"]
    at.submit(dismantling["id"])
    assert done(ended(at, "systems", system))["ended_us"] is not None
    assert refused(ended(at, "systems", system)) == (409, "SYM-003")
    assert refused(at.clerk.patch(f"/api/v1/systems/{system}", json={"note": "x"})) == (409, "SYM-003")


def test_what_has_left_stays_readable_and_is_listed_where_it_is_asked_for_alone_or_with_the_others(
    at: Office,
) -> None:
    system, other = at.system(in_use=None)["id"], at.system(name="新系统", in_use=None)["id"]
    done(ended(at, "systems", system))
    assert listed(at, "systems") == [other]
    assert listed(at, "systems", "life=ended") == [system]
    assert sorted(listed(at, "systems", "life=all")) == sorted([system, other])
    assert done(at.clerk.get(f"/api/v1/systems/{system}"))["name"] == "实验小学校园安全系统"
    newest = at.clerk.get(f"/api/v1/systems/{system}/changes").json()[0]
    assert (newest["what"], newest["after"]) == ("end", {"ended": True, "reason": "校区搬迁"})
    assert at.findings(system, "SCOPE-01") == []


def test_a_system_that_has_to_be_filed_and_never_was_stays(at: Office) -> None:
    system = at.system(in_use="2026-08-01")["id"]
    done(at.clerk.patch(f"/api/v1/systems/{system}", json={"dismantled": "2026-10-01"}))
    for filing in at.filings(system):
        done(at.clerk.post(f"/api/v1/filings/{filing['id']}/steps", json={"to": "withdrawn", "note": "x"}))
    assert refused(ended(at, "systems", system)) == (409, "FIL-008")


def test_a_system_of_no_public_place_leaves_without_any_filing(at: Office) -> None:
    system = at.system(in_use="2026-09-01", regime="non_public", category="")["id"]
    done(at.clerk.patch(f"/api/v1/systems/{system}", json={"dismantled": "2026-10-01"}))
    done(ended(at, "systems", system))


def test_a_system_with_cameras_stays_and_takes_none_once_it_has_left(at: Office) -> None:
    system = at.system(in_use=None)["id"]
    channel = at.whole.recorder.town.add("大门").row.id
    dossier = f"/api/v1/cameras/{channel}/dossier"
    done(at.clerk.patch(dossier, json={"system": system}))
    answer = ended(at, "systems", system)
    assert refused(answer) == (409, "SYM-004")
    assert "1 台" in answer.json()["detail"]
    done(at.clerk.patch(dossier, json={"system": None}))
    done(ended(at, "systems", system))
    assert refused(at.clerk.patch(dossier, json={"system": system})) == (409, "SYM-003")


def test_a_place_leaves_once_no_system_serves_it_and_no_camera_covers_it(at: Office) -> None:
    place = done(
        at.clerk.post(
            "/api/v1/places",
            json={
                "name": "旧校区", "division": JIANGXIA, "organisation": SCHOOL, "category": "residential",
                "longitude": 114.3, "latitude": 30.3, "positions": [{"kind": "entrance", "name": "大门"}],
            },
        )
    )  # fmt: skip
    sign = {"kind": "sign_check", "subject_kind": "place", "subject": place["id"], "cycle_days": 30}
    done(at.clerk.post("/api/v1/rounds", json=sign))
    system = at.system(in_use=None, place=place["id"])["id"]
    channel = at.whole.recorder.town.add("大门").row.id
    done(at.clerk.patch(f"/api/v1/cameras/{channel}/dossier", json={"position": place["positions"][0]["id"]}))
    assert len(at.findings(place["id"], "COV-01")) == 1
    answer = ended(at, "places", place["id"])
    assert refused(answer) == (409, "PLC-005")
    assert "实验小学校园安全系统" in answer.json()["detail"]
    done(ended(at, "systems", system))
    assert refused(ended(at, "places", place["id"])) == (409, "PLC-005")
    done(at.clerk.patch(f"/api/v1/cameras/{channel}/dossier", json={"position": None}))
    done(ended(at, "places", place["id"]))
    assert [listed(at, "places", f"life={life}") for life in ("ended", "all")] == [[place["id"]]] * 2
    assert listed(at, "places") == []
    assert at.findings(place["id"], "COV-01") == []
    assert listed(at, "rounds", f"subject={place['id']}") == []
    other = at.system(name="新系统")["id"]
    for answer in (
        at.clerk.patch(f"/api/v1/places/{place['id']}", json={"note": "x"}),
        at.clerk.patch(f"/api/v1/systems/{other}", json={"place": place["id"]}),
    ):
        assert refused(answer) == (409, "PLC-004")
