"""Whose turn it is: threads of one process in the order in which they came.

SQLite lets one write at a time, and those who wait only look again now and then: one who writes often, and leaves the
lock for moments, keeps them out as long as it goes on. Nor does a lock of Python know an order.
"""

import threading
from collections import deque


class Turns:
    """One at a time, first come, first served."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    def take(self, seconds: float) -> bool:
        """Wait for one's turn; False where it did not come in time. Who took it gives it back with `give`."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._guard:
            # It may have come while we stopped waiting: then it is ours.
            if mine.is_set():
                return True
            self._waiting.remove(mine)
            return False

    def give(self) -> None:
        """Hand the turn to whoever waits longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
