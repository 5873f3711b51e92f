"""What recording is given: the node, the archive, the pools of storage, and what is remembered between ticks."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

from mingjing.kernel.db import Database
from mingjing.kernel.secrets import Sealer
from mingjing.media.model import StreamStats
from mingjing.media.node import Archive, MediaNode
from mingjing.recording.rules import Reason

STATS_AGE_US = 1_000_000


@dataclass
class LastSeen:
    """States of streams as last asked, and the reason of each stream's last failure. Shared between threads.

    `told_us`: when the plane last told that a stream is not kept. What it tells begins earlier, with what is lost.
    """

    stats: dict[str, StreamStats] = field(default_factory=dict)
    at_us: int = -STATS_AGE_US
    reasons: dict[str, Reason] = field(default_factory=dict)
    told_us: dict[str, int] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class RecordingSite:
    """Put on the program's state by `app.py` as `recording`."""

    database: Database
    node: MediaNode
    archive: Archive
    pools: dict[str, Path]
    """Storage roots by id; new segments go where the media plane puts them."""
    installation: str
    exports: Path
    """A private directory for finished clips."""
    sealer: Sealer
    exports_at_once: int = 2
    """How many clips are cut side by side; the rest wait in order."""
    inbox: Path | None = None
    """The one directory whose files may be brought in over HTTP."""
    seen: LastSeen = field(default_factory=LastSeen)
    export_wanted: threading.Event = field(default_factory=threading.Event)
    """Set when a job was ordered."""

    def stats(self) -> dict[str, StreamStats]:
        """Every stream's state by id, asked at most once a second."""
        now = self.database.clock.monotonic_us()
        with self.seen.guard:
            if now - self.seen.at_us >= STATS_AGE_US:
                self.seen.stats = {found.stream: found for found in self.node.streams()}
                self.seen.at_us = now
            return self.seen.stats

    def storage(self, pool: str) -> str:
        """The name that stands on a pool's disk: pools of two installations are never taken for each other."""
        return f"{self.installation}/{pool}"

    def file(self, pool: str, path: str) -> Path:
        """Where a segment lies. Raises ValueError for a path that leaves its pool."""
        root = self.pools[pool]
        target = root / path
        if ".." in Path(path).parts or Path(path).is_absolute():
            raise ValueError(f"{path!r} leaves its pool")
        return target

    def pool_of(self, path: str) -> str:
        """The pool in which a path that the plane announced exists; the first one where none has it yet."""
        for name, root in self.pools.items():
            if (root / path).exists():
                return name
        return next(iter(self.pools))
