"""The live feed: what happened, pushed to signed-in consoles over one WebSocket.

Each topic names the action that it takes to hear it; each message names where it happened, and reaches only those
whose scope covers that place. A console that does not keep up is disconnected and reloads: the feed is never truth.
"""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller

QUEUE_MOST = 512

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
class Listener:
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
        self._listeners: set[Listener] = set()

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

    def enter(self, caller: Caller) -> Listener:
        one = Listener(caller, asyncio.get_running_loop())
        with self._guard:
            self._listeners.add(one)
        return one

    def leave(self, one: Listener) -> None:
        with self._guard:
            self._listeners.discard(one)
