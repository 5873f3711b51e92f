"""Article 5: each organ has its own territory. No query of any kind shows a record outside of it, read from the program's
own list of routes, so that one that is added is asked, too."""

import re
from pathlib import Path
from typing import Any

import pytest

from mingjing.identity.access import Required
from mingjing.identity.roles import ROLES
from mingjing.kernel.db import Database
from mingjing.web.surface import doors
from tests.contract import contract
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, POLICE, SCHOOL, WUCHANG

MARK = "界外"
ABSENT = "zz_aaaaaaaaaaaa"


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


def _outside(at: Office) -> dict[str, str]:
    """One record of every kind in the other district, by the name of the parameter that takes it."""
    channel = at.whole.recorder.town.add(f"{MARK}摄像机", division=WUCHANG).row.id
    place = done(
        at.clerk.post(
            "/api/v1/places",
            json={
                "name": f"{MARK}场所", "division": WUCHANG, "organisation": SCHOOL, "category": "residential",
                "positions": [{"kind": "entrance", "name": f"{MARK}大门"}],
            },
        )
    )["id"]  # fmt: skip
    system = at.system(name=f"{MARK}系统", division=WUCHANG, in_use="2026-10-18", place=place)["id"]
    done(at.clerk.patch(f"/api/v1/cameras/{channel}/dossier", json={"system": system}))
    filing = at.filings(system)[0]["id"]
    zone = done(
        at.clerk.post(
            "/api/v1/forbidden-places",
            json={
                "name": f"{MARK}单位周边", "kind": "secret_neighbour", "division": WUCHANG, "organisation": SCHOOL,
                "longitude": 114.3, "latitude": 30.5, "radius_m": 50,
            },
        )
    )["id"]  # fmt: skip
    consent = done(
        at.clerk.post(
            "/api/v1/secret-consents", json={"zone": zone, "name": f"{MARK}复函", "given": "2026-10-01"}
        )
    )["id"]
    suspected = at.whole.recorder.town.add(f"{MARK}更衣室", division=WUCHANG).row.id
    decision = done(at.clerk.get(f"/api/v1/decisions?subject={suspected}"))["items"][0]["id"]
    sign = {"kind": "sign_check", "subject_kind": "place", "subject": place, "cycle_days": 365}
    round_ = done(at.clerk.post("/api/v1/rounds", json=sign))["id"]
    result = done(at.clerk.post(f"/api/v1/rounds/{round_}/results", json={"outcome": "found", "note": MARK}))
    finding = at.findings(system, "FILE-01")[0]["id"]
    planner = at.whole.client_of(at.whole.person("planner", "planner")[0])
    plan = done(
        planner.post(
            "/api/v1/construction-plans",
            json={
                "name": f"{MARK}规划", "division": WUCHANG, "organisation": SCHOOL, "since": "2026-01-01",
                "until": "2026-12-31",
            },
        )
    )["id"]  # fmt: skip
    project = done(
        planner.post(
            "/api/v1/projects",
            json={"name": f"{MARK}项目", "kind": "new", "division": WUCHANG, "organisation": SCHOOL},
        )
    )["id"]
    ids = {
        "channel": channel, "place": place, "system": system, "filing": filing, "finding": finding,
        "forbidden_place": zone, "consent": consent, "decision": decision, "round": round_,
        "construction_plan": plan, "project": project, "result": result["results"][0]["id"],
    }  # fmt: skip
    where = {"division": WUCHANG, "organisation": SCHOOL}
    terms = {"since": "2026-01-01", "until": "2026-12-31", "response_hours": 2, "repair_hours": 24}
    for name, path, body in (
        ("order", "orders", {"system": system, "camera": channel, "cause": "picture", "description": MARK}),
        (
            "contract",
            "contracts",
            {"name": f"{MARK}合同", "maintainer": POLICE, "systems": [system]} | terms | where,
        ),
        ("staff", "staff", {"name": f"{MARK}人员", "post": "watch", "system": system} | where),
        (
            "agreement",
            "agreements",
            {"name": f"{MARK}协议", "contractor": POLICE, "work": "operation", "until": "2026-12-31"} | where,
        ),
    ):
        ids[name] = done(at.clerk.post(f"/api/v1/{path}", json=body))["id"]
    return ids


def _address(path: str, ids: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], ABSENT), path)


@pytest.mark.parametrize(
    ("role", "least"), [("filing_clerk", 60), ("operator_admin", 60), ("maintainer", 40)]
)
def test_nothing_outside_ones_territory_is_read_by_any_route(at: Office, role: str, least: int) -> None:
    ids = _outside(at)
    user, _ = at.whole.person(f"inside-{role.replace('_', '-')}", role, division=JIANGXIA)
    client = at.whole.client_of(user)
    held = contract(at.whole.app)

    def told(path: str) -> dict[str, Any]:
        found = held.operation("GET", path)
        assert found is not None, path
        return found

    outside = ids | {"q": MARK, "under": WUCHANG, "subject": ids["channel"]}
    asked = 0
    for door in doors(at.whole.app):
        demand = door.demand
        if (
            door.method != "GET"
            or not isinstance(demand, Required)
            or demand.action not in ROLES[role].actions
        ):
            continue
        answers = [client.get(_address(door.path, ids))]
        if not re.search(r"\{", door.path):
            taken = {one["name"] for one in told(door.path).get("parameters", ())}
            answers += [
                client.get(door.path, params={name: one}) for name, one in outside.items() if name in taken
            ]
        for answer in answers:
            asked += 1
            # A problem names the address that was asked.
            text = answer.content.decode("utf-8", "replace").replace(answer.request.url.path, "")
            assert MARK not in text, (door.path, text[:300])
            assert answer.request.url.query or not any(one in text for one in ids.values()), door.path
        if any(f"{{{name}}}" in door.path for name in ids):
            assert answers[0].status_code == 404, door.path
            absent = client.get(_address(door.path, {}))
            assert absent.json() | {"instance": ""} == answers[0].json() | {"instance": ""}, door.path
    assert asked > least


WRITES: list[tuple[str, str, dict[str, Any]]] = [
    ("PATCH", "/systems/{system}", {"note": "x"}),
    ("PATCH", "/places/{place}", {"note": "x"}),
    ("POST", "/systems/{system}/ending", {"reason": "x"}),
    ("POST", "/places/{place}/ending", {"reason": "x"}),
    ("PATCH", "/cameras/{channel}/dossier", {"height_m": 3}),
    ("POST", "/cameras/{channel}/sign/checks", {"day": "2026-10-18", "state": "present"}),
    ("PATCH", "/filings/{filing}", {"content": {}}),
    ("POST", "/filings/{filing}/steps", {"to": "withdrawn"}),
    ("POST", "/filings/{filing}/receipts", {}),
    ("POST", "/filings/{filing}/documents/{document}/aside", {"reason": "x"}),
    ("POST", "/findings/{finding}/acknowledgement", {"reason": "x"}),
    ("PATCH", "/construction-plans/{construction_plan}", {"note": "x"}),
    ("POST", "/construction-plans/{construction_plan}/items", {"name": "x"}),
    ("POST", "/construction-plans/{construction_plan}/steps", {"to": "submitted"}),
    ("PATCH", "/projects/{project}", {"note": "x"}),
    ("PATCH", "/projects/{project}/acceptance", {"conclusion": ""}),
    ("POST", "/projects/{project}/files?name=x.pdf", {}),
    ("POST", "/filings", {"system": "{system}", "kind": "change"}),
    ("PATCH", "/forbidden-places/{forbidden_place}", {"note": "x"}),
    ("POST", "/forbidden-places/{forbidden_place}/ending", {"reason": "x"}),
    ("POST", "/secret-consents", {"zone": "{forbidden_place}", "name": "x", "given": "2026-10-01"}),
    ("PATCH", "/secret-consents/{consent}", {"points": "x"}),
    ("POST", "/decisions/{decision}/answer", {"state": "allowed", "reason": "x"}),
    ("POST", "/decisions/{decision}/mask", {"day": "2026-10-18"}),
    ("PATCH", "/rounds/{round}", {"cycle_days": 2}),
    ("POST", "/rounds/{round}/results", {"outcome": "nothing"}),
    ("POST", "/rounds/{round}/results/{result}/report", {"reported": "2026-10-18", "reported_to": "x"}),
    ("POST", "/rounds/{round}/ending", {}),
    (
        "POST",
        "/rounds",
        {"kind": "sign_check", "subject_kind": "place", "subject": "{place}", "cycle_days": 1},
    ),
    ("POST", "/orders", {"system": "{system}", "cause": "picture", "description": "x"}),
    ("POST", "/orders/{order}/steps", {"to": "withdrawn"}),
    ("POST", "/outages", {"system": "{system}", "from_us": 1, "until_us": 2, "reason": "x"}),
    ("PATCH", "/contracts/{contract}", {"note": "x"}),
    ("PATCH", "/staff/{staff}", {"note": "x"}),
    ("PATCH", "/agreements/{agreement}", {"note": "x"}),
]


def test_nothing_outside_ones_territory_is_written_or_named(at: Office) -> None:
    ids = _outside(at)
    client = at.whole.client_of(at.whole.person("inside", "operator_admin", division=JIANGXIA)[0])
    for method, path, body in WRITES:
        given = {
            name: _address(value, ids) if isinstance(value, str) else value for name, value in body.items()
        }
        answer = client.request(method, f"/api/v1{_address(path, ids)}", json=given)
        assert (answer.status_code, answer.json()["code"]) == (404, "REQ-404"), (path, answer.text)
    own = done(
        client.post("/api/v1/systems", json={"name": "内", "division": JIANGXIA, "organisation": SCHOOL})
    )["id"]
    for member, value in (("place", ids["place"]), ("division", WUCHANG)):
        answer = client.patch(f"/api/v1/systems/{own}", json={member: value})
        assert answer.status_code == 404, (member, answer.text)
