"""Accounts, roles, tokens and what ends with them, over HTTP on both databases."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from mingjing.audit.model import JournalRow
from mingjing.audit.service import Actor
from mingjing.identity.model import User
from mingjing.identity.service.accounts import Changes, change_user
from mingjing.kernel.clock import DAY_US, MINUTE_US, SECOND_US, SetClock
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from tests.places import POLICE
from tests.program import Program, program


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path)


def signed(at: Program, account: str, *roles: str) -> tuple[str, TestClient]:
    user, _ = at.person(account, *roles)
    client = at.client()
    client.headers.update(at.signed_in(user))
    return user, client


def bearer(at: Program, text: str) -> TestClient:
    client = at.client()
    client.headers["Authorization"] = f"Bearer {text}"
    return client


def token(client: TestClient, clock: SetClock, *actions: str, days: int = 1) -> dict[str, Any]:
    wish = {"name": "接口", "actions": list(actions), "expires_us": clock.now_us() + days * DAY_US}
    answer = client.post("/api/v1/tokens", json=wish)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_no_one_person_is_two_of_the_three_administrators(whole: Program) -> None:
    _, security = signed(whole, "sec", "security_admin")
    trio = ["system_admin", "security_admin", "audit_admin"]
    for first, second in ((trio[0], trio[1]), (trio[1], trio[2]), (trio[0], trio[2])):
        wish = {"account": "both", "name": "两职", "organisation": POLICE}
        both = [{"role": first}, {"role": second, "division": "420115"}]
        refused = security.post("/api/v1/users", json=wish | {"roles": both})
        assert (refused.status_code, refused.json()["code"]) == (409, "AUTH-022"), both
    user, _ = whole.person("one", "audit_admin")
    refused = security.patch(f"/api/v1/users/{user}", json={"roles": [{"role": one} for one in trio[1:]]})
    assert refused.json()["code"] == "AUTH-022"
    assert [one["role"] for one in security.get(f"/api/v1/users/{user}").json()["roles"]] == ["audit_admin"]


def test_a_security_administrator_remains_and_nobody_changes_their_own_rights(whole: Program) -> None:
    first, one = signed(whole, "first", "security_admin")
    second, other = signed(whole, "second", "security_admin")
    assert one.patch(f"/api/v1/users/{first}", json={"enabled": False}).json()["code"] == "AUTH-023"
    assert one.patch(f"/api/v1/users/{first}", json={"roles": []}).json()["code"] == "AUTH-023"
    assert other.patch(f"/api/v1/users/{first}", json={"enabled": False}).status_code == 200
    with whole.database.transaction() as tx:
        tx.session.get_one(User, first).enabled = True
    assert one.get("/api/v1/session").status_code == 401
    with whole.database.transaction() as tx:
        change_user(tx, Actor("command", "command-line"), second, Changes(roles=[]))
    assert other.get("/api/v1/users").status_code == 403


def test_the_last_security_administrator_cannot_be_taken_away_from_the_shell(whole: Program) -> None:
    user, _ = whole.person("only", "security_admin")
    for changes in (Changes(enabled=False), Changes(roles=[])):
        with pytest.raises(MingjingError) as raised, whole.database.transaction() as tx:
            change_user(tx, Actor("command", "command-line"), user, changes)
        assert raised.value.code == "AUTH-024"
    assert whole.changed(user).enabled is True


def test_a_disabled_account_is_out_at_once_and_its_deliveries_end(whole: Program, clock: SetClock) -> None:
    _, security = signed(whole, "sec", "security_admin")
    user, client = signed(whole, "wang", "operator_admin")
    made = token(client, clock, "camera.read")
    session = client.get("/api/v1/me/sessions").json()["items"][0]["id"]
    outside = bearer(whole, made["text"])
    assert outside.get("/api/v1/cameras").status_code == 200
    assert security.patch(f"/api/v1/users/{user}", json={"enabled": False}).status_code == 200
    assert client.get("/api/v1/session").status_code == 401
    assert outside.get("/api/v1/cameras").status_code == 401
    assert set(whole.recorder.node.revoked_holders) == {session, made["token"]["id"]}


def test_a_token_does_what_it_was_given_until_its_day_and_not_beyond_its_owner(
    whole: Program, clock: SetClock
) -> None:
    _, client = signed(whole, "wang", "operator_admin")
    made = token(client, clock, "camera.read")
    outside = bearer(whole, made["text"])
    assert outside.get("/api/v1/cameras").status_code == 200
    assert outside.get("/api/v1/alarms").json()["code"] == "AUTH-003"
    assert outside.get("/api/v1/tokens").json()["code"] == "AUTH-028"
    wish = {"name": "x", "actions": ["journal.read"], "expires_us": clock.now_us() + DAY_US}
    assert client.post("/api/v1/tokens", json=wish).json()["code"] == "AUTH-026"
    for days in (0, 366):
        late = wish | {"actions": ["camera.read"], "expires_us": clock.now_us() + days * DAY_US}
        assert client.post("/api/v1/tokens", json=late).json()["code"] == "AUTH-027"
    clock.advance(DAY_US - 1)
    assert outside.get("/api/v1/cameras").status_code == 200
    clock.advance(1)
    assert outside.get("/api/v1/cameras").status_code == 401


def test_a_revoked_token_is_refused_and_what_it_watches_ends(whole: Program, clock: SetClock) -> None:
    channel = whole.recorder.town.add().row.id
    _, client = signed(whole, "wang", "operator_admin")
    _, stranger = signed(whole, "li", "operator_admin")
    made = token(client, clock, "video.live")
    name = made["token"]["id"]
    outside = bearer(whole, made["text"])
    wishes = {"wishes": [{"kind": "live", "channel": channel}]}
    assert "ticket" in outside.post("/api/v1/tickets", json=wishes).json()["tickets"][0]
    assert stranger.delete(f"/api/v1/tokens/{name}").status_code == 404
    assert whole.recorder.node.revoked_holders == []
    assert client.delete(f"/api/v1/tokens/{name}").status_code == 204
    assert whole.recorder.node.revoked_holders == [name]
    assert outside.post("/api/v1/tickets", json=wishes).status_code == 401


def denials(at: Program) -> list[dict[str, Any]]:
    with at.database.reading() as session:
        rows = session.scalars(
            select(JournalRow.facts).where(JournalRow.action == "permission.deny").order_by(JournalRow.seq)
        ).all()
    return [json.loads(row) for row in rows]


def test_a_hammered_forbidden_route_does_not_fill_the_journal(whole: Program, clock: SetClock) -> None:
    clock.advance(MINUTE_US - clock.now_us() % MINUTE_US)
    minute_us = clock.now_us()
    _, client = signed(whole, "wang", "duty_officer")
    for _ in range(50):
        assert client.get("/api/v1/users").status_code == 403
        clock.advance(SECOND_US // 10)
    assert client.get("/api/v1/journal").status_code == 403
    assert [one["path"] for one in denials(whole)] == ["/api/v1/users", "/api/v1/journal"]
    clock.advance(MINUTE_US)
    assert client.get("/api/v1/users").status_code == 403
    found = denials(whole)
    assert found[2] == {"further": 49, "minute_us": minute_us}
    assert found[3]["path"] == "/api/v1/users"
    assert len(found) == 4


def test_counted_denials_are_written_when_the_program_keeps_house(whole: Program) -> None:
    _, client = signed(whole, "wang", "duty_officer")
    for _ in range(3):
        client.get("/api/v1/users")
    gate = whole.app.state.gate
    gate.denials.flush(whole.database)
    gate.denials.flush(whole.database)
    assert [one.get("further") for one in denials(whole)] == [None, 2]
