"""The event pump: one thread that drains a node's events in batches and hands them to one handler.

The handler works in a transaction of its own and returns the segments that are committed; only then are
they acknowledged, so that a crash between the two costs a repetition and never a segment.
"""

import logging
import select
import threading
from collections.abc import Callable, Sequence

from mingjing.media.model import Event
from mingjing.media.node import MediaNode

_log = logging.getLogger(__name__)

BATCH = 256
"""Most events of one transaction: a few milliseconds of writer time on SQLite."""

WAKE_SECONDS = 1.0
BACK_OFF_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0)

Handler = Callable[[Sequence[Event]], list[str]]
"""Takes a batch, commits, returns the ids of segments that are now durable in the index."""


class EventPump:
    """Owns the only reader of a node's event queue."""

    def __init__(
        self, node: MediaNode, handle: Handler, pause: Callable[[float], bool] | None = None
    ) -> None:
        """`pause` lets so many seconds pass before another attempt, and says whether to give up instead."""
        self._node = node
        self._handle = handle
        self._stop = threading.Event()
        self._pause = pause or self._stop.wait
        self._thread = threading.Thread(target=self._run, name="media-events", daemon=True)
        self.last_error: str | None = None
        """Why the batch in hand could not be committed, for health; None when the last one was."""

    def start(self) -> None:
        self._thread.start()

    def runs(self) -> bool:
        return self._thread.is_alive()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Drain what waits, then end."""
        self._stop.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        # Not select(): a program with more than a thousand descriptors may have given the queue a higher one.
        waiting = select.poll()
        waiting.register(self._node.event_fd(), select.POLLIN)
        while not self._stop.is_set():
            waiting.poll(WAKE_SECONDS * 1000)
            self.drain()
        self.drain()

    def drain(self) -> int:
        """Hand on everything that waits; returns how many events there were."""
        count = 0
        while batch := self._node.events(BATCH):
            count += len(batch)
            self._deliver(batch)
        return count

    def _deliver(self, batch: list[Event]) -> None:
        """A batch that fails as a whole is tried event by event, so that one bad event costs itself."""
        if self._attempt(batch):
            return
        for event in batch:
            self._deliver_alone(event)

    def _deliver_alone(self, event: Event) -> None:
        for pause in BACK_OFF_SECONDS:
            if self._attempt([event]):
                return
            if self._pause(pause):
                break
        # The plane repeats stored segments until they are acknowledged; other events are told once.
        _log.error("event of the media plane given up", extra={"type": event.type, "error": self.last_error})

    def _attempt(self, batch: list[Event]) -> bool:
        try:
            committed = self._handle(batch)
        except Exception as error:  # the pump must outlive any failure of its handler
            self.last_error = f"{type(error).__name__}: {error}"
            _log.exception("batch of media events not committed", extra={"events": len(batch)})
            return False
        self.last_error = None
        if committed:
            self._node.acknowledge(committed)
        return True
