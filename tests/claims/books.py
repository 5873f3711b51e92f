"""The books of recording, read from outside the program, and what must hold of them after every step of a simulation."""

import sqlite3
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from mingjing.media.model import Segment
from mingjing.recording.intervals import Interval, subtract, tidy
from mingjing.recording.retention import FLOOR_DAYS
from mingjing.recording.rules import DAY_US, JOIN_US, SECOND_US

FOREVER_US = 2**62


class BrokenError(BaseException):
    """A promise does not hold. No Exception: the program outlives those."""


def promise(kept: bool, otherwise: str) -> None:
    if not kept:
        raise BrokenError(otherwise)


class Row(NamedTuple):
    """A segment that is committed."""

    path: str
    state: str
    no: int
    start_us: int
    end_us: int
    stored_us: int


class Decided(NamedTuple):
    """A deletion that is committed."""

    state: str
    end_us: int
    decided_us: int
    days: int


class Span(NamedTuple):
    within: Interval
    kind: str


class Gap(NamedTuple):
    within: Interval
    reason: str
    is_open: bool


class Books:
    """A connection of its own: it sees what is committed, and nothing else."""

    def __init__(self, file: Path, start_us: int) -> None:
        self._connection = sqlite3.connect(file)
        self._start_us = start_us
        self._accounted_from_us: dict[int, int] = {}
        """Where the accounts of each stream were first seen to begin; a file from before may be found later."""

    def close(self) -> None:
        self._connection.close()

    def spoil(self, statement: str) -> None:
        """Write behind the program's back."""
        with self._connection:
            self._connection.execute(statement)

    def rows(self) -> dict[str, Row]:
        """Segments by id, in an order that does not hang on their names."""
        rows = self._connection.execute(
            "SELECT s.stream, g.sequence, g.path, g.state, g.stream_no, g.start_us, g.end_us, g.stored_us"
            " FROM segments g JOIN record_streams s ON s.no = g.stream_no ORDER BY g.stream_no, g.start_us, g.sequence"
        )
        return {f"{stream}/{facts[3]}-{sequence}": Row(*facts) for stream, sequence, *facts in rows}

    def decided(self) -> dict[str, Decided]:
        """Deletions by the path of their file."""
        rows = self._connection.execute(
            "SELECT path, state, end_us, decided_us, rule FROM record_deletions ORDER BY id"
        )
        return {
            path: Decided(state, end_us, decided_us, int(rule.split()[1]))
            for path, state, end_us, decided_us, rule in rows
        }

    def judge(
        self,
        files: dict[str, Segment],
        pool: Path,
        acknowledged: set[str],
        held: set[str],
        *,
        one_clock: bool,
    ) -> None:
        """`files` were written ever; `held` are ids without their sequence; `one_clock`: nobody set it.

        Raises BrokenError.
        """
        rows, decided = self.rows(), self.decided()
        for name in acknowledged:
            known = name in rows or files[name].path in decided
            promise(known, f"{name} was acknowledged and is in no book")
        for name, found in files.items():
            there = (pool / found.path).exists()
            row, deletion = rows.get(name), decided.get(found.path)
            if not there:
                promise(deletion is not None, f"{name} is gone, and nobody decided so")
                promise(name.rpartition("-")[0] not in held, f"{name} is held and gone")
            if deletion is not None:
                self._judge_deletion(name, deletion, row, there=there, one_clock=one_clock)
        for no, stream in self._connection.execute("SELECT no, stream FROM record_streams").fetchall():
            segments = [Interval(row.start_us, row.end_us) for row in rows.values() if row.no == no]
            self._apart(segments, f"{stream}: segments overlap")
            self._judge_time(no, stream, one_clock=one_clock)

    def _judge_deletion(
        self, name: str, deletion: Decided, row: Row | None, *, there: bool, one_clock: bool
    ) -> None:
        done = deletion.state == "done"
        promise(not (there and done), f"{name} is said to be gone and is there")
        promise(done == (row is None), f"{name}: its row and its deletion disagree")
        age_us = deletion.decided_us - deletion.end_us
        promise(deletion.days >= FLOOR_DAYS, f"{name} was to be kept for {deletion.days} d")
        old = not one_clock or age_us >= deletion.days * DAY_US
        promise(old, f"{name} was decided upon {age_us / DAY_US:.2f} d after its end")

    def _judge_time(self, no: int, stream: str, *, one_clock: bool) -> None:
        spans = [
            Span(Interval(from_us, until_us), kind)
            for from_us, until_us, kind in self._connection.execute(
                "SELECT from_us, until_us, kind FROM record_spans WHERE stream_no = ?", (no,)
            )
        ]
        gaps = [
            Gap(Interval(from_us, FOREVER_US if until_us is None else until_us), reason, until_us is None)
            for from_us, until_us, reason in self._connection.execute(
                "SELECT from_us, until_us, reason FROM record_gaps WHERE stream_no = ?", (no,)
            )
        ]
        promise(sum(gap.is_open for gap in gaps) <= 1, f"{stream} has two open gaps")
        self._apart([span.within for span in spans], f"{stream}: spans overlap")
        if not one_clock:
            return
        lost = [gap.within for gap in gaps]
        self._apart(lost, f"{stream}: gaps overlap")
        kept = tidy(span.within for span in spans if span.kind == "recorded")
        self._apart([*kept, *tidy(lost)], f"{stream}: kept time lies in a gap")
        known = tidy([*(span.within for span in spans), *lost], JOIN_US)
        (accounted,) = self._connection.execute(
            "SELECT accounted_until_us FROM record_streams WHERE no = ?", (no,)
        ).fetchone()
        if known and accounted is not None:
            from_us = self._accounted_from_us.setdefault(no, accounted)
            holes = subtract([Interval(from_us, accounted)], known)
            promise(not holes, f"{stream}: nothing is said of {self._seconds(holes)}")
        self._judge_sums(no, stream, spans, gaps)

    def _judge_sums(self, no: int, stream: str, spans: list[Span], gaps: list[Gap]) -> None:
        kept = sum(span.within.length_us for span in spans if span.kind in {"recorded", "expired"})
        (counted,) = self._connection.execute(
            "SELECT coalesce(sum(kept_us), 0) FROM record_hours WHERE stream_no = ?", (no,)
        ).fetchone()
        promise(counted == kept, f"{stream}: hours say {counted} µs are kept, spans {kept}")
        lost: Counter[str] = Counter()
        for gap in gaps:
            lost[gap.reason] += 0 if gap.is_open else gap.within.length_us
        told: dict[str, int] = dict(
            self._connection.execute(
                "SELECT reason, sum(lost_us) FROM record_hour_losses WHERE stream_no = ? GROUP BY reason",
                (no,),
            ).fetchall()
        )
        for reason in sorted({*lost, *told}):
            same = lost[reason] == told.get(reason, 0)
            what = f"hours say {told.get(reason, 0)} µs are lost for {reason}, gaps {lost[reason]}"
            promise(same, f"{stream}: {what}")

    def _apart(self, intervals: list[Interval], otherwise: str) -> None:
        """No two of them share a moment."""
        last: Interval | None = None
        for interval in sorted(intervals):
            if last is not None and interval.from_us < last.until_us:
                raise BrokenError(f"{otherwise}: {self._seconds([last, interval])}")
            last = interval

    def _seconds(self, intervals: list[Interval]) -> str:
        def at(us: int) -> str:
            return f"{(us - self._start_us) / SECOND_US:.3f}"

        return ", ".join(f"{at(one.from_us)} to {at(one.until_us)} s" for one in intervals[:4])
