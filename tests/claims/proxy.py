"""A bad network between cameras and the program: RTSP over TCP and the RTP over UDP that it sets up, seeded.

`python -m tests.claims.proxy UPSTREAM PORTS SEED` opens so many TCP ports on loopback, each of which leads to the
same RTSP server, and prints them. On its standard input it takes one JSON object a line: `{"set": {…}}` changes the
network (the fields of `Network`), `{"report": true}` is answered with what each port saw (`Seen`). It ends with its
standard input. `Proxy` is the handle on such a process.
"""

import asyncio
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.claims.cameras import ROOT

HOST = "127.0.0.1"
CHUNK = 16384
HELD_CHUNKS = 64
"""Chunks of one direction that the network holds: then it takes no more, as a full buffer does not."""


@dataclass
class Network:
    """How bad it is. All that is zero or false is well."""

    delay_ms: float = 0
    jitter_ms: float = 0
    rate_bps: float = 0
    """Bits a second of each direction of each connection."""
    freeze: bool = False
    """Nothing moves; nothing is lost on TCP."""
    refuse: bool = False
    """What there is is reset, and so is what comes."""
    half_open: bool = False
    """Connections stay, what is sent vanishes, nobody hears of an end."""
    loss: float = 0
    duplicate: float = 0
    reorder: float = 0
    """Part of the UDP datagrams that is lost, comes twice, or comes 40 ms late."""


@dataclass
class Seen:
    """What one port saw."""

    attempts: list[float] = field(default_factory=list)
    """When connections were asked for, monotonic clock, seconds."""
    open: int = 0
    most_open: int = 0
    resets: int = 0
    frozen: int = 0
    swallowed: int = 0
    narrowed: int = 0
    delayed: int = 0
    """Chunks over TCP that waited for the thaw, vanished, waited for their turn, came late."""
    datagrams: int = 0
    lost: int = 0
    doubled: int = 0
    late: int = 0


class Proxy:
    """The process. A context manager."""

    def __init__(self, upstream: str, ports: int, seed: int = 1) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.claims.proxy", upstream, str(ports), str(seed)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.ports: list[int] = json.loads(self._line())

    def set(self, network: Network) -> None:
        self._say({"set": asdict(network)})
        self._line()

    def report(self) -> list[Seen]:
        self._say({"report": True})
        return [Seen(**seen) for seen in json.loads(self._line())]

    def _say(self, what: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the proxy has ended"
        return line

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


class Wire:
    """The network as it is now, shared by all that goes over it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a network, not secrets
        self.now = Network()
        self.moves = asyncio.Event()
        self.moves.set()
        self.links: set[Link] = set()

    def set(self, network: Network) -> None:
        self.now = network
        if network.freeze:
            self.moves.clear()
        else:
            self.moves.set()
        if network.refuse:
            for link in list(self.links):
                link.reset()

    def latency_s(self) -> float:
        return (self.now.delay_ms + self.chance.uniform(0, self.now.jitter_ms)) / 1000


class Link:
    """One TCP connection of the program, and the one to the camera behind it."""

    def __init__(self, wire: Wire, seen: Seen, upstream: tuple[str, int]) -> None:
        self._wire, self._seen, self._upstream = wire, seen, upstream
        self._ends: list[asyncio.StreamWriter] = []
        self._pairs: list[Datagrams] = []

    async def run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._seen.attempts.append(time.monotonic())
        self._ends.append(writer)
        self._wire.links.add(self)
        self._seen.open += 1
        self._seen.most_open = max(self._seen.most_open, self._seen.open)
        try:
            if self._wire.now.refuse:
                self.reset()
                return
            camera_reader, camera_writer = await asyncio.open_connection(*self._upstream)
            self._ends.append(camera_writer)
            there = asyncio.create_task(self._pump(reader, camera_writer, self._asked))
            back = asyncio.create_task(self._pump(camera_reader, writer, self._answered))
            await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
            if self._wire.now.half_open:
                await asyncio.wait({there, back})
            there.cancel()
            back.cancel()
        except OSError:
            return  # the camera is away, or the link was reset
        finally:
            self._seen.open -= 1
            self._wire.links.discard(self)
            for end in self._ends:
                end.close()
            for pair in self._pairs:
                pair.close()

    def reset(self) -> None:
        """RST to both ends."""
        self._seen.resets += 1
        for end in self._ends:
            sock = end.get_extra_info("socket")
            if sock is not None:
                sock.setsockopt(1, 13, b"\1\0\0\0\0\0\0\0")  # SOL_SOCKET, SO_LINGER: on, 0 s
            end.transport.abort()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rewritten: Callable[[bytes], Any]
    ) -> None:
        """Chunks arrive in order, each not before its time."""
        held: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(HELD_CHUNKS)
        delivery = asyncio.create_task(self._deliver(held, writer))
        due = 0.0
        try:
            while data := await reader.read(CHUNK):
                self._seen.frozen += self._wire.now.freeze
                await self._wire.moves.wait()
                if self._wire.now.half_open:
                    self._seen.swallowed += 1
                    continue
                data = await rewritten(data)
                now = time.monotonic()
                rate = self._wire.now.rate_bps
                self._seen.narrowed += rate > 0
                self._seen.delayed += self._wire.now.delay_ms > 0
                due = max(due, now + self._wire.latency_s()) + (len(data) * 8 / rate if rate else 0)
                await held.put((due, data))
            await held.put((due, b""))
            await delivery
        except ConnectionError:
            return
        finally:
            delivery.cancel()

    async def _deliver(
        self, held: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter
    ) -> None:
        while True:
            due, data = await held.get()
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await self._wire.moves.wait()
            if not data or writer.is_closing():
                return
            writer.write(data)
            await writer.drain()

    async def _asked(self, data: bytes) -> bytes:
        """A SETUP for UDP gets ports of ours instead of the program's."""
        found = re.search(rb"client_port=(\d+)-(\d+)", data)
        if found is None:
            return data
        pair = await Datagrams.open(self._wire, self._seen, (int(found[1]), int(found[2])))
        self._pairs.append(pair)
        return data.replace(found[0], b"client_port=%d-%d" % pair.ports)

    async def _answered(self, data: bytes) -> bytes:
        """The program hears its own ports back, and ours as the camera's."""
        found = re.search(rb"client_port=(\d+)-(\d+)", data)
        pair = next(
            (one for one in self._pairs if found and one.ports == (int(found[1]), int(found[2]))), None
        )
        if found is None or pair is None:
            return data
        data = data.replace(found[0], b"client_port=%d-%d" % pair.program)
        server = re.search(rb"server_port=(\d+)-(\d+)", data)
        if server is None:
            return data
        pair.camera = (int(server[1]), int(server[2]))
        return data.replace(server[0], b"server_port=%d-%d" % pair.ports)


class Datagrams:
    """A pair of UDP ports between the program's and the camera's."""

    def __init__(self, wire: Wire, seen: Seen, program: tuple[int, int]) -> None:
        self._wire, self._seen, self.program = wire, seen, program
        self.camera = (0, 0)
        self.ports = (0, 0)
        self._sides: list[asyncio.DatagramTransport] = []

    @classmethod
    async def open(cls, wire: Wire, seen: Seen, program: tuple[int, int]) -> "Datagrams":
        pair = cls(wire, seen, program)
        loop = asyncio.get_running_loop()
        for port in range(21000, 29000, 2):
            try:
                for lane in (0, 1):
                    made, _ = await loop.create_datagram_endpoint(
                        lambda lane=lane: _Lane(pair, lane),  # type: ignore[misc]
                        local_addr=(HOST, port + lane),
                    )
                    pair._sides.append(made)
            except OSError:
                pair.close()
                continue
            pair.ports = (port, port + 1)
            return pair
        raise OSError("no pair of UDP ports is free")

    def came(self, lane: int, data: bytes, port: int) -> None:
        target = self.program[lane] if port == self.camera[lane] else self.camera[lane]
        wire, seen = self._wire, self._seen
        seen.datagrams += 1
        if wire.now.freeze or wire.now.half_open or wire.chance.random() < wire.now.loss:
            seen.lost += 1
            return
        late = wire.chance.random() < wire.now.reorder
        twice = wire.chance.random() < wire.now.duplicate
        seen.late += late
        seen.doubled += twice
        delay_s = wire.latency_s() + (0.04 if late else 0)
        for _ in range(1 + twice):
            if delay_s:
                asyncio.get_running_loop().call_later(delay_s, self._send, lane, data, target)
            else:
                self._send(lane, data, target)

    def _send(self, lane: int, data: bytes, port: int) -> None:
        if port and self._sides:
            self._sides[lane].sendto(data, (HOST, port))

    def close(self) -> None:
        for side in self._sides:
            side.close()
        self._sides.clear()


class _Lane(asyncio.DatagramProtocol):
    def __init__(self, pair: Datagrams, lane: int) -> None:
        self._pair, self._lane = pair, lane

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._pair.came(self._lane, data, addr[1])


async def serve(upstream: tuple[str, int], ports: int, seed: int) -> None:
    wire = Wire(seed)
    seen = [Seen() for _ in range(ports)]
    servers = [
        await asyncio.start_server(
            lambda reader, writer, one=one: Link(wire, one, upstream).run(reader, writer),  # type: ignore[misc]
            HOST, 0, backlog=256,
        )
        for one in seen
    ]  # fmt: skip
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        if "set" in order:
            wire.set(Network(**order["set"]))
            print("{}", flush=True)
        else:
            print(json.dumps([asdict(one) for one in seen]), flush=True)


def main() -> None:
    host, _, port = sys.argv[1].rpartition(":")
    asyncio.run(serve((host, int(port)), int(sys.argv[2]), int(sys.argv[3])))


if __name__ == "__main__":
    main()
