"""A person or another program at the door of the program under test, over HTTP."""

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
from urllib.parse import urlsplit

from tests.claims.rig import Rig, wall_us

FRESH_US = 2_000_000
"""A picture of a camera with ten a second is no older, with the second that the answer may be old."""


class Person:
    """Somebody who has signed in."""

    def __init__(self, rig: Rig, account: str, password: str) -> None:
        self._base = f"{rig.url}/api/v1"
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._csrf = ""
        self.session = self.post("/session", {"account": account, "password": password})
        self._csrf = self.session["csrf_token"]

    def post(self, path: str, body: object) -> Any:
        headers = {"Content-Type": "application/json", "X-CSRF-Token": self._csrf}
        return self._ask(urllib.request.Request(self._base + path, json.dumps(body).encode(), headers))  # noqa: S310 - our own

    def get(self, path: str) -> Any:
        return self._ask(urllib.request.Request(self._base + path))  # noqa: S310 - our own

    def timed_get_ms(self, path: str) -> float:
        began = time.monotonic()
        self.get(path)
        return (time.monotonic() - began) * 1000

    def streams(self) -> dict[str, dict[str, Any]]:
        """What the system page says of each stream. Wants `system.read`."""
        return {one["stream"]: one for one in self.get("/system")["streams"]}

    def sees_recorded(self, streams: Sequence[str]) -> bool:
        """Whether these play, with pictures that are fresh, and are recorded. Wants `system.read`."""
        found = self.streams()
        return all(
            one["state"] == "playing"
            and one["recording"]
            and wall_us() - (one["last_frame_us"] or 0) < FRESH_US
            for one in (found[name] for name in streams)
        )

    def status(self, path: str) -> int:
        """The status of an answer that may be no JSON, and may be a refusal."""
        try:
            with self._opener.open(self._base + path, timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refusal:
            return refusal.code

    def live(self, stream: str) -> tuple[str, str]:
        """The address of a stream's live pictures, and a ticket for them."""
        channel, _, kind = stream.partition(".")
        wishes = {"wishes": [{"kind": "live", "channel": channel, "stream": kind}]}
        found = self.post("/tickets", wishes)["tickets"][0]
        return f"{self.session['media_base']}/live/{stream}.mp4", found["ticket"]

    def _ask(self, request: urllib.request.Request) -> Any:
        with self._opener.open(request, timeout=20) as answer:
            return json.loads(answer.read())


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
