"""Time as an argument: the wall clock and the monotonic clock, in microseconds.

Wall time is integer microseconds since the Unix epoch, UTC. Monotonic time has no epoch and never goes back.
Formatting for people does not live here.
"""

import time
from dataclasses import dataclass
from typing import Protocol

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US


class Clock(Protocol):
    """What everything that needs to know the time is given."""

    def now_us(self) -> int:
        """Wall clock: microseconds since the Unix epoch, UTC. May jump."""

    def monotonic_us(self) -> int:
        """Microseconds since an arbitrary moment. Never goes back."""


class SystemClock:
    """The clocks of the machine."""

    def now_us(self) -> int:
        return time.time_ns() // 1000

    def monotonic_us(self) -> int:
        return time.monotonic_ns() // 1000


@dataclass
class SetClock:
    """A clock that moves when it is told to, for tests and simulations."""

    wall_us: int = 1_700_000_000 * SECOND_US
    steady_us: int = 0

    def now_us(self) -> int:
        return self.wall_us

    def monotonic_us(self) -> int:
        return self.steady_us

    def advance(self, us: int) -> None:
        """Let `us` microseconds pass on both clocks."""
        if us < 0:
            raise ValueError("time does not pass backwards; use jump() to set the wall clock")
        self.wall_us += us
        self.steady_us += us

    def jump(self, us: int) -> None:
        """Set the wall clock by `us`, forwards or back; the monotonic clock does not notice."""
        self.wall_us += us
