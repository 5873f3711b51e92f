"""The time that deletion and accounting rest on: the wall clock, checked against the monotonic one and the segments.

A jump pauses deletion and is journalled; it goes on by itself once the witnesses agree, or when a person confirms the
clock. The rules are in `retention.py`; what frames mean by their time in `docs/design/time.md`.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mingjing.audit.service import SYSTEM, Actor, Object, record
from mingjing.kernel.db import Transaction
from mingjing.recording.events import DeletionPaused
from mingjing.recording.model import ClockMark, RecordStream
from mingjing.recording.retention import (
    JUMP_US,
    ClockDoubt,
    ClockEvidence,
    carry,
    doubts,
    entered_us,
    trusted_at_start,
)

MARK_EVERY_US = 10_000_000


@dataclass(frozen=True, slots=True)
class ClockState:
    """How the clock stands, for people: `trusted_us` is the last mark of time that was believed."""

    wall_us: int
    trusted_us: int | None
    paused_since_us: int | None
    doubts: tuple[str, ...]


class TrustedClock:
    """Kept by the ticker; asked by whoever deletes."""

    def __init__(self) -> None:
        self._trusted_us: int | None = None
        self._steady_us = 0
        self._marked_us = 0
        self.agreed_since_us: int | None = None
        """Trusted time since which wall and trusted time agree; None while they do not."""

    def start(self, tx: Transaction) -> int:
        """Begin at the wall clock, or at the last mark where that is not plausible. Returns the time to count from."""
        mark = tx.session.get(ClockMark, 1)
        self._trusted_us = trusted_at_start(tx.now_us(), mark.high_water_us if mark else None)
        self._steady_us = tx.clock.monotonic_us()
        return self.now_us(tx)

    def now_us(self, tx: Transaction) -> int:
        """The earlier of wall and trusted time: a clock that moved by years must not make years of gaps."""
        return min(tx.now_us(), self._believed(tx))

    def evidence(self, tx: Transaction) -> ClockEvidence:
        """What the three witnesses of time say now."""
        newest = tx.session.scalar(select(RecordStream.accounted_until_us).order_by(
            RecordStream.accounted_until_us.desc().nulls_last()
        ).limit(1))  # fmt: skip
        return ClockEvidence(tx.now_us(), self._believed(tx), newest)

    def carry_on(self, tx: Transaction) -> None:
        """Carry the trusted time on, persist its mark, pause deleting where the witnesses disagree."""
        mark = tx.session.get(ClockMark, 1)
        steady = tx.clock.monotonic_us()
        self._advance(tx, mark, steady)
        if mark is None:
            mark = ClockMark(
                id=1, high_water_us=self._believed(tx), paused_since_us=None, doubts={}, confirmed_us=None
            )
            tx.session.add(mark)
        self._tell(tx, mark, doubts(self.evidence(tx)))
        if steady - self._marked_us >= MARK_EVERY_US or self._marked_us == 0:
            mark.high_water_us = max(mark.high_water_us, self._believed(tx))
            self._marked_us = steady

    def _believed(self, tx: Transaction) -> int:
        return tx.now_us() if self._trusted_us is None else self._trusted_us

    def _advance(self, tx: Transaction, mark: ClockMark | None, steady: int) -> None:
        now = tx.now_us()
        if self._trusted_us is None:
            self._trusted_us = trusted_at_start(now, mark.high_water_us if mark else None)
        else:
            self._trusted_us = carry(self._trusted_us, now, steady - self._steady_us)
        self._steady_us = steady
        if mark is None or mark.confirmed_us is None:
            return
        # A word about a clock that has moved again since says nothing about this one.
        if abs(now - mark.confirmed_us) <= JUMP_US:
            self._trusted_us = mark.high_water_us = now
        mark.confirmed_us = None

    def _tell(self, tx: Transaction, mark: ClockMark, found: list[ClockDoubt]) -> None:
        now, trusted = tx.now_us(), self._believed(tx)
        if ClockDoubt.WALL_AHEAD in found or ClockDoubt.WALL_BEHIND in found:
            self.agreed_since_us = None
        elif self.agreed_since_us is None:
            self.agreed_since_us = trusted
        grounds = [str(doubt) for doubt in found]
        if mark.doubts.get("grounds", []) != grounds:
            mark.doubts = {"grounds": grounds} if grounds else {}
        if found and mark.paused_since_us is None:
            mark.paused_since_us = trusted
            facts = {"grounds": grounds, "wall_us": now, "trusted_us": trusted}
            record(tx, SYSTEM, "retention.pause", Object("clock", "wall"), facts)
            tx.publish(DeletionPaused(tuple(grounds)))
        elif not found and mark.paused_since_us is not None:
            mark.paused_since_us = None
            record(tx, SYSTEM, "retention.resume", Object("clock", "wall"), {"wall_us": now})


def entering_us(tx: Transaction) -> int:
    """The time that recordings which enter now are kept from."""
    return entered_us(tx.now_us(), tx.session.scalar(select(ClockMark.high_water_us)))


def clock_state(session: Session, wall_us: int) -> ClockState:
    """How the clock stands, as last judged."""
    mark = session.get(ClockMark, 1)
    if mark is None:
        return ClockState(wall_us, None, None, ())
    return ClockState(
        wall_us, mark.high_water_us, mark.paused_since_us, tuple(mark.doubts.get("grounds", []))
    )


def confirm_clock(tx: Transaction, actor: Actor, reason: str) -> ClockState:
    """A person says that the wall clock is right now: trusted time goes on from it within a tick. Journalled.

    Deleting begins again once the newest segments agree too.
    """
    mark = tx.session.get(ClockMark, 1)
    now = tx.now_us()
    facts = {"reason": reason, "wall_us": now, "trusted_us": mark.high_water_us if mark else None}
    record(tx, actor, "clock.confirm", Object("clock", "wall"), facts)
    if mark is not None:
        # The mark at once, so that a program which is not running starts from it.
        mark.high_water_us = mark.confirmed_us = now
    return clock_state(tx.session, now)
