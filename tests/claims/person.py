"""A person at the program's own doors: signs in, asks the API, and plays recordings with a ticket."""

import json
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

from tests.claims.rig import Rig


class Person:
    """A session of one account. Every method raises urllib.error.HTTPError for what is refused."""

    def __init__(self, rig: Rig, account: str, password: str) -> None:
        self._api = f"{rig.url}/api/v1"
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._csrf = ""
        self._session = self.post("session", {"account": account, "password": password})
        self._csrf = self._session["csrf_token"]
        self.media_base = str(self._session["media_base"])

    def get(self, path: str, **asked: object) -> Any:
        with self._opener.open(f"{self._api}/{path}?{urlencode(asked)}", timeout=20) as answer:
            return json.loads(answer.read())

    def raw(self, path: str, **asked: object) -> tuple[int, bytes]:
        """Status and body, also of a refusal."""
        try:
            with self._opener.open(f"{self._api}/{path}?{urlencode(asked)}", timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()

    def post(self, path: str, body: object) -> Any:
        headers = {"Content-Type": "application/json", "X-CSRF-Token": self._csrf}
        request = urllib.request.Request(f"{self._api}/{path}", json.dumps(body).encode(), headers)  # noqa: S310 - our own
        with self._opener.open(request, timeout=20) as answer:
            return json.loads(answer.read())

    def ticket(self, kind: str, channel: str, **wish: object) -> dict[str, Any]:
        found = self.post("tickets", {"wishes": [{"kind": kind, "channel": channel} | wish]})["tickets"][0]
        assert "ticket" in found, found
        return dict(found)

    def player(self, channel: str, from_us: int, until_us: int) -> "Player":
        found = self.ticket("playback", channel, stream="main", from_us=from_us, until_us=until_us)
        return Player(self.media_base, str(found["ticket"]))


class Player:
    """A session of playback at the media plane."""

    def __init__(self, base: str, ticket: str) -> None:
        self._base = base
        request = urllib.request.Request(  # noqa: S310 - our own
            f"{base}/play", b"", {"Authorization": f"Ticket {ticket}"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own
            self._session = json.loads(answer.read())["session"]

    def ask(self, segment: str, what: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Status and body of `table`, `bytes` or `key` of a segment; a refusal is an answer, too."""
        shown = {"Authorization": f"Session {self._session}"} | (headers or {})
        request = urllib.request.Request(f"{self._base}/play/segment/{segment}/{what}", headers=shown)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()
