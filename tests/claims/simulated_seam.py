"""What lies around the control plane in a simulation: the media plane as the seam shows it, and a database whose commits
fail on demand. Who does what when is in `worlds.py`.
"""

import hashlib
import os
import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
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
from mingjing.recording.intervals import Interval
from mingjing.recording.rules import MINUTE_US, SECOND_US

SEGMENT_US = 20 * SECOND_US
REPEAT_US = 30 * SECOND_US
TOLD_AFTER_US = 3 * SECOND_US
EVENTS = 40
"""Lesser events that wait in the plane."""


class KilledError(BaseException):
    """The program ends here. No Exception: nothing in it outlives that."""


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
        self.announced_us: dict[str, int] = {}
        """When each file was announced first (monotonic)."""
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
            arrived_us=lane.last_us,
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
        self.announced_us[name] = self.clock.monotonic_us()
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

    def waiting_since(self, before_us: int) -> list[str]:
        """What was announced before a moment and is not acknowledged."""
        return [name for name in self.unacknowledged if self.announced_us[name] < before_us]

    def close(self) -> None:
        os.close(self._read_fd)
        os.close(self._write_fd)

    def begin_again(self) -> None:
        """Another run: what was announced is forgotten, what was being written is closed and announced."""
        self.specs.clear()
        self.lesser.clear()
        self.due.clear()
        self.unacknowledged.clear()
        for lane in self.lanes.values():
            lane.lost_us, lane.told = None, False
            if lane.began_us is not None:
                last = min(lane.last_us or 0, lane.began_us + 2 * SEGMENT_US)
                # The tail is lost.
                until = last - self.lot.randrange(2 * SECOND_US)
                self._close(lane, max(lane.began_us, until), "recovered")
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


def _day(at_us: int) -> str:
    return datetime.fromtimestamp(at_us // SECOND_US, UTC).strftime("%Y%m%d")
