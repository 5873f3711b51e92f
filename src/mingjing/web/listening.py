"""How the console listens: connections a source and in all, and a time by which a request must have arrived.

uvicorn waits for the rest of a head for ever; a few thousand halves would take the descriptors that recording needs.
Browsers keep connections open for what may come. Where there is no room, such a one makes place: a duty room behind
one address must not be locked out by its own idle windows.
"""

import asyncio
import socket
from dataclasses import dataclass
from typing import Any, Literal

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from mingjing.web.guard import CONTENTLESS


def _bare(status: str, said: bytes) -> bytes:
    """An answer that no request of the program's stands behind, whole; the connection ends with it."""
    carried = {
        **CONTENTLESS,
        "Content-Type": "text/plain",
        "Content-Length": len(said),
        "Connection": "close",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in carried.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + said


_FULL = _bare("429 Too Many Requests", b"Too many connections.")
_TORN = _bare("400 Bad Request", b"Not an HTTP request.")


def _send_at_once(transport: asyncio.Transport) -> None:
    """asyncio sets TCP_NODELAY on a socket that names its protocol; one that was accepted names none. Without it the
    body of an answer waits until the other side has acknowledged the head: 40 ms."""
    found = transport.get_extra_info("socket")
    if found is not None and found.family in {socket.AF_INET, socket.AF_INET6}:
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _source(connection: Any) -> str:
    client = getattr(connection, "client", None)
    return client[0] if client else ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a peer may take up."""

    connections: int = 1024
    per_source: int = 64
    head_s: float = 10.0
    body_s: float = 120.0
    proxies: frozenset[str] = frozenset()
    """Sources through which everybody comes; only the bound on all holds for them."""


class Bounded(H11Protocol):
    """One connection; ended when a head or body that has begun to arrive, or is due, is not complete in time."""

    def __init__(self, bounds: Bounds, **given: Any) -> None:
        super().__init__(**given)
        self._bounds = bounds
        self._awaited: Literal["", "head", "body"] = ""
        self._due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _send_at_once(transport)
        if self._has_room():
            self._watch()
            return
        transport.write(_FULL)
        transport.close()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect("")
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn calls it with one
        # uvicorn's own carries no headers of ours; `msg` may quote what was sent.
        self.transport.write(_TORN)
        self.transport.close()

    def _has_room(self) -> bool:
        staying = [one for one in self.connections if not one.transport.is_closing()]
        if len(staying) > self._bounds.connections:
            return self._makes_place(staying)
        source = _source(self)
        here = [one for one in staying if _source(one) == source]
        fits = len(here) <= self._bounds.per_source or source in self._bounds.proxies
        return fits or self._makes_place(here)

    def _makes_place(self, others: list[Any]) -> bool:
        """Ends the connection among these that has waited longest for a request that may never come, if one does."""
        idle = [one for one in others if getattr(one, "timeout_keep_alive_task", None) is not None]
        if not idle:
            return False
        min(idle, key=lambda one: one.timeout_keep_alive_task.when()).timeout_keep_alive_handler()
        return True

    def _watch(self) -> None:
        # After an upgrade the transport belongs to the WebSocket, which has its own times.
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            self._expect("")
        elif self.conn.their_state is h11.SEND_BODY:
            self._expect("body")
        else:
            self._expect("head" if self.conn.their_state is h11.IDLE else "")

    def _expect(self, awaited: Literal["", "head", "body"]) -> None:
        if awaited == self._awaited:
            return
        self._awaited = awaited
        if self._due is not None:
            self._due.cancel()
            self._due = None
        if awaited:
            seconds = self._bounds.head_s if awaited == "head" else self._bounds.body_s
            self._due = self.loop.call_later(seconds, self.transport.abort)
