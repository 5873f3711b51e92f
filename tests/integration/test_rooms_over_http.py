"""The routes of cameras, recordings and operations, over HTTP, with a caller whose rights are given."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from starlette.requests import HTTPConnection

from mingjing.audit.model import JournalRow
from mingjing.identity import access
from mingjing.identity.api.desk import Portal
from mingjing.identity.api.own import VIEWS
from mingjing.identity.caller import Caller
from mingjing.identity.denials import Denials
from mingjing.identity.scope import Reach
from mingjing.identity.settings import IdentitySettings
from mingjing.kernel.db import Database
from mingjing.media.causes import Cause
from mingjing.media.model import ViewerEnded, ViewerStarted
from mingjing.media.tickets import read
from mingjing.operations import api as operations_api
from mingjing.operations.room import OperationsRoom
from mingjing.operations.series import Ring
from mingjing.operations.site import OperationsSite
from mingjing.recording import api as recording_api
from mingjing.recording.facts import RecordingFacts
from mingjing.registry import api as registry_api
from mingjing.registry.site import CameraSite
from mingjing.web import problems
from tests.contract import hold
from tests.places import town, wish
from tests.recorder import MINUTE, SECOND, Recorder, recorder

KEY = b"k" * 32


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Recorder:
    return recorder(town(empty_database), tmp_path / "pool")


@pytest.fixture
def client(at: Recorder, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    app = FastAPI(openapi_url=None)
    database = at.site.database
    site = at.town.site
    app.state.cameras = CameraSite(site.sealer, site.networks, site.node, RecordingFacts(at.site))
    app.state.recording = at.site
    app.state.operations = OperationsSite(at.node, KEY, Ring())
    app.state.portal = Portal("明镜", 8361, 8554, "http://h:8361")
    OperationsRoom(app.state.operations, at.site).wire(database.bus)

    gate = access.Gate(database, IdentitySettings(second_factor="off"), False, Denials())

    def caller(_: HTTPConnection) -> Caller:
        return Caller(
            user="us_aaaaaaaaaaaa", account="li", name="李某", organisation="or_x", must_change_password=False,
            roles=("operator_admin",), held=(("operator_admin", Reach()),), lent=(), source="10.0.0.9",
            session="se_1", proved_us=database.clock.now_us(),
        )  # fmt: skip

    monkeypatch.setattr(access, "gate", lambda _: gate)
    monkeypatch.setattr(access, "resolve", caller)

    problems.install(app)
    for router in (registry_api.router, recording_api.router, operations_api.router):
        app.include_router(router, prefix="/api/v1")
    with TestClient(app, base_url="http://test/api/v1/") as opened:
        yield hold(opened, app)


def register(client: TestClient) -> str:
    answer = client.post("cameras", json=wish().model_dump(mode="json") | {"password": "hush"})
    assert answer.status_code == 201, answer.text
    identifier = answer.json()["id"]
    assert isinstance(identifier, str)
    return identifier


def test_a_camera_is_entered_read_changed_and_removed(client: TestClient) -> None:
    channel = register(client)
    body = client.get(f"cameras/{channel}").json()
    assert (body["has_password"], body["plan"], body["retention_days"]) == (True, "pl_alwaysalways", 30)
    assert "hush" not in client.get("cameras").text
    assert client.patch(f"cameras/{channel}", json={"name": "新名"}).json()["name"] == "新名"
    assert client.get("tree", params={"q": "xinming"}).json()["items"][0]["camera"]["id"] == channel
    assert client.get(f"cameras/{channel}/changes").json()[0]["what"] == "change"
    assert (
        client.delete(f"cameras/{channel}", params={"recordings": "keep", "reason": "拆"}).status_code == 204
    )
    assert client.get(f"cameras/{channel}").status_code == 404


def test_tickets_are_minted_one_a_wish_and_a_wrong_wish_spoils_no_other(client: TestClient) -> None:
    channel = register(client)
    wishes = [
        {"kind": "live", "channel": channel, "stream": "sub"},
        {"kind": "live", "channel": "ch_nothinghere"},
        {"kind": "playback", "channel": channel},
        {"kind": "playback", "channel": channel, "from_us": 0, "until_us": 60 * SECOND},
    ]
    found = client.post("tickets", json={"wishes": wishes}).json()["tickets"]
    assert [item.get("code") for item in found] == [None, "REQ-404", "OPS-002", None]
    claims = read(KEY, found[0]["ticket"])
    assert (claims.stream, claims.kind, claims.holder) == (f"{channel}.sub", "live", "se_1")
    assert found[0]["url"] == "http://h:8361/live/ws"
    assert read(KEY, found[3]["ticket"]).until_us == 60 * SECOND


def test_what_viewers_do_is_journalled_with_their_name_length_and_bytes(
    client: TestClient, at: Recorder
) -> None:
    channel = register(client)
    wishes = {"wishes": [{"kind": "live", "channel": channel, "purpose": "巡查"}]}
    ticket = client.post("tickets", json=wishes).json()["tickets"][0]
    common = {"viewer": "v1", "ticket": ticket["id"], "stream": ticket["stream"], "kind": "live"}
    at.handler(
        [
            ViewerStarted.model_validate(common | {"at_us": 5, "peer": "10.0.0.9:1"}),
            ViewerEnded.model_validate(common | {"from_us": 5, "until_us": 9, "bytes": 77, "reason": "left"}),
        ]
    )
    with at.site.database.reading() as session:
        rows = session.scalars(select(JournalRow).order_by(JournalRow.seq.desc()).limit(2)).all()
        assert [row.action for row in rows] == ["view.end", "view.start"]
        assert {row.actor_name for row in rows} == {"李某"}
        assert '"bytes":77' in rows[0].facts.replace(" ", "")
        assert all(
            "巡查" in row.facts and '"camera":"实验小学大门东"' in row.facts.replace(" ", "") for row in rows
        )
    assert {row.action for row in rows} <= set(VIEWS), "one's own views do not show it"


def test_a_lost_camera_becomes_an_alarm_that_is_claimed_and_resolved(
    client: TestClient, at: Recorder
) -> None:
    channel = register(client)
    at.show(f"{channel}.main", recording=False, cause=Cause.WRONG_PASSWORD)
    at.tick()
    at.tick(MINUTE + SECOND)
    alarm = client.get("alarms", params={"state": "open"}).json()["items"][0]
    assert (alarm["kind"], alarm["channel"], alarm["state"]) == ("recording_lost", channel, "new")
    assert alarm["title"] == "实验小学大门东 停录"
    assert client.post(f"alarms/{alarm['id']}/claim").json()["owner_name"] == "李某"
    assert client.post(f"alarms/{alarm['id']}/claim").status_code == 409
    closed = client.post(f"alarms/{alarm['id']}/resolve", json={"outcome": "fixed", "note": "改口令"}).json()
    assert closed["state"] == "resolved"
    assert client.get("recordings/now").json()["lost"][0]["reason"] == "source_refused"
    diagnosis = client.get(f"cameras/{channel}/diagnosis").json()
    assert len(diagnosis["legs"]) == 9
    assert diagnosis["history"][0]["title"] == "用户名或口令错误"


def test_recordings_are_read_by_timeline_segments_and_day(client: TestClient, at: Recorder) -> None:
    channel = register(client)
    start = at.clock.now_us()
    for minute in (0, 1, 3):
        at.store(f"{channel}.main", start + minute * MINUTE, start + (minute + 1) * MINUTE)
    at.clock.advance(4 * MINUTE)
    window = {"from_us": start, "until_us": start + 4 * MINUTE}
    lane = client.get("recordings/timeline", params={"channels": channel} | window).json()["lanes"][0]
    assert [span["kind"] for span in lane["spans"]] == ["recorded", "gap", "recorded"]
    assert lane["percent"] == 75.0
    assert client.get("recordings/segments", params={"channel": channel} | window).json()["total"] == 3
    assert client.get("recordings/gaps", params=window).json()["items"][0]["reason"] == "unknown"
    assert client.get("recordings/days", params={"count": 2}).json()[0]["channel"] == channel
    assert client.get("recordings/completeness").status_code == 200
    assert (
        client.get("recordings/timeline", params={"channels": channel} | window | {"until_us": 0}).status_code
        == 422
    )
    assert client.get("storage").json()["forecast"]["streams"] == 1
    plan = client.get("plans").json()[0]
    assert (plan["mode"], plan["cameras"]) == ("always", 1)
    assert client.delete(f"plans/{plan['id']}").status_code == 409
    estimate = {"channels": [channel], **window}
    body = client.post("exports/estimate", json=estimate).json()
    assert body["channels"][0]["kept_us"] == 3 * MINUTE
    assert body["channels"][0]["gaps"][0]["reason"] == "unknown"
    assert client.post("exports", json=estimate).status_code == 422
    assert client.post("exports", json=estimate | {"reason": "核查"}).json()["state"] == "queued"
    assert client.get("exports").json()["total"] == 1


def test_the_state_of_the_system_is_told(client: TestClient, at: Recorder) -> None:
    channel = register(client)
    at.clock.advance(2 * SECOND)
    at.show(f"{channel}.main")
    body = client.get("system").json()
    assert body["recording"] == 1
    assert body["process"]["resident_bytes"] > 0
