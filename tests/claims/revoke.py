"""S6: what somebody may no longer see ends while they are watching it, and nothing opens again.

`python -m tests.claims.revoke` prints one JSON line and writes `build/claims/S6.json`. For every way in which a right
ends, a person watches a camera by WebSocket, by a plain body, by HLS and by RTSP, hears the feed, and holds a ticket
that is not used yet. Then the right ends by the program's own API. Times run from the moment at which that was asked
for: what the act itself takes is in them.
"""

import argparse
import http.client
import json
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from tests.claims import measured
from tests.claims.headers import HANDSHAKE
from tests.claims.premises import Browser, Premises, raw, read_answer
from tests.claims.rig import until

ENDS_MS = 1000.0
BOUND_S = 20.0
HOME, ELSEWHERE = "420115", "420106"


class Watching:
    """Something that runs until it is ended: whether it has begun, and when it ended (monotonic seconds)."""

    def __init__(self, kind: str, pull: Callable[["Watching"], None]) -> None:
        self.kind = kind
        self.begun = threading.Event()
        self.ended = 0.0
        self.reason = ""
        self._pull = pull
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def seen(self) -> bool:
        """Whether it has begun, or will not."""
        return self.begun.is_set() or self.over()

    def over(self) -> bool:
        return self.ended > 0

    def _run(self) -> None:
        try:
            self._pull(self)
        except (OSError, http.client.HTTPException, ValueError) as fault:
            self.reason = repr(fault)
        self.ended = time.monotonic()


def _drain(door: socket.socket, watching: Watching, enough: int = 2000) -> None:
    """Read until the other side ends; it has begun once media and not only words have come."""
    seen = 0
    while got := door.recv(65_536):
        seen += len(got)
        if seen > enough:
            watching.begun.set()


def _connected(base: str) -> socket.socket:
    split = urlsplit(base)
    return socket.create_connection((str(split.hostname), split.port or 80), BOUND_S)


def by_socket(base: str, ticket: str) -> Watching:
    """Live pictures over WebSocket."""

    def pull(watching: Watching) -> None:
        more = "Sec-WebSocket-Protocol: mingjing.live.1\r\n"
        hello = json.dumps({"ticket": ticket, "pace": "frame"}).encode()
        with _connected(base) as door:
            door.sendall(HANDSHAKE.format(path="/live/ws", host="x", more=more).encode())
            assert read_answer(door).status == 101
            door.sendall(bytes([0x81, 0x80 | 126]) + len(hello).to_bytes(2, "big") + bytes(4) + hello)
            _drain(door, watching)

    return Watching("websocket", pull)


def by_body(base: str, stream: str, ticket: str) -> Watching:
    """Live pictures as one body."""

    def pull(watching: Watching) -> None:
        with _connected(base) as door:
            head = f"GET /live/{stream}.mp4 HTTP/1.1\r\nHost: x\r\nAuthorization: Ticket {ticket}\r\n\r\n"
            door.sendall(head.encode())
            assert read_answer(door).status == 200
            _drain(door, watching)

    return Watching("body", pull)


def by_hls(base: str, stream: str, ticket: str) -> Watching:
    """A playlist asked for again and again; it has ended with the first refusal."""

    def pull(watching: Watching) -> None:
        first = raw(
            base, f"GET /hls/{stream}/index.m3u8?ticket={ticket} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        )
        assert first.status == 302, first
        request = f"GET {first.headers['location']} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        with _connected(base) as door:
            while True:
                door.sendall(request)
                answer = read_answer(door)
                if answer.status != 200:
                    watching.reason = str(answer.status)
                    return
                watching.begun.set()
                time.sleep(0.02)

    return Watching("hls", pull)


def by_rtsp(url: str, ticket: str) -> Watching:
    """Live pictures by RTSP, interleaved."""

    def pull(watching: Watching) -> None:
        address = f"{url}?ticket={quote(ticket)}"
        split = urlsplit(url)
        with socket.create_connection((str(split.hostname), split.port or 554), BOUND_S) as door:
            told = _say(door, f"DESCRIBE {address} RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n")
            base = told.headers["content-base"]
            offer = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"
            told = _say(door, f"SETUP {base}trackID=0 RTSP/1.0\r\nCSeq: 2\r\n{offer}\r\n\r\n")
            session = told.headers["session"].partition(";")[0]
            door.sendall(f"PLAY {base} RTSP/1.0\r\nCSeq: 3\r\nSession: {session}\r\n\r\n".encode())
            _drain(door, watching)

    return Watching("rtsp", pull)


def _say(door: socket.socket, request: str) -> Any:
    door.sendall(request.encode())
    answer = read_answer(door)
    if answer.status != 200:
        raise ValueError(f"{request.split(maxsplit=1)[0]} answered {answer.status}")
    return answer


def by_feed(at: Premises, person: Browser) -> Watching:
    """The console's feed."""
    base = at.rig.url
    host = urlsplit(base).netloc

    def pull(watching: Watching) -> None:
        with _connected(base) as door:
            more = f"Origin: http://{host}\r\nCookie: {person.cookies}\r\n"
            door.sendall(HANDSHAKE.format(path="/api/v1/events", host=host, more=more).encode())
            assert read_answer(door).status == 101
            watching.begun.set()
            while got := door.recv(65_536):
                if got[0] == 0x88:
                    return

    return Watching("feed", pull)


@dataclass(frozen=True)
class Cause:
    """A way in which a right ends: how it is brought about, and what is answered next."""

    name: str
    act: Callable[["Scene"], Any]
    then: int
    """Status of the person's next request for a ticket."""
    feed_ends: bool = True


@dataclass
class Scene:
    """One person who watches, and those who may end it."""

    at: Premises
    number: int
    token: bool = False

    def __post_init__(self) -> None:
        at, name = self.at, f"watcher-{self.number}"
        roles = ("security_admin", "duty_officer") if self.token else ("duty_officer",)
        self.password = at.rig.person(name, *roles, division=None if self.token else HOME)
        self.user = str(at.rig.ask("SELECT id FROM users WHERE account = ?", name)[0][0])
        self.person = at.browser()
        assert self.person.enter(name, self.password).status_code == 201
        self.keeper = at.entered("security_admin", proved=True)
        self.operator = at.entered("operator_admin")
        self.watcher = self.person
        if self.token:
            self.person.prove(self.password)
            wish = {
                "name": "play",
                "actions": ["video.live"],
                "expires_us": time.time_ns() // 1000 + 3_600_000_000,
            }
            made = self.person.ask("POST", "/tokens", json=wish)
            assert made.status_code == 201, made.text
            self.made = made.json()["id"] if "id" in made.json() else made.json()["token"]["id"]
            self.watcher = at.browser()
            text = next(one for one in _texts(made.json()) if one.startswith("mj_"))
            self.watcher.http.headers["Authorization"] = f"Bearer {text}"

    def watch(self) -> list[Watching]:
        stream, media = self.at.streams[0], self.at.media
        rtsp = self.watcher.ticket("rtsp", stream)
        found = [
            by_socket(media, self._ticket("live")),
            by_body(media, stream, self._ticket("live")),
            by_hls(media, stream, self._ticket("hls")),
            by_rtsp(rtsp["url"], rtsp["ticket"]),
        ]
        if not self.token:
            found.append(by_feed(self.at, self.person))
        for one in found:
            until(f"{one.kind} begins", BOUND_S, one.seen)
            assert not one.ended, f"{one.kind}: {one.reason}"
        return found

    def _ticket(self, kind: str) -> str:
        return str(self.watcher.ticket(kind, self.at.streams[0])["ticket"])

    def spare(self) -> list[tuple[str, str]]:
        """Tickets that are not used yet."""
        return [("live", self._ticket("live")), ("hls", self._ticket("hls"))]


def _texts(found: Any) -> list[str]:
    if isinstance(found, dict):
        return [text for part in found.values() for text in _texts(part)]
    return [found] if isinstance(found, str) else []


def _user(scene: Scene, change: Mapping[str, Any]) -> Any:
    return scene.keeper.ask("PATCH", f"/users/{scene.user}", json=change)


def _move(scene: Scene, division: str) -> Any:
    channel = scene.at.streams[0].partition(".")[0]
    return scene.operator.ask("PATCH", f"/cameras/{channel}", json={"division": division})


CAUSES = (
    Cause("rights withdrawn", lambda at: _user(at, {"roles": []}), 404),
    Cause("rights moved elsewhere",
          lambda at: _user(at, {"roles": [{"role": "duty_officer", "division": ELSEWHERE}]}), 404),
    Cause("account disabled", lambda at: _user(at, {"enabled": False}), 401),
    Cause("signed out", lambda at: at.person.ask("DELETE", "/session"), 401),
    Cause("session ended by another", lambda at: at.keeper.ask("DELETE", f"/users/{at.user}/sessions"), 401),
    Cause("password reset", lambda at: at.keeper.ask("POST", f"/users/{at.user}/password"), 401),
    Cause("token revoked", lambda at: at.person.ask("DELETE", f"/tokens/{at.made}"), 401),
    Cause("camera moved away", lambda at: _move(at, ELSEWHERE), 404, feed_ends=False),
)  # fmt: skip


def once(at: Premises, cause: Cause, number: int) -> dict[str, Any]:
    """Watch, end the right by `cause`, and see what is left."""
    scene = Scene(at, number, token=cause.name == "token revoked")
    running, spare = scene.watch(), scene.spare()
    began = time.monotonic()
    answer = cause.act(scene)
    assert answer.status_code in {200, 201, 204}, (cause.name, answer.text)
    next_status = _next(scene)
    still, took = [], {}
    for one in running:
        if one.kind == "feed" and not cause.feed_ends:
            continue
        try:
            until(one.kind, BOUND_S, one.over, every_s=0.005)
            took[one.kind] = (one.ended - began) * 1000
        except AssertionError:
            still.append(f"{cause.name}: {one.kind} still runs")
    opened = [
        f"{cause.name}: a spare {kind} ticket opened" for kind, ticket in spare if _opens(at, kind, ticket)
    ]
    if next_status != cause.then:
        opened.append(f"{cause.name}: the next request was answered {next_status}, not {cause.then}")
    if cause.name == "camera moved away":
        assert _move(scene, HOME).status_code == 200
    return {"took": took, "still": still, "opened": opened}


def _next(scene: Scene) -> int:
    """What the person's next wish for a ticket comes to."""
    channel, _, leg = scene.at.streams[0].partition(".")
    wishes = {"wishes": [{"kind": "live", "channel": channel, "stream": leg}]}
    answer = scene.watcher.ask("POST", "/tickets", json=wishes)
    found = answer.json()
    return int(found["tickets"][0].get("status", 200)) if "tickets" in found else answer.status_code


def _opens(at: Premises, kind: str, ticket: str) -> bool:
    stream = at.streams[0]
    path = f"/live/{stream}.mp4" if kind == "live" else f"/hls/{stream}/index.m3u8"
    answer = raw(
        at.media, f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Ticket {ticket}\r\n\r\n".encode()
    )
    return answer.status != 401


def run(at: Premises, *, rounds: int = 1, causes: Sequence[Cause] = CAUSES) -> dict[str, Any]:
    """Every cause, `rounds` times."""
    found = [
        once(at, cause, turn * len(causes) + number)
        for turn in range(rounds)
        for number, cause in enumerate(causes)
    ]
    took = sorted(ms for one in found for ms in one["took"].values())
    kinds = {kind for one in found for kind in one["took"]}
    return {
        "n": len(took),
        "causes": len(causes),
        "kinds": sorted(kinds),
        "end_ms_median": round(statistics.median(took), 1),
        "end_ms_p99": round(took[min(len(took) - 1, int(len(took) * 0.99))], 1),
        "still_running": [text for one in found for text in one["still"]],
        "opened": [text for one in found for text in one["opened"]],
    }


def ends(found: Mapping[str, Any]) -> bool:
    """Everything ended, nothing opened again."""
    whole = found["kinds"] == ["body", "feed", "hls", "rtsp", "websocket"]
    return bool(whole and not found["still_running"] and not found["opened"])


def holds(found: Mapping[str, Any]) -> bool:
    """The promise of S6, its time included."""
    return ends(found) and found["end_ms_p99"] <= ENDS_MS


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="revoke", description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, Premises(Path(folder), count=1) as at:
        found = run(at, rounds=chosen.rounds)
    return measured.ended("S6", seed=0, **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
