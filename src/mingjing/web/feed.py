"""The live feed: what happened, pushed to signed-in consoles over one WebSocket.

Each topic names the action that it takes to hear it; each message names where it happened, and reaches only those
whose scope covers that place. A console that does not keep up is disconnected and reloads: the feed is never truth.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, WebSocket
from fastapi.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect

from mingjing.identity.access import Store, gate, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller, by_user
from mingjing.identity.queries import session_holds

QUEUE_MOST = 512
RECHECK_S = 5.0

TOPICS: Mapping[str, Action] = {
    "stream": Action.CAMERA_READ,
    "recording": Action.RECORDING_READ,
    "alarm": Action.ALARM_READ,
    "job": Action.OWN,
    "session": Action.OWN,
    "account": Action.USER_CONFIRM,
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One message: its topic, what happened, and whom it concerns."""

    topic: str
    data: Mapping[str, Any]
    division_path: str = ""
    organisation_path: str = ""
    channel: str | None = None
    user: str | None = None
    """Only this person hears it, where given."""


@dataclass(eq=False)
class _Listener:
    caller: Caller
    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[Happening | None] = field(default_factory=lambda: asyncio.Queue(QUEUE_MOST))

    def concerns(self, happening: Happening) -> bool:
        if happening.user is not None:
            return happening.user == self.caller.user
        scope = self.caller.scope(TOPICS[happening.topic])
        return scope.covers(happening.division_path, happening.organisation_path, happening.channel)

    def put(self, happening: Happening | None) -> None:
        try:
            self.queue.put_nowait(happening)
        except asyncio.QueueFull:
            # It cannot follow: empty the queue and say goodbye, so that it reloads.
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(None)


class Feed:
    """Publishes from any thread to every console that may hear it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._listeners: set[_Listener] = set()

    def publish(self, happening: Happening) -> None:
        """Tell everybody whom it concerns. Never blocks. KeyError for a topic that is not declared."""
        TOPICS[happening.topic]
        with self._guard:
            concerned = [one for one in self._listeners if one.concerns(happening)]
        for one in concerned:
            one.loop.call_soon_threadsafe(one.put, happening)

    def end_session(self, session: str) -> None:
        """Close the feeds of a session that has ended."""
        self._close(lambda one: one.caller.session == session)

    def rights_changed(self, user: str) -> None:
        """Close the feeds of a person whose rights have changed; the console comes back with the new ones."""
        self._close(lambda one: one.caller.user == user)

    def close(self) -> None:
        """Close every feed."""
        self._close(lambda _: True)

    def _close(self, which: Any) -> None:
        with self._guard:
            concerned = [one for one in self._listeners if which(one)]
        for one in concerned:
            one.loop.call_soon_threadsafe(one.put, None)

    def enter(self, caller: Caller) -> _Listener:
        one = _Listener(caller, asyncio.get_running_loop())
        with self._guard:
            self._listeners.add(one)
        return one

    def leave(self, one: _Listener) -> None:
        with self._guard:
            self._listeners.discard(one)


router = APIRouter()


@router.websocket("/events")
async def events(
    socket: WebSocket, store: Store, caller: Annotated[Caller, requires(Action.OWN, persons_only=True)]
) -> None:
    """The route of the feed."""
    feed: Feed = socket.app.state.feed
    await socket.accept()
    listener = feed.enter(caller)
    reader = asyncio.create_task(_read_out(socket))
    try:
        await _tell(socket, listener, reader, lambda: still(store, caller, gate(socket).idle_us))
    except (WebSocketDisconnect, RuntimeError):
        # The browser went away in the middle of a message.
        return
    finally:
        feed.leave(listener)
        reader.cancel()


async def _tell(
    socket: WebSocket, listener: _Listener, reader: "asyncio.Task[None]", holds: Callable[[], bool]
) -> None:
    sequence = 0
    loop = asyncio.get_running_loop()
    checked = loop.time()
    while not reader.done():
        # By the clock, not by silence: a busy feed must end with its rights too.
        if loop.time() - checked >= RECHECK_S:
            if not await run_in_threadpool(holds):
                break
            checked = loop.time()
        try:
            happening = await asyncio.wait_for(listener.queue.get(), RECHECK_S)
        except TimeoutError:
            continue
        if happening is None:
            break
        sequence += 1
        await socket.send_json({"topic": happening.topic, "sequence": sequence, "data": dict(happening.data)})
    await socket.close(code=4401)


async def _read_out(socket: WebSocket) -> None:
    """What the console says is not wanted; reading notices that it has gone."""
    while True:
        await socket.receive_text()


def still(store: Store, caller: Caller, idle_us: int) -> bool:
    """Whether the session still holds, with the rights that the feed was opened with: a grant ends by time alone."""
    now_us = store.clock.now_us()
    with store.reading() as session:
        if not session_holds(session, caller.session, now_us, idle_us):
            return False
        found = by_user(session, caller.user, now_us)
    return found is not None and (found.held, set(found.lent)) == (caller.held, set(caller.lent))
