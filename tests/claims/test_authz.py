"""Claim S2: every operation times every role, read from the program itself. Roles' actions are the policy."""

import re
from pathlib import Path

import pytest

from mingjing.identity.access import Required
from mingjing.identity.roles import ROLES
from mingjing.kernel.db import Database
from mingjing.web.surface import Door, doors
from tests.claims import measured
from tests.program import Program, program

# What a role may do is the program's affair, whatever the database is.
pytestmark = [pytest.mark.parametrize("database_url", ["sqlite"], indirect=True), pytest.mark.timeout(240)]


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path)


def _http(at: Program) -> list[tuple[Door, Required]]:
    return [
        (door, door.demand)
        for door in doors(at.app)
        if isinstance(door.demand, Required) and door.method != "WEBSOCKET"
    ]


def _address(door: Door) -> str:
    return re.sub(r"\{[^}]*\}", "zz_aaaaaaaaaaaa", door.path)


def test_each_operation_answers_exactly_the_roles_that_hold_its_action(whole: Program) -> None:
    allows, denials, calls = [], [], 0
    with whole.client() as client:
        for role in ROLES.values():
            user, _ = whole.person(f"one-{role.code.replace('_', '-')}", role.code)
            headers = whole.signed_in(user)
            for door, demand in _http(whole):
                answer = client.request(door.method, _address(door), headers=headers)
                calls += 1
                if door.method == "DELETE":
                    headers = whole.signed_in(user)
                refused = answer.status_code in {401, 403}
                expected = demand.action not in role.actions
                if refused and not expected:
                    denials.append((role.code, door.method, door.path, answer.text))
                if expected and not refused:
                    allows.append((role.code, door.method, door.path, answer.status_code))
    holds = not (allows or denials)
    measured.write(
        "S2", calls=calls, unexpected_allows=len(allows), unexpected_denials=len(denials), holds=holds
    )
    assert allows == []
    assert denials == []
    assert calls > 200


def test_nobody_and_a_forged_cookie_get_the_same_refusal(whole: Program) -> None:
    client = whole.client()
    for door, _ in _http(whole):
        for headers in ({}, {"Cookie": "mingjing_session=forged"}, {"Authorization": "Bearer mj_forged"}):
            answer = client.request(door.method, _address(door), headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "AUTH-002"), (door, headers)


def test_a_write_without_its_csrf_token_is_refused(whole: Program) -> None:
    client = whole.client()
    user, _ = whole.person("csrf", "operator_admin")
    for door, _ in _http(whole):
        headers = {**whole.signed_in(user), "X-CSRF-Token": "0" * 64}
        if door.method not in {"GET", "HEAD"}:
            answer = client.request(door.method, _address(door), headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "AUTH-007"), door


def test_a_one_time_password_opens_nothing_but_its_own_change(whole: Program) -> None:
    client = whole.client()
    user, _ = whole.person("fresh", "security_admin")
    with whole.database.transaction() as tx:
        row = whole.changed(user)
        row.must_change_password = True
        tx.session.merge(row)
    for door, demand in _http(whole):
        answer = client.request(door.method, _address(door), headers=whole.signed_in(user))
        assert (answer.status_code == 403) != demand.before_password_change, (door, answer.text)
