"""Tricks that opened other systems, at every door of ours: spellings of paths, claims about oneself, odd keys, SQL in texts,
fields that nobody offered, sockets of strangers' pages. `tests/claims/lessons.py` says where each was seen.
"""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from sqlalchemy import func, select
from starlette.testclient import WebSocketDenialResponse

from mingjing.audit.model import JournalRow
from mingjing.configuration import read
from mingjing.identity.model import User
from mingjing.kernel.clock import HOUR_US
from mingjing.kernel.db import Database
from mingjing.tables import METADATA
from mingjing.web.describing import description
from tests.places import POLICE
from tests.program import Program, program

HERE = "http://127.0.0.1:8360"
FEED = "ws://127.0.0.1:8360/api/v1/events"
SECRET_NAME = "只给看的人看"


@pytest.fixture
def whole(empty_database: Database, tmp_path: Path) -> Program:
    return program(empty_database, tmp_path)


def bare(
    at: Program, path: str, headers: Mapping[str, str] | None = None, peer: str = "10.9.9.9"
) -> tuple[int, bytes]:
    """One GET as it comes over the wire, with nothing put right by a client; its status and body."""
    said: list[Any] = []

    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Any:
        message = next(asked, None)
        return message if message is not None else await asyncio.Future()

    async def send(message: Any) -> None:
        said.append(message)

    raw, _, query = path.partition("?")
    given = {"host": "127.0.0.1:8360", **(headers or {})}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": unquote_to_bytes(raw).decode("utf-8", "replace"), "raw_path": raw.encode(), "root_path": "",
        "query_string": query.encode(), "client": (peer, 40000), "server": ("127.0.0.1", 8360),
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip
    asyncio.run(at.app(scope, receive, send))
    body = b"".join(one.get("body", b"") for one in said if one["type"] == "http.response.body")
    return int(said[0]["status"]), body


CAMERAS = "/api/v1/cameras"
SPELLINGS = (
    "/api/v1/cameras;.js", "/api/v1/cameras;a=b", "/api/v1/;/cameras", "/api/v1/cameras.js", "/api/v1/cameras/.js",
    "//api/v1/cameras", "/api//v1/cameras", "/api/v1//cameras", "/api/v1/cameras/", "/api/v1/cameras%2e",
    "/api/v1/cameras%2f", "/api/v1/%63ameras", "/%61pi/v1/cameras", "/api/v1/./cameras", "/api/v1/x/../cameras",
    "/assets/../api/v1/cameras", "/assets/..%2fapi/v1/cameras", "/healthz/../api/v1/cameras", "/healthz;/api/v1/cameras",
    "/api/v1/session/../cameras", "/api/v1/session;/../cameras", "/API/V1/CAMERAS", "/api/v1/cameras%00.js",
    "/api/v1\\cameras", "/api/v1/cameras%20", "/api/v1/cameras?x=/assets/a.js", "/api/v1/cameras%3f.js",
    "/api/v1/cameras%252f..", "/api/v1/cameras/..;/cameras", "/api/v1/cameras#.js",
)  # fmt: skip


def test_no_spelling_of_a_path_goes_around_its_permission(whole: Program) -> None:
    whole.recorder.town.add(SECRET_NAME)
    reader, _ = whole.person("li", "operator_admin")
    auditor, _ = whole.person("wang", "audit_admin")
    assert SECRET_NAME in whole.client_of(reader).get(CAMERAS).text
    for headers, refusal in (({}, 401), (whole.signed_in(auditor), 403)):
        assert bare(whole, CAMERAS, headers)[0] == refusal
        for path in SPELLINGS:
            status, body = bare(whole, path, headers)
            assert SECRET_NAME.encode() not in body, path
            page = b"<html" in body
            assert status in {refusal, 307, 404} or page, (path, status, body)


@pytest.mark.parametrize(
    "step", ["..", "%2e%2e", "..%2f..", "....//..", "..\\..", "..%5c..", "..;", "%c0%ae%c0%ae", "."]
)
def test_no_spelling_of_a_path_reads_a_file_that_is_no_part_of_the_console(whole: Program, step: str) -> None:
    for folder in ("", "/assets"):
        for deep in range(1, 9):
            for wanted in ("guard.py", "etc/passwd", "pyproject.toml"):
                path = f"{folder}/{f'{step}/' * deep}{wanted}"
                _, body = bare(whole, path)
                for sign in (b"class Guard", b"root:x:", b"[tool.ruff]"):
                    assert sign not in body, path
    for absolute in ("//etc/passwd", "/%2fetc/passwd", "/file:///etc/passwd", "/assets//etc/passwd"):
        assert b"root:x:" not in bare(whole, absolute)[1], absolute


CLAIMS: tuple[dict[str, str], ...] = (
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Real-IP": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1;host=localhost;proto=https"},
    {"X-Forwarded-Host": "localhost", "X-Forwarded-Proto": "https"},
    {"X-Original-URL": "/healthz"},
    {"X-Rewrite-URL": "/healthz"},
    {"X-Remote-User": "admin", "Remote-User": "admin", "X-Forwarded-User": "admin"},
    {"Client-Type": "Local", "X-Client-Type": "loopback"},
    {"Host": "localhost:8360"},
    {"Referer": f"{HERE}/"},
    {"User-Agent": "mingjing"},
)


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "127.0.0.9", "::ffff:127.0.0.1", "10.9.9.9"])
def test_no_address_and_no_claim_about_oneself_is_a_right(whole: Program, peer: str) -> None:
    whole.person("admin", "operator_admin")
    for claim in ({}, *CLAIMS):
        for path in (CAMERAS, "/api/v1/users", "/api/v1/journal", "/metrics", "/api/v1/tree"):
            assert bare(whole, path, claim, peer)[0] == 401, (claim, path)


def test_where_somebody_is_said_to_come_from_is_not_believed_unless_a_proxy_is_listed(whole: Program) -> None:
    found, _ = read(None, {}, environment={})
    assert found.server.trusted_proxies == []
    client = whole.client()
    for claim in CLAIMS[:4]:
        client.post("/api/v1/session", json={"account": "wang", "password": "x"}, headers=claim)
    with whole.database.reading() as session:
        sources = set(session.scalars(select(JournalRow.source).where(JournalRow.source != "")))
    assert sources == {"testclient"}


ODD_KEYS = (
    "constructor", "__proto__", "toString", "hasOwnProperty", "null", "undefined", "true", "0", "1", "[]", "{}", "*", "%",
    "_", "mj_", "mj_%", "mj_*", "mj_constructor", "mj___proto__", "mj_' OR '1'='1", "' OR 1=1--", "admin", "mj_\\", "..",
)  # fmt: skip


def test_no_odd_word_is_a_key(whole: Program) -> None:
    user, _ = whole.person("wang", "operator_admin")
    wish = {"name": "t", "actions": ["camera.read"], "expires_us": whole.recorder.clock.now_us() + HOUR_US}
    made = whole.client_of(user).post("/api/v1/tokens", json=wish)
    assert made.status_code == 201, made.text
    assert bare(whole, CAMERAS, {"Authorization": f"Bearer {made.json()['text']}"})[0] == 200
    for key in ODD_KEYS:
        for headers in (
            {"Authorization": f"Bearer {key}"},
            {"Authorization": key},
            {"Cookie": f"mingjing_session={key}"},
            {"X-API-Key": key},
        ):
            assert bare(whole, CAMERAS, headers)[0] == 401, headers


SQL = (
    "' OR '1'='1", "x' OR 1=1 --", "'; DROP TABLE cameras; --", '" OR ""="', "1) OR (1=1", "') UNION SELECT 1,2,3 --",
    "%' OR name LIKE '%", "\\' OR 1=1 --", "$$; SELECT pg_sleep(9); $$", "x'||(SELECT digest FROM sessions)||'", "%", "_",
)  # fmt: skip


def _rows(at: Program) -> dict[str, int]:
    with at.database.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in METADATA.sorted_tables
            if not table.name.startswith(("journal", "session"))
        }


def test_sql_in_a_stored_text_is_text_wherever_it_is_used_again(whole: Program) -> None:
    keeper = whole.client_of(whole.person("li", "operator_admin")[0])
    security = whole.client_of(whole.person("wang", "security_admin")[0])
    for number, text in enumerate(SQL):
        wish = {
            "name": text, "address": text, "note": text, "division": "420115", "organisation": POLICE,
            "streams": [{"kind": "main", "url": f"rtsp://10.0.0.{number + 1}/"}],
        }  # fmt: skip
        made = keeper.post(CAMERAS, json=wish)
        assert made.status_code == 201, made.text
        unit = security.post("/api/v1/organisations", json={"name": text, "parent": POLICE})
        assert unit.status_code == 201, unit.text
    kept = _rows(whole)
    listed = keeper.get(f"{CAMERAS}?limit=200").json()
    assert sorted(one["name"] for one in listed["items"]) == sorted(SQL)
    for text in SQL:
        answer = keeper.get(CAMERAS, params={"q": text})
        assert answer.status_code == 200, (text, answer.text)
        found = answer.json()
        words = text.split()
        # Every word has to stand somewhere in what is found; nothing in the text widens or ends the question.
        meant = {one for one in SQL if all(word.casefold() in one.casefold() for word in words)}
        assert {one["name"] for one in found["items"]} == meant, text
    assert _rows(whole) == kept


def _filters(at: Program) -> Iterator[tuple[str, str]]:
    """Every parameter of the query of every operation that reads, with its path."""
    for path, item in description(at.app)["paths"].items():
        for parameter in item.get("get", {}).get("parameters", []):
            if parameter["in"] == "query":
                yield path.partition("{")[0] + ("zz_aaaaaaaaaaaa" if "{" in path else ""), parameter["name"]


def test_sql_in_any_filter_is_a_text_that_finds_nothing(whole: Program) -> None:
    whole.recorder.town.add(SECRET_NAME)
    kept = _rows(whole)
    people = [whole.client_of(whole.person(f"one-{n}", role)[0])
              for n, role in enumerate(("operator_admin", "audit_admin", "security_admin"))]  # fmt: skip
    asked = list(dict.fromkeys(_filters(whole)))
    assert len(asked) > 30
    assert not [one for one in asked if one[1] in {"sort", "order", "order_by", "where", "fields"}]
    for path, name in asked:
        # Of whoever may ask it, the first one: what a role may see is another test's question.
        for client in people:
            first = client.get(path, params={name: SQL[0]})
            if first.status_code == 403:
                continue
            answers = [first, *(client.get(path, params={name: text}) for text in SQL[1:6])]
            assert {answer.status_code for answer in answers} <= {200, 404, 422}, (path, name, answers)
            found = [answer.text for answer in answers if answer.status_code == 200 and name != "after"]
            assert name in {"enabled", "limit"} or not any(SECRET_NAME in text for text in found), (
                path,
                name,
            )
            break
    grown = {name: rows for name, rows in _rows(whole).items() if rows < kept[name]}
    assert grown == {}


def _bodies(at: Program) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every JSON body that is taken: where, by which name, and its schema, those inside it too."""
    whole = description(at.app)
    schemas = whole["components"]["schemas"]

    def inside(schema: Any, met: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        if isinstance(schema, list):
            for one in schema:
                yield from inside(one, met)
        if not isinstance(schema, dict):
            return
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name and name not in met:
            met.add(name)
            yield name, schemas[name]
            yield from inside(schemas[name], met)
        for key, value in schema.items():
            if key != "$ref":
                yield from inside(value, met)

    for path, item in whole["paths"].items():
        for method, operation in item.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            for name, schema in inside(body.get("schema", {}), set()):
                yield f"{method.upper()} {path}", name, schema


def test_no_body_takes_a_field_that_nobody_offered(whole: Program) -> None:
    taken = [one for one in _bodies(whole) if one[2].get("type") == "object"]
    assert len(taken) > 20
    assert [one[:2] for one in taken if one[2].get("additionalProperties") is not False] == []


def test_whose_password_is_changed_is_said_by_the_session_alone(whole: Program) -> None:
    other, _ = whole.person("li", "security_admin")
    mine, old = whole.person("wang", "operator_admin")
    client = whole.client_of(mine)
    before, own = whole.changed(other).password_hash, whole.changed(mine).password_hash
    for extra in ({"user": other}, {"user_id": other}, {"account": "li"}, {"id": other}):
        wish = {"old": old, "new": "correct horse battery 7 staple", **extra}
        answer = client.post("/api/v1/session/password", json=wish)
        assert answer.status_code == 422, answer.text
    for path in (f"?user={other}", "?account=li"):
        client.post(
            f"/api/v1/session/password{path}", json={"old": old, "new": "correct horse battery 7 staple"}
        )
    with whole.database.reading() as session:
        assert session.get_one(User, other).password_hash == before
        assert session.get_one(User, mine).password_hash != own


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1:8360"},
        {"Origin": "http://127.0.0.1:8361"},
        {"Origin": HERE, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_strangers_page_opens_no_feed_with_the_viewers_own_cookie(
    whole: Program, headers: dict[str, str]
) -> None:
    client = whole.client_of(whole.person("wang", "duty_officer")[0])
    with client.websocket_connect(FEED, headers={"Origin": HERE}):
        pass
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect(FEED, headers=headers):
        raise AssertionError("it was let in")
    assert (refused.value.status_code, refused.value.json()["code"]) == (403, "REQ-403")
