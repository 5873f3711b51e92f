"""R11: a viewer that stops reading delays nobody, costs little memory, and ends within 30 s.

`python -m tests.claims.slowviewer [--stretch S]` prints one JSON line and writes `build/claims/R11.json`. A plane in a
process of its own serves one stream at a message a frame to 50 viewers. After a calm stretch one of them stops
reading. Compared are the 99th percentiles of the others' time between messages in both stretches; the harness
asserts that its fault happened: the stopped viewer's socket filled up and the plane ended it as `too_slow`.
"""

import argparse
import json
import multiprocessing
import multiprocessing.connection
import os
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from mingjing.media.tickets import Claims, mint
from tests.claims import measured

KEY = bytes(range(32))
STREAM = "ch_claim.main"
VIEWERS = 50
ENDS_S = 30.0
MOST_RATIO = 1.05
MOST_MIB = 4.0
HANDSHAKE = (
    b"GET /live/ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
    b"sec-websocket-version: 13\r\nsec-websocket-protocol: mingjing.live.1\r\n"
    b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)

Pipe = multiprocessing.connection.Connection


def serve(pipe: Pipe, clip: str) -> None:
    """The process under test: a plane, asked through a pipe for its memory and its events."""
    from mingjing import _media  # noqa: PLC0415 - only this process loads it

    config = {
        "http_listen": "127.0.0.1:0",
        "ticket_key": KEY.hex(),
        "limits": {"connections_per_source": 100},
    }
    plane = _media.MediaPlane(json.dumps(config))
    address = json.loads(plane.start())["http"]
    source = {"kind": "file", "path": clip, "loop": True}
    plane.put_stream(json.dumps({"stream": STREAM, "source": source, "always_on": True}))
    pipe.send(address)
    while pipe.recv() != "stop":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        cpu_ns = sum(
            int((task / "schedstat").read_text(encoding="ascii").split()[0])
            for task in Path("/proc/self/task").iterdir()
        )
        pipe.send((pages * os.sysconf("SC_PAGE_SIZE"), cpu_ns, json.loads(plane.events(10_000))))
    plane.stop(3000)


class Viewer:
    """A socket whose WebSocket messages are counted and timed, not kept."""

    def __init__(self, address: str, number: int) -> None:
        host, port = address.rsplit(":", 1)
        self.ticket = f"viewer-{number}"
        self.socket = socket.create_connection((host, int(port)))
        now_us = time.time_ns() // 1000
        claims = Claims(
            id=self.ticket, stream=STREAM, kind="live", holder="claim", start_by_us=now_us + 30_000_000
        )
        hello = json.dumps({"ticket": mint(KEY, claims, now_us), "pace": "frame", "audio": False}).encode()
        head = bytes([0x81, 0x80 | 126]) + len(hello).to_bytes(2, "big") + bytes(4)
        self.socket.sendall(HANDSHAKE + head + hello)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.socket.recv(65536)
        self.pending = answer.split(b"\r\n\r\n", 1)[1]
        self.skip = 0
        self.last = 0.0
        self.gaps: list[float] = []

    def read(self) -> None:
        """Take what is there; note the time since the last whole message."""
        received = self.socket.recv(1 << 20)
        if not received:
            raise ConnectionError(f"{self.ticket} was closed")
        self.pending += received
        while self._whole():
            now = time.monotonic()
            if self.last:
                self.gaps.append(now - self.last)
            self.last = now

    def _whole(self) -> bool:
        if len(self.pending) < 10:
            return False
        short = self.pending[1]
        head, length = 2, short
        if short == 126:
            head, length = 4, int.from_bytes(self.pending[2:4], "big")
        elif short == 127:
            head, length = 10, int.from_bytes(self.pending[2:10], "big")
        if len(self.pending) < head + length:
            return False
        self.pending = self.pending[head + length :]
        return True


def p99_ms(viewers: list[Viewer]) -> float:
    gaps = [gap for viewer in viewers for gap in viewer.gaps]
    return statistics.quantiles(gaps, n=100)[98] * 1000


def watch(viewers: list[Viewer], seconds: float) -> None:
    with selectors.DefaultSelector() as selector:
        for viewer in viewers:
            viewer.gaps.clear()
            viewer.last = 0.0
            selector.register(viewer.socket, selectors.EVENT_READ, viewer)
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            for key, _ in selector.select(left):
                key.data.read()


def ask(pipe: Pipe) -> tuple[int, int, list[dict[str, Any]]]:
    pipe.send("how are you")
    memory, cpu_ns, events = pipe.recv()
    return memory, cpu_ns, events


def measure(pipe: Pipe, stretch_s: float) -> dict[str, Any]:
    address = pipe.recv()
    time.sleep(3)
    viewers = [Viewer(address, number) for number in range(VIEWERS)]
    others = viewers[1:]
    watch(viewers, 3)
    _, cpu_before, _ = ask(pipe)
    watch(viewers, stretch_s)
    calm_ms = p99_ms(others)
    memory_calm, cpu_after, _ = ask(pipe)
    cpu_calm = cpu_after - cpu_before
    stopped_at_us = time.time_ns() // 1000
    watch(others, stretch_s)
    stopped_ms = p99_ms(others)
    memory_stopped, _, events = ask(pipe)
    ended: dict[str, Any] | None = None
    while ended is None and time.time_ns() // 1000 - stopped_at_us < (ENDS_S + 5) * 1e6:
        watch(others, 1)
        events += ask(pipe)[2]
        ended = next(
            (one for one in events if one["type"] == "viewer_ended" and one["ticket"] == viewers[0].ticket),
            None,
        )
    assert ended is not None, "the fault did not happen: the stopped viewer was never ended"
    assert ended["reason"] == "too_slow", ended
    _, cpu_before, _ = ask(pipe)
    watch(others, stretch_s)
    cpu_again = ask(pipe)[1] - cpu_before
    return {
        "viewers": VIEWERS,
        "stopped": 1,
        "p99_calm_ms": round(calm_ms, 2),
        "p99_stopped_ms": round(stopped_ms, 2),
        "ratio": round(stopped_ms / calm_ms, 3),
        "ended_after_s": round((ended["until_us"] - stopped_at_us) / 1e6, 1),
        "memory_mib": round((memory_stopped - memory_calm) / 2**20, 2),
        "cpu_ratio_after": round(cpu_again / cpu_calm * VIEWERS / len(others), 2),
    }


def make_clip(path: Path) -> None:
    command = [
        "ffmpeg",
        "-loglevel",
        "error",
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=1280x720:rate=25",
        "-t",
        "20",
    ]
    command += ["-c:v", "libx264", "-preset", "veryfast", "-g", "50", "-b:v", "2M", "-pix_fmt", "yuv420p"]
    subprocess.run([*command, str(path)], check=True, timeout=120)


def run(folder: Path, stretch_s: float) -> dict[str, Any]:
    clip = folder / "clip.mp4"
    make_clip(clip)
    context = multiprocessing.get_context("spawn")
    pipe, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, str(clip)))
    process.start()
    try:
        return measure(pipe, stretch_s)
    finally:
        pipe.send("stop")
        process.join(10)
        process.kill()


def holds(found: dict[str, Any], *, timed: bool = True) -> bool:
    """The promise of R11; with or without what a busy machine may miss."""
    in_time = found["ratio"] <= MOST_RATIO and found["ended_after_s"] <= ENDS_S
    return bool(found["memory_mib"] <= MOST_MIB and (in_time or not timed))


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="slowviewer", description=__doc__)
    options.add_argument("--stretch", type=float, default=10.0, help="seconds, calm and not")
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.stretch)
    return measured.ended("R11", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
