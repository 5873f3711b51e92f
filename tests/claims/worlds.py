"""The control plane as one seed plays it: pump, event handler, ticker, expiry and the look at the archive over a real
SQLite file, against a media plane of which there is only the seam. Every step is judged. See `simulation.py`.
"""

import hashlib
import logging
import random
import sqlite3
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database, Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.events import EventBus
from mingjing.media.causes import Cause, StreamState
from mingjing.media.memory import MemoryNode
from mingjing.media.model import (
    Event,
    FolderScan,
    GapEvent,
    Segment,
    SegmentStored,
    StorageFolders,
    StreamEvent,
    StreamStats,
    WriteQueue,
)
from mingjing.media.node import LocalArchive
from mingjing.media.pump import EventPump
from mingjing.recording import archive, finding
from mingjing.recording.events import SegmentIndexed
from mingjing.recording.expiry import Expirer
from mingjing.recording.intervals import Interval, subtract, tidy
from mingjing.recording.model import Plan
from mingjing.recording.retention import FLOOR_DAYS
from mingjing.recording.rules import DAY_US, HOUR_US, JOIN_US, MINUTE_US, SECOND_US
from tests.claims.retention import START_US, Databases
from tests.places import Town
from tests.recorder import Recorder, recorder

SEGMENT_US = 20 * SECOND_US
REPEAT_US = 30 * SECOND_US
TOLD_AFTER_US = 3 * SECOND_US
EVENTS = 40
"""Lesser events that wait in the plane."""
STEPS = 12
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


class BrokenError(BaseException):
    """A promise does not hold. No Exception: the pump outlives those."""


class KilledError(BaseException):
    """The program ends here. No Exception: nothing in it outlives that."""


def promise(kept: bool, otherwise: str) -> None:
    if not kept:
        raise BrokenError(otherwise)


@dataclass
class Lane:
    """One camera's stream as the recorder has it."""

    stream: str
    plays: bool = True
    began_us: int | None = None
    """Where the segment that is being written begins."""
    sequence: int = 0
    lost_us: int | None = None
    told: bool = False
    last_us: int | None = None
    spans: list[Interval] = field(default_factory=list)


class SimPlane(MemoryNode):
    """The media plane's side of the seam: announces until acknowledged, tells the rest once, writes files."""

    def __init__(self, root: Path, clock: SetClock, lot: random.Random) -> None:
        super().__init__()
        self.root, self.clock, self.lot = root, clock, lot
        self.lanes: dict[str, Lane] = {}
        self.files: dict[str, Segment] = {}
        """Closed files by id, until somebody unlinks them."""
        self.due: deque[str] = deque()
        self.unacknowledged: dict[str, int] = {}
        """Announcements, and when each is due again; 0: now."""
        self.lesser: deque[Event] = deque()
        self.dropped = 0
        self.on_acknowledge: Callable[[list[str]], None] = lambda _: None
        self.say: Callable[[str], None] = lambda _: None

    def events(self, most: int) -> list[Event]:
        steady = self.clock.monotonic_us()
        for name, due_us in self.unacknowledged.items():
            if due_us and due_us <= steady:
                self.unacknowledged[name] = 0
                self.due.append(name)
        batch: list[Event] = []
        while self.due and len(batch) < most:
            name = self.due.popleft()
            if name in self.unacknowledged and name in self.files:
                self.unacknowledged[name] = steady + REPEAT_US
                batch.append(SegmentStored(**self.files[name].model_dump()))
        while self.lesser and len(batch) < most:
            batch.append(self.lesser.popleft())
        for told in batch:
            self.say(f"    told {told!r:.200}")
        return batch

    def acknowledge(self, segments: list[str]) -> None:
        self.on_acknowledge(segments)
        for name in segments:
            self.unacknowledged.pop(name, None)

    def streams(self) -> list[StreamStats]:
        return [self._stats(lane) for name, lane in self.lanes.items() if name in self.specs]

    def _stats(self, lane: Lane) -> StreamStats:
        return StreamStats(
            stream=lane.stream,
            state=StreamState.PLAYING if lane.plays else StreamState.RETRYING,
            cause=None if lane.plays else Cause.CONNECTION_REFUSED,
            recording=lane.plays and self.specs[lane.stream].record,
            last_frame_us=lane.last_us,
            bitrate_bps=2_000_000,
            queue=WriteQueue(last_write_us=lane.last_us if lane.began_us is not None else None),
        )

    def tell_lesser(self, told: Event) -> None:
        if len(self.lesser) >= EVENTS:
            self.dropped += 1
        else:
            self.lesser.append(told)

    def go_on(self) -> None:
        """What cameras and recorder did until now."""
        now = self.clock.now_us()
        for name, lane in self.lanes.items():
            wanted = name in self.specs and self.specs[name].record
            if not wanted or not lane.plays:
                self._lose(lane, now, tell=wanted)
                continue
            if lane.began_us is None:
                self._begin(lane, now)
            elif self._recording_us(lane, now) - lane.began_us >= SEGMENT_US:
                self._close(lane, self._recording_us(lane, now))
                self._begin(lane, now)
            lane.last_us = now

    def _recording_us(self, lane: Lane, now: int) -> int:
        """A clock that moved against the stream ends the segment where its pictures ended."""
        last = lane.last_us if lane.last_us is not None else now
        return now if 0 <= now - last <= 2 * MINUTE_US else last

    def _begin(self, lane: Lane, now: int) -> None:
        """At the clock, or behind what lies there: segments of a stream never overlap."""
        at = now
        for span in sorted(lane.spans):
            if span.from_us < at + 4 * MINUTE_US and span.until_us > at:
                at = span.until_us
        lane.began_us, lane.last_us = at, now
        if lane.lost_us is not None:
            if lane.told or at - lane.lost_us >= 200_000:
                self.tell_lesser(
                    GapEvent(
                        stream=lane.stream,
                        from_us=lane.lost_us,
                        until_us=max(at, lane.lost_us),
                        cause=Cause.CLOSED_BY_CAMERA,
                    )
                )
            lane.lost_us, lane.told = None, False

    def _close(self, lane: Lane, until_us: int, origin: str = "recorded") -> None:
        began = lane.began_us
        lane.began_us = None
        if began is None or until_us <= began:
            return
        name = f"{lane.stream}/{began}-{lane.sequence}"
        path = f"{lane.stream}/{_day(began)}/{began}-{lane.sequence}.mp4"
        lane.sequence += 1
        lane.spans.append(Interval(began, until_us))
        found = Segment(
            id=name, stream=lane.stream, path=path, start_us=began, end_us=until_us, bytes=1000,
            digest=hashlib.sha256(name.encode()).hexdigest(), fragments=20, video_frames=500, key_frames=10,
            codecs="avc1.640028", width=1920, height=1080, origin=origin,
        )  # fmt: skip
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
        self.files[name] = found
        self.unacknowledged[name] = 0
        self.due.append(name)

    def _lose(self, lane: Lane, now: int, *, tell: bool) -> None:
        if lane.began_us is not None:
            end = lane.last_us if lane.last_us is not None else now
            until = max(lane.began_us, min(self._recording_us(lane, now), end))
            self._close(lane, until)
            lane.lost_us = until
        if not tell:
            lane.lost_us, lane.told = None, False
        elif lane.lost_us is not None and not lane.told and now - lane.lost_us >= TOLD_AFTER_US:
            lane.told = True
            self.tell_lesser(GapEvent(stream=lane.stream, from_us=lane.lost_us, cause=Cause.CLOSED_BY_CAMERA))
            self.tell_lesser(
                StreamEvent(
                    stream=lane.stream, state=StreamState.RETRYING, at_us=now, cause=Cause.CONNECTION_REFUSED
                )
            )

    def begin_again(self) -> None:
        """Another run: what was announced is forgotten, what was being written is closed and announced."""
        self.specs.clear()
        self.lesser.clear()
        self.due.clear()
        self.unacknowledged.clear()
        for lane in self.lanes.values():
            lane.lost_us, lane.told = None, False
            last = lane.last_us if lane.last_us is not None else 0
            if lane.began_us is not None:
                self._close(
                    lane,
                    max(
                        lane.began_us,
                        min(last, lane.began_us + 2 * SEGMENT_US) - self.lot.randrange(2_000_000),
                    ),
                    "recovered",
                )
            lane.last_us = None


class SimArchive(LocalArchive):
    """Folders and trailers as the simulated plane wrote them."""

    def __init__(self, plane: SimPlane) -> None:
        self._plane = plane

    def storage_folders(self, root: Path) -> StorageFolders:
        return StorageFolders(folders=sorted({found.path.rpartition("/")[0] for found in self._there(root)}))

    def scan_folder(self, root: Path, folder: str, known: list[str]) -> FolderScan:
        of = [found for found in self._there(root) if found.path.rpartition("/")[0] == folder]
        return FolderScan(segments=[found for found in of if found.id.rpartition("/")[2] not in known])

    def _there(self, root: Path) -> Iterator[Segment]:
        return (found for found in self._plane.files.values() if (root / found.path).exists())


class Commits:
    """Stands before every commit of a database: lets it pass, refuses it, or loses its answer."""

    def __init__(self, database: Database) -> None:
        self.begin()
        event.listen(database.engine, "commit", self._commit)

    def begin(self) -> None:
        """All is well from here on."""
        self.away_until_us = 0
        self.steady_us: Callable[[], int] = lambda: 0
        self.kill_in: int | None = None
        """The program ends in the commit after so many more."""
        self.kill_after = False
        self.lose_answers = 0
        self.refused = self.lost = 0

    def _commit(self, connection: Connection) -> None:
        if self.kill_in is not None:
            self.kill_in -= 1
            if self.kill_in < 0:
                self.kill_in = None
                if self.kill_after:
                    connection.exec_driver_sql("COMMIT")
                raise KilledError
        if self.steady_us() < self.away_until_us:
            self.refused += 1
            raise OperationalError("COMMIT", None, Exception("the database is away"))
        if self.lose_answers > 0:
            self.lose_answers -= 1
            self.lost += 1
            connection.exec_driver_sql("COMMIT")
            raise OperationalError("COMMIT", None, Exception("the connection was cut in the commit"))


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
        self.days = FLOOR_DAYS
        self._books = sqlite3.connect(at.file)
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
        handler = program.handler
        if self.teeth is Teeth.EARLY:
            early = handler

            def handle(batch: Any) -> list[str]:
                self.plane.acknowledge([one.id for one in batch if isinstance(one, SegmentStored)])
                return early(batch)

            pump = EventPump(self.plane, handle, pause=self._pause)
        else:
            pump = EventPump(self.plane, handler, pause=self._pause)
        return program, pump, Expirer(program.site, program.ticker.clock.evidence, self._is_held)

    def _gone(self) -> None:
        self.program.site.database.close()

    def _indexed(self, told: SegmentIndexed) -> None:
        self.indexed[f"{told.stream}/{told.start_us}"] += 1

    def _pause(self, seconds: float) -> bool:
        """The pump waits for the database; the world does not."""
        self.pass_time(int(seconds * SECOND_US))
        return False

    def _acknowledged(self, names: list[str]) -> None:
        rows = self._rows()
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
        what = self.lot.choice(
            ("camera",) * 6 + ("away",) * 3 + ("answer", "kill", "kill", "stop", "hold", "hold", "days", "leap", "leap", "jump", "bite")
        )  # fmt: skip
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
        rows = [name for name, (_, state, *_) in self._rows().items() if state == "stored"]
        if rows:
            name = self.lot.choice(rows).rpartition("-")[0]
            self.held ^= {name}

    def _days(self) -> None:
        self.days = FLOOR_DAYS + self.lot.randrange(3)
        try:
            with self.program.site.database.transaction() as tx:
                _plan(tx.session).retention_days = self.days
        except MingjingError:
            self.counts["refused"] += 1

    def _leap(self) -> None:
        """Weeks in which the cameras are off: what was recorded before grows old."""
        for lane in self.plane.lanes.values():
            lane.plays = False
        self.plane.go_on()
        self.pump.drain()
        for _ in range(self.lot.choice((1, 16))):
            self.pass_time(47 * HOUR_US)
            try:
                self.program.ticker.tick()
            except MingjingError:
                self.counts["refused"] += 1
        for lane in self.plane.lanes.values():
            lane.plays = True

    def _jump(self) -> None:
        if self.jumps:
            self.clock.jump(self.lot.choice(JUMPS_US))
            self.counts["jumps"] += 1

    def _bite(self) -> None:
        """The broken promise of this run, if it is one that the world breaks."""
        if self.teeth is Teeth.FORGET_GAP:
            self._spoil("DELETE FROM record_gaps WHERE until_us - from_us > 10000000")
        elif self.teeth is Teeth.TWICE:
            self._spoil(
                "INSERT INTO record_spans (stream_no, from_us, until_us, kind)"
                " SELECT stream_no, from_us, until_us, kind FROM record_spans WHERE kind = 'recorded' LIMIT 1"
            )
        elif self.teeth is Teeth.DELETE_HELD:
            stored = [(name, path) for name, (path, state, *_) in self._rows().items() if state == "stored"]
            for name, path in stored[:1]:
                self.held.add(name.rpartition("-")[0])
                (self.place.pool / path).unlink(missing_ok=True)

    def _spoil(self, statement: str) -> None:
        with self._books:
            self._books.execute(statement)

    # ---- what must hold

    def _rows(self) -> dict[str, tuple[str, str, int, int, int, int]]:
        """What is committed, seen from outside: path, state, stream, start, end and entry of each segment."""
        rows = self._books.execute(
            "SELECT s.stream, g.start_us, g.sequence, g.path, g.state, g.stream_no, g.end_us, g.stored_us"
            " FROM segments g JOIN record_streams s ON s.no = g.stream_no ORDER BY g.stream_no, g.start_us, g.sequence"
        )
        return {
            f"{stream}/{start}-{sequence}": (path, state, no, start, end, stored)
            for stream, start, sequence, path, state, no, end, stored in rows
        }

    def _judge(self) -> None:
        rows = self._rows()
        deletions = {
            path: (state, end, decided, int(rule.split()[1]), no, start)
            for path, state, end, decided, rule, no, start in self._books.execute(
                "SELECT path, state, end_us, decided_us, rule, stream_no, start_us FROM record_deletions"
            )
        }
        self._judge_files(rows, deletions)
        for name, times in self.indexed.items():
            promise(times <= 1, f"{name} was told as new {times} times")
        for no, stream in self._books.execute("SELECT no, stream FROM record_streams").fetchall():
            self._judge_stream(no, stream, rows)
        # Without names: a camera's is drawn anew for each run.
        books = [row[1:] for row in rows.values()], [row[:4] for row in deletions.values()]
        self.trace.update(repr((books, self.clock.wall_us)).encode())

    def _judge_files(self, rows: dict[str, Any], deletions: dict[str, Any]) -> None:
        by_path = {path: name for name, (path, *_) in rows.items()}
        for name in self.acknowledged:
            path = self.plane.files[name].path
            promise(name in rows or path in deletions, f"{name} was acknowledged and is in no book")
        for name, found in self.plane.files.items():
            there = (self.place.pool / found.path).exists()
            decided = deletions.get(found.path)
            if not there:
                promise(decided is not None, f"{name} is gone, and nobody decided so")
                promise(name.rpartition("-")[0] not in self.held, f"{name} is held and gone")
            if decided is None:
                continue
            state, end, at, days, *_ = decided
            promise(not (there and state == "done"), f"{name} is said to be gone and is there")
            promise(
                (state == "done") == (found.path not in by_path), f"{name}: its row and its deletion disagree"
            )
            promise(
                self.jumps or at - end >= days * DAY_US >= FLOOR_DAYS * DAY_US,
                f"{name} was decided upon {(at - end) / DAY_US:.2f} d after its end",
            )

    def _judge_stream(self, no: int, stream: str, rows: dict[str, Any]) -> None:
        spans = [
            (Interval(from_us, until_us), kind)
            for from_us, until_us, kind in self._books.execute(
                "SELECT from_us, until_us, kind FROM record_spans WHERE stream_no = ?", (no,)
            )
        ]
        gaps = [
            (Interval(from_us, until_us if until_us is not None else 2**62), reason, until_us is None)
            for from_us, until_us, reason in self._books.execute(
                "SELECT from_us, until_us, reason FROM record_gaps WHERE stream_no = ?", (no,)
            )
        ]
        promise(sum(is_open for *_, is_open in gaps) <= 1, f"{stream} has two open gaps")
        apart([span for span, kind in spans], f"{stream}: spans overlap")
        apart(
            [Interval(start, end) for _, state, of, start, end, _ in rows.values() if of == no],
            f"{stream}: segments overlap",
        )
        if self.jumps:
            return
        apart([gap for gap, *_ in gaps], f"{stream}: gaps overlap")
        kept = [span for span, kind in spans if kind == "recorded"]
        apart([*tidy(kept), *tidy(gap for gap, *_ in gaps)], f"{stream}: kept time lies in a gap")
        for (accounted,) in self._books.execute(
            "SELECT accounted_until_us FROM record_streams WHERE no = ?", (no,)
        ).fetchall():
            known = tidy([*(span for span, _ in spans), *(gap for gap, *_ in gaps)], JOIN_US)
            if known and accounted is not None:
                holes = subtract([Interval(known[0].from_us, accounted)], known)
                promise(not holes, f"{stream}: nothing is said of {_seconds(holes)}")
        self._judge_sums(no, stream, spans, gaps)

    def _judge_sums(self, no: int, stream: str, spans: list[Any], gaps: list[Any]) -> None:
        kept = sum(span.length_us for span, kind in spans if kind in {"recorded", "expired"})
        (counted,) = self._books.execute(
            "SELECT coalesce(sum(kept_us), 0) FROM record_hours WHERE stream_no = ?", (no,)
        ).fetchone()
        promise(counted == kept, f"{stream}: hours say {counted} µs are kept, spans {kept}")
        lost = Counter[str]()
        for gap, reason, is_open in gaps:
            if not is_open:
                lost[reason] += gap.length_us
        told = dict(
            self._books.execute(
                "SELECT reason, sum(lost_us) FROM record_hour_losses WHERE stream_no = ? GROUP BY reason",
                (no,),
            )
        )
        for reason in {*lost, *told}:
            promise(
                lost[reason] == told.get(reason, 0),
                f"{stream}: hours say {told.get(reason, 0)} µs are lost for {reason}, gaps {lost[reason]}",
            )

    def _come_to_rest(self) -> None:
        """All is well again for some minutes: everything announced is acknowledged, every file is in the books."""
        self.commits.away_until_us = self.commits.lose_answers = 0
        self.commits.kill_in = None
        for lane in self.plane.lanes.values():
            lane.plays = True
        for _ in range(8):
            self._step(mischief=False)
        for _ in range(3):
            try:
                self._look_at_archive()
                break
            except KilledError:
                self._restart("killed at rest")
        self._judge()
        rows = self._rows()
        for name, found in self.plane.files.items():
            if (self.place.pool / found.path).exists():
                promise(name in rows, f"{name} is on disk and in no book at rest")
        late = [name for name, due_us in self.plane.unacknowledged.items() if name in rows and not due_us]
        promise(len(late) <= len(self.plane.lanes), f"at rest {len(late)} segments are not acknowledged")
        self.counts["segments"] = len(self.plane.files)
        self.counts["deleted"] = sum(
            not (self.place.pool / found.path).exists() for found in self.plane.files.values()
        )
        self.counts["dropped"] = self.plane.dropped
        self.counts["refused_commits"] = self.commits.refused
        self.counts["lost_answers"] = self.commits.lost

    def close(self) -> None:
        self._books.close()
        self._gone()


def apart(intervals: list[Interval], otherwise: str) -> None:
    """No two of them share a moment."""
    last: Interval | None = None
    for interval in sorted(intervals):
        if last is not None and interval.from_us < last.until_us:
            raise BrokenError(f"{otherwise}: {_seconds([last, interval])}")
        last = interval


def _seconds(intervals: list[Interval]) -> str:
    return ", ".join(
        f"{(one.from_us - START_US) / SECOND_US:.3f} to {(one.until_us - START_US) / SECOND_US:.3f} s"
        for one in intervals[:4]
    )


def _plan(session: Session) -> Plan:
    return session.query(Plan).one()


def _day(at_us: int) -> str:
    return datetime.fromtimestamp(at_us // SECOND_US, UTC).strftime("%Y%m%d")


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
