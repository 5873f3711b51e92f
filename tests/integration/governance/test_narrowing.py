"""What each filter of a register lets through. Every parameter that a list takes is asked here: one that is added to a route
fails until it is."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mingjing.kernel.db import Database
from mingjing.web.surface import doors
from tests.contract import contract
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, POLICE, SCHOOL, WUCHANG

Case = tuple[dict[str, Any], list[str]]
"""What is asked, and the identifiers of what is listed."""
HERE = {"division": JIANGXIA, "organisation": SCHOOL}
THERE = {"division": WUCHANG, "organisation": POLICE}
CARRYING = {"limit", "after"}
"""Parameters that narrow nothing."""
ELSEWHERE = {"me/views", "journal", "alarms", "users", "reminders", "exports", "recordings/gaps"}
"""Lists that are no registers: their own rooms' tests ask them."""


@pytest.fixture
def database_url(laid_sqlite: Path, tmp_path: Path) -> str:
    """The address of a database with its tables and no row."""
    shutil.copyfile(laid_sqlite, tmp_path / "mingjing.sqlite3")
    return f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


@pytest.fixture
def keeper(at: Office) -> TestClient:
    """Somebody who keeps and reads every register."""
    return at.whole.client_of(at.whole.person("keeper", "operator_admin")[0])


def enter(client: TestClient, path: str, **members: Any) -> str:
    """Enter a record; its identifier."""
    identifier: str = done(client.post(f"/api/v1/{path}", json=members))["id"]
    return identifier


def subjects(keeper: TestClient, rule: str, verdict: str) -> list[str]:
    """Of what a rule says something, as the home page and the page of figures lead to it."""
    found = done(keeper.get("/api/v1/findings", params={"rule": rule, "verdict": verdict}))["items"]
    return sorted({one["subject"] for one in found})


def systems(at: Office, keeper: TestClient) -> Iterator[Case]:
    planned = enter(keeper, "systems", name="规划中的系统", **HERE)
    used = at.system(name="校园系统", in_use="2026-10-18", regime="art7")["id"]
    leaving = enter(keeper, "systems", name="拆除中的系统", in_use="2020-01-01", **HERE)
    done(keeper.patch(f"/api/v1/systems/{leaving}", json={"dismantle_planned": "2026-12-31"}))
    gone = enter(keeper, "systems", name="已拆除的系统", regime="art9", in_use="2020-01-01", **THERE)
    done(keeper.patch(f"/api/v1/systems/{gone}", json={"dismantled": "2026-09-01"}))
    ended = enter(keeper, "systems", name="误录的系统", **HERE)
    done(keeper.post(f"/api/v1/systems/{ended}/ending", json={"reason": "误录"}))
    yield {"q": "xiaoyuan"}, [used]
    yield {"under": WUCHANG}, [gone]
    yield {"organisation": POLICE}, [gone]
    yield {"regime": "art9"}, [gone]
    yield {"life": "planned"}, [planned]
    yield {"life": "in_use"}, [used, leaving]
    yield {"life": "dismantling"}, [leaving]
    yield {"life": "dismantled"}, [gone]
    yield {"life": "ended"}, [ended]


def places(at: Office, keeper: TestClient) -> Iterator[Case]:
    gates = [{"kind": "entrance", "name": "南门"}, {"kind": "entrance", "name": "北门"}]
    half = done(
        keeper.post(
            "/api/v1/places",
            json={"name": "半覆盖的学校", "category": "residential", "positions": gates} | HERE,
        )
    )
    covered = done(
        keeper.post(
            "/api/v1/places", json={"name": "已覆盖的小区", "category": "residential", "positions": gates[:1]} | HERE
        )
    )  # fmt: skip
    bare = enter(keeper, "places", name="车站", category="transport", **THERE)
    for position, in_use in (
        (covered["positions"][0], "2026-01-01"), (half["positions"][0], "2026-01-01"), (half["positions"][1], None),
    ):  # fmt: skip
        channel = at.whole.recorder.town.add(f"摄像机{position['id']}").row.id
        dossier = {"position": position["id"], "in_use": in_use}
        done(keeper.patch(f"/api/v1/cameras/{channel}/dossier", json=dossier))
    yield {"q": "bfgd"}, [half["id"]]
    yield {"under": WUCHANG}, [bare]
    yield {"organisation": POLICE}, [bare]
    yield {"category": "transport"}, [bare]
    yield {"coverage": "uncovered"}, subjects(keeper, "COV-01", "broken")
    yield {"coverage": "uncovered"}, [half["id"]]
    yield {"coverage": "unlisted"}, subjects(keeper, "COV-01", "unknown")
    yield {"coverage": "unlisted"}, [bare]
    yield {"position": covered["positions"][0]["id"]}, [covered["id"]]
    done(keeper.post(f"/api/v1/places/{bare}/ending", json={"reason": "误录"}))
    yield {"life": "ended"}, [bare]
    yield {"coverage": "unlisted"}, []


def cameras(at: Office, keeper: TestClient) -> Iterator[Case]:
    system = at.system()["id"]
    town = at.whole.recorder.town
    good, worn, bare = (town.add(name).row.id for name in ("完好", "破损", "没有档案"))
    off = town.add("他区停用", division=WUCHANG, organisation=POLICE, enabled=False).row.id
    for channel in (good, worn, off):
        done(keeper.patch(f"/api/v1/cameras/{channel}/dossier", json={"system": system}))
    for channel, state in ((good, "present"), (worn, "worn"), (off, "present")):
        check = {"day": "2026-10-01", "state": state}
        done(keeper.post(f"/api/v1/cameras/{channel}/sign/checks", json=check))
    done(keeper.patch(f"/api/v1/cameras/{good}/dossier", json={"longitude": 114.35, "latitude": 30.33}))
    yield {"q": "wanhao"}, [good]
    yield {"under": WUCHANG}, [off]
    yield {"organisation": POLICE}, [off]
    yield {"enabled": False}, [off]
    yield {"lacking": "sign"}, [worn, bare]
    yield {"lacking": "system"}, [bare]
    yield {"lacking": "dossier"}, subjects(keeper, "DOS-01", "broken")
    yield {"lacking": "dossier", "enabled": True}, [good, worn, bare]
    yield {"area": "114.3,30.3;114.4,30.3;114.4,30.4"}, [good]


def forbidden_places(at: Office, keeper: TestClient) -> Iterator[Case]:
    hotel = enter(keeper, "places", name="宾馆", category="residential", **HERE)
    room = enter(
        keeper, "forbidden-places", name="客房", kind="hotel_guest_room", place=hotel, longitude=114.3, latitude=30.3,
        radius_m=20, **HERE,
    )  # fmt: skip
    other = enter(
        keeper, "forbidden-places", name="更衣室", kind="intimate_facility", longitude=114.5, latitude=30.5, radius_m=20,
        **THERE,
    )  # fmt: skip
    yield {"q": "kefang"}, [room]
    yield {"under": WUCHANG}, [other]
    yield {"organisation": POLICE}, [other]
    yield {"kind": "hotel_guest_room"}, [room]
    yield {"place": hotel}, [room]
    # The zone reaches 20 m from its middle: 0.0001 degrees are 10 m, 0.001 are a hundred.
    yield {"west": 114.3001, "south": 30.2999, "east": 114.31, "north": 30.3001}, [room]
    yield {"west": 114.301, "south": 30.2, "east": 114.4, "north": 30.4}, []
    yield {"west": 114.2, "south": 30.301, "east": 114.4, "north": 30.4}, []
    done(keeper.post(f"/api/v1/forbidden-places/{other}/ending", json={"reason": "已拆除"}))
    yield {"life": "ended"}, [other]


def secret_consents(at: Office, keeper: TestClient) -> Iterator[Case]:
    zones = [
        enter(
            keeper, "forbidden-places", name=name, kind="secret_neighbour", longitude=114.3, latitude=30.3, radius_m=50,
            **HERE,
        )
        for name in ("甲单位周边", "乙单位周边")
    ]  # fmt: skip
    first, _ = (
        enter(keeper, "secret-consents", zone=zone, name="复函", given="2026-10-01") for zone in zones
    )
    yield {"zone": zones[0]}, [first]


def decisions(at: Office, keeper: TestClient) -> Iterator[Case]:
    mine, other = (
        at.whole.recorder.town.add(name, **where).row.id for name, where in (("更衣室", HERE), ("卫生间", THERE))
    )  # fmt: skip
    found = {one["subject"]: one["id"] for one in done(keeper.get("/api/v1/decisions"))["items"]}
    answer = {"state": "allowed", "reason": "只看走道"}
    done(keeper.post(f"/api/v1/decisions/{found[other]}/answer", json=answer))
    yield {"q": "gengyi"}, [found[mine]]
    yield {"under": WUCHANG}, [found[other]]
    yield {"state": "waiting"}, [found[mine]]
    yield {"state": "allowed"}, [found[other]]
    yield {"subject": other}, [found[other]]


def rounds(at: Office, keeper: TestClient) -> Iterator[Case]:
    room = enter(
        keeper, "forbidden-places", name="客房", kind="hotel_guest_room", longitude=114.3, latitude=30.3, radius_m=20,
        **HERE,
    )  # fmt: skip
    (daily,) = [one["id"] for one in done(keeper.get("/api/v1/rounds"))["items"]]
    place = enter(keeper, "places", name="车站", category="transport", **THERE)
    yearly = enter(keeper, "rounds", kind="sign_check", subject_kind="place", subject=place, cycle_days=365)
    yield {"q": "kefang"}, [daily]
    yield {"under": WUCHANG}, [yearly]
    yield {"organisation": POLICE}, [yearly]
    yield {"kind": "sign_check"}, [yearly]
    yield {"subject": room}, [daily]
    done(keeper.post(f"/api/v1/rounds/{yearly}/results", json={"outcome": "nothing"}))
    yield {"due_until": "2026-12-31"}, [daily]
    yield {"due_until": "2027-12-31"}, [daily, yearly]


def filings(at: Office, keeper: TestClient) -> Iterator[Case]:
    accepted = at.filed(name="已备案")
    done_ = at.filings(accepted)[0]["id"]
    first, second = (
        at.system(name=name, in_use=day)["id"] for name, day in (("甲", "2026-10-01"), ("乙", "2026-10-18"))
    )
    early, sent = (at.filings(one)[0]["id"] for one in (first, second))
    at.submit(sent)
    there = enter(keeper, "systems", name="他区", regime="art7", in_use="2026-10-18", **THERE)
    other = at.filings(there)[0]["id"]
    yield {"state": "owed"}, [early, other]
    yield {"state": "open"}, [early, other, sent]
    yield {"state": "submitted"}, [sent]
    yield {"state": "accepted"}, [done_]
    yield {"under": WUCHANG}, [other]
    yield {"system": first}, [early]
    yield {"due_until": "2026-10-31"}, [early]
    yield {"state": "owed", "due_until": "2026-10-30"}, []


def findings(at: Office, keeper: TestClient) -> Iterator[Case]:
    first = at.system(name="甲", in_use="2026-08-01")["id"]
    second = enter(keeper, "systems", name="乙", regime="art7", in_use="2026-10-18", **THERE)
    (late,), (pending,) = (at.findings(one, "FILE-01") for one in (first, second))
    only = {"rule": "FILE-01"}
    yield only, [late["id"], pending["id"]]
    yield only | {"verdict": "broken"}, [late["id"]]
    yield only | {"verdict": "pending"}, [pending["id"]]
    yield only | {"verdict": "unknown"}, []
    yield only | {"subject": first}, [late["id"]]
    yield only | {"under": WUCHANG}, [pending["id"]]
    yield only | {"unit": POLICE}, [pending["id"]]
    yield only | {"due_until": "2026-10-18"}, [late["id"]]
    reason = {"reason": "正在办理"}
    done(keeper.post(f"/api/v1/findings/{late['id']}/acknowledgement", json=reason))
    yield only | {"state": "open"}, [pending["id"]]
    yield only | {"state": "acknowledged"}, [late["id"]]
    at.submit(at.filings(second)[0]["id"])
    yield only | {"state": "cured"}, [pending["id"]]


def orders(at: Office, keeper: TestClient) -> Iterator[Case]:
    terms = {"since": "2026-01-01", "until": "2026-12-31", "response_hours": 2, "repair_hours": 24}
    first = at.system(name="甲")["id"]
    second = enter(keeper, "systems", name="乙", regime="art7", **THERE)
    enter(keeper, "contracts", name="运维", maintainer=POLICE, systems=[first], **terms, **HERE)
    channel = at.whole.recorder.town.add("大门").row.id
    done(keeper.patch(f"/api/v1/cameras/{channel}/dossier", json={"system": first}))
    fault = {"cause": "picture", "description": "模糊"}
    unanswered = enter(keeper, "orders", system=first, camera=channel, **fault)
    answered = enter(keeper, "orders", system=first, **fault)
    repaired = enter(keeper, "orders", system=first, **fault)
    other = enter(keeper, "orders", system=second, **fault)
    for order, to in ((answered, "responded"), (repaired, "responded"), (repaired, "repaired")):
        done(keeper.post(f"/api/v1/orders/{order}/work", json={"to": to}))
    yield {"late": True}, []
    at.clock.advance(3 * 3_600_000_000)
    keeper.headers.update(at.whole.signed_in(at.people[0]))
    yield {"late": True}, [unanswered]
    at.on(date(2026, 10, 20))
    keeper.headers.update(at.whole.signed_in(at.people[0]))
    everything = done(keeper.get("/api/v1/orders"))["items"]
    assert {one["id"] for one in everything if one["overdue"]} >= {unanswered, answered}
    yield {"late": True}, [one["id"] for one in everything if one["overdue"]]
    yield {"late": True, "system": first}, [unanswered, answered]
    yield {"state": "open"}, [unanswered, answered, repaired, other]
    yield {"state": "responded"}, [answered]
    yield {"under": WUCHANG}, [other]
    yield {"system": second}, [other]
    yield {"camera": channel}, [unanswered]


def contracts(at: Office, keeper: TestClient) -> Iterator[Case]:
    terms = {"since": "2026-01-01", "response_hours": 2, "repair_hours": 24, "maintainer": POLICE}
    short = enter(keeper, "contracts", name="短期运维", until="2026-11-30", **terms, **HERE)
    long = enter(keeper, "contracts", name="长期运维", until="2026-12-31", **terms, **THERE)
    yield {"q": "duanqi"}, [short]
    yield {"under": WUCHANG}, [long]
    yield {"ends_until": "2026-11-29"}, []
    yield {"ends_until": "2026-11-30"}, [short]
    yield {"ends_until": "2026-12-31"}, [short, long]


def agreements(at: Office, keeper: TestClient) -> Iterator[Case]:
    terms = {"contractor": POLICE, "work": "operation"}
    short = enter(keeper, "agreements", name="短期协议", until="2026-11-30", **terms, **HERE)
    long = enter(keeper, "agreements", name="长期协议", until="2026-12-31", **terms, **THERE)
    yield {"q": "duanqi"}, [short]
    yield {"under": WUCHANG}, [long]
    yield {"ends_until": "2026-11-29"}, []
    yield {"ends_until": "2026-11-30"}, [short]
    yield {"ends_until": "2026-12-31"}, [short, long]


def staff(at: Office, keeper: TestClient) -> Iterator[Case]:
    whole = {"vetted": "2026-01-10", "pledged": "2026-01-10", "trained": "2026-01-20", "post": "watch"}

    def file(name: str, **members: Any) -> str:
        return enter(keeper, "staff", name=name, **HERE | whole | members)

    file("赵齐")
    unvetted, unpledged, untrained = (
        file(f"缺{name}", **{name: None}) for name in ("vetted", "pledged", "trained")
    )
    file("已离岗", trained=None, left="2026-10-18")
    leaving = file("将离岗", trained=None, left="2026-10-19", **THERE)
    yield {"q": "jiangli"}, [leaving]
    yield {"under": WUCHANG}, [leaving]
    yield {"lacking": "vetted"}, [unvetted]
    yield {"lacking": "pledged"}, [unpledged]
    yield {"lacking": "trained"}, [untrained, leaving]


def construction_plans(at: Office, keeper: TestClient) -> Iterator[Case]:
    year = {"since": "2026-01-01", "until": "2026-12-31"}
    draft = enter(keeper, "construction-plans", name="草拟的规划", **year, **HERE)
    sent = enter(keeper, "construction-plans", name="报批的规划", **year, **THERE)
    item = {"name": "路口", "division": WUCHANG, "cameras": 1, "purpose": "治安"}
    done(keeper.post(f"/api/v1/construction-plans/{sent}/items", json=item))
    done(keeper.post(f"/api/v1/construction-plans/{sent}/steps", json={"to": "submitted"}))
    yield {"q": "caoni"}, [draft]
    yield {"under": WUCHANG}, [sent]
    yield {"organisation": POLICE}, [sent]
    yield {"state": "draft"}, [draft]
    yield {"state": "submitted"}, [sent]
    yield {"state": "approved"}, []


def projects(at: Office, keeper: TestClient) -> Iterator[Case]:
    system = at.system()["id"]
    plan = enter(keeper, "construction-plans", name="规划", since="2026-01-01", until="2026-12-31", **HERE)
    whole = done(
        keeper.post(
            f"/api/v1/construction-plans/{plan}/items",
            json={"name": "路口", "division": JIANGXIA, "cameras": 1, "purpose": "治安"},
        )
    )
    item = whole["items"][0]["id"] if "items" in whole else whole["id"]
    first = enter(keeper, "projects", name="新建校园", kind="new", system=system, plan_item=item, **HERE)
    second = enter(keeper, "projects", name="改建车站", kind="rebuilt", **THERE)
    third = enter(keeper, "projects", name="扩建路口", kind="extended", **HERE)
    for project, conclusion in ((first, "passed"), (second, "not_passed"), (third, "")):
        verdict: dict[str, Any] = {
            "conclusion": conclusion,
            "concluded": "2026-10-01" if conclusion else None,
        }
        verdict |= {"defects": [{"what": "图像过暗"}] if conclusion == "not_passed" else []}
        done(keeper.patch(f"/api/v1/projects/{project}/acceptance", json=verdict))
    fourth = enter(keeper, "projects", name="未开工", kind="extended", **HERE)
    yield {"q": "gaijian"}, [second]
    yield {"under": WUCHANG}, [second]
    yield {"organisation": POLICE}, [second]
    yield {"kind": "new"}, [first]
    yield {"system": system}, [first]
    yield {"plan_item": item}, [first]
    yield {"conclusion": "passed"}, [first]
    yield {"conclusion": "not_passed"}, [second]
    yield {"conclusion": "basically_passed"}, []
    yield {"conclusion": "none"}, [third, fourth]


REGISTERS: dict[str, Callable[[Office, TestClient], Iterator[Case]]] = {
    name.replace("_", "-"): cases
    for name, cases in (
        ("systems", systems), ("places", places), ("cameras", cameras), ("forbidden_places", forbidden_places),
        ("secret_consents", secret_consents), ("decisions", decisions), ("rounds", rounds), ("filings", filings),
        ("findings", findings), ("orders", orders), ("contracts", contracts), ("agreements", agreements),
        ("staff", staff), ("construction_plans", construction_plans), ("projects", projects),
    )
}  # fmt: skip


def taken(at: Office, path: str) -> set[str]:
    """What a list may be narrowed by."""
    told = contract(at.whole.app).operation("GET", f"/api/v1/{path}")
    assert told is not None, path
    return {one["name"] for one in told["parameters"] if one["in"] == "query"} - CARRYING


@pytest.mark.parametrize("path", REGISTERS)
def test_each_filter_of_a_register_lets_through_what_it_names_and_nothing_else(
    at: Office, keeper: TestClient, path: str
) -> None:
    asked: set[str] = set()
    for query, wanted in REGISTERS[path](at, keeper):
        found = done(keeper.get(f"/api/v1/{path}", params=query))
        assert sorted(one["id"] for one in found["items"]) == sorted(wanted), query
        assert found["total"] == len(wanted), query
        asked |= query.keys()
    assert asked == taken(at, path)


def test_every_list_that_comes_in_pages_is_asked(at: Office) -> None:
    held = contract(at.whole.app)
    lists = {
        door.path: held.operation("GET", door.path)
        for door in doors(at.whole.app)
        if door.method == "GET" and "{" not in door.path
    }
    paged = {
        path.removeprefix("/api/v1/")
        for path, told in lists.items()
        if told and "after" in {one["name"] for one in told.get("parameters", ())}
    }
    assert paged - ELSEWHERE == set(REGISTERS)
