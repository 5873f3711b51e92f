"""The control plane as one seed plays it: pump, event handler, ticker, expiry and the look at the archive over a real
SQLite file, against a media plane of which there is only the seam. Every step is judged. See `simulation.py`.
"""

import hashlib
import logging
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from sqlalchemy import select
from structlog.testing import capture_logs

from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database, Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.events import EventBus
from mingjing.media.model import (
    Event,
    SegmentStored,
)
from mingjing.media.pump import EventPump
from mingjing.recording import archive, finding
from mingjing.recording.events import SegmentIndexed
from mingjing.recording.expiry import Expirer
from mingjing.recording.model import Plan
from mingjing.recording.retention import FLOOR_DAYS
from mingjing.recording.rules import DAY_US, HOUR_US, MINUTE_US, SECOND_US
from tests.claims.books import Books, BrokenError, promise
from tests.claims.retention import START_US, Databases
from tests.claims.simulated_seam import REPEAT_US, Commits, KilledError, Lane, SimArchive, SimPlane
from tests.places import Town
from tests.recorder import Recorder, recorder

STEPS = 12
REST = 8
"""Steps of 7 s: what was rolled back is announced again in that time."""
MISCHIEF = (
    *("camera",) * 6,
    *("away",) * 3,
    *("kill", "kill", "stop", "answer"),
    *("hold", "hold", "days", "leap", "leap", "jump", "bite"),
)
JUMPS_US = tuple(
    sign * us for us in (3 * MINUTE_US, HOUR_US, 25 * HOUR_US, 3 * DAY_US, 400 * DAY_US) for sign in (1, -1)
)


class Teeth(Enum):
    """A promise that is broken on purpose, to see that it is noticed."""

    NONE = "none"
    EARLY = "acknowledged before the commit"
    FORGET_GAP = "a gap is taken out of the books"
    TWICE = "a stretch is entered twice"
    DELETE_HELD = "a held file is unlinked"


@dataclass
class Played:
    """What came of a seed; `trace` is the digest of all that happened."""

    counts: dict[str, int]
    broken: str | None
    trace: str


@dataclass(frozen=True)
class Place:
    """Where a seed is played."""

    file: Path
    pool: Path
    town: Town
    streams: list[str]
    database: Database
    commits: Commits


class World:
    """One seed."""

    def __init__(self, at: Place, seed: int, teeth: Teeth, tell: Callable[[str], None]) -> None:
        self.lot = random.Random(seed)  # noqa: S311 - a history, no secret
        self.place, self.teeth, self.tell = at, teeth, tell
        self.clock = SetClock(START_US)
        self.plane = SimPlane(at.pool, self.clock, self.lot)
        self.plane.lanes = {name: Lane(name) for name in at.streams}
        self.plane.on_acknowledge = self._acknowledged
        self.plane.say = tell
        self.commits = at.commits
        self.commits.begin()
        self.commits.steady_us = self.clock.monotonic_us
        self.counts: Counter[str] = Counter()
        self.trace = hashlib.sha256()
        self.jumps = self.lot.random() < 0.3
        self.held: set[str] = set()
        self.acknowledged: set[str] = set()
        self.indexed: Counter[str] = Counter()
        self.books = Books(at.file, START_US)
        self._start()

    # ---- the program

    def _start(self) -> None:
        """A start of the program, over the database as it is. It may end in the middle and begin anew."""
        while True:
            self.program, self.pump, self.expirer = self._assemble()
            try:
                with self.program.site.database.transaction() as tx:
                    self.program.ticker.explain_downtime(tx)
                return
            except KilledError:
                self._gone()
            except MingjingError:
                self._gone()
                self.pass_time(5 * SECOND_US)

    def _assemble(self) -> tuple[Recorder, EventPump, Expirer]:
        # Statements stay compiled in the engine from run to run; nothing else of it outlives one.
        database = self.place.database
        database.clock, database.bus = self.clock, EventBus()
        database.bus.after_commit(SegmentIndexed, self._indexed)
        self.place.town.database = database
        self.place.town.node = self.plane
        program = recorder(self.place.town, self.place.pool, SimArchive(self.plane))
        pump = EventPump(self.plane, self._handle, pause=self._pause)
        return program, pump, Expirer(program.site, program.ticker.clock.evidence, self._is_held)

    def _handle(self, batch: Sequence[Event]) -> list[str]:
        if self.teeth is Teeth.EARLY:
            self.plane.acknowledge([one.id for one in batch if isinstance(one, SegmentStored)])
        return self.program.handler(batch)

    def _gone(self) -> None:
        self.program.site.database.close()

    def _indexed(self, told: SegmentIndexed) -> None:
        self.indexed[f"{told.stream}/{told.start_us}"] += 1

    def _pause(self, seconds: float) -> bool:
        """The pump waits for the database; the world does not."""
        self.pass_time(int(seconds * SECOND_US))
        return False

    def _acknowledged(self, names: list[str]) -> None:
        rows = self.books.rows()
        for name in names:
            promise(name in rows, f"{name} is acknowledged and not committed")
            self.acknowledged.add(name)
        self.counts["acknowledged"] += len(names)
        if names and self.lot.random() < 0.01:
            raise KilledError

    def _is_held(self, _: Transaction, stream: str, start_us: int, __: int) -> bool:
        return f"{stream}/{start_us}" in self.held

    # ---- time and mischief

    def pass_time(self, us: int) -> None:
        self.clock.advance(us)
        self.plane.go_on()

    def play(self) -> None:
        for _ in range(STEPS):
            self._step(mischief=True)
        self._come_to_rest()

    def _step(self, *, mischief: bool) -> None:
        self.counts["steps"] += 1
        self.pass_time((self.lot.choice((1, 2, 2, 4, 7)) if mischief else 7) * SECOND_US)
        try:
            if mischief and self.lot.random() < 0.35:
                self._mischief()
            self._work(always=not mischief)
        except KilledError:
            self._restart("killed")
        self._judge()

    def _work(self, *, always: bool) -> None:
        if always or self.lot.random() < 0.8:
            self.counts["events"] += self.pump.drain()
        try:
            self.program.ticker.tick()
            if self.lot.random() < 0.08:
                self.counts["expired"] += self.expirer.run()
        except MingjingError:
            self.counts["refused"] += 1  # the threads log it and go on at their next round

    def _restart(self, why: str) -> None:
        self.tell(f"{self.when()} the program ends: {why}")
        self.counts["restarts"] += 1
        self._gone()
        self.commits.kill_in, self.commits.lose_answers = None, 0
        self.clock.advance(self.lot.randrange(1, 90) * SECOND_US)
        self.plane.begin_again()
        self._start()
        try:
            if self.lot.random() < 0.7:
                self._look_at_archive()
        except KilledError:
            self._restart("killed while it looked at the archive")

    def _look_at_archive(self) -> None:
        try:
            site = self.program.site
            self.counts["adopted"] += finding.adopt(site.database, site)
            self.counts["missing"] += archive.miss(site.database, site)
        except MingjingError:
            self.counts["refused"] += 1

    def _mischief(self) -> None:
        what = self.lot.choice(MISCHIEF)
        if self.teeth is not Teeth.NONE and self.lot.random() < 0.5:
            what = "bite"
        self.tell(f"{self.when()} {what}")
        self.trace.update(what.encode())
        getattr(self, f"_{what}")()

    def when(self) -> str:
        return f"{self.clock.steady_us / SECOND_US:.1f} s"

    def _camera(self) -> None:
        lane = self.lot.choice(list(self.plane.lanes.values()))
        lane.plays = not lane.plays
        self.counts["outages"] += not lane.plays

    def _away(self) -> None:
        self.commits.away_until_us = self.clock.steady_us + self.lot.randrange(1, 60) * SECOND_US

    def _answer(self) -> None:
        self.commits.lose_answers = self.lot.randrange(1, 3)

    def _kill(self) -> None:
        self.commits.kill_in, self.commits.kill_after = self.lot.randrange(6), self.lot.random() < 0.5

    def _stop(self) -> None:
        raise KilledError

    def _hold(self) -> None:
        """Somebody holds what is not decided upon, or lets it go."""
        rows = [name for name, row in self.books.rows().items() if row.state == "stored"]
        if rows:
            name = self.lot.choice(rows).rpartition("-")[0]
            self.held ^= {name}

    def _days(self) -> None:
        try:
            with self.program.site.database.transaction() as tx:
                plan = tx.session.scalars(select(Plan)).one()
                plan.retention_days = FLOOR_DAYS + self.lot.randrange(3)
        except MingjingError:
            self.counts["refused"] += 1

    def _leap(self) -> None:
        """Weeks in which the cameras are off: what was recorded before grows old."""
        for lane in self.plane.lanes.values():
            lane.plays = False
        # Who looks each two seconds sees them go; then a look a day and more is as good as all of them.
        for us in (3 * SECOND_US, 5 * SECOND_US, *[47 * HOUR_US] * self.lot.choice((1, 16))):
            self.pass_time(us)
            self._work(always=True)
        for lane in self.plane.lanes.values():
            lane.plays = True

    def _jump(self) -> None:
        if self.jumps:
            self.clock.jump(self.lot.choice(JUMPS_US))
            self.counts["jumps"] += 1

    def _bite(self) -> None:
        """The broken promise of this run, if it is one that the world breaks."""
        if self.teeth is Teeth.FORGET_GAP:
            self.books.spoil("DELETE FROM record_gaps WHERE until_us - from_us > 10000000")
        elif self.teeth is Teeth.TWICE:
            self.books.spoil(
                "INSERT INTO record_spans (stream_no, from_us, until_us, kind)"
                " SELECT stream_no, from_us, until_us, kind FROM record_spans WHERE kind = 'recorded' LIMIT 1"
            )
        elif self.teeth is Teeth.DELETE_HELD:
            stored = [(name, row) for name, row in self.books.rows().items() if row.state == "stored"]
            for name, row in stored[:1]:
                self.held.add(name.rpartition("-")[0])
                (self.place.pool / row.path).unlink(missing_ok=True)

    def _judge(self) -> None:
        self.books.judge(
            self.plane.files, self.place.pool, self.acknowledged, self.held, one_clock=not self.jumps
        )
        for name, times in self.indexed.items():
            promise(times <= 1, f"{name} was told as new {times} times")
        # Without names: a camera's is drawn anew for each run.
        rows, decided = self.books.rows().values(), self.books.decided().values()
        books = [row[1:] for row in rows], [tuple(one) for one in decided]
        self.trace.update(repr((books, self.clock.wall_us)).encode())

    def _come_to_rest(self) -> None:
        """All is well again for some minutes: everything announced is acknowledged, every file is in the books."""
        self.commits.away_until_us = self.commits.lose_answers = 0
        self.commits.kill_in = None
        for lane in self.plane.lanes.values():
            lane.plays = True
        for _ in range(REST):
            self._step(mischief=False)
        for _ in range(3):
            try:
                self._look_at_archive()
                break
            except KilledError:
                self._restart("killed at rest")
        self._judge()
        rows = self.books.rows()
        for name, found in self.plane.files.items():
            if (self.place.pool / found.path).exists():
                promise(name in rows, f"{name} is on disk and in no book at rest")
        late = self.plane.waiting_since(self.clock.steady_us - REPEAT_US - 15 * SECOND_US)
        promise(not late, f"at rest {late} are not acknowledged")
        self.counts["segments"] = len(self.plane.files)
        self.counts["deleted"] = sum(
            not (self.place.pool / found.path).exists() for found in self.plane.files.values()
        )
        self.counts["dropped"] = self.plane.dropped
        self.counts["refused_commits"] = self.commits.refused
        self.counts["lost_answers"] = self.commits.lost

    def close(self) -> None:
        self.books.close()
        self.plane.close()
        self._gone()


class Worlds:
    """Plays seeds one after the other, each over a fresh copy of a database with two cameras."""

    def __init__(self, folder: Path) -> None:
        self._databases = Databases(folder, cameras=2)
        self._file = self._databases.fresh() / "mingjing.sqlite3"
        self._database = Database(f"sqlite:///{self._file}", SetClock(START_US))
        self._commits = Commits(self._database)

    def play(self, seed: int, teeth: Teeth = Teeth.NONE, *, tell: bool = False) -> Played:
        at = self._databases.fresh()
        (at / "pool").mkdir()
        place = Place(
            self._file,
            at / "pool",
            self._databases.town,
            self._databases.streams,
            self._database,
            self._commits,
        )
        say = (lambda text: print(text, file=sys.stderr)) if tell else (lambda _: None)
        with quiet():
            world = World(place, seed, teeth, say)
            broken = None
            try:
                world.play()
            except BrokenError as why:
                broken = f"{world.when()} {why}"
            finally:
                world.close()
        return Played(dict(world.counts), broken, world.trace.hexdigest())


@contextmanager
def quiet() -> Iterator[None]:
    """What threads of the program log of a database that is away fills screens."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with capture_logs():
            yield
    finally:
        logging.disable(before)
