"""Proving again who one is inside an open session, over HTTP on both databases. Time is set, never waited for."""

from pathlib import Path

import pyotp
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select

from mingjing.audit.model import JournalRow
from mingjing.identity.settings import IdentitySettings
from mingjing.kernel.clock import DAY_US, MINUTE_US, SECOND_US, SetClock
from mingjing.kernel.db import Database
from tests.program import Program, program

TRIES = 3
NEW = "correct-mountain-brass-lantern"


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path, IdentitySettings(tries_per_quarter_hour=TRIES))


def entered(at: Program, account: str, password: str, code: str | None = None) -> TestClient:
    client = at.client()
    answer = client.post("/api/v1/session", json={"account": account, "password": password, "code": code})
    assert answer.status_code == 201, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return client


def prove(client: TestClient, password: str, code: str | None = None) -> Response:
    answer: Response = client.post("/api/v1/session/step-up", json={"password": password, "code": code})
    return answer


def factor(client: TestClient, clock: SetClock) -> pyotp.TOTP:
    otp = pyotp.TOTP(client.post("/api/v1/session/totp").json()["secret"])
    now_s = clock.now_us() // SECOND_US
    codes = [otp.at(now_s - 30), otp.at(now_s)]
    assert client.put("/api/v1/session/totp", json={"codes": codes}).status_code == 200
    clock.advance(30 * SECOND_US)
    return otp


def test_an_open_session_alone_changes_no_factor_and_makes_no_token(whole: Program, clock: SetClock) -> None:
    _, password = whole.person("wang", "duty_officer")
    client = entered(whole, "wang", password)
    wish = {"name": "x", "actions": ["camera.read"], "expires_us": clock.now_us() + DAY_US}
    for method, path, body in (
        ("POST", "session/totp", None),
        ("PUT", "session/totp", {"codes": ["1", "2"]}),
        ("DELETE", "session/totp", None),
        ("POST", "tokens", wish),
    ):
        refused = client.request(method, f"/api/v1/{path}", json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "AUTH-014"), (method, path)
        assert refused.json()["second_factor"] is False
    assert client.get("/api/v1/session").json()["step_up_until_us"] == 0
    answer = prove(client, password)
    assert answer.json() == {"until_us": clock.now_us() + 5 * MINUTE_US}
    assert client.get("/api/v1/session").json()["step_up_until_us"] == answer.json()["until_us"]
    clock.advance(5 * MINUTE_US - 1)
    assert client.post("/api/v1/tokens", json=wish).status_code == 201
    clock.advance(1)
    assert client.post("/api/v1/tokens", json=wish).json()["code"] == "AUTH-014"


def test_a_proof_opens_only_the_session_it_was_given_in(whole: Program) -> None:
    _, password = whole.person("wang", "duty_officer")
    one, other = entered(whole, "wang", password), entered(whole, "wang", password)
    assert prove(one, password).status_code == 200
    assert other.post("/api/v1/session/totp").json()["code"] == "AUTH-014"
    assert one.post("/api/v1/session/totp").status_code == 201


def test_with_a_second_factor_the_proof_wants_a_code_and_a_code_proves_once(
    whole: Program, clock: SetClock
) -> None:
    _, password = whole.person("wang", "duty_officer")
    client = entered(whole, "wang", password)
    prove(client, password)
    otp = factor(client, clock)
    refused = client.delete("/api/v1/session/totp")
    assert (refused.json()["code"], refused.json()["second_factor"]) == ("AUTH-014", True)
    assert prove(client, password).json()["code"] == "AUTH-004"
    code = otp.at(clock.now_us() // SECOND_US)
    assert prove(client, password, code).status_code == 200
    again = prove(client, password, code)
    assert (again.status_code, again.json()["code"]) == (422, "AUTH-015")
    assert client.delete("/api/v1/session/totp").status_code == 204
    assert client.post("/api/v1/session/totp").json()["code"] == "AUTH-014", "it was proved by what is gone"


def test_guesses_at_the_proof_count_as_at_the_door(whole: Program, clock: SetClock) -> None:
    _, password = whole.person("wang", "duty_officer")
    client = entered(whole, "wang", password)
    for _ in range(TRIES):
        assert prove(client, "not-the-password").json()["code"] == "AUTH-015"
    locked = prove(client, password)
    assert (locked.status_code, locked.json()["code"]) == (423, "AUTH-005")
    assert locked.json()["until_us"] == clock.now_us() + 15 * MINUTE_US
    door = client.post("/api/v1/session", json={"account": "wang", "password": password})
    assert door.json()["code"] == "AUTH-005", "the door counts this browser in the same book"
    assert client.get("/api/v1/session").status_code == 200
    with whole.database.reading() as session:
        query = select(JournalRow).where(JournalRow.action == "session.step_up_refuse")
        assert len(session.scalars(query).all()) == TRIES


def test_ones_own_password_wants_a_code_too_where_there_is_one(whole: Program, clock: SetClock) -> None:
    _, password = whole.person("wang", "duty_officer")
    client = entered(whole, "wang", password)
    prove(client, password)
    otp = factor(client, clock)

    def change(code: str | None) -> Response:
        body = {"old": password, "new": NEW, "code": code}
        answer: Response = client.post("/api/v1/session/password", json=body)
        return answer

    assert change(None).json()["code"] == "AUTH-004"
    assert change("000000").json()["code"] == "AUTH-015"
    assert entered(whole, "wang", password, otp.at(clock.now_us() // SECOND_US))
    clock.advance(30 * SECOND_US)
    assert change(otp.at(clock.now_us() // SECOND_US)).status_code == 204


def test_a_session_knows_what_was_proved_only_for_persons_and_a_token_proves_nothing(
    whole: Program, clock: SetClock
) -> None:
    user, password = whole.person("wang", "duty_officer")
    client = whole.client()
    client.headers.update(whole.signed_in(user))
    wish = {"name": "x", "actions": ["camera.read"], "expires_us": clock.now_us() + DAY_US}
    outside = whole.client()
    outside.headers["Authorization"] = f"Bearer {client.post('/api/v1/tokens', json=wish).json()['text']}"
    assert prove(outside, password).json()["code"] == "AUTH-028"


@pytest.fixture
def strict(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path, IdentitySettings(second_factor="administrators"))


def test_an_administrator_without_a_second_factor_sets_one_up_before_anything_else(
    strict: Program, clock: SetClock
) -> None:
    _, password = strict.person("sec", "security_admin")
    _, other = strict.person("wang", "duty_officer")
    client = entered(strict, "sec", password)
    assert client.get("/api/v1/session").json()["user"]["must_enrol"] is True
    for path in ("users", "cameras", "me/sessions", "roles", "approvals"):
        assert client.get(f"/api/v1/{path}").json()["code"] == "AUTH-016", path
    otp = factor(client, clock)
    assert client.get("/api/v1/session").json()["user"]["must_enrol"] is False
    assert client.get("/api/v1/users").status_code == 200
    assert prove(client, password, otp.at(clock.now_us() // SECOND_US)).status_code == 200
    assert client.delete("/api/v1/session/totp").json()["code"] == "AUTH-017"
    officer = entered(strict, "wang", other)
    assert officer.get("/api/v1/cameras").status_code == 200


def test_a_session_that_waited_proves_again_before_it_sets_up_its_factor(
    strict: Program, clock: SetClock
) -> None:
    _, password = strict.person("sec", "security_admin")
    client = entered(strict, "sec", password)
    clock.advance(5 * MINUTE_US)
    assert client.post("/api/v1/session/totp").json()["code"] == "AUTH-014"
    assert prove(client, password).status_code == 200
    assert client.post("/api/v1/session/totp").status_code == 201
