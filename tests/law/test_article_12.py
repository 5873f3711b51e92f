"""Hubei Order 361, Article 12: who runs and maintains a system follows from who paid for it.

State Council Order 799, Article 15: it is maintained, and runs continuously and stably.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mingjing.audit.service import SYSTEM
from mingjing.kernel.clock import HOUR_US, MINUTE_US
from mingjing.kernel.db import Database
from mingjing.recording.events import GapEnded, GapLasts
from mingjing.territory.service import Entry, enter
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, POLICE, SCHOOL


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


@pytest.mark.parametrize(
    ("funding", "units"),
    [("government_built", [SCHOOL]), ("government_leased", [POLICE]), ("other", [POLICE, SCHOOL]), ("", [])],
)
def test_the_unit_that_maintains_follows_from_the_funding(at: Office, funding: str, units: list[str]) -> None:
    body: dict[str, Any] = {"funding": funding, "building_unit": POLICE, "maintainer": None}
    system = at.system(**body)
    duty = system["duty"]
    assert (duty["units"], duty["met"]) == (units, False)
    assert duty["basis"] == ["湖北令361 第十二条"]
    verdicts = [one["verdict"] for one in at.findings(system["id"], "MAINT-01")]
    assert verdicts == (["broken"] if units else ["unknown"])
    if units:
        named = done(at.clerk.patch(f"/api/v1/systems/{system['id']}", json={"maintainer": units[0]}))
        assert named["duty"]["met"]
        assert at.findings(system["id"], "MAINT-01") == []


def test_another_province_is_not_judged_by_hubeis_order(at: Office) -> None:
    with at.whole.database.transaction() as tx:
        enter(tx, SYSTEM, Entry("110000", "北京市"))
        enter(tx, SYSTEM, Entry("110101", "东城区"))
    system = at.system(division="110101", in_use="2026-10-18")
    assert system["duty"] is None
    assert at.findings(system["id"], "MAINT-01") == []
    (filing,) = at.filings(system["id"])
    clock = done(at.clerk.get(f"/api/v1/filings/{filing['id']}"))["clock"]
    assert (clock["basis"], clock["carried"]) == (["国令799 第十四条"], False)


def contract(at: Office, system: str, **members: Any) -> dict[str, Any]:
    """A maintenance contract of the school with the police's own maintainers: 2 hours and 24."""
    body = {
        "name": "视频运维", "division": JIANGXIA, "organisation": SCHOOL, "maintainer": POLICE, "systems": [system],
        "since": "2026-01-01", "until": "2026-12-31", "response_hours": 2, "repair_hours": 24,
    }  # fmt: skip
    return done(at.clerk.post("/api/v1/contracts", json=body | members))


def maintainer(at: Office, account: str = "m", unit: str = POLICE) -> TestClient:
    """Somebody of a maintaining unit, whose right ends with its own orders."""
    return at.whole.client_of(at.whole.person(account, "maintainer", unit=unit, organisation=unit)[0])


def report(at: Office, system: str, **members: Any) -> dict[str, Any]:
    body = {"system": system, "cause": "picture", "description": "大门画面模糊"}
    return done(at.clerk.post("/api/v1/orders", json=body | members))


def test_a_fault_is_responded_to_repaired_and_confirmed_by_another_person(at: Office) -> None:
    system = at.system()["id"]
    agreed = contract(at, system)
    order = report(at, system)
    assert (order["number"], order["contract"], order["maintainer"]) == ("WX-2026-0001", agreed["id"], POLICE)
    assert order["respond_by_us"] - order["opened_us"] == 2 * HOUR_US
    assert order["repair_by_us"] - order["opened_us"] == 24 * HOUR_US
    worker = maintainer(at)
    work, steps = f"/api/v1/orders/{order['id']}/work", f"/api/v1/orders/{order['id']}/steps"
    assert worker.post(work, json={"to": "repaired"}).json()["code"] == "ORD-001", "nobody has responded yet"
    at.clock.advance(MINUTE_US)
    done(worker.post(work, json={"to": "responded", "note": "已派工"}))
    at.clock.advance(MINUTE_US)
    repaired = done(worker.post(work, json={"to": "repaired"}))
    assert (repaired["responded_us"], repaired["repaired_us"]) == (
        order["opened_us"] + MINUTE_US,
        order["opened_us"] + 2 * MINUTE_US,
    )
    assert worker.post(steps, json={"to": "confirmed"}).status_code == 403
    back = done(at.clerk.post(steps, json={"to": "responded", "note": "仍然模糊"}))
    assert (back["state"], back["repaired_us"]) == ("responded", None)
    done(worker.post(work, json={"to": "repaired"}))
    over = done(at.clerk.post(steps, json={"to": "confirmed"}))
    assert [one["state"] for one in over["steps"]] == [
        "opened", "responded", "repaired", "responded", "repaired", "confirmed",
    ]  # fmt: skip
    assert at.findings(system, "MAINT-02") == []


def test_nobody_confirms_their_own_repair(at: Office) -> None:
    order = report(at, at.system()["id"])
    both = at.whole.client_of(at.whole.person("both", "operator_admin")[0])
    for to in ("responded", "repaired"):
        done(both.post(f"/api/v1/orders/{order['id']}/work", json={"to": to}))
    steps = f"/api/v1/orders/{order['id']}/steps"
    refused = both.post(steps, json={"to": "confirmed"})
    assert (refused.status_code, refused.json()["code"]) == (403, "ORD-002")
    done(at.clerk.post(steps, json={"to": "confirmed"}))


def test_response_and_repair_beyond_the_terms_are_found_and_settled_as_late(at: Office) -> None:
    system = at.system()["id"]
    contract(at, system)
    order = report(at, system)
    (pending,) = at.findings(system, "MAINT-02")
    assert (pending["verdict"], pending["severity"]) == ("pending", "violation")
    assert pending["basis"] == ["湖北令361 第十二条", "国令799 第十五条第一款"]
    at.on(date(2026, 10, 21))
    (broken,) = at.findings(system, "MAINT-02")
    assert (broken["verdict"], broken["message"]) == (
        "broken",
        "运维单 WX-2026-0001 应于 2026-10-18 前响应。",
    )
    worker = maintainer(at)
    for to in ("responded", "repaired"):
        done(worker.post(f"/api/v1/orders/{order['id']}/work", json={"to": to}))
    assert at.findings(system, "MAINT-02") == []
    (late,) = at.findings(system, "MAINT-02", "cured")
    assert (late["verdict"], late["late_days"]) == ("late", 2)


def test_a_system_of_another_regime_breaks_a_contract_and_no_law(at: Office) -> None:
    system = at.system(regime="art9", duty_basis="物业服务合同")["id"]
    report(at, system)
    (found,) = at.findings(system, "MAINT-02")
    assert found["severity"] == "warning"
    assert found["due"] == "2026-10-19", "without a contract our own 24 hours run"


def test_a_maintainer_sees_and_works_its_own_orders_and_no_others(at: Office) -> None:
    keeper = at.whole.client_of(at.whole.person("keeper", "system_admin")[0])
    other = done(keeper.post("/api/v1/organisations", json={"name": "另一维护公司", "kind": "maintenance"}))[
        "id"
    ]
    system = at.system()["id"]
    contract(at, system)
    order = report(at, system)
    own, foreign = maintainer(at), maintainer(at, "f", other)
    assert [one["id"] for one in done(own.get("/api/v1/orders"))["items"]] == [order["id"]]
    assert done(own.get("/api/v1/contracts"))["total"] == 1
    assert (
        done(foreign.get("/api/v1/orders"))["total"],
        done(foreign.get("/api/v1/contracts"))["total"],
    ) == (0, 0)
    assert foreign.get(f"/api/v1/orders/{order['id']}").status_code == 404
    assert foreign.post(f"/api/v1/orders/{order['id']}/work", json={"to": "responded"}).status_code == 404
    assert (
        own.post("/api/v1/orders", json={"system": system, "cause": "other", "description": "x"}).status_code
        == 403
    )


def test_a_lost_stream_opens_an_order_once_and_closes_it_where_nobody_had_come(at: Office) -> None:
    system = at.system()["id"]
    camera = at.whole.recorder.town.add().row.id
    done(at.clerk.patch(f"/api/v1/cameras/{camera}/dossier", json={"system": system}))
    stranger = at.whole.recorder.town.add("无系统摄像机").row.id

    def say(*events: object) -> list[dict[str, Any]]:
        with at.whole.database.transaction() as tx:
            for one in events:
                tx.publish(one)
        return list(done(at.clerk.get("/api/v1/orders"))["items"])

    now = at.clock.now_us()
    lost = GapLasts(camera, f"{camera}.main", now, "path_network", None)
    assert say(GapLasts(stranger, f"{stranger}.main", now, "path_network", None)) == []
    (order,) = say(lost, lost)
    assert (order["cause"], order["camera"], order["state"]) == ("stream_lost", camera, "opened")
    (again,) = say(GapEnded(camera, f"{camera}.main", now))
    assert again["state"] == "recovered"
    assert at.findings(system, "MAINT-02") == []
    second = next(one for one in say(lost) if one["state"] == "opened")
    done(maintainer_of(at).post(f"/api/v1/orders/{second['id']}/work", json={"to": "responded"}))
    kept = next(one for one in say(GapEnded(camera, f"{camera}.main", now)) if one["id"] == second["id"])
    assert kept["state"] == "responded", "somebody is on the way: people close it"


def maintainer_of(at: Office) -> TestClient:
    return at.whole.client_of(at.whole.person("any", "maintainer")[0])


def test_while_an_outage_is_planned_no_order_is_opened(at: Office) -> None:
    system = at.system()["id"]
    camera = at.whole.recorder.town.add().row.id
    done(at.clerk.patch(f"/api/v1/cameras/{camera}/dossier", json={"system": system}))
    now = at.clock.now_us()
    outage = {"system": system, "from_us": now, "until_us": now + HOUR_US, "reason": "更换交换机"}
    crossed = at.clerk.post("/api/v1/outages", json=outage | {"until_us": now})
    assert (crossed.status_code, crossed.json()["code"]) == (422, "ORD-004")
    done(at.clerk.post("/api/v1/outages", json=outage))
    with at.whole.database.transaction() as tx:
        tx.publish(GapLasts(camera, f"{camera}.main", now, "path_network", None))
    assert done(at.clerk.get("/api/v1/orders"))["total"] == 0
    planned = at.clerk.get(f"/api/v1/systems/{system}/outages").json()
    assert [one["reason"] for one in planned] == ["更换交换机"]


def test_a_camera_of_another_system_is_not_reported_under_this_one(at: Office) -> None:
    camera = at.whole.recorder.town.add().row.id
    body = {"system": at.system()["id"], "camera": camera, "cause": "power", "description": "x"}
    refused = at.clerk.post("/api/v1/orders", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "ORD-003")
