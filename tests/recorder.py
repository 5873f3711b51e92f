"""Builders for tests of recording: a town that records, and segments as the plane would announce them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from mingjing.kernel.clock import SetClock
from mingjing.media.causes import Cause, StreamState
from mingjing.media.memory import MemoryNode
from mingjing.media.model import SegmentStored, StreamStats, WriteQueue
from mingjing.media.node import Archive, LocalArchive
from mingjing.recording import plans
from mingjing.recording.handle import EventHandler
from mingjing.recording.reconcile import Reconciler
from mingjing.recording.site import RecordingSite
from mingjing.recording.ticker import Ticker
from mingjing.registry.events import CameraChanged, CameraRegistered, CameraRemoved, CamerasEntered
from tests.places import Town

SECOND, MINUTE, HOUR = 1_000_000, 60_000_000, 3_600_000_000


PICTURE = "avc1.640028"


@dataclass
class Recorder:
    """A town with everything that records, wired as `app.py` does."""

    town: Town
    site: RecordingSite
    reconciler: Reconciler
    ticker: Ticker
    handler: EventHandler

    @property
    def clock(self) -> SetClock:
        found = self.town.database.clock
        assert isinstance(found, SetClock)
        return found

    @property
    def node(self) -> MemoryNode:
        return self.town.node

    def show(
        self, stream: str, *, recording: bool = True, written: bool = True, cause: Cause | None = None
    ) -> None:
        """What the plane says of a stream from now on; `written`: the disk takes it."""
        now = self.clock.now_us()
        self.node.stats[stream] = StreamStats(
            stream=stream,
            state=StreamState.PLAYING if recording else StreamState.RETRYING,
            cause=cause,
            recording=recording,
            last_frame_us=now if recording else None,
            arrived_us=now if recording else None,
            bitrate_bps=2_000_000,
            queue=WriteQueue(last_write_us=now if recording and written else None),
        )

    def tick(self, us: int = 2 * SECOND) -> None:
        self.clock.advance(us)
        for name, found in list(self.node.stats.items()):
            if found.recording:
                self.show(name, written=found.queue.last_write_us is not None)
        self.ticker.tick()

    def store(
        self, stream: str, from_us: int, until_us: int, origin: str = "recorded", codecs: str = PICTURE
    ) -> SegmentStored:
        told = segment(stream, from_us, until_us, origin, codecs)
        assert self.handler([told]) == [told.id]
        return told


def segment(
    stream: str, from_us: int, until_us: int, origin: str = "recorded", codecs: str = PICTURE
) -> SegmentStored:
    name = f"{stream}/{from_us}-1"
    return SegmentStored(
        id=name, stream=stream, path=f"{name}.mp4", start_us=from_us, end_us=until_us, bytes=1_000_000,
        digest=hashlib.sha256(name.encode()).hexdigest(), fragments=60, video_frames=1500, key_frames=30,
        codecs=codecs, width=1920, height=1080, origin=origin,
    )  # fmt: skip


def recorder(town: Town, root: Path, archive: Archive | None = None) -> Recorder:
    """Put recording together over a town."""
    root.mkdir(exist_ok=True)
    site = RecordingSite(
        database=town.database, node=town.node, archive=archive or LocalArchive(), pools={"main": root},
        installation="in_testtesttest",
        exports=root / "exports", sealer=town.site.sealer,
    )  # fmt: skip
    bus = town.database.bus
    bus.within(CameraRegistered, lambda tx, event: plans.on_registered(tx, event, site))
    bus.within(CamerasEntered, plans.on_entered)
    bus.within(CameraChanged, lambda tx, event: plans.on_changed(tx, event, site))
    bus.within(CameraRemoved, plans.on_removed)
    reconciler = Reconciler(site)
    return Recorder(town, site, reconciler, Ticker(site, reconciler), EventHandler(site))
