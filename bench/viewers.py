"""Many viewers in one cheap process: `python -m bench.viewers DOOR ADDRESS PATH COUNT`.

They open their door (`raw`, `http`, `rtsp` over TCP, or our `frame`, `economy` and `ours-rtsp`) and read whenever
something is there. The kernel discards what they read (MSG_TRUNC), so that they leave the processors to the server.
`ready` is printed once all are open; each line on standard input is answered with a JSON list of bytes so far, one a
viewer; the end of standard input ends them.
"""

import base64
import json
import select
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from subprocess import Popen
from urllib.parse import urljoin

from bench.plane import WARM, ticket
from bench.process import first_line, pipe, running

_READY_WITHIN_S = 20.0
_ANSWER_WITHIN_S = 20.0
_MOST_A_READ = 1 << 20


@contextmanager
def watching(door: str, address: str, path: str, count: int) -> Iterator[Popen[bytes]]:
    """The viewers, all open."""
    command = [sys.executable, "-m", "bench.viewers", door, address, path, str(count)]
    with running([command]) as (process,):
        first_line(process)
        yield process


def counted(viewers: Popen[bytes]) -> list[int]:
    """Bytes that each has read so far."""
    ask = pipe(viewers.stdin)
    ask.write(b"\n")
    ask.flush()
    found: list[int] = json.loads(first_line(viewers))
    return found


def _connect(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=_ANSWER_WITHIN_S)


def _raw(address: str, path: str) -> socket.socket:
    del path
    return _connect(address)


def _http(address: str, path: str) -> socket.socket:
    opened = _connect(address)
    opened.sendall(f"GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n".encode())
    _head(opened, "HTTP/1.1 200")
    return opened


def _live(pace: str) -> Callable[[str, str], socket.socket]:
    """Our WebSocket, handshake and first message as one write; the answer is read with the pictures."""

    def view(address: str, path: str) -> socket.socket:
        del path
        hello = json.dumps({"ticket": ticket(WARM, "live"), "pace": pace, "audio": False}).encode()
        head = (
            f"GET /live/ws HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mingjing.live.1\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        opened = _connect(address)
        # A text message, masked with zeros (RFC 6455 §5.2).
        opened.sendall(head.encode() + b"\x81\xfe" + len(hello).to_bytes(2, "big") + bytes(4) + hello)
        return opened

    return view


def rtsp(address: str, path: str, more: str = "") -> socket.socket:
    """DESCRIBE, SETUP of every track, PLAY (RFC 2326), interleaved; `more` is said with each. Raises OSError."""
    opened, url, sequence = _connect(address), f"rtsp://{address}{path}", 0

    def ask(method: str, target: str, fields: str = "") -> tuple[dict[str, str], str]:
        nonlocal sequence
        sequence += 1
        opened.sendall(f"{method} {target} RTSP/1.0\r\nCSeq: {sequence}\r\n{more}{fields}\r\n".encode())
        head = _head(opened, "RTSP/1.0 200")
        body = b""
        while len(body) < int(head.get("content-length", 0)):
            body += opened.recv(int(head["content-length"]) - len(body))
        return head, body.decode()

    head, described = ask("DESCRIBE", url, "Accept: application/sdp\r\n")
    base = head.get("content-base", url).rstrip("/") + "/"
    _, *media = described.split("\nm=")
    session = ""
    for number, track in enumerate(media):
        control = track.split("a=control:", 1)[1].split()[0]
        target = (
            control if control.startswith("rtsp://") else urljoin(base.replace("rtsp", "http", 1), control)
        )
        transport = f"Transport: RTP/AVP/TCP;unicast;interleaved={2 * number}-{2 * number + 1}\r\n"
        head, _ = ask("SETUP", target.replace("http://", "rtsp://", 1), transport + session)
        session = f"Session: {head['session'].split(';')[0]}\r\n"
    ask("PLAY", base, session + "Range: npt=0.000-\r\n")
    return opened


def _our_rtsp(address: str, path: str) -> socket.socket:
    return rtsp(address, path, shown(ticket(WARM, "rtsp")))


def shown(sealed: str) -> str:
    """A ticket as an RTSP request shows it."""
    return f"Authorization: Basic {base64.b64encode(f'ticket:{sealed}'.encode()).decode()}\r\n"


DOORS: dict[str, Callable[[str, str], socket.socket]] = {
    "raw": _raw,
    "http": _http,
    "rtsp": rtsp,
    "frame": _live("frame"),
    "economy": _live("economy"),
    "ours-rtsp": _our_rtsp,
}


def _head(opened: socket.socket, begins: str) -> dict[str, str]:
    """Fields of an answer, their names in lower case; nothing after the empty line is read. Raises OSError."""
    text = b""
    while not text.endswith(b"\r\n\r\n"):
        byte = opened.recv(1)
        if not byte:
            raise ConnectionError("closed before an answer")
        text += byte
    if not text.startswith(begins.encode()):
        raise ConnectionError(text.decode(errors="replace"))
    lines = text.decode().split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def first(door: Callable[[str, str], socket.socket], address: str, path: str) -> socket.socket:
    """Repeated until the server has pictures."""
    until = time.monotonic() + _READY_WITHIN_S
    while True:
        try:
            return door(address, path)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def main() -> None:
    door, address, path, count = DOORS[sys.argv[1]], sys.argv[2], sys.argv[3], int(sys.argv[4])
    poll, room, stdin = select.epoll(), bytearray(_MOST_A_READ), sys.stdin.fileno()
    opened: dict[int, socket.socket] = {}
    read: dict[int, int] = {}
    for _ in range(count):
        one = door(address, path) if opened else first(door, address, path)
        one.setblocking(False)
        opened[one.fileno()], read[one.fileno()] = one, 0
        poll.register(one, select.EPOLLIN)
    poll.register(stdin, select.EPOLLIN)
    print("ready", flush=True)
    while True:
        for descriptor, _ in poll.poll():
            if descriptor == stdin:
                if not sys.stdin.readline():
                    return
                print(json.dumps(list(read.values())), flush=True)
                continue
            took = opened[descriptor].recv_into(room, _MOST_A_READ, socket.MSG_TRUNC)
            if not took:
                raise SystemExit("the server closed a viewer")
            read[descriptor] += took


if __name__ == "__main__":
    main()
