"""Signing in over HTTP on both databases: limits, second factor, sessions. Time is set, never waited for."""

from pathlib import Path
from typing import Any

import pyotp
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import func, select

from mingjing.audit.model import JournalRow
from mingjing.identity.access import Gate
from mingjing.identity.model import SignInSession, User
from mingjing.identity.settings import IdentitySettings
from mingjing.kernel.clock import HOUR_US, MINUTE_US, SECOND_US, SetClock
from mingjing.kernel.db import Database
from mingjing.kernel.secrets import Secret
from tests.contract import hold
from tests.program import Program, program

TRIES = 3
LIMITS = IdentitySettings(tries_per_quarter_hour=TRIES, source_tries_per_day=8, sessions_per_user=2)
NEW = "correct-mountain-brass-lantern"


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path, LIMITS)


def enter(client: TestClient, account: str, password: str, code: str | None = None) -> Response:
    body: dict[str, Any] = {"account": account, "password": password}
    answer: Response = client.post("/api/v1/session", json=body | ({"code": code} if code else {}))
    if answer.status_code == 201:
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return answer


def told(at: Program, action: str) -> int:
    with at.database.reading() as session:
        query = select(func.count()).select_from(JournalRow).where(JournalRow.action == action)
        return session.scalar(query) or 0


def test_an_unknown_account_a_wrong_password_and_a_disabled_account_get_one_answer(whole: Program) -> None:
    user, password = whole.person("wang", "duty_officer")
    client = whole.client()
    wrong = enter(client, "wang", "not-the-password")
    unknown = enter(client, "nobody-here", "not-the-password")
    with whole.database.transaction() as tx:
        tx.session.get_one(User, user).enabled = False
    disabled = enter(client, "wang", password)
    assert wrong.status_code == 401
    assert wrong.content == unknown.content == disabled.content
    assert "set-cookie" not in wrong.headers
    assert told(whole, "session.refuse") == 3


def test_an_account_is_locked_after_its_tries_and_says_until_when(whole: Program, clock: SetClock) -> None:
    _, password = whole.person("wang", "duty_officer")
    client = whole.client()
    first_us = clock.now_us()
    for _ in range(TRIES):
        assert enter(client, "wang", "wrong-wrong-wrong").status_code == 401
        clock.advance(MINUTE_US)
    locked = enter(client, "wang", password)
    assert (locked.status_code, locked.json()["code"]) == (423, "AUTH-005")
    assert locked.json()["until_us"] == first_us + 15 * MINUTE_US
    clock.advance(locked.json()["until_us"] - clock.now_us() - 1)
    assert enter(client, "wang", password).status_code == 423
    clock.advance(1)
    assert enter(client, "wang", password).status_code == 201


def test_a_known_device_is_not_locked_out_by_strangers(whole: Program) -> None:
    _, password = whole.person("wang", "duty_officer")
    mine, stranger = whole.client(), whole.client()
    assert enter(mine, "wang", password).status_code == 201
    for _ in range(TRIES):
        enter(stranger, "wang", "guess-guess-guess")
    assert enter(stranger, "wang", password).status_code == 423
    assert enter(mine, "wang", password).status_code == 201


def test_a_source_that_tries_many_accounts_is_slowed_down(whole: Program, clock: SetClock) -> None:
    _, password = whole.person("wang", "duty_officer")
    client = whole.client()
    for number in range(LIMITS.source_tries_per_day):
        enter(client, f"guess-{number}", "wrong-wrong-wrong")
    refused = enter(client, "wang", password)
    assert (refused.status_code, refused.json()["code"]) == (429, "AUTH-008")
    wait_s = refused.json()["retry_after_s"]
    assert 1 <= wait_s <= 11
    clock.advance(wait_s * SECOND_US)
    assert enter(client, "wang", password).status_code == 201


def factor(client: TestClient, clock: SetClock, password: str) -> tuple[pyotp.TOTP, list[str]]:
    assert client.post("/api/v1/session/step-up", json={"password": password}).status_code == 200
    otp = pyotp.TOTP(client.post("/api/v1/session/totp").json()["secret"])
    now_s = clock.now_us() // SECOND_US
    codes = [otp.at(now_s - 30), otp.at(now_s)]
    answer = client.put("/api/v1/session/totp", json={"codes": codes})
    assert answer.status_code == 200, answer.text
    recovery = answer.json()["recovery"]
    assert isinstance(recovery, list)
    return otp, recovery


def test_a_second_factor_is_asked_for_and_a_code_opens_once(whole: Program, clock: SetClock) -> None:
    _, password = whole.person("wang", "duty_officer")
    client = whole.client()
    enter(client, "wang", password)
    otp, _ = factor(client, clock, password)
    asked = enter(client, "wang", password)
    assert (asked.status_code, asked.json()["code"]) == (428, "AUTH-004")
    clock.advance(30 * SECOND_US)
    code = otp.at(clock.now_us() // SECOND_US)
    assert enter(client, "wang", password, code).status_code == 201
    assert enter(whole.client(), "wang", password, code).status_code == 401
    clock.advance(30 * SECOND_US)
    assert enter(whole.client(), "wang", password, otp.at(clock.now_us() // SECOND_US)).status_code == 201


def test_a_recovery_code_opens_once_and_does_not_open_for_another(whole: Program, clock: SetClock) -> None:
    _, password = whole.person("wang", "duty_officer")
    _, other_password = whole.person("li", "duty_officer")
    client, other = whole.client(), whole.client()
    enter(client, "wang", password)
    enter(other, "li", other_password)
    _, recovery = factor(client, clock, password)
    factor(other, clock, other_password)
    assert len(set(recovery)) == 10
    assert enter(whole.client(), "li", other_password, recovery[0]).status_code == 401
    assert enter(whole.client(), "wang", password, recovery[0].upper()).status_code == 201
    assert enter(whole.client(), "wang", password, recovery[0]).status_code == 401


def test_one_account_holds_so_many_sessions_and_the_oldest_goes(whole: Program, clock: SetClock) -> None:
    _, password = whole.person("wang", "duty_officer")
    clients = []
    for _ in range(LIMITS.sessions_per_user + 1):
        clients.append(whole.client())
        assert enter(clients[-1], "wang", password).status_code == 201
        clock.advance(SECOND_US)
    states = [client.get("/api/v1/session").status_code for client in clients]
    assert states == [401, 200, 200]
    with whole.database.reading() as session:
        oldest = session.scalars(select(SignInSession.id).order_by(SignInSession.created_us)).first()
    assert whole.recorder.node.revoked_holders == [oldest]


def test_an_idle_session_ends_and_a_busy_one_ends_at_its_hour(whole: Program, clock: SetClock) -> None:
    _, password = whole.person("wang", "duty_officer")
    idle, busy = whole.client(), whole.client()
    enter(idle, "wang", password)
    enter(busy, "wang", password)
    for _ in range(2):
        clock.advance(LIMITS.session_idle_minutes * MINUTE_US - MINUTE_US)
        assert busy.get("/api/v1/session").status_code == 200
    assert idle.get("/api/v1/session").status_code == 401
    for _ in range(LIMITS.session_hours - 2):
        assert busy.get("/api/v1/session").status_code == 200
        clock.advance(HOUR_US - MINUTE_US)
    clock.advance(2 * MINUTE_US * LIMITS.session_hours)
    assert busy.get("/api/v1/session").status_code == 401


def test_a_one_time_password_is_changed_before_anything_else(whole: Program) -> None:
    user, password = whole.person("wang", "duty_officer")
    with whole.database.transaction() as tx:
        tx.session.get_one(User, user).must_change_password = True
    client, elsewhere = whole.client(), whole.client()
    assert enter(client, "wang", password).json()["user"]["must_change_password"] is True
    enter(elsewhere, "wang", password)
    assert client.get("/api/v1/cameras").json()["code"] == "AUTH-006"

    def change(old: str, new: str) -> Response:
        answer: Response = client.post("/api/v1/session/password", json={"old": old, "new": new})
        return answer

    assert change("not-the-old-one", NEW).json()["code"] == "AUTH-011"
    assert change(password, password).json()["code"] == "AUTH-010"
    assert change(password, "password1234").json()["code"] == "AUTH-010"
    assert change(password, NEW).status_code == 204
    assert client.get("/api/v1/cameras").status_code == 200
    assert elsewhere.get("/api/v1/session").status_code == 401
    assert enter(whole.client(), "wang", password).status_code == 401
    assert enter(whole.client(), "wang", NEW).status_code == 201


def test_behind_tls_both_cookies_are_bound_to_the_host_and_a_bare_one_opens_nothing(whole: Program) -> None:
    user, password = whole.person("wang", "duty_officer")
    whole.app.state.gate = Gate(whole.database, LIMITS.model_copy(update={"second_factor": "off"}), True)
    client = hold(
        TestClient(whole.app, base_url="https://127.0.0.1", raise_server_exceptions=False), whole.app
    )
    cookies = enter(client, "wang", password).headers.get_list("set-cookie")
    assert sorted(one.partition("=")[0] for one in cookies) == [
        "__Host-mingjing_device",
        "__Host-mingjing_session",
    ]
    for cookie in cookies:
        marks = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "secure", "samesite=strict", "path=/"} <= marks
        assert not any(mark.startswith("domain") for mark in marks)
    assert client.get("/api/v1/session").status_code == 200
    headers = whole.signed_in(user)
    assert whole.client().get("/api/v1/session", headers=headers).status_code == 200
    bare = headers | {"Cookie": headers["Cookie"].removeprefix("__Host-")}
    assert bare != headers
    assert whole.client().get("/api/v1/session", headers=bare).status_code == 401


def test_whoever_knocks_the_same_work_is_done(whole: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    user, _ = whole.person("wang", "duty_officer")
    with whole.database.transaction() as tx:
        tx.session.get_one(User, user).totp_sealed = whole.desk.sealer.seal(
            Secret("JBSWY3DPEHPK3PXP"), f"totp:{user}"
        )
    hashes: list[str] = []
    hasher = whole.desk.passwords._hasher

    class Counting:
        def verify(self, kept: str, given: bytes) -> bool:
            hashes.append(kept.rpartition("$")[0].rpartition("$")[0])
            return hasher.verify(kept, given)

    monkeypatch.setattr(whole.desk.passwords, "_hasher", Counting())
    for account in ("wang", "nobody-here"):
        enter(whole.client(), account, "not-the-password")
    assert len(hashes) == 2
    assert hashes[0] == hashes[1], "memory, passes and lanes"
