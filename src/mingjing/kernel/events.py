"""Events inside the process: what one room says and another hears, wired in `app.py`.

A listener runs inside the speaker's transaction: if it fails, the use case fails. What concerns the outside
world (WebSockets, the media plane, files) listens after the commit, where a failure is logged and stops nobody.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

if TYPE_CHECKING:
    from mingjing.kernel.db import Transaction

E = TypeVar("E")
_log = structlog.get_logger(__name__)


class EventBus:
    """Who listens to what. Listeners are entered while the program is put together, never later."""

    def __init__(self) -> None:
        self._within: dict[type, list[Callable[[Transaction, Any], None]]] = defaultdict(list)
        self._after: dict[type, list[Callable[[Any], None]]] = defaultdict(list)

    def within(self, kind: type[E], listener: "Callable[[Transaction, E], None]") -> None:
        """Call `listener(tx, event)` inside the transaction that published the event, in order of entry."""
        self._within[kind].append(listener)

    def after_commit(self, kind: type[E], listener: Callable[[E], None]) -> None:
        """Call `listener(event)` once the transaction is durable. It must not take long."""
        self._after[kind].append(listener)

    def deliver_within(self, tx: "Transaction", event: object) -> None:
        """Run the listeners of the transaction. Their errors are the use case's errors."""
        for listener in self._within.get(type(event), ()):
            listener(tx, event)

    def deliver_after(self, event: object) -> None:
        """Run the listeners after the commit. The act is done: an error here is logged, not raised."""
        for listener in self._after.get(type(event), ()):
            try:
                listener(event)
            except Exception:
                _log.exception("listener_failed", event_kind=type(event).__name__)
