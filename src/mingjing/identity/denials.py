"""Refused permissions in the journal, bounded: a client that hammers a forbidden route must not make it grow.

The first refusal of each person or token, action and minute is an entry at once; the others of that minute are
counted, and the count is one entry when the minute is over.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from mingjing.audit.service import Actor, Object, record
from mingjing.identity.actions import Action
from mingjing.kernel.clock import MINUTE_US
from mingjing.kernel.db import Database, Transaction

COUNTED_MOST = 4096
"""Pairs of caller and action counted at once; when there are more, what is counted is written early."""


@dataclass
class _Count:
    actor: Actor
    minute: int
    further: int = 0


@dataclass
class Denials:
    """Counts refusals. One a process; safe for threads."""

    _guard: threading.Lock = field(default_factory=threading.Lock)
    _counts: dict[tuple[str, Action], _Count] = field(default_factory=dict)

    def refused(self, database: Database, actor: Actor, action: Action, method: str, path: str) -> None:
        """Journal one refusal, or count it."""
        minute = database.clock.now_us() // MINUTE_US
        with self._guard:
            over = list(self._take(minute))
            known = self._counts.get((_who(actor), action))
            if known is not None:
                known.further += 1
            else:
                self._counts[_who(actor), action] = _Count(actor, minute)
        if known is not None and not over:
            return
        with database.transaction() as tx:
            _settle(tx, over)
            if known is None:
                facts = {"path": path[:300], "method": method}
                record(tx, actor, "permission.deny", Object("action", action.value), facts)

    def flush(self, database: Database) -> None:
        """Write every count, for housekeeping and the end of the program."""
        with self._guard:
            over = list(self._take(-1))
        if any(count.further for _, count in over):
            with database.transaction() as tx:
                _settle(tx, over)

    def _take(self, minute: int) -> Iterator[tuple[Action, _Count]]:
        full = len(self._counts) >= COUNTED_MOST
        for key, count in list(self._counts.items()):
            if full or count.minute != minute:
                del self._counts[key]
                yield key[1], count


def _who(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id}"


def _settle(tx: Transaction, over: list[tuple[Action, _Count]]) -> None:
    for action, count in over:
        if count.further:
            facts = {"further": count.further, "minute_us": count.minute * MINUTE_US}
            record(tx, count.actor, "permission.deny", Object("action", action.value), facts)
