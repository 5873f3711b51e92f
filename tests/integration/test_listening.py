"""The console's listener: halves of requests end by themselves, one source does not take every place, idle ones make place."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st

from mingjing.kernel.errors import MingjingError, define
from mingjing.web.guard import CONTENTLESS
from mingjing.web.listening import Bounded, Bounds, Door

PATIENCE_S = 20.0


async def _app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        await asyncio.sleep(PATIENCE_S)
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@contextmanager
def served(bounds: Bounds, door: Door | None = None) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        protocol: Any = partial(Bounded, bounds, door)
        server = uvicorn.Server(
            uvicorn.Config(_app, http=protocol, lifespan="off", log_config=None, timeout_graceful_shutdown=1)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(PATIENCE_S)


def said(port: int, *parts: bytes) -> socket.socket:
    peer = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
    for part in parts:
        peer.sendall(part)
    return peer


def answered(peer: socket.socket) -> bytes:
    """One whole answer of our program, or what came before the end."""
    answer = b""
    while not answer.endswith(b"\r\n\r\nok"):
        more = peer.recv(4096)
        if not more:
            break
        answer += more
    return answer


def ended(peer: socket.socket) -> bool:
    """Whether the other side ends the connection within our patience; what it says before is read away."""
    try:
        while peer.recv(4096):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True


GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"


@pytest.mark.parametrize("halves", [(), (b"GET / HT",), (GET, b"GET / HT"), (POST, b"12345")])
def test_half_a_request_ends(halves: tuple[bytes, ...]) -> None:
    with served(Bounds(head_s=0.2, body_s=0.2)) as port, said(port, *halves) as peer:
        assert ended(peer)


def test_whole_requests_one_after_the_other_are_answered() -> None:
    with served(Bounds()) as port, said(port) as peer:
        for request in (GET, POST + b"1234567890", GET):
            peer.sendall(request)
            assert answered(peer).startswith(b"HTTP/1.1 200")


def test_an_answer_does_not_wait_for_an_acknowledgement(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    made = Bounded.connection_made

    def looked_at(self: Bounded, transport: asyncio.Transport) -> None:
        made(self, transport)
        seen.append(transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr(Bounded, "connection_made", looked_at)
    with served(Bounds()) as port, said(port, GET) as peer:
        assert answered(peer).startswith(b"HTTP/1.1 200")
    assert seen == [1]


def test_a_websocket_is_not_held_to_the_time_of_a_head() -> None:
    upgrade = (
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with served(Bounds(head_s=0.2)) as port, said(port, upgrade) as peer:
        assert peer.recv(4096).startswith(b"HTTP/1.1 101")
        peer.settimeout(1.0)
        with pytest.raises(TimeoutError):
            peer.recv(1)


BOTH = pytest.mark.parametrize("bounds", [Bounds(per_source=3), Bounds(connections=3)])


@BOTH
def test_the_connection_too_many_is_told_so_and_the_others_stay(bounds: Bounds) -> None:
    with served(bounds) as port:
        busy = [said(port, POST, b"12345") for _ in range(3)]
        with said(port) as late:
            assert answered(late).startswith(b"HTTP/1.1 429")
        for one in busy:
            one.sendall(b"67890")
            assert answered(one).startswith(b"HTTP/1.1 200")
            one.close()


@BOTH
def test_the_connection_that_waited_longest_for_nothing_makes_place(bounds: Bounds) -> None:
    with served(bounds) as port:
        kept = []
        for _ in range(3):
            kept.append(said(port, GET))
            assert answered(kept[-1]).startswith(b"HTTP/1.1 200")
        kept[0].sendall(GET)
        assert answered(kept[0]).startswith(b"HTTP/1.1 200")
        with said(port, GET) as late:
            assert answered(late).startswith(b"HTTP/1.1 200")
        assert ended(kept[1])
        for one in (kept[0], kept[2]):
            one.sendall(GET)
            assert answered(one).startswith(b"HTTP/1.1 200")
        for one in kept:
            one.close()


def test_a_listed_proxy_brings_everybody() -> None:
    with served(Bounds(per_source=1, proxies=frozenset({"127.0.0.1"}))) as port:
        peers = [said(port, GET) for _ in range(3)]
        assert all(answered(one).startswith(b"HTTP/1.1 200") for one in peers)
        for one in peers:
            one.close()


CROWDED = MingjingError(
    define("TEST-503", 503, title=("忙", "Busy"), detail=("忙。", "Busy."), remedy=("请稍候。", "Wait."))
)


def knock(body: bytes = b"{}", *, cookie: str = "", path: str = "/in", length: int | None = None) -> bytes:
    carried = f"Cookie: a=b; seat={cookie}; c=d\r\n" if cookie else ""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{carried}Content-Length: {len(body) if length is None else length}\r\n\r\n"
    return head.encode() + body


def test_one_too_many_at_a_door_is_told_so_and_who_has_a_place_comes_in() -> None:
    asked: list[str] = []

    def has_place(cookie: str) -> bool:
        asked.append(cookie)
        return cookie == "v1:mine"

    with served(Bounds(), Door("/in", "seat", has_place, CROWDED)) as port:
        for data, told in (
            (knock(), b"503"),
            (knock(cookie="v1:mine"), b"200"),
            (knock(cookie="v1:other"), b"503"),
            (knock(path="/in/side"), b"200"),
        ):
            with said(port, data) as peer:
                answer = answered(peer)
            assert answer.startswith(b"HTTP/1.1 " + told), answer
    assert asked == ["", "v1:mine", "v1:other"]
    head, _, body = Door("/in", "seat", has_place, CROWDED).refusal.partition(b"\r\n\r\n")
    assert json.loads(body)["code"] == "TEST-503"
    carried = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert carried.items() >= CONTENTLESS.items()
    assert (carried["Content-Type"], carried["Connection"]) == ("application/problem+json", "close")


def test_a_door_looks_at_the_beginning_of_each_request_of_a_connection() -> None:
    open_ = [True]
    with served(Bounds(), Door("/in", "seat", lambda _: open_[0], CROWDED)) as port, said(port) as peer:
        peer.sendall(knock())
        assert answered(peer).startswith(b"HTTP/1.1 200")
        # The body of a request is no request, whatever stands in it.
        open_[0] = False
        inner = knock()
        peer.sendall(knock(b"", path="/out", length=len(inner)))
        peer.sendall(inner)
        assert answered(peer).startswith(b"HTTP/1.1 200")
        peer.sendall(knock())
        assert answered(peer).startswith(b"HTTP/1.1 503")


@given(before=st.binary(max_size=40), after=st.binary(max_size=40))
def test_what_is_not_whole_is_not_refused_before_it_is_read(before: bytes, after: bytes) -> None:
    door = Door("/in", "seat", lambda _: False, CROWDED)
    whole = knock(b"{}")
    assert door.refuses(whole)
    assert not any(door.refuses(whole[:end]) for end in range(len(whole)))
    assert not door.refuses(whole + b"GET / HTTP/1.1\r\n\r\n")
    assert not door.refuses(b"x" + before + whole)
    assert door.refuses(before + after) is False
