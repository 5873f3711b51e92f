"""Our media plane in a process of its own, pulling one camera over TCP: `python -m bench.plane ADDRESS PATH COLD`.

`warm.main` is always pulled, `cold0.main` … are pulled by their first viewer. Once pictures come it prints where it
serves; it ends with its standard input. The control plane is not in it: tickets are sealed here with its key.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from subprocess import Popen

from bench.peers import Camera
from bench.process import first_line, running
from bench.source import PASSWORD, USER
from mingjing.media.tickets import LIFETIME_US, Claims, DeliveryKind, mint, new_ticket_id

KEY = bytes(range(32))
WARM = "warm.main"
_MANY = 20_000
_READY_WITHIN_S = 30.0


@dataclass(frozen=True)
class Served:
    """Where viewers find it."""

    process: Popen[bytes]
    http: str
    rtsp: str


def ticket(stream: str, kind: DeliveryKind) -> str:
    """A ticket as the control plane would seal it."""
    now_us = time.time_ns() // 1000
    claims = Claims(
        id=new_ticket_id(), stream=stream, kind=kind, holder="bench", start_by_us=now_us + LIFETIME_US
    )
    return mint(KEY, claims, now_us)


def cold(number: int) -> str:
    return f"cold{number}.main"


@contextmanager
def serving(camera: Camera, cold_streams: int = 0) -> Iterator[Served]:
    """The plane, as long as it is needed."""
    command = [sys.executable, "-m", "bench.plane", camera.address, camera.path, str(cold_streams)]
    with running([command]) as (process,):
        found = json.loads(first_line(process))
        yield Served(process, found["http"], found["rtsp"])


def main() -> None:
    from mingjing._media import MediaPlane  # noqa: PLC0415 - only this process loads it

    address, path, cold_streams = sys.argv[1], sys.argv[2], int(sys.argv[3])
    limits = dict.fromkeys(("viewers", "viewers_per_stream", "connections", "connections_per_source"), _MANY)
    config = {
        "http_listen": "127.0.0.1:0",
        "rtsp_listen": "127.0.0.1:0",
        "ticket_key": KEY.hex(),
        "camera_networks": ["127.0.0.0/8"],
        "storage": [],
        "limits": limits,
    }
    plane = MediaPlane(json.dumps(config))
    served = plane.start()
    source = {"kind": "rtsp", "url": f"rtsp://{address}/{path}", "user": USER, "password": PASSWORD}
    for stream in (WARM, *map(cold, range(cold_streams))):
        spec = {"stream": stream, "source": {**source, "transport": "tcp"}, "always_on": stream == WARM}
        plane.put_stream(json.dumps(spec))
    until = time.monotonic() + _READY_WITHIN_S
    while plane.latest_key_frame(WARM) is None:
        if time.monotonic() > until:
            raise SystemExit("the camera gives no pictures")
        time.sleep(0.1)
    print(served, flush=True)
    sys.stdin.read()
    plane.stop(1000)


if __name__ == "__main__":
    main()
