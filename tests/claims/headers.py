"""S12: whatever is answered, by whichever port and however it was asked, tells a browser to keep it to itself.

`python -m tests.claims.headers` prints one JSON line and writes `build/claims/S12.json`. `inside` asks every door of
the assembled program as nobody, as a forger, as a stranger's page and as every role, over HTTPS' rules and HTTP's;
`outside` asks a running program over bare sockets, where also what the servers answer by themselves is seen: torn
requests, too many connections, refused sockets, the media port. `judge_*` say what an answer must carry.
"""

import argparse
import json
import re
import socket
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mingjing.identity.roles import ROLES
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
from mingjing.web.surface import doors
from tests.claims import measured
from tests.claims.premises import Answer, Premises, raw, read_answer
from tests.program import PASSWORDS, program

CONSOLE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
MEDIA = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-frame-options": "DENY",
}
FORBIDDEN_FEATURES = ("camera=()", "microphone=()", "geolocation=()")
STRANGER = "http://evil.example"
HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n"
)
STRANGERS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("nobody", {}),
    ("stranger's page", {"Origin": STRANGER}),
    ("forger", {"Authorization": "Bearer mj_forged"}),
    ("stranger's picture", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}),
    ("strange host", {"Host": "evil.example"}),
)


def judge_policy(text: str) -> Iterator[str]:
    """What a content security policy allows that it should not."""
    policy = {words[0]: words[1:] for words in (one.split() for one in text.split(";")) if words}
    for name in ("default-src", "frame-ancestors"):
        if policy.get(name) != ["'none'"]:
            yield f"{name} {policy.get(name)}"
    for name, sources in policy.items():
        for one in sources:
            if one.startswith("'unsafe-") or one in {"*", "http:", "https:", "ws:", "wss:"} or "*" in one:
                yield f"{name} {one}"
    for name in ("script-src", "style-src", "object-src", "base-uri", "form-action"):
        wide = {"data:", "blob:"} & set(policy.get(name, []))
        if wide or any("//" in one for one in policy.get(name, [])):
            yield f"{name} {policy[name]}"


def judge_console(path: str, answer: Answer, *, secure: bool) -> Iterator[str]:
    """What an answer of the console's port lacks, or has too much."""
    headers = answer.headers
    for name, value in CONSOLE.items():
        if headers.get(name) != value:
            yield f"{name}: {headers.get(name)}"
    yield from judge_policy(headers.get("content-security-policy", ""))
    for feature in FORBIDDEN_FEATURES:
        if feature not in headers.get("permissions-policy", ""):
            yield f"permissions-policy without {feature}"
    yield from (f"CORS {name}" for name in headers if name.startswith("access-control-"))
    asset = path.startswith("/assets/") and answer.status < 400
    if not asset and headers.get("cache-control") != "no-store":
        yield f"cache-control: {headers.get('cache-control')}"
    if secure and "strict-transport-security" not in headers:
        yield "no strict-transport-security"
    for cookie in answer.cookies:
        yield from (f"cookie {cookie.partition('=')[0]}: {fault}" for fault in judge_cookie(cookie, secure))


def judge_cookie(cookie: str, secure: bool) -> Iterator[str]:
    name, *parts = [part.strip().lower() for part in cookie.split(";")]
    erased = "max-age=0" in parts
    wanted = (
        {"path=/", "samesite=strict"}
        | (set() if erased else {"httponly"})
        | ({"secure"} if secure else set())
    )
    yield from (f"without {one}" for one in wanted - set(parts))
    if secure and not name.startswith("__host-"):
        yield "without __Host-"
    if any(part.startswith("domain=") for part in parts):
        yield "with a domain"


def judge_media(answer: Answer, *, origin: str | None, allowed: bool) -> Iterator[str]:
    """What an answer of the media port lacks, or has too much."""
    headers = answer.headers
    for name, value in MEDIA.items():
        if headers.get(name) != value:
            yield f"{name}: {headers.get(name)}"
    yield from judge_policy(headers.get("content-security-policy", ""))
    lets_in = origin if allowed else None
    if headers.get("access-control-allow-origin") != lets_in:
        yield f"access-control-allow-origin: {headers.get('access-control-allow-origin')}"
    if "access-control-allow-credentials" in headers:
        yield "access-control-allow-credentials"
    if headers.get("cross-origin-resource-policy") not in {"same-origin", "cross-origin" if lets_in else ""}:
        yield f"cross-origin-resource-policy: {headers.get('cross-origin-resource-policy')}"


class Findings:
    """Answers counted by kind, and what was wrong with them."""

    def __init__(self) -> None:
        self.kinds: dict[str, int] = {}
        self.deviations: list[str] = []

    def note(self, kind: str, what: str, faults: Iterator[str]) -> None:
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        self.deviations += [f"{kind} {what}: {fault}" for fault in faults]

    def refused(self, what: str, answer: Answer, status: int) -> None:
        if answer.status != status:
            self.deviations.append(f"{what}: answered {answer.status}, not {status}")


def inside(
    folder: Path, *, secure: bool, roles: Collection[str] = tuple(ROLES), strangers: int = len(STRANGERS)
) -> Findings:
    """Every door of the program, asked by so many kinds of strangers and by people of these roles."""
    found = Findings()
    folder = folder / f"secure-{secure}"
    folder.mkdir()
    database = Database(f"sqlite:///{folder / 'mingjing.sqlite3'}", SetClock())
    try:
        at = program(database, folder, secure=secure)
        client = at.client()
        people = {role: at.person(f"one-{role.replace('_', '-')}", role)[0] for role in roles}
        for door in doors(at.app):
            path = re.sub(r"\{[^}]*\}", "zz_aaaaaaaaaaaa", door.path)
            askers = [*STRANGERS[:strangers]] + [(role, at.signed_in(user)) for role, user in people.items()]
            for kind, headers in askers if door.method != "WEBSOCKET" else ():
                answer = client.request(door.method, path, headers=headers)
                cookies = tuple(answer.headers.get_list("set-cookie"))
                seen = Answer(answer.status_code, answer.headers, b"", cookies)
                found.note(
                    _kind(answer.headers),
                    f"{kind} {door.method} {path}",
                    judge_console(path, seen, secure=secure),
                )
        for method, path in (("GET", "/"), ("GET", "/nothing"), ("GET", "/api/v1/nothing"), ("PUT", "/healthz"),
                             ("OPTIONS", "/api/v1/cameras"), ("TRACE", "/"), ("GET", "/assets/none.js")):  # fmt: skip
            answer = client.request(method, path)
            found.note(
                _kind(answer.headers), f"{method} {path}", judge_console(path, _seen(answer), secure=secure)
            )
        first = PASSWORDS.one_time()
        account = client.post("/api/v1/session", json={"account": "nobody-here", "password": first.text})
        found.note("sign-in", "refused", judge_console("/api/v1/session", _seen(account), secure=secure))
        _, password = at.person("one-more", "duty_officer")
        entered = client.post("/api/v1/session", json={"account": "one-more", "password": password})
        assert entered.status_code == 201, entered.text
        assert len(entered.headers.get_list("set-cookie")) == 2, "a session and a known device"
        found.note("sign-in", "entered", judge_console("/api/v1/session", _seen(entered), secure=secure))
        at.app.state.portal = None
        broken = client.get("/api/v1/session", headers=at.signed_in(next(iter(people.values()))))
        assert broken.status_code == 500, "the fault did not happen"
        found.note(
            "failure", "GET /api/v1/session", judge_console("/api/v1/session", _seen(broken), secure=secure)
        )
    finally:
        database.close()
    return found


def _seen(answer: Any) -> Answer:
    return Answer(answer.status_code, answer.headers, b"", tuple(answer.headers.get_list("set-cookie")))


def _kind(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "empty").partition(";")[0]


def outside(at: Premises) -> Findings:
    """A running program, over bare sockets."""
    found = Findings()
    _console_outside(at, found)
    _media_outside(at, found)
    return found


def _console_outside(at: Premises, found: Findings) -> None:
    base = at.rig.url
    host = urlsplit(base).netloc
    reader = at.entered("operator_admin")
    page = raw(base, f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert page.status == 200, "the console is not built"
    assets = re.findall(r"(/assets/[^\"' ]+)", page.body.decode())
    assert assets, "a page without assets"
    signed = f"Cookie: {reader.cookies}\r\n"
    for path, more in (
        ("/", ""), ("/cameras", ""), (assets[0], ""), (assets[-1], ""), ("/assets/none.js", ""), ("/icon.svg", ""),
        ("/healthz", ""), ("/readyz", ""), ("/metrics", ""), ("/metrics", signed), ("/api/v1/cameras", signed),
        ("/api/v1/cameras", ""), ("/api/v1/cameras/export?form=csv", signed), ("/api/v1/cameras/template.xlsx", signed),
        (f"/api/v1/cameras/{at.streams[0].partition('.')[0]}/snapshot", signed), ("/..%2f..%2fetc/passwd", ""),
    ):  # fmt: skip
        answer = raw(base, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n".encode())
        found.note(_kind(answer.headers), f"GET {path}", judge_console(path, answer, secure=False))
    torn = raw(base, b"GET / HTTP/9.9\r\nno colon\r\n\r\n")
    assert torn.status == 400
    found.note("torn request", "console", judge_console("/", torn, secure=False))
    with Crowd(base, 64) as late:
        assert late.status == 429, late
        found.note("too many connections", "console", judge_console("/", late, secure=False))
    for who, more, status in (
        ("nobody", "", 401),
        ("a stranger's page", f"Origin: {STRANGER}\r\n{signed}", 403),
        ("an opaque origin", f"Origin: null\r\n{signed}", 403),
        ("a stranger's fetch", f"Origin: http://{host}\r\nSec-Fetch-Site: cross-site\r\n{signed}", 403),
        ("a strange name", f"Origin: http://evil.example\r\n{signed}", 421),
        ("our own page", f"Origin: http://{host}\r\n{signed}", 101),
        ("no such socket", f"Origin: http://{host}\r\n{signed}", 403),
    ):  # fmt: skip
        path = "/api/v1/none" if who == "no such socket" else "/api/v1/events"
        name = "evil.example" if who == "a strange name" else host
        answer = raw(base, HANDSHAKE.format(path=path, host=name, more=more).encode())
        found.refused(f"feed for {who}", answer, status)
        if answer.status != 101:
            found.note("refused socket", who, judge_console(path, answer, secure=False))


class Crowd:
    """As many connections as one source may have, and what one more is told. A context manager."""

    def __init__(self, base: str, most: int) -> None:
        split = urlsplit(base)
        self._at = (str(split.hostname), split.port or 80)
        self._most = most
        self._open: list[socket.socket] = []

    def __enter__(self) -> Answer:
        source = ("127.0.0.77", 0)
        self._open = [socket.create_connection(self._at, 5, source) for _ in range(self._most + 1)]
        return read_answer(self._open[-1])

    def __exit__(self, *_: object) -> None:
        for one in self._open:
            one.close()


def _media_outside(at: Premises, found: Findings) -> None:
    base, stream = at.media, at.streams[0]
    host, own = urlsplit(base).netloc, at.rig.url
    viewer = at.entered("duty_officer")
    origins: tuple[tuple[str | None, bool], ...] = (
        (None, True),
        (STRANGER, False),
        ("null", False),
        (own, True),
    )
    paths = ("/", "/live/ws", f"/live/{stream}.mp4", f"/hls/{stream}/index.m3u8", "/hls/s/none/index.m3u8", "/play",
             "/play/end", f"/play/segment/{stream}/1-1/table", f"/play/hls/{stream}/index.m3u8?from=0&until=1")  # fmt: skip
    for path in paths:
        for origin, allowed in origins:
            for method in ("GET", "POST", "OPTIONS", "DELETE"):
                more = f"Origin: {origin}\r\n" if origin else ""
                answer = raw(base, f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n".encode())
                if not allowed:
                    found.refused(f"media {method} {path} from {origin}", answer, 403)
                found.note("media " + _kind(answer.headers), f"{method} {path} {origin}",
                           judge_media(answer, origin=origin, allowed=allowed))  # fmt: skip
    for origin, allowed in origins:
        more = f"Origin: {origin}\r\n" if origin else ""
        for kind, path in (("live", f"/live/{stream}.mp4"), ("hls", f"/hls/{stream}/index.m3u8")):
            shown = viewer.ticket(kind, stream)["ticket"]
            request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Ticket {shown}\r\n{more}\r\n"
            answer = raw(base, request.encode())
            found.refused(
                f"media {kind} from {origin}", answer, (200 if kind == "live" else 302) if allowed else 403
            )
            found.note(f"media {kind}", str(origin), judge_media(answer, origin=origin, allowed=allowed))
            if answer.status == 302:
                child = answer.headers["location"]
                answer = raw(base, f"GET {child} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n".encode())
                found.refused(f"media {child}", answer, 200)
                found.note("media playlist", str(origin), judge_media(answer, origin=origin, allowed=allowed))
        more = f"Sec-WebSocket-Protocol: mingjing.live.1\r\n{more}"
        answer = raw(base, HANDSHAKE.format(path="/live/ws", host=host, more=more).encode())
        found.refused(f"media socket from {origin}", answer, 101 if allowed else 403)
        if answer.status != 101:
            found.note(
                "media refused socket", str(origin), judge_media(answer, origin=origin, allowed=allowed)
            )
    with Crowd(base, 64) as late:
        assert late.status == 429, late
        found.note("media too many connections", "", judge_media(late, origin=None, allowed=True))
    torn = raw(base, b"GET / HTTP/9.9\r\nno colon\r\n\r\n")
    # hyper ends it by itself, before there is a request: what carries nothing has nothing to guard.
    if torn.body or "content-type" in torn.headers:
        found.deviations.append(f"media torn request carries {torn.body!r}")


def figures(*found: Findings) -> dict[str, Any]:
    kinds: dict[str, int] = {}
    for one in found:
        for kind, count in one.kinds.items():
            kinds[kind] = kinds.get(kind, 0) + count
    return {
        "n": sum(kinds.values()),
        "kinds": kinds,
        "deviations": [text for one in found for text in one.deviations],
    }


def holds(found: Mapping[str, Any]) -> bool:
    """The promise of S12: every kind of answer was seen, none deviates."""
    seen = {"text/html", "text/javascript", "application/json", "application/problem+json", "failure",
            "refused socket", "too many connections", "torn request", "media live", "media playlist"}  # fmt: skip
    return not found["deviations"] and seen <= set(found["kinds"]) and found["n"] > 350


def run(folder: Path, at: Premises) -> dict[str, Any]:
    return figures(inside(folder, secure=False), inside(folder, secure=True), outside(at))


def main(arguments: list[str] | None = None) -> int:
    argparse.ArgumentParser(prog="headers", description=__doc__).parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, Premises(Path(folder)) as at:
        found = run(Path(folder), at)
    if found["deviations"]:
        print(json.dumps(found["deviations"], ensure_ascii=False, indent=1), file=sys.stderr)
    return measured.ended("S12", seed=0, **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
