"""Sign-in and accounts as an attacker uses them: odd texts, crowds, races, open sessions. On both databases."""

import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from mingjing.audit.model import JournalRow
from mingjing.audit.service import SYSTEM
from mingjing.identity import known_device, passwords, second_factor
from mingjing.identity.access import DEVICE_COOKIE
from mingjing.identity.api.session import LINE
from mingjing.identity.errors import BUSY
from mingjing.identity.model import RoleAssignment, SignInAttempt
from mingjing.identity.passwords import Passwords
from mingjing.identity.service.accounts import Changes, RoleWish, change_user, reset_password
from mingjing.identity.settings import IdentitySettings
from mingjing.kernel.clock import SECOND_US, SetClock
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.secrets import Sealer
from tests.places import POLICE
from tests.program import PASSWORDS, Program, program

TRIES = 3
LIMITS = IdentitySettings(tries_per_quarter_hour=TRIES, source_tries_per_day=4)
NEW = "correct-mountain-brass-lantern"
PATIENCE_S = 20.0


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path, LIMITS)


def enter(client: TestClient, account: str, password: str, **more: str) -> Response:
    answer: Response = client.post("/api/v1/session", json={"account": account, "password": password, **more})
    return answer


def together(*acts: Callable[[], object]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def test_a_wrong_password_in_any_script_is_refused_and_journalled_like_any_other(whole: Program) -> None:
    whole.person("wang", "duty_officer")
    client = whole.client()
    plain = enter(client, "wang", "not-the-password")
    for body in (b'"\\u5bc6\\u7801\\u5bc6\\u7801"', b'"\\ud800"'):
        content = b'{"account":"wang","password":' + body + b"}"
        odd = client.post("/api/v1/session", content=content, headers={"Content-Type": "application/json"})
        assert (odd.status_code, odd.content) == (401, plain.content)
    with whole.database.reading() as session:
        refused = select(func.count()).select_from(JournalRow).where(JournalRow.action == "session.refuse")
        assert session.scalar(refused) == 3


def test_codes_that_are_no_digits_are_wrong_codes(whole: Program) -> None:
    user, _ = whole.person("wang", "duty_officer")
    client = whole.client_of(user)
    client.post("/api/v1/session/totp")
    for codes in (["密码", "密码"], ["１２３４５６", "１２３４５７"]):
        answer = client.put("/api/v1/session/totp", json={"codes": codes})
        assert (answer.status_code, answer.json()["code"]) == (422, "AUTH-012")


class SlowHasher:
    """Never comes to an end until told."""

    def __init__(self) -> None:
        self.told = threading.Event()

    def verify(self, _kept: str, _given: bytes) -> bool:
        return self.told.wait(PATIENCE_S)


def test_a_crowd_at_the_hashes_is_turned_away_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_WAIT_S", 10 * PATIENCE_S)
    door, slow = Passwords(), SlowHasher()
    monkeypatch.setattr(door, "_hasher", slow)
    refused = threading.Semaphore(0)

    def knock() -> None:
        try:
            door.verify(None, "x")
        except MingjingError as error:
            assert error.code == BUSY.code
            refused.release()

    crowd = [threading.Thread(target=knock) for _ in range(18)]
    for one in crowd:
        one.start()
    assert all(refused.acquire(timeout=PATIENCE_S) for _ in range(8)), "they wait instead of being told"
    assert not refused.acquire(blocking=False)
    slow.told.set()
    for one in crowd:
        one.join(PATIENCE_S)


def test_a_crowd_of_strangers_keeps_no_known_person_from_the_hashes() -> None:
    door, told = Passwords(), threading.Event()
    kept = door.hash("some-password")
    crowd = [
        threading.Thread(target=door._strangers.run, args=(told.wait,)) for _ in range(passwords.AT_ONCE)
    ]
    for one in crowd:
        one.start()
    assert door.verify(kept, "some-password", known=True)
    told.set()
    for one in crowd:
        one.join(PATIENCE_S)


def test_hashes_rest_while_a_crowd_waits_and_not_between_those_who_come_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rests: list[float] = []
    monkeypatch.setattr(time, "sleep", rests.append)
    lane, told = passwords._Lane(rest=2.0), threading.Event()
    for _ in range(3):
        lane.run(lambda: None)
    assert rests == []
    crowd = [threading.Thread(target=lane.run, args=(told.wait,)) for _ in range(3)]
    for one in crowd:
        one.start()
    while lane._thread._work_queue.qsize() < 2:
        threading.Event().wait(0.01)
    told.set()
    for one in crowd:
        one.join(PATIENCE_S)
    assert len(rests) == 2
    assert rests[0] > 0


def test_hashes_stand_back_from_whoever_answers() -> None:
    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    for lane in (Passwords()._strangers, Passwords()._known):
        there = lane.run(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        assert there > own


def test_a_crowd_at_the_door_is_told_before_it_takes_anything(
    whole: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LINE, "_most", 1)
    with LINE.place(None):
        assert enter(whole.client(), "wang", "some-password").json()["code"] == BUSY.code
        with whole.database.reading() as session:
            assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 0
    for _ in range(2):
        assert enter(whole.client(), "wang", "some-password").status_code == 401


def test_a_crowd_at_the_door_does_not_take_the_place_of_a_known_device(
    whole: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, password = whole.person("wang", "duty_officer")
    _, others = whole.person("li", "duty_officer")
    mine, stranger = whole.client(), whole.client()
    assert enter(mine, "wang", password).status_code == 201
    monkeypatch.setattr(LINE, "_most", 1)
    with LINE.place(None):
        assert enter(mine, "wang", password).status_code == 201
        assert enter(stranger, "li", others).json()["code"] == BUSY.code
        stranger.cookies.set(DEVICE_COOKIE, "v1:made-up:cookie")
        assert enter(stranger, "li", others).json()["code"] == BUSY.code
        with LINE.place(user):
            assert enter(mine, "wang", password).json()["code"] == BUSY.code, "one place a person"
    assert enter(stranger, "li", others).status_code == 201


def test_a_device_that_says_whose_it_is_must_still_be_in_the_register(whole: Program) -> None:
    user, password = whole.person("wang", "duty_officer")
    client = whole.client()
    forged = known_device.made(whole.desk.sealer, user)
    client.cookies.set(DEVICE_COOKIE, forged)
    for _ in range(TRIES):
        assert enter(client, "wang", "wrong-wrong-wrong").status_code == 401
    assert enter(whole.client(), "wang", password).json()["code"] == "AUTH-005", "counted as anybody's"


@given(cookie=st.text(max_size=300))
def test_no_text_is_taken_for_a_known_device(cookie: str) -> None:
    assert known_device.person(Sealer(b"k" * 32), cookie) is None


def test_a_cookie_names_its_person_under_its_own_key_alone() -> None:
    sealer = Sealer(b"k" * 32)
    for user in ("us_1", "us_01J9Z8QX2M3N4P5R6S7T8V9W0X", "us_22"):
        cookie = known_device.made(sealer, user)
        assert re.fullmatch(r"[A-Za-z0-9:_-]+", cookie), "it needs no quotes in a header"
        assert known_device.person(sealer, cookie) == user
        assert known_device.made(sealer, user) != cookie
        assert known_device.person(Sealer(b"l" * 32), cookie) is None
        assert known_device.person(sealer, cookie[:-2] + "AA") is None


def test_a_try_that_nobody_looked_at_does_not_count(whole: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object, **__: object) -> bool:
        raise MingjingError(BUSY)

    whole.person("wang", "duty_officer")
    with monkeypatch.context() as patch:
        patch.setattr(whole.desk.passwords, "verify", busy)
        for _ in range(TRIES + 1):
            assert enter(whole.client(), "wang", "some-password").json()["code"] == "AUTH-009"
    with whole.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 0


def test_a_known_device_is_not_slowed_down_by_others_at_its_address(whole: Program) -> None:
    _, password = whole.person("wang", "duty_officer")
    mine, stranger = whole.client(), whole.client()
    assert enter(mine, "wang", password).status_code == 201
    for number in range(4):
        enter(stranger, f"guess-{number}", "wrong-wrong-wrong")
    assert enter(stranger, "wang", password).json()["code"] == "AUTH-008"
    assert enter(mine, "wang", password).status_code == 201


def test_an_open_session_is_no_place_to_guess_its_password(whole: Program) -> None:
    user, password = whole.person("wang", "duty_officer")
    client = whole.client_of(user)

    def change(old: str) -> Response:
        answer: Response = client.post("/api/v1/session/password", json={"old": old, "new": NEW})
        return answer

    for _ in range(TRIES):
        assert change("not-the-old-one").json()["code"] == "AUTH-011"
    assert (change(password).status_code, change(password).json()["code"]) == (423, "AUTH-005")
    assert enter(whole.client(), "wang", password).status_code == 201, "the door is not locked by it"


def test_a_reset_wins_over_a_change_that_was_under_way(
    whole: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, password = whole.person("wang", "duty_officer")
    fresh, kept = PASSWORDS.one_time(), whole.desk.passwords.hash

    def hash_slowly(given: str) -> str:
        with whole.database.transaction() as tx:
            reset_password(tx, SYSTEM, fresh, user)
        return kept(given)

    client = whole.client_of(user)
    with monkeypatch.context() as patch:
        patch.setattr(whole.desk.passwords, "hash", hash_slowly)
        answer = client.post("/api/v1/session/password", json={"old": password, "new": NEW})
    assert answer.json()["code"] == "AUTH-011"
    assert enter(whole.client(), "wang", NEW).status_code == 401
    assert enter(whole.client(), "wang", fresh.text).status_code == 201


def test_nobody_gives_themselves_a_new_password_without_the_old_one(whole: Program) -> None:
    user, password = whole.person("sec", "security_admin")
    other, _ = whole.person("wang", "duty_officer")
    client = whole.client_of(user)
    assert client.post(f"/api/v1/users/{user}/password").json()["code"] == "AUTH-023"
    assert client.post(f"/api/v1/users/{other}/password").status_code == 201
    assert enter(whole.client(), "sec", password).status_code == 201


def test_an_empty_place_is_not_everywhere(whole: Program) -> None:
    client = whole.client_of(whole.person("sec", "security_admin")[0])
    wish = {"account": "li", "name": "李某", "organisation": POLICE}
    for place, code in (({"division": ""}, "DIV-004"), ({"organisation": ""}, "AUTH-025")):
        answer = client.post("/api/v1/users", json=wish | {"roles": [{"role": "duty_officer"} | place]})
        assert answer.json().get("code") == code, answer.text


def test_two_assignments_at_once_do_not_add_up(whole: Program) -> None:
    user, _ = whole.person("wang")
    whole.person("sec", "security_admin")

    def second() -> None:
        with whole.database.transaction() as tx:
            change_user(tx, SYSTEM, user, Changes(roles=[RoleWish("audit_admin")]))

    other = threading.Thread(target=second)
    with whole.database.transaction() as tx:
        change_user(tx, SYSTEM, user, Changes(roles=[RoleWish("system_admin")]))
        other.start()
        if not whole.database.is_sqlite:
            _until_somebody_waits(whole.database)
    other.join(PATIENCE_S)
    with whole.database.reading() as session:
        held = session.scalars(select(RoleAssignment.role).where(RoleAssignment.user == user)).all()
    assert held == ["audit_admin"]


def _until_somebody_waits(database: Database) -> None:
    for _ in range(2000):
        with database.reading() as session:
            if session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return
        threading.Event().wait(0.01)
    raise AssertionError("the second change never came to wait")


def test_one_code_opens_once_even_twice_at_the_same_moment(
    whole: Program, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, password = whole.person("wang", "duty_officer")
    client = whole.client_of(user)
    otp = pyotp.TOTP(client.post("/api/v1/session/totp").json()["secret"])
    now_s = clock.now_us() // SECOND_US
    client.put("/api/v1/session/totp", json={"codes": [otp.at(now_s - 30), otp.at(now_s)]})
    clock.advance(30 * SECOND_US)
    code = otp.at(clock.now_us() // SECOND_US)
    both, judge = threading.Barrier(2), second_factor.accepted_step

    def side_by_side(secret: str, given: str, now_us: int, last: int) -> int | None:
        try:
            both.wait(2.0)
        except threading.BrokenBarrierError:
            both.reset()
        return judge(secret, given, now_us, last)

    monkeypatch.setattr(second_factor, "accepted_step", side_by_side)
    states: list[int] = []
    clients = [whole.client(), whole.client()]
    together(
        *(lambda at=at: states.append(enter(at, "wang", password, code=code).status_code) for at in clients)
    )
    assert sorted(states) == [201, 401]
