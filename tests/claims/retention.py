"""R16: whatever happens to recordings, plans and clocks, nothing goes under age, and nothing stays without a reason.

`python -m tests.claims.retention [--histories N] [--database N] [--seed N] [--budget S]` prints one JSON line.
Histories are of recording, passing time, power cuts, clocks that jump, plans that change, holds and passes of expiry.
Most are drawn by chance and played against the rules alone, some 10,000 a second; Hypothesis, which looks for odd ones
and costs thirty times as much, makes a thousand more of these and those that the real expiry code plays on SQLite. None
begins once the budget is spent. There are no legal holds yet: held is what the `is_held` of `Expirer` says.

What the design admits is granted, and counted: a start believes a clock that is up to 26 h ahead of the last mark
(`lent`), and what is recorded while nobody knows the time is kept from the last time known (`dark`). Histories with
neither are judged to the minute.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import strategies
from sqlalchemy import select

from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database, Transaction
from mingjing.recording.expiry import Expirer
from mingjing.recording.model import Plan, StoredSegment
from mingjing.recording.retention import (
    FLOOR_DAYS,
    FUTURE_US,
    STRIDE_US,
    ClockEvidence,
    believed_now_us,
    carry,
    doubts,
    entered_us,
    may_delete,
    trusted_at_start,
)
from mingjing.recording.rules import DAY_US, HOUR_US, MINUTE_US, SECOND_US
from mingjing.recording.ticker import Ticker
from mingjing.recording.trusted_clock import confirm_clock
from tests.claims import measured
from tests.places import ACTOR, town
from tests.recorder import Recorder, recorder

NEAR_US = 5 * MINUTE_US
"""Ticks and marks are some seconds apart, and a clock may crawl by two minutes."""

JUMPS_US = tuple(
    sign * us
    for us in (3 * MINUTE_US, HOUR_US, 25 * HOUR_US, 3 * DAY_US, 45 * DAY_US, 3650 * DAY_US)
    for sign in (1, -1)
)
START_US = 1_790_000_000 * SECOND_US

Step = tuple[str, int]
History = Sequence[Step]
STEPS = (
    "record",
    "record",
    "run",
    "run",
    "run",
    "pass",
    "pass",
    "jump",
    "right",
    "confirm",
    "off",
    "days",
    "hold",
)
SHORTEST, LONGEST, AMOUNTS = 8, 40, 100_000
HISTORIES = strategies.lists(
    strategies.tuples(strategies.sampled_from(STEPS), strategies.integers(0, AMOUNTS - 1)),
    min_size=SHORTEST,
    max_size=LONGEST,
)
SEARCHED = 1000
"""Histories of the rules that Hypothesis makes."""


@dataclass
class Clip:
    """A recording as it really was, and what is granted for it."""

    name: str
    ended_us: int
    """By the true time."""
    dark_us: int
    labelled_us: int
    """The latest time that any label of it says."""
    held: bool = False
    gone: bool = False


@dataclass
class World(ABC):
    """What is true, and what of it the program could know. Subclasses play the program."""

    true_us: int = START_US
    wall_us: int = START_US
    days: int = FLOOR_DAYS
    starts: int = 0
    clips: list[Clip] = field(default_factory=list)
    deleted: int = 0
    granted: bool = False

    @abstractmethod
    def trusted_us(self) -> int: ...

    @abstractmethod
    def store(self, name: str) -> int:
        """Enter a recording of the last minute; the latest time that a label of it says."""

    @abstractmethod
    def tick(self) -> None: ...

    @abstractmethod
    def start(self) -> None: ...

    @abstractmethod
    def confirm(self) -> None: ...

    @abstractmethod
    def plan(self, days: int) -> None: ...

    @abstractmethod
    def expire(self) -> set[str]:
        """One pass of expiry; names of what went."""

    @abstractmethod
    def doubted(self) -> bool: ...

    def pass_time(self, us: int) -> None:
        self.true_us += us
        self.wall_us += us

    def play(self, history: History) -> None:
        self.start()
        for step, amount in history:
            getattr(self, f"_{step}")(amount)
        self._at_last()

    def _record(self, _: int) -> None:
        self.pass_time(MINUTE_US)
        self.tick()
        name = f"clip{len(self.clips)}"
        dark = max(0, self.true_us - self.trusted_us())
        self.clips.append(Clip(name, self.true_us, dark, self.store(name)))

    def _run(self, amount: int) -> None:
        self.pass_time((1 + amount % 60) * 12 * HOUR_US)
        self.tick()

    def _jump(self, amount: int) -> None:
        self.wall_us += JUMPS_US[amount % len(JUMPS_US)]
        self.pass_time(2 * SECOND_US)
        self.tick()

    def _right(self, _: int) -> None:
        """NTP comes back."""
        self.wall_us = self.true_us
        self.pass_time(2 * SECOND_US)
        self.tick()

    def _confirm(self, _: int) -> None:
        self.wall_us = self.true_us
        self.confirm()
        self.pass_time(2 * SECOND_US)
        self.tick()

    def _off(self, amount: int) -> None:
        self.pass_time((amount % 60) * HOUR_US)
        if amount // 60 % 3 == 0:
            self.wall_us += JUMPS_US[amount // 180 % len(JUMPS_US)]
        self.start()

    def _days(self, amount: int) -> None:
        self.days = FLOOR_DAYS + amount % 61
        self.plan(self.days)

    def _hold(self, amount: int) -> None:
        if self.clips:
            clip = self.clips[amount % len(self.clips)]
            clip.held = not clip.held

    def _pass(self, _: int) -> None:
        gone = self.expire()
        lent = max(0, min(self.wall_us, self.trusted_us()) - self.true_us)
        assert lent <= self.starts * STRIDE_US + NEAR_US, f"a clock ran ahead by {lent / HOUR_US:.1f} h"
        for clip in self.clips:
            if clip.name not in gone:
                continue
            assert not clip.held, f"{clip.name} was held and went"
            assert not clip.gone, f"{clip.name} went twice"
            young_us = self.days * DAY_US - (self.true_us - clip.ended_us)
            assert young_us <= clip.dark_us + lent + NEAR_US, (
                f"{clip.name} went {young_us / HOUR_US:.1f} h early"
                f" (granted: dark {clip.dark_us / HOUR_US:.1f} h, lent {lent / HOUR_US:.1f} h)"
            )
            self.granted = self.granted or young_us > NEAR_US
            clip.gone = True
        self.deleted += len(gone)

    def _at_last(self) -> None:
        """The clock is put right, a day goes by, then all days of the plan: what is past its end goes, or has a reason."""
        self._confirm(0)
        self._pass_after(24 * HOUR_US)
        self._pass_after((self.days + 1) * DAY_US)

    def _pass_after(self, us: int) -> None:
        self.pass_time(us)
        self.tick()
        self._pass(0)
        if self.doubted():
            return
        for clip in self.clips:
            # A recording that was labelled by a clock that ran ahead counts from its label.
            over_us = self.true_us - max(clip.ended_us, clip.labelled_us) - self.days * DAY_US
            kept = not clip.gone and not clip.held
            assert not (kept and over_us > 24 * HOUR_US), (
                f"{clip.name} stayed {over_us / HOUR_US:.1f} h too long"
            )


class Rules(World):
    """The rules alone, put together as the program does."""

    def __init__(self) -> None:
        super().__init__()
        self._trusted = self._steady = self.true_us
        self._mark: int | None = None
        self._newest: int | None = None
        self._confirmed = False
        self._stored: dict[str, int] = {}

    def trusted_us(self) -> int:
        return self._trusted

    def store(self, name: str) -> int:
        self._newest = max(self._newest or 0, self.wall_us)
        self._stored[name] = max(self.wall_us, entered_us(self.wall_us, self._mark))
        return self._stored[name]

    def tick(self) -> None:
        self._trusted = carry(self._trusted, self.wall_us, self.true_us - self._steady)
        if self._confirmed:
            self._trusted = self._mark = self.wall_us
            self._confirmed = False
        self._steady = self.true_us
        self._mark = max(self._mark or 0, self._trusted)

    def start(self) -> None:
        self.starts += 1
        self._trusted = trusted_at_start(self.wall_us, self._mark)
        self._steady = self.true_us
        now = min(self.wall_us, self._trusted)
        if self._newest is not None and self._newest > now + FUTURE_US:
            self._newest = now
        self.tick()

    def confirm(self) -> None:
        self._mark, self._confirmed = self.wall_us, True

    def plan(self, days: int) -> None:
        """The days are read at each pass."""

    def _evidence(self) -> ClockEvidence:
        return ClockEvidence(self.wall_us, self._trusted, self._newest)

    def doubted(self) -> bool:
        return bool(doubts(self._evidence()))

    def expire(self) -> set[str]:
        evidence = self._evidence()
        held = {clip.name for clip in self.clips if clip.held}
        gone = {
            name
            for name, stored in self._stored.items()
            if may_delete(stored, self.days, name in held, evidence)
        }
        assert not gone or believed_now_us(evidence) <= self.wall_us
        for name in gone:
            del self._stored[name]
        return gone


class Program(World):
    """The ticker, the event handler and the expiry of the program, on SQLite."""

    def __init__(self, at: Recorder, stream: str) -> None:
        super().__init__()
        self._at, self._stream = at, stream
        self._ticker = at.ticker
        self._paths: dict[str, Path] = {}
        self._began: dict[int, str] = {}
        self._set()

    def trusted_us(self) -> int:
        return self._ticker.clock._trusted_us or self.wall_us

    def pass_time(self, us: int) -> None:
        super().pass_time(us)
        self._at.clock.advance(us)

    def _set(self) -> None:
        """The program's clock follows the wall clock of the history."""
        self._at.clock.wall_us = self.wall_us

    def store(self, name: str) -> int:
        self._set()
        told = self._at.store(self._stream, self.wall_us - MINUTE_US, self.wall_us)
        path = self._at.site.pools["main"] / told.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        self._paths[name] = path
        with self._at.site.database.reading() as session:
            row = session.scalars(select(StoredSegment).where(StoredSegment.path == told.path)).one()
            return max(row.end_us, row.stored_us)

    def tick(self) -> None:
        self._set()
        self._ticker.tick()

    def start(self) -> None:
        self.starts += 1
        self._set()
        self._ticker = Ticker(self._at.site, self._at.reconciler)
        with self._at.site.database.transaction() as tx:
            self._ticker.explain_downtime(tx)
        self.tick()

    def confirm(self) -> None:
        self._set()
        with self._at.site.database.transaction() as tx:
            confirm_clock(tx, ACTOR, "看过了")

    def plan(self, days: int) -> None:
        with self._at.site.database.transaction() as tx:
            tx.session.scalars(select(Plan)).one().retention_days = days

    def doubted(self) -> bool:
        with self._at.site.database.transaction() as tx:
            return bool(doubts(self._ticker.clock.evidence(tx)))

    def expire(self) -> set[str]:
        self._set()
        before = {name for name, path in self._paths.items() if path.exists()}
        Expirer(self._at.site, self._ticker.clock.evidence, self._is_held).run()
        return {name for name in before if not self._paths[name].exists()}

    def _is_held(self, _: Transaction, stream: str, start_us: int, __: int) -> bool:
        held = {str(self._paths[clip.name].stem) for clip in self.clips if clip.held}
        return stream == self._stream and f"{start_us}-1" in held


@dataclass
class Count:
    """What came of many histories."""

    histories: int = 0
    deleted: int = 0
    granted: int = 0
    failed: list[str] = field(default_factory=list)

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.histories + other.histories,
            self.deleted + other.deleted,
            self.granted + other.granted,
            self.failed + other.failed,
        )

    def add(self, playing: World) -> None:
        self.histories += 1
        self.deleted += playing.deleted
        self.granted += playing.granted


class _SpentError(BaseException):
    """The time is up. No Exception: those are what Hypothesis takes for a broken promise."""


def many(world: Callable[[], World], histories: int, seed: int, budget_s: float) -> Count:
    """Play up to so many histories; the first that breaks a promise is made small and told."""
    count = Count()
    until = time.monotonic() + budget_s

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=histories, deadline=None, database=None, report_multiple_bugs=False,
        suppress_health_check=list(hypothesis.HealthCheck), phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
    )  # fmt: skip
    @hypothesis.given(HISTORIES)
    def one(history: list[Step]) -> None:
        if time.monotonic() > until:
            raise _SpentError
        playing = world()
        try:
            playing.play(history)
        except AssertionError as broken:
            raise AssertionError(f"{broken}: {history}") from None
        count.add(playing)

    try:
        one()
    except AssertionError as broken:
        count.failed.append(str(broken)[:600])
    except _SpentError:
        pass
    return count


def drawn(world: Callable[[], World], histories: int, seed: int, budget_s: float) -> Count:
    """Play up to so many histories that chance makes; the first that breaks a promise is made small and told."""
    chance, count = random.Random(seed), Count()  # noqa: S311 - histories, not secrets
    until = time.monotonic() + budget_s
    for _ in range(histories):
        if time.monotonic() > until:
            break
        history = [
            (chance.choice(STEPS), chance.randrange(AMOUNTS))
            for _ in range(chance.randint(SHORTEST, LONGEST))
        ]
        playing = world()
        try:
            playing.play(history)
        except AssertionError:
            small = smallest(world, history)
            count.failed.append(f"{broken(world, small)}: {small}"[:600])
            break
        count.add(playing)
    return count


def broken(world: Callable[[], World], history: History) -> str:
    """The promise that this history breaks; empty where it breaks none."""
    try:
        world().play(history)
    except AssertionError as told:
        return str(told)
    return ""


def smallest(world: Callable[[], World], history: History) -> History:
    """What is left of a history that breaks a promise when no step can be taken out."""
    for number in reversed(range(len(history))):
        without = [*history[:number], *history[number + 1 :]]
        if broken(world, without):
            return smallest(world, without)
    return history


class Databases:
    """A fresh database with some cameras for each history, from one that was made once."""

    def __init__(self, folder: Path, cameras: int = 1) -> None:
        self._folder = folder
        self._made = folder / "made.sqlite3"
        self._last: Database | None = None
        database = Database(f"sqlite:///{self._made}", SetClock(START_US))
        made = recorder(town(database), folder / "made")
        self.streams = [f"{made.town.add(f'路口{number}').row.id}.main" for number in range(cameras)]
        self.town = made.town
        database.close()
        for suffix in ("-wal", "-shm"):
            self._made.with_name(self._made.name + suffix).unlink(missing_ok=True)

    def fresh(self) -> Path:
        """A folder with a copy in it, `mingjing.sqlite3`; the one before is gone."""
        at = self._folder / "now"
        shutil.rmtree(at, ignore_errors=True)
        at.mkdir()
        shutil.copyfile(self._made, at / "mingjing.sqlite3")
        return at

    def program(self) -> Program:
        if self._last is not None:
            self._last.close()
        at = self.fresh()
        self._last = Database(f"sqlite:///{at / 'mingjing.sqlite3'}", SetClock(START_US))
        self.town.database = self._last
        return Program(recorder(self.town, at / "pool"), self.streams[0])


def run(folder: Path, histories: int, database: int, seed: int, budget_s: float) -> dict[str, Any]:
    """Half of the budget for the rules, half for the database."""
    searched = many(Rules, min(SEARCHED, histories), seed, budget_s / 4)
    rules = searched + drawn(Rules, histories - searched.histories, seed, budget_s / 4)
    program = many(Databases(folder).program, database, seed, budget_s / 2)
    return {
        "n": rules.histories, "deleted": rules.deleted, "granted": rules.granted,
        "database_n": program.histories, "database_deleted": program.deleted,
        "database_granted": program.granted, "failed": rules.failed + program.failed, "seed": seed,
    }  # fmt: skip


def holds(found: dict[str, Any]) -> bool:
    """The promise of R16: none failed, and there was something to delete."""
    return not found["failed"] and min(found["deleted"], found["database_deleted"]) > 0


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="retention", description=__doc__)
    options.add_argument("--histories", "-n", type=int, default=20_000)
    options.add_argument("--database", type=int, default=500)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--budget", type=float, default=180.0)
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.histories, chosen.database, chosen.seed, chosen.budget)
    return measured.ended("R16", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
