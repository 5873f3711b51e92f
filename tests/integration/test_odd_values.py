"""Values that no form sends: beyond 64 bits, NUL, digits of other scripts. Refused in words, on both databases."""

import base64
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mingjing.kernel.db import Database
from tests.places import POLICE
from tests.program import Program, program

HUGE = 10**30
NUL = "%00"


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path)


def _client(at: Program, role: str) -> TestClient:
    user, _ = at.person(f"one-{role.replace('_', '-')}", role)
    client = at.client()
    client.headers.update(at.signed_in(user))
    client.base_url = client.base_url.join("/api/v1/")
    return client


def _after(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


READ = {
    "operator_admin": [
        f"cameras/{NUL}",
        f"cameras?q={NUL}&organisation={NUL}&under={NUL}",
        f"cameras?after={_after(chr(0))}",
        f"tree?under=org:{NUL}",
        f"recordings/segments?channel={NUL}&from_us=0&until_us=1000000",
        f"recordings/gaps?channels={NUL}&reason={NUL}&from_us=0&until_us=1000000",
        f"exports/{NUL}/file",
        f"exports?after={_after(str(HUGE))}",
        f"alarms?after={_after(str(HUGE))}",
        f"users?q={NUL}",
        f"system/series?metric=cpu&from_us={2**63}&until_us={HUGE}",
        f"cameras/ch_x/snapshot?at_us={HUGE}",
        "recordings/completeness?day=２０２６-01-01",
        "recordings/days?day=0001-01-01&count=90",
    ],
    "audit_admin": [
        f"journal?who={NUL}",
        f"journal?from_us={HUGE}&until_us=-{HUGE}",
        f"journal?after={_after(str(HUGE))}",
        f"journal?after={_after('²')}",
        f"journal/{HUGE}",
        f"me/views?after={_after(str(HUGE))}",
    ],
}
ROLES = [{"role": "duty_officer", "division": "\0"}]
STREAMS = [{"kind": "main", "url": "rtsp://10.0.0.1/"}]
CAMERA: dict[str, Any] = {"name": "a", "division": "420115", "organisation": POLICE, "streams": STREAMS}
WRITTEN: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "operator_admin": [
        ("cameras", CAMERA | {"organisation": "\0"}),
        ("cameras", CAMERA | {"division": "42011５"}),
        ("cameras", CAMERA | {"user": "admin\r\nX-Evil: 1"}),
        ("cameras", CAMERA | {"user": "admin\0"}),
        ("cameras", CAMERA | {"plan": "\0"}),
        ("exports", {"channels": ["\0"], "from_us": 0, "until_us": 1_000_000, "reason": "核查"}),
    ],
    "security_admin": [
        ("users", {"account": "abc", "name": "n", "organisation": "\0", "roles": []}),
        ("users", {"account": "abc", "name": "n", "organisation": POLICE, "roles": ROLES}),
        ("organisations", {"name": "n", "parent": "\0"}),
    ],
    "system_admin": [("divisions", {"code": "42011５", "name": "x"})],
}


def test_odd_values_in_addresses_are_answered_and_are_no_failure(whole: Program) -> None:
    for role, paths in READ.items():
        client = _client(whole, role)
        for path in paths:
            answer = client.get(path)
            assert answer.status_code in {200, 404, 422}, (path, answer.text)


def test_odd_values_in_bodies_are_refused_in_words(whole: Program) -> None:
    for role, wishes in WRITTEN.items():
        client = _client(whole, role)
        for path, body in wishes:
            answer = client.post(path, json=body)
            assert answer.status_code in {404, 422}, (path, body, answer.text)
            assert answer.json()["remedy"]


def test_one_impossible_ticket_is_refused(whole: Program) -> None:
    channel = whole.recorder.town.add().row.id
    client = _client(whole, "operator_admin")
    for wish in (
        {"kind": "live", "channel": "\0"},
        {"kind": "playback", "channel": channel, "from_us": HUGE, "until_us": HUGE + 1},
        {"kind": "playback", "channel": channel, "from_us": -HUGE, "until_us": 5 - HUGE},
    ):
        answer = client.post("tickets", json={"wishes": [wish]})
        refused = answer.json()["tickets"][0] if answer.status_code == 200 else answer.json()
        assert refused["status"] in {404, 422}, answer.text


def test_an_unknown_account_with_a_nul_is_refused_at_the_door(whole: Program) -> None:
    answer = whole.client().post("/api/v1/session", json={"account": "wa\0ng", "password": "x"})
    assert answer.status_code in {401, 422}, answer.text


def test_a_missing_asset_is_not_kept_by_caches(whole: Program) -> None:
    answer = whole.client().get("/assets/nothing-here.js")
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
