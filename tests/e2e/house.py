"""The real program as its own process, with the demo's virtual cameras, and a way to ask it things as any account."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tests.e2e import clips

Answer = TypeVar("Answer")

READY_S = 100
FROM_SOURCE = (sys.executable, "-c", "from mingjing.cli import main; main()")
WITH_SOURCE = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
SETTINGS = {
    "MINGJING_SERVER_PORT": "0",
    "MINGJING_MEDIA_PORT": "0",
    "MINGJING_MEDIA_RTSP_PORT": "0",
    "MINGJING_DEMO_PORT": "0",
    "MINGJING_DEMO_COUNTY": "false",
    "MINGJING_MEDIA_SEGMENT_SECONDS": "10",
}
_GREETING = re.compile(r"(http://127\.0\.0\.1:\d+)/")
_ACCOUNT = re.compile(r"^  ([a-z-]+)\s+(\S{12,})\s+\S", re.MULTILINE)


@dataclass
class House:
    """A running program: where it is, who may come in."""

    process: subprocess.Popen[str]
    base: str
    passwords: dict[str, str]
    data: Path
    said: list[str] = field(default_factory=list)

    @contextmanager
    def api(self, account: str) -> Iterator[httpx.Client]:
        """A client of the API, signed in for as long as the block lasts."""
        with httpx.Client(base_url=f"{self.base}/api/v1/", timeout=20) as client:
            answer = client.post("session", json={"account": account, "password": self.passwords[account]})
            answer.raise_for_status()
            client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
            yield client

    def prove(self, client: httpx.Client, account: str) -> None:
        """Prove again who `client` is, for acts that want it."""
        client.post("session/step-up", json={"password": self.passwords[account]}).raise_for_status()

    def transcript(self) -> str:
        return "".join(self.said)


def until(what: str, ask: Callable[[], Answer | None], seconds: float = 30) -> Answer:
    """Ask until the answer is truthy; the last answer. Fails with `what` after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        found = ask()
        if found:
            return found
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.2)


@contextmanager
def running(
    data: Path, program: tuple[str, ...] = FROM_SOURCE, environment: Mapping[str, str] = WITH_SOURCE
) -> Iterator[House]:
    """Start `mingjing serve --demo` on an empty data directory; stopped at the end by an interrupt, as by Ctrl-C."""
    clips.put_into(data)
    process = subprocess.Popen(
        [*program, "serve", "--demo", "--data", str(data)],
        env=_of_program(environment),
        cwd=data,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    house = House(process, "", {}, data)
    reader = threading.Thread(target=_listen, args=(house,), daemon=True)
    reader.start()
    try:
        until("the greeting", lambda: _greeted(house), READY_S)
        yield house
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0, house.transcript()[-4000:]
    finally:
        process.kill()
        process.wait(10)


def _of_program(environment: Mapping[str, str]) -> dict[str, str]:
    """Without what the tests themselves are told by: the program refuses a setting that it does not know."""
    given = {name: value for name, value in environment.items() if name != clips.VARIABLE}
    return {**given, **SETTINGS, "PYTHONUNBUFFERED": "1"}


def _listen(house: House) -> None:
    assert house.process.stdout is not None
    for line in house.process.stdout:
        house.said.append(line)


def _greeted(house: House) -> bool:
    assert house.process.poll() is None, house.transcript()[-4000:]
    text = house.transcript()
    greeting = _GREETING.search(text)
    if greeting is None or "Ctrl-C" not in text:
        return False
    house.base = greeting[1]
    house.passwords = dict(_ACCOUNT.findall(text))
    try:
        return httpx.get(f"{house.base}/healthz").is_success
    except httpx.TransportError:
        return False


def items(client: httpx.Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """The `items` of a list of the API."""
    answer = client.get(path, params=query)
    answer.raise_for_status()
    found = answer.json()["items"]
    assert isinstance(found, list)
    return found
