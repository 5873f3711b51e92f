"""How the console listens: connections a source and in all, and a time by which a request must have arrived.

uvicorn waits for the rest of a head for ever; a few thousand halves would take the descriptors that recording needs.
Browsers keep connections open for what may come. Where there is no room, such a one makes place: a duty room behind
one address must not be locked out by its own idle windows.
"""

import asyncio
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from mingjing.kernel.errors import MingjingError
from mingjing.web.guard import CONTENTLESS, SECURE
from mingjing.web.problems import MEDIA_TYPE, problem


def _bare(status: str, said: bytes, media_type: str = "text/plain", *, secure: bool = False) -> bytes:
    """An answer that no request of the program's stands behind, whole; the connection ends with it."""
    carried = {
        **CONTENTLESS,
        **(SECURE if secure else {}),
        "Content-Type": media_type,
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


_LENGTH = re.compile(rb"(?i)\r\ncontent-length:[ \t]*(\d{1,7})[ \t]*(?:\r\n|$)")


class Door:
    """A request for which a crowd may come: one too many is told so before anything else is done for it.

    To take a request apart and find its route costs three times what it costs to accept and close the connection, and
    everybody else's answer waits meanwhile.
    """

    def __init__(
        self,
        path: str,
        cookie: str,
        has_place: Callable[[str], bool],
        refusal: MingjingError,
        *,
        secure: bool = False,
    ) -> None:
        """POSTs to `path` are refused with `refusal` while `has_place` of their `cookie` ("" without one) says no."""
        self._first = f"POST {path} HTTP/1.1\r\n".encode()
        self._cookie = re.compile(
            rb"(?i)\r\ncookie:(?:[^\r\n]*[; \t])?%b=([^;\s]*)" % re.escape(cookie.encode())
        )
        self._has_place = has_place
        body = problem(refusal, path)
        status = HTTPStatus(body.status)
        said = body.model_dump_json().encode()
        self.refusal = _bare(f"{status.value} {status.phrase}", said, MEDIA_TYPE, secure=secure)

    def refuses(self, data: bytes) -> bool:
        """Whether `data` is such a request and has no place. One that is not whole is never refused here: who still
        sends when the connection ends may not see the answer."""
        if not data.startswith(self._first):
            return False
        head, _, body = data.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if length is None or len(body) != int(length[1]):
            return False
        cookie = self._cookie.search(head)
        return not self._has_place(cookie[1].decode("latin-1") if cookie else "")


class Bounded(H11Protocol):
    """One connection; ended when a head or body that has begun to arrive, or is due, is not complete in time."""

    def __init__(self, bounds: Bounds, door: Door | None = None, **given: Any) -> None:
        super().__init__(**given)
        self._bounds = bounds
        self._door = door
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
        if self._door is not None and self._begins() and self._door.refuses(data):
            self.transport.write(self._door.refusal)
            self.transport.close()
            return
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect("")
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn calls it with one
        # uvicorn's own carries no headers of ours; `msg` may quote what was sent.
        self.transport.write(_TORN)
        self.transport.close()

    def _begins(self) -> bool:
        """Whether what comes now is the beginning of a request."""
        idle = self.conn.our_state is h11.IDLE and self.conn.their_state is h11.IDLE
        return idle and not self.conn.trailing_data[0] and not self.transport.is_closing()

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
