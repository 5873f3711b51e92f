"""A change filing from the dossier that demands it to its acceptance, by those who do each part of it: the clerk who keeps the
dossier, the second one who checks, the officer of the organ who returns and accepts. Order 799, article 14."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mingjing.kernel.db import Database
from tests.law.office import FORM, Office, done, office
from tests.places import JIANGXIA, WUCHANG

ORGAN = {"name": "江夏区公安分局", "kind": "public_security", "level": "county", "division": JIANGXIA}


@pytest.fixture
def database_url(laid_sqlite: Path, tmp_path: Path) -> str:
    """The address of a database with its tables and no row."""
    shutil.copyfile(laid_sqlite, tmp_path / "mingjing.sqlite3")
    return f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


def organ(at: Office, **members: Any) -> str:
    """A public security organ, as the keeper of the units registers it."""
    keeper = at.whole.client_of(
        at.whole.person("keeper-" + (members or ORGAN)["division"], "system_admin")[0]
    )
    made: str = done(keeper.post("/api/v1/organisations", json=ORGAN | members))["id"]
    return made


class Case:
    """The system whose dossier changes, its one camera, and the officers of its own organ and of the neighbouring one."""

    def __init__(self, at: Office) -> None:
        self._at = at
        units = organ(at), organ(at, name="武昌区公安分局", division=WUCHANG)
        self._officers = [
            at.whole.person(account, "public_security", unit=unit, division=division)[0]
            for account, unit, division in zip(
                ("officer", "neighbour"), units, (JIANGXIA, WUCHANG), strict=True
            )
        ]
        self.system = at.system()["id"]
        self.camera = at.whole.recorder.town.add().row.id
        self.write(system=self.system, camera_type="2")
        at.file(self.system)

    def officer(self, which: int = 0) -> TestClient:
        return self._at.whole.client_of(self._officers[which])

    def write(self, **members: Any) -> None:
        """The clerk writes into the camera's dossier."""
        done(self._at.clerk.patch(f"/api/v1/cameras/{self.camera}/dossier", json=members))

    def changes(self) -> list[dict[str, Any]]:
        """The change filings of the system."""
        return [one for one in self._at.filings(self.system) if one["kind"] == "change"]

    def owed(self) -> list[tuple[str, str]]:
        """What is held against the system for its change, and until when."""
        return [(one["verdict"], one["due"]) for one in self._at.findings(self.system, "FILE-03")]


def test_a_change_goes_from_the_dossier_through_a_return_to_its_acceptance(at: Office) -> None:
    case = Case(at)
    at.on(date(2026, 11, 1))

    # What the form does not hold owes nothing; what it holds opens the filing by itself.
    case.write(height_m=4.5)
    assert (case.changes(), case.owed()) == ([], [])
    case.write(camera_type="3")
    (change,) = case.changes()
    assert (change["state"], change["trigger"], change["due"]) == ("preparing", "2026-11-01", "2026-12-01")
    assert case.owed() == [("pending", "2026-12-01")]
    owed = done(at.clerk.get("/api/v1/filings?state=owed"))["items"]
    assert [one["id"] for one in owed] == [change["id"]]
    address, decision = f"/api/v1/filings/{change['id']}", f"/api/v1/filings/{change['id']}/decision"
    accepted = {"to": "accepted", "official_number": "420115-2026-00231"}

    # Prepared: the form begins with what the register says by now, and says what demanded it.
    whole = done(at.clerk.get(address))
    assert (whole["content"]["device_types"], whole["organ"]) == ("固定枪机 1", "江夏区公安分局")
    assert [one["name"] for one in whole["changes"]] == ["device_types"]
    assert case.officer().post(decision, json=accepted).json()["code"] == "FIL-001", "nothing was submitted"
    done(at.clerk.patch(address, json={"content": FORM | {"device_types": "固定枪机 1", "handler": ""}}))
    refused = at.clerk.post(f"{address}/steps", json={"to": "checking"})
    assert (refused.status_code, refused.json()["code"]) == (409, "FIL-002")
    assert "经办人" in refused.json()["detail"]
    done(at.clerk.patch(address, json={"content": {"handler": "王敏"}}))
    done(at.clerk.post(f"{address}/steps", json={"to": "checking"}))

    # Checked and submitted by another person; what the organ has got is not owed.
    at.on(date(2026, 11, 10))
    own = at.clerk.post(f"{address}/steps", json={"to": "submitted"})
    assert own.json()["code"] == "FIL-003"
    sent = done(at.second.post(f"{address}/steps", json={"to": "submitted"}))
    assert (sent["state"], sent["submitted"]) == ("submitted", "2026-11-10")
    assert case.owed() == []
    assert at.clerk.patch(address, json={"content": {"handler": "李"}}).json()["code"] == "FIL-001"

    # The organ of the place decides, and nobody else does: it returns the form, which is owed again, until the same day.
    returned = {"to": "returned", "note": "缺设备类型说明"}
    assert case.officer(1).post(decision, json=returned).status_code == 404
    assert at.clerk.post(decision, json=returned).status_code == 403
    at.on(date(2026, 11, 12))
    back = done(case.officer().post(decision, json=returned))
    assert (back["state"], back["steps"][-1]["note"], back["steps"][-1]["who_name"]) == (
        "returned",
        "缺设备类型说明",
        "officer",
    )
    assert case.owed() == [("pending", "2026-12-01")]

    # Corrected: checked and submitted anew.
    corrected = {"content": {"device_types": "固定枪机 1（东门）"}}
    done(at.clerk.patch(address, json=corrected))
    done(at.clerk.post(f"{address}/steps", json={"to": "checking"}))
    at.on(date(2026, 11, 20))
    done(at.second.post(f"{address}/steps", json={"to": "submitted"}))
    assert case.owed() == []

    # Accepted: the demand is settled, once, and in time.
    at.on(date(2026, 11, 24))
    kept = done(case.officer().post(decision, json=accepted))
    assert (kept["state"], kept["official_number"], kept["organ"]) == (
        "accepted",
        "420115-2026-00231",
        "江夏区公安分局",
    )
    assert [one["state"] for one in kept["steps"]] == [
        "preparing", "checking", "submitted", "returned", "checking", "submitted", "accepted",
    ]  # fmt: skip
    at.on(date(2026, 12, 20))
    assert case.owed() == []
    (settled,) = at.findings(case.system, "FILE-03", "cured")
    assert (settled["verdict"], settled["late_days"]) == ("pending", None)
    assert done(at.clerk.get("/api/v1/filings?state=open"))["total"] == 0
    assert len(case.changes()) == 1

    # What was accepted is what the next change is held against.
    case.write(camera_type="2")
    assert [one["state"] for one in case.changes()] == ["accepted", "preparing"]
    assert case.owed() == [("pending", "2027-01-19")]


def test_a_return_that_is_not_corrected_by_the_day_is_broken_and_is_settled_as_late(at: Office) -> None:
    case = Case(at)
    at.on(date(2026, 11, 1))
    case.write(camera_type="3")
    (change,) = case.changes()
    decision = f"/api/v1/filings/{change['id']}/decision"
    at.on(date(2026, 11, 28))
    at.submit(change["id"])
    done(case.officer().post(decision, json={"to": "returned", "note": "缺位置外廓"}))
    at.on(date(2026, 12, 2))
    assert case.owed() == [("broken", "2026-12-01")]
    at.submit(change["id"])
    assert case.owed() == [("broken", "2026-12-01")], "owed until the organ accepts it"
    done(case.officer().post(decision, json={"to": "accepted", "official_number": "420115-2026-00232"}))
    assert case.owed() == []
    settled = at.findings(case.system, "FILE-03", "cured")
    assert [one["late_days"] for one in settled if one["verdict"] == "late"] == [1]
