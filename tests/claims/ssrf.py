"""S8: no address that a person, a device or a resolver gives leads to a host that is no camera, nor credentials astray.

`python -m tests.claims.ssrf` prints one JSON line and writes `build/claims/S8.json`. Needs root: the program runs in
a network namespace of its own, with a resolver that lies and a camera that misleads, and every packet on every
interface is read. Cameras may be in 127.0.7.0/24; whatever else is sent to, over TCP or UDP, is a finding.
"""

import argparse
import base64
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.claims import measured
from tests.claims.cameras import ROOT
from tests.claims.premises import Browser
from tests.claims.rig import Rig, until

CAMERA, OTHER, RESOLVER, US = "127.0.7.7", "127.0.7.8", "127.0.0.53", "127.0.0.99"
OWN = "10.77.0.1"
ZERO = ".".join("0000")
PORT, CAMERA_PORT = 9554, 8554
USER, PASSWORD = "admin", "canary-Passw0rd"
SET_UP = f"""
ip link set lo up
ip link add v0 type veth peer name v1
ip addr add {OWN}/24 dev v0
ip link set v0 up && ip link set v1 up
ip -6 addr add fd77::1/64 dev v0 nodad || true
ip route add default dev v0
ip -6 route add default dev v0 || true
printf 'nameserver {RESOLVER}\\noptions timeout:1 attempts:1\\n' > "$1/resolv.conf"
mount --bind "$1/resolv.conf" /etc/resolv.conf
shift
exec "$@"
"""
LITERALS = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7F.1", "0177.0.0.1", "0177.1", "017700000001",
    "127.0.0.1.", "127.0.00.1", "localhost", "LOCALHOST", "localhost.", "x.localhost", "0", ZERO, "0x0", "[::]",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[::1%25lo]", "[fe80::1%25v0]", "[fe80::1]", "169.254.169.254", "2852039166", "0xa9fea9fe", "169.254.43518",
    "[::ffff:169.254.169.254]", "[fd00:ec2::254]", "224.0.0.1", "[ff02::1]", "255.255.255.255", OWN, "10.77.1",
    f"[::ffff:{OWN}]", "[fd77::1]", "10.77.0.9", "8.8.8.8", "134744072", "[2001:4860:4860::8888]",
    "１２７.０.０.１", "127。0。0。1", "①②⑦.⓪.⓪.①", "127.0.0.1%00", "127.0.0.1%2f", "[v1.127.0.0.1]", "127.0.7.7.127.0.0.1",
)  # fmt: skip
SPELLINGS = (
    f"rtsp://{CAMERA}@127.0.0.1:{PORT}/", f"rtsp://{CAMERA}:{CAMERA_PORT}@127.0.0.1:{PORT}/",
    f"rtsp://a:b@{CAMERA}@127.0.0.1:{PORT}/", f"rtsp://127.0.0.1:{PORT}#@{CAMERA}:{CAMERA_PORT}/",
    f"rtsp://127.0.0.1:{PORT}?@{CAMERA}:{CAMERA_PORT}/", f"rtsp://{CAMERA}:{CAMERA_PORT}\\@127.0.0.1:{PORT}/",
    f"rtsp://127.0.0.1:{PORT}\\@{CAMERA}:{CAMERA_PORT}/", f"rtsp://{CAMERA}%2f@127.0.0.1:{PORT}/",
    f"rtsp:////127.0.0.1:{PORT}/", f"rtsp:/127.0.0.1:{PORT}/", f"rtsp://{CAMERA}\t@127.0.0.1:{PORT}/",
    f"rtsp://{CAMERA}\r\nHost: 127.0.0.1/", f" rtsp://127.0.0.1:{PORT}/", f"RTSP://127.0.0.1:{PORT}/",
    f"rtsps://127.0.0.1:{PORT}/", f"rtspu://127.0.0.1:{PORT}/", f"http://127.0.0.1:{PORT}/", "file:///etc/passwd",
    f"gopher://127.0.0.1:{PORT}/", f"tcp://127.0.0.1:{PORT}", f"//127.0.0.1:{PORT}/", f"127.0.0.1:{PORT}",
    f"concat:rtsp://127.0.0.1:{PORT}/", f"rtsp://[{CAMERA}]@127.0.0.1:{PORT}/", f"rtsp://{CAMERA}:{PORT}:127.0.0.1/",
)  # fmt: skip
NAMES: dict[str, tuple[str, ...]] = {
    "loop.test": ("127.0.0.1",), "loop6.test": ("::1",), "mapped.test": ("::ffff:127.0.0.1",), "zero.test": (ZERO,),
    "meta.test": ("169.254.169.254",), "own.test": (OWN,), "out.test": ("8.8.8.8",), "many.test": (OWN, "127.0.0.1"),
    "cast.test": ("224.0.0.1",), "mixed.test": ("127.0.0.1", CAMERA), "good.test": (CAMERA,),
}  # fmt: skip
REBINDING = "rebind.test"
"""The resolver gives the camera's address first, and each second time a forbidden one."""

Behaviour = Callable[[str, Mapping[str, str]], bytes | None]


def _elsewhere(header: str, status: str = "302 Moved") -> Behaviour:
    return lambda method, _: f"RTSP/1.0 {status}\r\n{header}\r\n".encode() if method == "DESCRIBE" else None


def _described(body: str, more: str = "") -> Behaviour:
    return lambda method, _: _description(body, more) if method == "DESCRIBE" else None


def _description(body: str, more: str = "") -> bytes:
    kind = "Content-Type: application/sdp\r\n"
    return f"RTSP/1.0 200 OK\r\n{kind}{more}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def _sdp(*, connection: str = CAMERA, control: str = "trackID=0", port: int = 0, origin: str = CAMERA) -> str:
    return (
        f"v=0\r\no=- 0 0 IN IP4 {origin}\r\ns=x\r\nc=IN IP4 {connection}\r\nt=0 0\r\na=control:*\r\n"
        f"m=video {port} RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:{control}\r\n"
    )


def _set_up(transport: str) -> Behaviour:
    def behave(method: str, _: Mapping[str, str]) -> bytes | None:
        if method == "DESCRIBE":
            return _description(_sdp())
        told = f"RTSP/1.0 200 OK\r\nSession: 1\r\nTransport: {transport}\r\n\r\n"
        return told.encode() if method == "SETUP" else None

    return behave


def _playing(tail: str) -> Behaviour:
    def behave(method: str, _: Mapping[str, str]) -> bytes | None:
        if method == "DESCRIBE":
            return _description(_sdp())
        return f"RTSP/1.0 200 OK\r\nSession: 1\r\n\r\n{tail}".encode() if method == "PLAY" else None

    return behave


BAD = f"127.0.0.1:{PORT}"
AWAY = f"{OTHER}:{CAMERA_PORT}"
UDP = "RTP/AVP;unicast;client_port=50000-50001;server_port=9554-9555"
DEVICE: dict[str, Behaviour] = {
    "plain": lambda _method, _headers: None,
    "redirect-loopback": _elsewhere(f"Location: rtsp://{BAD}/x\r\n"),
    "redirect-away": _elsewhere(f"Location: rtsp://{AWAY}/plain\r\n"),
    "redirect-301": _elsewhere(f"Location: rtsp://{BAD}/x\r\n", "301 Moved"),
    "redirect-305": _elsewhere(f"Location: rtsp://{BAD}/x\r\n", "305 Use Proxy"),
    "redirect-name": _elsewhere(f"Location: rtsp://loop.test:{PORT}/x\r\n"),
    "redirect-userinfo": _elsewhere(f"Location: rtsp://{CAMERA}@{BAD}/x\r\n"),
    "redirect-backslash": _elsewhere(f"Location: rtsp://{CAMERA}\\@{BAD}/x\r\n"),
    "redirect-odd": _elsewhere(f"Location: rtsp://2130706433:{PORT}/x\r\n"),
    "redirect-http": _elsewhere(f"Location: http://{BAD}/x\r\n"),
    "redirect-relative": _elsewhere(f"Location: //{BAD}/x\r\n"),
    "base-away": _described(_sdp(), f"Content-Base: rtsp://{AWAY}/plain/\r\n"),
    "base-loopback": _described(_sdp(), f"Content-Base: rtsp://{BAD}/\r\n"),
    "location-loopback": _described(_sdp(), f"Content-Location: rtsp://{BAD}/\r\n"),
    "control-away": _described(_sdp(control=f"rtsp://{AWAY}/plain/trackID=0")),
    "control-loopback": _described(_sdp(control=f"rtsp://{BAD}/trackID=0")),
    "connection": _described(_sdp(connection="127.0.0.1", port=PORT)),
    "connection-multicast": _described(_sdp(connection="224.2.2.2/127", port=PORT)),
    "origin": _described(_sdp(origin="127.0.0.1")),
    "source-loopback": _set_up(f"{UDP};source=127.0.0.1"),
    "source-away": _set_up(f"{UDP};source={OTHER}"),
    "source-metadata": _set_up(f"{UDP};source=169.254.169.254"),
    "source-name": _set_up(f"{UDP};source=loop.test"),
    "destination": _set_up(f"{UDP};destination=127.0.0.1"),
    "multicast": _set_up("RTP/AVP;multicast;destination=224.2.2.2;port=9554-9555;ttl=9"),
    "asks-to-move": _playing(f"REDIRECT * RTSP/1.0\r\nCSeq: 9\r\nLocation: rtsp://{BAD}/x\r\n\r\n"),
    "announces": _playing(f"ANNOUNCE rtsp://{BAD}/x RTSP/1.0\r\nCSeq: 9\r\nContent-Length: 0\r\n\r\n"),
    "rtp-info": lambda method, _: (
        f"RTSP/1.0 200 OK\r\nRTP-Info: url=rtsp://{BAD}/x;seq=1\r\nSession: 1\r\n\r\n".encode()
        if method == "PLAY" else None
    ),
}  # fmt: skip


class Device(threading.Thread):
    """A camera whose path says how it misleads; who asked where, and with which credentials, is kept."""

    def __init__(self, host: str) -> None:
        super().__init__(daemon=True)
        self.door = socket.create_server((host, CAMERA_PORT))
        self.asked: list[str] = []
        self.credentials: list[str] = []

    def run(self) -> None:
        while True:
            try:
                door, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(door,), daemon=True).start()

    def _serve(self, door: socket.socket) -> None:
        pending = b""
        door.settimeout(10)
        try:
            while True:
                while b"\r\n\r\n" not in pending:
                    got = door.recv(4096)
                    if not got:
                        return
                    pending += got
                head, _, pending = pending.partition(b"\r\n\r\n")
                answer, last = self._answer(head.decode("utf-8", "replace"))
                door.sendall(answer)
                if last:
                    # What it is misled into comes at once; nothing is ever played.
                    time.sleep(0.5)
                    return
        except OSError:
            return
        finally:
            door.close()

    def _answer(self, head: str) -> tuple[bytes, bool]:
        first, *lines = head.split("\r\n")
        method, url, *_ = [*first.split(" "), "", ""]
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
        self.asked.append(first)
        if "authorization" in headers:
            self.credentials.append(headers["authorization"])
        name = re.sub(r"^rtsp://[^/]*/", "", url).split("/")[0]
        behaviour = DEVICE.get(name, DEVICE["plain"])
        if method == "DESCRIBE" and "authorization" not in headers:
            answer = b'RTSP/1.0 401 No\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n'
        else:
            answer = behaviour(method, headers) or self._usual(method, headers)
        sequence = f"\r\nCSeq: {headers.get('cseq', '0')}\r\n".encode()
        return answer.replace(b"\r\n", sequence, 1), method == "PLAY"

    def _usual(self, method: str, headers: Mapping[str, str]) -> bytes:
        if method == "DESCRIBE":
            return _description(_sdp())
        more = (
            f"Transport: {headers.get('transport', '')};server_port=8600-8601\r\n"
            if method == "SETUP"
            else ""
        )
        return f"RTSP/1.0 200 OK\r\nSession: 1\r\n{more}\r\n".encode()


class Resolver(threading.Thread):
    """Answers every question from `NAMES`, without a truth in it."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.door.bind((RESOLVER, 53))
        self.asked: dict[str, int] = {}

    def run(self) -> None:
        while True:
            question, whom = self.door.recvfrom(2000)
            self.door.sendto(self._answer(question), whom)

    def _answer(self, question: bytes) -> bytes:
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1 : at + 1 + question[at]].decode("latin-1"))
            at += 1 + question[at]
        name, kind = ".".join(labels).lower(), struct.unpack("!H", question[at + 1 : at + 3])[0]
        self.asked[name] = self.asked.get(name, 0) + 1
        given = NAMES.get(name, ())
        if name == REBINDING:
            # A and AAAA come in pairs: the turn changes with each pair.
            given = (CAMERA,) if (self.asked[name] + 1) // 2 % 2 else ("127.0.0.1",)
        family = {1: socket.AF_INET, 28: socket.AF_INET6}.get(kind)
        packed = [socket.inet_pton(family, one) for one in given if family and (":" in one) == (kind == 28)]
        head = question[:2] + struct.pack("!HHHHH", 0x8180, 1, len(packed), 0, 0)
        records = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 0, len(one)) + one for one in packed)
        return head + question[12 : at + 5] + records


class Watch(threading.Thread):
    """Reads every packet of every interface: to whom a connection was begun, or a datagram sent."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.door = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
        self.door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 << 20)
        self.sent: dict[tuple[str, str, int], int] = {}

    def run(self) -> None:
        while True:
            packet, about = self.door.recvfrom(65_536)
            found = _begun(packet, about[1])
            if found is not None:
                self.sent[found] = self.sent.get(found, 0) + 1


def _begun(packet: bytes, kind: int) -> tuple[str, str, int] | None:
    """Protocol, address and port of a first TCP packet or of a datagram; None for the harness's own and for answers."""
    if kind == 0x0800:
        head, protocol = (packet[0] & 15) * 4, packet[9]
        source, target = (socket.inet_ntop(socket.AF_INET, packet[at : at + 4]) for at in (12, 16))
    elif kind == 0x86DD:
        head, protocol = 40, packet[6]
        source, target = (socket.inet_ntop(socket.AF_INET6, packet[at : at + 16]) for at in (8, 24))
    else:
        return None
    if protocol not in {6, 17} or len(packet) < head + (14 if protocol == 6 else 8):
        return None
    port = struct.unpack("!H", packet[head + 2 : head + 4])[0]
    if source == US or RESOLVER in {source, target} or (protocol == 6 and packet[head + 13] & 0x12 != 0x02):
        return None
    return ("tcp" if protocol == 6 else "udp", target, port)


def inside(folder: Path) -> dict[str, Any]:
    """Everything, in the namespace that `SET_UP` has made."""
    camera, other, resolver, watch = Device(CAMERA), Device(OTHER), Resolver(), Watch()
    # Whoever gets through must find somebody: a refused connection could pass for a guarded one.
    listening = [socket.create_server((address, PORT)) for address in ("127.0.0.1", OWN)]
    listening.append(socket.create_server(("::1", PORT), family=socket.AF_INET6))
    for thread in (camera, other, resolver):
        thread.start()
    rig = Rig(
        folder,
        extra={
            "MINGJING_MEDIA_CAMERA_NETWORKS": '["127.0.7.0/24"]', "MINGJING_IDENTITY_SECOND_FACTOR": "off",
            "MINGJING_LIMITS_CONNECT_MS": "400", "MINGJING_LIMITS_ANSWER_MS": "1000",
            "MINGJING_LIMITS_SILENT_MS": "1000", "MINGJING_LIMITS_KEY_FRAME_MS": "1500",
        },
    )  # fmt: skip
    try:
        rig.start()
        password = rig.person("operator", "operator_admin")
        operator = Browser(rig.url, US)
        assert operator.enter("operator", password).status_code == 201
        watch.start()
        _sees_what_is_sent(watch)
        tried = _try_everything(operator)
        entered = _enter_names(operator)
        until("a camera by name is asked", 20, lambda: resolver.asked.get("good.test", 0) > 2)
        until("the names are resolved", 20, lambda: resolver.asked.get(REBINDING, 0) >= 4)
        operator.close()
    finally:
        rig.stop()
        rig.abandon()
    for one in listening:
        one.close()
    return _judge(watch, camera, other, resolver, tried | entered)


def _sees_what_is_sent(watch: Watch) -> None:
    """The harness's own forbidden packets are seen, then forgotten."""
    with socket.create_connection(("127.0.0.1", PORT), 2), socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.sendto(b"x", ("169.254.169.254", PORT))
        udp.sendto(b"x", ("127.0.0.1", PORT))
        wanted = {("tcp", "127.0.0.1", PORT), ("udp", "127.0.0.1", PORT)}
        until("forbidden packets are seen", 5, lambda: wanted <= watch.sent.keys())
    watch.sent.clear()


def _try_everything(operator: Browser) -> dict[str, Any]:
    urls = [f"rtsp://{host}:{PORT}/x" for host in LITERALS] + list(SPELLINGS)
    urls += [f"rtsp://{name}:{CAMERA_PORT if name == 'good.test' else PORT}/plain" for name in NAMES]
    misled = [
        (f"rtsp://{CAMERA}:{CAMERA_PORT}/{name}", kind) for name in DEVICE for kind in ("tcp", "udp_only")
    ]

    def probe(url: str, transport: str) -> tuple[str, int]:
        wish = {"url": url, "user": USER, "password": PASSWORD, "transport": transport}
        return url, operator.ask("POST", "/cameras/probe", json=wish, timeout=60).status_code

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda one: probe(*one), [(url, "auto") for url in urls] + misled))
    failed = [f"{status} for {url}" for url, status in found if status >= 500]
    return {"literals": len(urls), "misled": len(misled), "failed": failed}


def _enter_names(operator: Browser) -> dict[str, Any]:
    unit = operator.ask("GET", "/organisations").json()["items"][0]["id"]
    entered = 0
    for name in (*NAMES, REBINDING, *LITERALS[:12]):
        port = CAMERA_PORT if name in {"good.test", REBINDING} else PORT
        wish = {
            "name": f"{entered}-{name[:20]}", "division": "420115", "organisation": unit, "user": USER,
            "password": PASSWORD, "streams": [{"kind": "main", "url": f"rtsp://{name}:{port}/plain"}],
        }  # fmt: skip
        entered += operator.ask("POST", "/cameras", json=wish).status_code == 201
    assert entered >= len(NAMES), "names are entered and judged when they are resolved"
    return {"entered": entered}


def _judge(
    watch: Watch, camera: Device, other: Device, resolver: Resolver, found: dict[str, Any]
) -> dict[str, Any]:
    # A camera may send from another address of its own: datagrams may go to one that cameras may have.
    forbidden = {
        f"{protocol} {target}:{port}": count
        for (protocol, target, port), count in watch.sent.items()
        if target != CAMERA and not (target == OTHER and protocol == "udp")
    }
    paths = {name for name in DEVICE if any(f"/{name}" in one for one in camera.asked)}
    return found | {
        "forbidden": forbidden,
        "astray": other.credentials + [one for one in other.asked if PASSWORD in one],
        "cameras_asked": len(paths),
        "given_to_the_camera": any(
            base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode() in one for one in camera.credentials
        ),
        "resolved": sum(resolver.asked.values()),
    }


def guarded(found: Mapping[str, Any]) -> bool:
    """The promise of S8, and that everything was tried: every misleading camera was asked, with its credentials."""
    tried = found["cameras_asked"] == len(DEVICE) and found["given_to_the_camera"] and found["resolved"] > 20
    return bool(tried and not (found["forbidden"] or found["astray"] or found["failed"]))


def tried(found: Mapping[str, Any]) -> int:
    """How many tricks were tried."""
    return int(found["literals"] + found["misled"] + found["entered"])


def run() -> dict[str, Any]:
    """In a namespace of its own. Needs root."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["unshare", "--net", "--mount", "bash", "-e", "-c", SET_UP, "set-up", folder,
             sys.executable, "-W", "ignore", "-m", "tests.claims.ssrf", "--inside", folder],
            cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    if done.returncode:
        raise AssertionError(f"{done.stdout[-2000:]}\n{done.stderr[-6000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="ssrf", description=__doc__)
    options.add_argument("--inside", type=Path, help="what `run` asks for, in the namespace")
    chosen = options.parse_args(arguments)
    if chosen.inside:
        print(json.dumps(inside(chosen.inside)))
        return 0
    if os.geteuid() != 0:
        print("S8 needs root: it makes a network namespace", file=sys.stderr)
        return 2
    found = run()
    return measured.ended("S8", seed=0, n=tried(found), **found, holds=guarded(found))


if __name__ == "__main__":
    sys.exit(main())
