"""Strangers' names and pages at the console's door: DNS rebinding, forged and foreign origins, headers on every answer."""

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketDenialResponse

from mingjing.identity.access import public
from mingjing.kernel.clock import SystemClock
from mingjing.web.assembly import assemble

ORIGINS = ["http://127.0.0.1:8360", "https://video.example.cn"]


def door(*, secure: bool) -> TestClient:
    routes = APIRouter()
    routes.add_api_route("/thing", lambda: {}, methods=["GET", "POST"], dependencies=[public("a test's own")])
    app = assemble(
        [routes],
        version="",
        secure=secure,
        origins=ORIGINS,
        media_sources=lambda host: (),
    )
    app.state.clock = SystemClock()
    return TestClient(app, base_url="http://127.0.0.1:8360", raise_server_exceptions=False)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8360", "127.0.0.1.evil.example", "video.example.cn.evil.example", "[", ""],
)
def test_a_name_that_is_not_ours_is_turned_away_whatever_address_it_points_to(host: str) -> None:
    client = door(secure=False)
    for method in ("GET", "POST"):
        answer = client.request(method, "/api/v1/thing", headers={"Host": host})
        assert (answer.status_code, answer.json()["code"]) == (421, "REQ-421")
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        client.websocket_connect("/api/v1/events", headers={"Host": host}),
    ):
        raise AssertionError("it was let in")
    assert refused.value.status_code == 421


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8360",
        "localhost:8360",
        "10.1.2.3",
        "[::1]:8360",
        "video.example.cn",
        "VIDEO.example.cn:443",
    ],
)
def test_addresses_and_listed_names_are_ours(host: str) -> None:
    assert door(secure=False).get("/api/v1/thing", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("origin", "secure", "status"),
    [
        ("http://127.0.0.1:8360", False, 200),
        ("https://127.0.0.1:8360", False, 403),
        ("http://127.0.0.1:8361", False, 403),
        ("https://video.example.cn", False, 200),
        ("http://video.example.cn", False, 403),
        ("https://127.0.0.1:8360", True, 200),
        ("null", False, 403),
        ("file://127.0.0.1:8360", False, 403),
        ("http://evil.example", False, 403),
    ],
)
def test_a_write_comes_from_our_own_pages_scheme_included(origin: str, secure: bool, status: int) -> None:
    answer = door(secure=secure).post("/api/v1/thing", headers={"Origin": origin})
    assert answer.status_code == status, answer.text


def test_every_answer_carries_the_headers_errors_included() -> None:
    client = door(secure=True)
    for method, path, headers in (
        ("GET", "/api/v1/thing", {}),
        ("GET", "/api/v1/nothing", {}),
        ("PUT", "/api/v1/thing", {}),
        ("POST", "/api/v1/thing", {"Origin": "http://evil.example"}),
        ("POST", "/api/v1/thing", {"Content-Length": "99999999"}),
        ("GET", "/", {}),
        ("GET", "/healthz", {}),
    ):
        answer = client.request(method, path, headers=headers)
        assert "default-src 'none'" in answer.headers["content-security-policy"], (method, path)
        assert "unsafe-inline" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        assert answer.headers["cache-control"] == "no-store", (method, path)
