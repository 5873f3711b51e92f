"""Claim S2, by place: what lies outside somebody's territory, unit or grants does not exist for them.

The answer for it is byte for byte the answer for something that was never there.
"""

import asyncio
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from mingjing.audit.service import SYSTEM
from mingjing.identity.actions import Action
from mingjing.identity.caller import by_user
from mingjing.identity.service.grants import GrantWish, grant, withdraw
from mingjing.kernel.clock import HOUR_US, SECOND_US
from mingjing.kernel.db import Database
from mingjing.media.model import Viewer
from mingjing.media.tickets import read
from mingjing.web.feed import TOPICS, Happening
from tests.places import JIANGXIA, POLICE, SCHOOL, WUCHANG
from tests.program import Program, program

ABSENT = "ch_aaaaaaaaaaaa"
REACHES: list[tuple[dict[str, str], bool]] = [
    ({}, True),
    ({"division": JIANGXIA}, True),
    ({"division": "420100"}, True),
    ({"division": WUCHANG}, False),
    ({"organisation": SCHOOL}, True),
    ({"organisation": POLICE}, False),
    ({"division": JIANGXIA, "organisation": SCHOOL}, True),
    ({"division": JIANGXIA, "organisation": POLICE}, False),
    ({"division": WUCHANG, "organisation": SCHOOL}, False),
]
ABOUT = [
    ("GET", "/cameras/{}"),
    ("PATCH", "/cameras/{}"),
    ("DELETE", "/cameras/{}?recordings=keep&reason=x"),
    ("GET", "/cameras/{}/changes"),
    ("GET", "/cameras/{}/diagnosis"),
    ("POST", "/cameras/{}/diagnosis"),
    ("GET", "/cameras/{}/snapshot"),
    ("GET", "/cameras/{}/snapshot?at_us=1700000000000000"),
    ("GET", "/recordings/timeline?channels={}&from_us=0&until_us=1000000"),
    ("GET", "/recordings/segments?channel={}&stream=main&from_us=0&until_us=1000000"),
    ("GET", "/recordings/gaps?channels={}&from_us=0&until_us=1000000"),
    ("GET", "/tree?q={}"),
    ("GET", "/cameras?q={}"),
]


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path)


def _ask(client: TestClient, method: str, path: str, channel: str) -> tuple[int, bytes]:
    body = {"name": "新名"} if method == "PATCH" else None
    answer: Response = client.request(method, "/api/v1" + path.format(channel), json=body)
    return answer.status_code, answer.content.replace(channel.encode(), b"*")


def _wish(client: TestClient, kind: str, channel: str) -> str | None:
    wish = {"kind": kind, "channel": channel, "from_us": 0, "until_us": SECOND_US}
    answer = client.post("/api/v1/tickets", json={"wishes": [wish]}).json()["tickets"][0]
    code = answer.get("code")
    assert code is None or isinstance(code, str)
    return code


@pytest.mark.parametrize("number", range(len(REACHES)))
def test_a_reach_covers_its_territory_and_its_unit_together(whole: Program, number: int) -> None:
    place, inside = REACHES[number]
    channel = whole.recorder.town.add().row.id
    user, _ = whole.person("wang", "operator_admin", **place)
    client = whole.client_of(user)
    assert (client.get(f"/api/v1/cameras/{channel}").status_code == 200) is inside
    assert (client.get("/api/v1/cameras").json()["total"] == 1) is inside
    for kind in ("live", "hls", "rtsp", "playback", "keyframes"):
        assert (_wish(client, kind, channel) is None) is inside, kind


def test_what_lies_outside_answers_as_what_was_never_there(whole: Program) -> None:
    channel = whole.recorder.town.add(division=WUCHANG).row.id
    now = whole.recorder.clock.now_us()
    whole.recorder.store(f"{channel}.main", now, now + SECOND_US)
    user, _ = whole.person("wang", "operator_admin", division=JIANGXIA)
    client = whole.client_of(user)
    before = len(whole.recorder.node.revoked_holders)
    for method, path in ABOUT:
        assert _ask(client, method, path, channel) == _ask(client, method, path, ABSENT), (method, path)
    wishes = [{"channels": [one], "from_us": now, "until_us": now + SECOND_US} for one in (channel, ABSENT)]
    for path in ("/api/v1/exports/estimate", "/api/v1/exports"):
        why = {"reason": "核查线索"} if path.endswith("exports") else {}
        told = [client.post(path, json=wish | why) for wish in wishes]
        assert [one.status_code for one in told] == [404, 404], told[0].text
        assert told[0].content == told[1].content
    for kind in ("live", "playback"):
        assert _wish(client, kind, channel) == _wish(client, kind, ABSENT) == "REQ-404"
    assert len(whole.recorder.node.revoked_holders) == before
    everywhere, _ = whole.person("li", "operator_admin")
    assert whole.client_of(everywhere).get(f"/api/v1/cameras/{channel}").json()["name"] == "实验小学大门东"


def test_anothers_export_does_not_exist(whole: Program) -> None:
    channel = whole.recorder.town.add().row.id
    now = whole.recorder.clock.now_us()
    whole.recorder.store(f"{channel}.main", now, now + SECOND_US)
    mine, theirs = (whole.client_of(whole.person(one, "reviewer")[0]) for one in ("wang", "li"))
    wish = {"channels": [channel], "from_us": now, "until_us": now + SECOND_US, "reason": "核查线索"}
    made = mine.post("/api/v1/exports", json=wish).json()["id"]
    for method, tail in (("GET", ""), ("GET", "/file"), ("DELETE", "")):
        found = _ask(theirs, method, "/exports/{}" + tail, made)
        assert found == _ask(theirs, method, "/exports/{}" + tail, "ex_aaaaaaaaaaaa")
        assert found[0] == 404
    assert theirs.get("/api/v1/exports").json()["total"] == 0


def test_a_grant_opens_one_camera_for_its_time_and_its_action_alone(whole: Program) -> None:
    clock = whole.recorder.clock
    lent = whole.recorder.town.add("借", division=WUCHANG).row.id
    other = whole.recorder.town.add("不借", division=WUCHANG).row.id
    user, _ = whole.person("wang", "reviewer", division=JIANGXIA)
    client = whole.client_of(user)
    begins, ends = clock.now_us() + SECOND_US, clock.now_us() + 60 * SECOND_US
    with whole.database.transaction() as tx:
        made = grant(tx, SYSTEM, GrantWish(user, Action.LIVE, begins, ends, "协查", channel=lent)).id
    assert _wish(client, "live", lent) == "REQ-404"
    clock.advance(SECOND_US)
    assert _wish(client, "live", lent) is None
    assert _wish(client, "playback", lent) == "REQ-404"
    assert _wish(client, "live", other) == "REQ-404"
    assert client.get(f"/api/v1/cameras/{lent}").status_code == 404
    wishes = {"wishes": [{"kind": "live", "channel": lent}]}
    ticket = client.post("/api/v1/tickets", json=wishes).json()["tickets"][0]["ticket"]
    assert read(b"k" * 32, ticket).end_by_us == ends
    clock.advance(ends - clock.now_us())
    assert _wish(client, "live", lent) == "REQ-404"
    with whole.database.transaction() as tx:
        again = GrantWish(user, Action.LIVE, clock.now_us(), clock.now_us() + HOUR_US, "协查", channel=lent)
        made = grant(tx, SYSTEM, again).id
    assert _wish(client, "live", lent) is None
    whole.recorder.node.revoked_holders.clear()
    with whole.database.transaction() as tx:
        assert withdraw(tx, SYSTEM, made, "结束")
    assert _wish(client, "live", lent) == "REQ-404"
    assert len(whole.recorder.node.revoked_holders) == 1


def test_a_camera_that_is_moved_away_is_seen_no_longer_by_those_it_left(whole: Program) -> None:
    clock, node = whole.recorder.clock, whole.recorder.node
    channel = whole.recorder.town.add().row.id
    here = whole.client_of(whole.person("wang", "duty_officer", division=JIANGXIA)[0])
    city = whole.client_of(whole.person("li", "duty_officer", division="420100")[0])
    wishes = {"wishes": [{"kind": "live", "channel": channel}]}

    def ticket(client: TestClient) -> str:
        return str(client.post("/api/v1/tickets", json=wishes).json()["tickets"][0]["id"])

    watching = [ticket(here), ticket(city)]
    node.watching = [Viewer(viewer="v", ticket=one, stream=f"{channel}.main") for one in watching]
    clock.advance(90 * SECOND_US)
    unused = ticket(here)
    moved = whole.client_of(whole.person("chen", "operator_admin")[0])
    assert moved.patch(f"/api/v1/cameras/{channel}", json={"note": "新址"}).status_code == 200
    assert node.revoked_tickets == []
    assert moved.patch(f"/api/v1/cameras/{channel}", json={"division": WUCHANG}).status_code == 200
    assert sorted(node.revoked_tickets) == sorted([watching[0], unused])


def test_the_feed_tells_of_nothing_outside_and_each_topic_takes_its_action(whole: Program) -> None:
    async def heard(account: str, role: str, happening: Happening, division: str | None = None) -> bool:
        user, _ = whole.person(account, role, division=division)
        with whole.database.reading() as session:
            caller = by_user(session, user, whole.recorder.clock.now_us())
        assert caller is not None
        listener = whole.feed.enter(caller)
        whole.feed.publish(happening)
        await asyncio.sleep(0)
        whole.feed.leave(listener)
        return not listener.queue.empty()

    path, unit = f"420000/420100/{JIANGXIA}/", f"{SCHOOL}/"

    async def everything() -> None:
        for topic in ("stream", "recording", "alarm"):
            assert TOPICS[topic] is not Action.OWN
            here = Happening(topic, {}, path, unit, "ch_x")
            assert await heard(f"in-{topic}", "duty_officer", here, JIANGXIA)
            assert not await heard(f"out-{topic}", "duty_officer", here, WUCHANG)
            assert not await heard(f"audit-{topic}", "audit_admin", here)
        mine = Happening("job", {}, user="us_somebodyelse")
        assert not await heard("job", "operator_admin", mine)

    asyncio.run(everything())
