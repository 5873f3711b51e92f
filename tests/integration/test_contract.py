"""The suite's own clients compare every answer with the description: here, that they would notice."""

from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from pydantic import BaseModel

from mingjing.identity.access import public
from mingjing.kernel.db import DATABASE_AWAY, Database
from mingjing.kernel.errors import CONFLICT, MingjingError, catalogue
from mingjing.kernel.wire import fails
from mingjing.web import problems
from tests.contract import contract, hold
from tests.program import program

OPEN = [public("a test")]


class Camera(BaseModel):
    name: str


def _answering(wish: str) -> Response:
    if wish == "silent":
        return Response(status_code=204)
    if wish == "text":
        return Response("Gate", media_type="text/plain")
    return JSONResponse({"name": 7} if wish == "number" else {"name": "Gate"})


@pytest.fixture
def client() -> TestClient:
    routes = APIRouter(tags=["cameras"])

    @routes.get("/camera/{wish}", summary="One", openapi_extra=fails(CONFLICT), dependencies=OPEN)
    def one(wish: str) -> Camera:
        if wish in catalogue():
            raise MingjingError(catalogue()[wish])
        return _answering(wish)  # type: ignore[return-value]

    app = FastAPI(openapi_url=None)
    app.include_router(routes)
    problems.install(app)
    return hold(TestClient(app), app)


@pytest.mark.parametrize("wish", ["well", "REQ-404", "REQ-409"])
def test_what_is_told_passes(client: TestClient, wish: str) -> None:
    assert client.get(f"/camera/{wish}").status_code in {200, 404, 409}


@pytest.mark.parametrize(
    ("wish", "breach"),
    [
        ("silent", "status 204 is not told"),
        ("text", "text/plain is not told"),
        ("number", "is not of type"),
        ("REQ-405", "status 405 is not told"),
        ("CAM-003", "error CAM-003 is not told"),
    ],
)
def test_what_is_not_told_fails(client: TestClient, wish: str, breach: str) -> None:
    with pytest.raises(AssertionError, match=breach):
        client.get(f"/camera/{wish}")


def test_the_way_with_the_fewest_parameters_is_meant(empty_database: Database, tmp_path: Path) -> None:
    held = contract(program(empty_database, tmp_path).app)
    export, camera = (
        held.operation("GET", "/api/v1/cameras/export"),
        held.operation("GET", "/api/v1/cameras/ch_x"),
    )
    assert export is not None
    assert camera is not None
    assert export["summary"] != camera["summary"]
    assert held.operation("GET", "/assets/index.js") is None


def test_a_database_that_is_away_is_told_of_every_operation_that_asks_who_is_calling(
    empty_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = program(empty_database, tmp_path)
    user, _ = whole.person("wang", "operator_admin")
    headers = whole.signed_in(user)

    def away() -> None:
        raise MingjingError(DATABASE_AWAY)

    monkeypatch.setattr(whole.database, "reading", away)
    answer = whole.client().get("/api/v1/cameras", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (503, "SYS-020")
