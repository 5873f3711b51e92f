"""What one administrator cannot do alone, and what ends with a reset, over HTTP on both databases."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select

from mingjing.audit.service import Actor
from mingjing.identity.model import User
from mingjing.identity.service.accounts import Changes, change_user
from mingjing.kernel.clock import DAY_US, SetClock
from mingjing.kernel.db import Database
from mingjing.kernel.secrets import Secret
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


def enter(at: Program, account: str, password: str) -> Response:
    answer: Response = at.client().post("/api/v1/session", json={"account": account, "password": password})
    return answer


def ask(client: TestClient, user: str, act: str = "reset", **more: object) -> Response:
    body = {"act": act, "user": user, "reason": "忘记密码", **more}
    answer: Response = client.post("/api/v1/approvals", json=body)
    return answer


def test_no_one_person_resets_an_administrator_and_signs_in_as_them(whole: Program) -> None:
    _, security = signed(whole, "sec", "security_admin")
    audit, audit_client = signed(whole, "audit", "audit_admin")
    _, system = signed(whole, "sys", "system_admin")
    refused = security.post(f"/api/v1/users/{audit}/password")
    assert (refused.status_code, refused.json()["code"], refused.json()["act"]) == (409, "AUTH-030", "reset")
    asked = ask(security, audit).json()
    name, first = asked["approval"]["id"], asked["part"]
    assert audit_client.get("/api/v1/session").status_code == 200, "asking changes nothing"
    for client in (security, audit_client):
        assert client.post(f"/api/v1/approvals/{name}/approve").json()["code"] == "AUTH-031"
    done = system.post(f"/api/v1/approvals/{name}/approve").json()
    second = done["part"]
    assert (done["approval"]["state"], done["approval"]["may_approve"]) == ("approved", False)
    for alone in (first, second, f"{first}-{first}", f"{second}-{first}"):
        assert enter(whole, "audit", alone).status_code == 401
    answer = enter(whole, "audit", f"{first}-{second}")
    assert answer.json()["user"]["must_change_password"] is True
    assert answer.json()["user"]["password_reset"]["by_name"] == "sec、sys"
    assert audit_client.get("/api/v1/session").status_code == 401
    assert system.post(f"/api/v1/approvals/{name}/approve").json()["code"] == "AUTH-032"
    assert security.get("/api/v1/approvals").json()["items"][0]["decided_by_name"] == "sys"


def test_taking_the_role_away_first_is_no_way_around(whole: Program) -> None:
    _, security = signed(whole, "sec", "security_admin")
    audit, _ = signed(whole, "audit", "audit_admin")
    system, _ = signed(whole, "sys", "system_admin")
    assert security.patch(f"/api/v1/users/{audit}", json={"roles": []}).json()["code"] == "AUTH-030"
    assert security.patch(f"/api/v1/users/{system}", json={"enabled": False}).status_code == 200
    assert security.post(f"/api/v1/users/{audit}/password").json()["code"] == "AUTH-030"
    puppet = {"account": "puppet", "name": "p", "organisation": POLICE, "roles": [{"role": "audit_admin"}]}
    assert security.post("/api/v1/users", json=puppet).json()["code"] == "AUTH-030"


def test_an_administrator_is_appointed_by_two(whole: Program) -> None:
    _, security = signed(whole, "sec", "security_admin")
    user, _ = whole.person("wang", "duty_officer")
    _, audit = signed(whole, "audit", "audit_admin")
    asked = ask(security, user, "roles", roles=[{"role": "system_admin"}]).json()
    assert asked["part"] is None
    assert ask(security, user, "roles", roles=[]).json()["code"] == "REQ-409"
    name = asked["approval"]["id"]
    assert audit.post(f"/api/v1/approvals/{name}/approve").status_code == 200
    assert [one["role"] for one in security.get(f"/api/v1/users/{user}").json()["roles"]] == ["system_admin"]


def test_the_first_administrator_appoints_the_second_alone(whole: Program) -> None:
    _, security = signed(whole, "sec", "security_admin", "operator_admin")
    wish = {"account": "audit", "name": "审计", "organisation": POLICE, "roles": [{"role": "audit_admin"}]}
    assert security.post("/api/v1/users", json=wish).status_code == 201
    wish |= {"account": "sys", "roles": [{"role": "system_admin"}]}
    assert security.post("/api/v1/users", json=wish).json()["code"] == "AUTH-030"


def test_what_was_asked_lapses_and_can_be_refused(whole: Program, clock: SetClock) -> None:
    _, security = signed(whole, "sec", "security_admin")
    audit, _ = signed(whole, "audit", "audit_admin")
    _, system = signed(whole, "sys", "system_admin")
    refused = ask(security, audit).json()["approval"]["id"]
    assert system.post(f"/api/v1/approvals/{refused}/refuse").json()["approval"]["state"] == "refused"
    late = ask(security, audit).json()["approval"]["id"]
    clock.advance(DAY_US)
    system = whole.client()
    with whole.database.reading() as session:
        name = session.scalars(select(User.id).where(User.account == "sys")).one()
    system.headers.update(whole.signed_in(name))
    for one in (refused, late):
        assert system.post(f"/api/v1/approvals/{one}/approve").json()["code"] == "AUTH-032"
    states = {one["id"]: one["state"] for one in system.get("/api/v1/approvals").json()["items"]}
    assert states == {refused: "refused", late: "expired"}


def test_a_reset_keeps_the_second_factor_and_dropping_it_takes_two(whole: Program) -> None:
    _, security = signed(whole, "sec", "security_admin")
    signed(whole, "audit", "audit_admin")
    user, _ = whole.person("wang", "duty_officer")
    with whole.database.transaction() as tx:
        sealed = whole.desk.sealer.seal(Secret("JBSWY3DPEHPK3PXP"), f"totp:{user}")
        tx.session.get_one(User, user).totp_sealed = sealed
    drop = security.post(f"/api/v1/users/{user}/password", json={"drop_factor": True})
    assert drop.json()["code"] == "AUTH-030"
    first = security.post(f"/api/v1/users/{user}/password").json()["password"]
    assert enter(whole, "wang", first).json()["code"] == "AUTH-004"


def test_a_reset_and_signing_out_everywhere_end_tokens_and_say_so(whole: Program, clock: SetClock) -> None:
    _, security = signed(whole, "sec", "security_admin")
    wish = {"name": "x", "actions": ["camera.read"], "expires_us": clock.now_us() + DAY_US}

    def holder(account: str) -> tuple[str, TestClient, TestClient]:
        user, client = signed(whole, account, "operator_admin")
        outside = whole.client()
        outside.headers["Authorization"] = f"Bearer {client.post('/api/v1/tokens', json=wish).json()['text']}"
        assert outside.get("/api/v1/cameras").status_code == 200
        return user, client, outside

    user, _, outside = holder("wang")
    assert security.post(f"/api/v1/users/{user}/password").status_code == 201
    assert outside.get("/api/v1/cameras").status_code == 401
    user, _, outside = holder("li")
    ended = security.delete(f"/api/v1/users/{user}/sessions")
    assert ended.json() == {"sessions": 1, "tokens": 1}
    assert outside.get("/api/v1/cameras").status_code == 401
    _, client, outside = holder("zhao")
    assert client.delete("/api/v1/me/sessions").json() == {"sessions": 0, "tokens": 1}
    assert outside.get("/api/v1/cameras").status_code == 401
    assert client.get("/api/v1/session").status_code == 200
    user, _, outside = holder("qian")
    for enabled in (False, True):
        with whole.database.transaction() as tx:
            change_user(tx, Actor("command", "command-line"), user, Changes(enabled=enabled))
    assert outside.get("/api/v1/cameras").status_code == 401, "an account that comes back brings no old token"
