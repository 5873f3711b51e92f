"""Claim S3: no way in without a declared permission, and nothing but sign-in, health and the console is public."""

import re
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from mingjing.identity.access import Public, requires
from mingjing.identity.actions import Action
from mingjing.identity.roles import ROLES
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.web.assembly import assemble
from mingjing.web.describing import description
from mingjing.web.feed import TOPICS
from mingjing.web.surface import doors
from tests.claims import measured
from tests.program import Program, program

OPEN = {
    ("POST", "/api/v1/session"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/verify/filing/{code}"),
    ("GET", "/{path:path}"),
    ("HEAD", "/{path:path}"),
}


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path)


def _assembled(router: APIRouter) -> FastAPI:
    return assemble([router], version="", secure=False, media_sources=lambda host: ())


def test_only_sign_in_health_and_the_console_are_public(whole: Program) -> None:
    found = doors(whole.app)
    public = {(door.method, door.path) for door in found if isinstance(door.demand, Public)}
    # `doors` refuses an assembled program with a door that declares nothing.
    measured.write(
        "S3",
        doors=len(found),
        undeclared=0,
        public=sorted(" ".join(one) for one in public),
        holds=public <= OPEN,
    )
    assert public <= OPEN, public - OPEN
    assert len(found) > 60


def test_a_route_that_declares_nothing_stops_the_program() -> None:
    router = APIRouter()
    router.add_api_route("/forgotten", lambda: {})
    with pytest.raises(MingjingError) as raised:
        _assembled(router)
    assert raised.value.code == "SYS-060"
    assert "/api/v1/forgotten" in raised.value.detail.en


STEP_UP = {
    ("POST", "/api/v1/session/totp"),
    ("PUT", "/api/v1/session/totp"),
    ("DELETE", "/api/v1/session/totp"),
    ("POST", "/api/v1/users"),
    ("PATCH", "/api/v1/users/{user}"),
    ("POST", "/api/v1/users/{user}/password"),
    ("POST", "/api/v1/approvals"),
    ("POST", "/api/v1/approvals/{approval}/approve"),
    ("POST", "/api/v1/tokens"),
    ("POST", "/api/v1/exports"),
    ("POST", "/api/v1/journal/checkpoints"),
    ("POST", "/api/v1/storage/clock/confirm"),
}


def test_each_sensitive_door_wants_a_fresh_proof_and_says_so(whole: Program) -> None:
    assert {(door.method, door.path) for door in doors(whole.app) if door.step_up} == STEP_UP
    client = whole.client()
    for role in ROLES:
        user, _ = whole.person(f"one-{role.replace('_', '-')}", role)
        for door in doors(whole.app):
            if door.step_up and door.action in ROLES[role].actions:
                path = re.sub(r"\{[^}]*\}", "zz_aaaaaaaaaaaa", door.path)
                answer = client.request(door.method, path, headers=whole.signed_in(user, proved=False))
                assert (answer.status_code, answer.json()["code"]) == (403, "AUTH-014"), door
    paths = description(whole.app)["paths"]
    told = {(m.upper(), p) for p, item in paths.items() for m, one in item.items() if one.get("x-step-up")}
    assert told == STEP_UP


def test_a_guarded_route_that_is_silent_about_step_up_stops_the_program() -> None:
    router = APIRouter()
    router.add_api_route("/silent", lambda: {}, methods=["POST"], dependencies=[requires(Action.USER_WRITE)])
    with pytest.raises(MingjingError) as raised:
        _assembled(router)
    assert raised.value.code == "SYS-061"


def test_a_socket_and_a_bare_route_are_no_way_around() -> None:
    async def socket(websocket: object) -> None:
        raise AssertionError("never served")

    for router in (APIRouter(), APIRouter(routes=[Route("/bare", lambda request: PlainTextResponse(""))])):
        if not router.routes:
            router.add_api_websocket_route("/socket", socket)
        with pytest.raises(MingjingError) as raised:
            _assembled(router)
        assert raised.value.code == "SYS-060"


def test_every_topic_names_an_action() -> None:
    assert TOPICS
    assert all(isinstance(action, Action) for action in TOPICS.values())


def test_every_operation_has_a_summary_a_permission_and_typed_errors(whole: Program) -> None:
    operations = [
        (f"{method.upper()} {path}", operation)
        for path, item in description(whole.app)["paths"].items()
        for method, operation in item.items()
    ]
    assert len(operations) > 50
    for name, operation in operations:
        assert operation.get("summary"), name
        assert operation.get("x-permission"), name
        assert "500" in operation["responses"], name
        for status, answer in operation["responses"].items():
            if status >= "400" and (name, status) != ("GET /readyz", "503"):
                schema = answer["content"]["application/problem+json"]["schema"]
                assert schema["$ref"].endswith("/Problem"), (name, status)
