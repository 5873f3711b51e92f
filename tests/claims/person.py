"""A person or another program at the doors of the program under test, over HTTP: asks, watches, plays recordings."""

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from http.cookiejar import CookieJar
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.claims.rig import Rig, wall_us

FRESH_US = 2_000_000
"""A picture of a camera with ten a second is no older, with the second that the answer may be old."""


class Person:
    """Somebody who has signed in. What is refused raises urllib.error.HTTPError, but for `raw` and `status`."""

    def __init__(self, rig: Rig, account: str, password: str) -> None:
        self._base = f"{rig.url}/api/v1"
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._csrf = ""
        self.session = self.post("/session", {"account": account, "password": password})
        self._csrf = self.session["csrf_token"]

    def post(self, path: str, body: object) -> Any:
        headers = {"Content-Type": "application/json", "X-CSRF-Token": self._csrf}
        return self._ask(urllib.request.Request(self._base + path, json.dumps(body).encode(), headers))  # noqa: S310 - our own

    def get(self, path: str, **asked: object) -> Any:
        return self._ask(urllib.request.Request(self._to(path, asked)))  # noqa: S310 - our own

    def raw(self, path: str, **asked: object) -> tuple[int, bytes]:
        """Status and body, also of a refusal."""
        try:
            with self._opener.open(self._to(path, asked), timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read()

    def timed_get_ms(self, path: str) -> float:
        began = time.monotonic()
        self.get(path)
        return (time.monotonic() - began) * 1000

    def streams(self) -> dict[str, dict[str, Any]]:
        """What the system page says of each stream. Wants `system.read`."""
        return {one["stream"]: one for one in self.get("/system")["streams"]}

    def sees_recorded(self, streams: Sequence[str]) -> bool:
        """Whether these play, with pictures that come in, and are recorded. Wants `system.read`."""
        found = self.streams()
        return all(
            one["state"] == "playing" and one["recording"] and wall_us() - (one["arrived_us"] or 0) < FRESH_US
            for one in (found[name] for name in streams)
        )

    def status(self, path: str) -> int:
        """The status of an answer that may be no JSON, and may be a refusal."""
        return self.raw(path)[0]

    def ticket(self, kind: str, channel: str, **wish: object) -> dict[str, Any]:
        found = self.post("/tickets", {"wishes": [{"kind": kind, "channel": channel} | wish]})["tickets"][0]
        assert "ticket" in found, found
        return dict(found)

    def live(self, stream: str) -> tuple[str, str]:
        """The address of a stream's live pictures, and a ticket for them."""
        channel, _, kind = stream.partition(".")
        found = self.ticket("live", channel, stream=kind)
        return f"{self.session['media_base']}/live/{stream}.mp4", str(found["ticket"])

    def player(self, channel: str, from_us: int, until_us: int) -> "Player":
        found = self.ticket("playback", channel, stream="main", from_us=from_us, until_us=until_us)
        return Player(str(self.session["media_base"]), str(found["ticket"]))

    def _to(self, path: str, asked: dict[str, object]) -> str:
        return f"{self._base}{path}" + (f"?{urlencode(asked)}" if asked else "")

    def _ask(self, request: urllib.request.Request) -> Any:
        with self._opener.open(request, timeout=20) as answer:
            return json.loads(answer.read())


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


class Viewer:
    """A person's live pictures, pulled in a thread."""

    def __init__(self, person: Person, stream: str) -> None:
        url, ticket = person.live(stream)
        at = urlsplit(url)
        self._connection = http.client.HTTPConnection(str(at.hostname), at.port, timeout=10)
        self._connection.request("GET", at.path, headers={"Authorization": f"Ticket {ticket}"})
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200, (self._answer.status, self._answer.read(500))
        self.received: list[float] = []
        self._thread = threading.Thread(target=self._pull, daemon=True)
        self._thread.start()

    def longest_silence_s(self, from_s: float, until_s: float) -> float:
        """The longest time without a byte within a stretch of the monotonic clock."""
        times = [from_s, *(at for at in self.received if from_s <= at <= until_s), until_s]
        return max(right - left for left, right in pairwise(times))

    def between_ms(self, from_s: float, until_s: float) -> list[float]:
        """The times between what came, within a stretch of the monotonic clock."""
        times = [at for at in self.received if from_s <= at <= until_s]
        return [(right - left) * 1000 for left, right in pairwise(times)]

    def close(self) -> None:
        self._connection.close()
        self._thread.join(5)

    def _pull(self) -> None:
        try:
            while self._answer.read1(65536):
                self.received.append(time.monotonic())
        except (OSError, http.client.HTTPException, AttributeError, ValueError):
            return  # closed by us, or seen as silence


class Watch:
    """Asks something again and again in a thread. A context manager; the answers are in `seen`."""

    def __init__(self, ask: Callable[[], Any], every_s: float) -> None:
        self.seen: list[Any] = []
        self._ask, self._every_s = ask, every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)

    def _run(self) -> None:
        while not self._over.wait(self._every_s):
            self.seen.append(self._ask())


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
