"""A whole running program for claims about its doors: cameras, people of several roles, and ways to come in.

The rig starts the program; this adds who stands before it. Everything goes over real sockets, each from an address
of its own where a bound on addresses would get in the way.
"""

import json
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.claims.cameras import Cameras
from tests.claims.rig import Rig, until

ROLES = ("system_admin", "security_admin", "audit_admin", "operator_admin", "reviewer", "duty_officer")
SETTINGS = {
    "MINGJING_MEDIA_RTSP_PORT": "0",
    "MINGJING_IDENTITY_SECOND_FACTOR": "off",
    "MINGJING_IDENTITY_SESSIONS_PER_USER": "50",
}
ANSWER_S = 20.0


@dataclass(frozen=True)
class Answer:
    """What came back over a bare socket."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()


class Browser:
    """Who asks over HTTP: nobody at first, a person after `enter`."""

    def __init__(self, base: str, source: str = "127.0.0.1") -> None:
        transport = httpx.HTTPTransport(local_address=source)
        self.http = httpx.Client(base_url=base, timeout=ANSWER_S, transport=transport)
        self.session: dict[str, Any] = {}

    def enter(self, account: str, password: str) -> httpx.Response:
        answer = self.http.post("/api/v1/session", json={"account": account, "password": password})
        if answer.status_code == 201:
            self.session = answer.json()
            self.http.headers["X-CSRF-Token"] = self.session["csrf_token"]
        return answer

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """`path` below `/api/v1`."""
        return self.http.request(method, f"/api/v1{path}", **more)

    def prove(self, password: str) -> None:
        """Step up, so that sensitive acts are open for a while."""
        answer = self.ask("POST", "/session/step-up", json={"password": password})
        assert answer.status_code == 200, answer.text

    def ticket(self, kind: str, stream: str, **more: Any) -> dict[str, Any]:
        """A ticket for one delivery of `stream`."""
        channel, _, leg = stream.partition(".")
        wish = {"kind": kind, "channel": channel, "stream": leg, **more}
        answer = self.ask("POST", "/tickets", json={"wishes": [wish]})
        assert answer.status_code in {200, 201}, answer.text
        found: dict[str, Any] = answer.json()["tickets"][0]
        assert "ticket" in found, found
        return found

    @property
    def cookies(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())

    def close(self) -> None:
        self.http.close()


@dataclass
class Premises:
    """The program with `count` recorded cameras and one account a role. A context manager."""

    folder: Path
    count: int = 2
    extra: Mapping[str, str] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()
    """What the program is started under, such as a tracer that leaves the process its number."""

    def __enter__(self) -> "Premises":
        self.cameras = Cameras(self.folder, self.count)
        self.rig = Rig(self.folder, extra={**SETTINGS, **self.extra})
        self.browsers: list[Browser] = []
        try:
            self._open()
        except BaseException:
            self._close()
            raise
        return self

    def _open(self) -> None:
        self.rig.start(prefix=self.prefix)
        self.streams = self.rig.enter(self.cameras)
        self.passwords = {role: self.rig.person(role.replace("_", "-"), role) for role in ROLES}
        until("recording", 60, lambda: self.rig.growing(self.streams))
        self.media = str(self.entered("duty_officer").session["media_base"])

    def browser(self, source: str = "127.0.0.1") -> Browser:
        """Somebody who has not signed in."""
        made = Browser(self.rig.url, source)
        self.browsers.append(made)
        return made

    def entered(self, role: str, *, proved: bool = False, source: str = "127.0.0.1") -> Browser:
        """A fresh session of the person with this role."""
        made = self.browser(source)
        answer = made.enter(role.replace("_", "-"), self.passwords[role])
        assert answer.status_code == 201, answer.text
        if proved:
            made.prove(self.passwords[role])
        return made

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        for browser in self.browsers:
            browser.close()
        try:
            self.rig.stop()
        finally:
            self.rig.abandon()
            self.cameras.__exit__(None, None, None)


def raw(base: str, request: bytes, seconds: float = ANSWER_S) -> Answer:
    """Say `request` as it stands to the host of `base`; the first answer, its body as far as it is bounded."""
    split = urlsplit(base)
    with socket.create_connection((str(split.hostname), split.port or 80), seconds) as door:
        door.sendall(request)
        return read_answer(door)


def read_answer(door: socket.socket) -> Answer:
    """One answer from a socket. Raises ConnectionError where nothing comes."""
    got = b""
    while b"\r\n\r\n" not in got:
        more = door.recv(65_536)
        if not more:
            raise ConnectionError(f"closed after {got!r}")
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    found: dict[str, str] = {}
    cookies = []
    for line in lines:
        name, _, value = line.partition(":")
        if name.lower() == "set-cookie":
            cookies.append(value.strip())
        found[name.lower().strip()] = value.strip()
    wanted = int(found.get("content-length", "0"))
    while len(body) < wanted and (more := door.recv(65_536)):
        body += more
    return Answer(int(re.split(r"\s", first)[1]), found, body, tuple(cookies))


def line(found: Mapping[str, Any]) -> str:
    """Figures as they are told in a failure."""
    return json.dumps(found, ensure_ascii=False, indent=1, default=str)
