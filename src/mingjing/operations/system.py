"""The state of the whole: figures of now, and the thread that keeps them over time."""

import os
import resource
import threading
from importlib import metadata
from pathlib import Path

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mingjing.kernel.clock import HOUR_US
from mingjing.kernel.db import Database
from mingjing.kernel.disks import room
from mingjing.media.causes import Cause, StreamState
from mingjing.media.model import GapEvent, StreamStats
from mingjing.operations import series, viewing
from mingjing.operations.model import Alarm
from mingjing.operations.schema import DiskOut, ProcessOut, SystemOut
from mingjing.operations.series import Ring
from mingjing.recording.archive import pool_state
from mingjing.recording.capacity import Pool, forecast
from mingjing.recording.events import RetentionForecast, StorageShort
from mingjing.recording.plans import loads, measured_pools
from mingjing.recording.site import RecordingSite

_log = structlog.get_logger(__name__)

SAMPLE_SECONDS = 5.0
STORAGE_EVERY = 12
"""Samples between two looks at the disks: once a minute."""


def figures(stats: dict[str, StreamStats], site: RecordingSite) -> dict[str, float]:
    """The metrics of one moment."""
    free = sum(_usage(root).free_bytes for root in site.pools.values())
    return {
        "playing": sum(found.state is StreamState.PLAYING for found in stats.values()),
        "recording": sum(found.recording for found in stats.values()),
        "viewers": sum(found.viewers for found in stats.values()),
        "received_bps": sum(found.bitrate_bps or 0 for found in stats.values()),
        "reconnects": sum(found.reconnects for found in stats.values()),
        "disk_free_bytes": free,
        "cpu_seconds": _process().cpu_seconds,
        "resident_bytes": _process().resident_bytes,
    }


def state(session: Session, site: RecordingSite, ring: Ring, now_us: int) -> SystemOut:
    """Everything on the system page."""
    stats = site.stats()
    found = figures(stats, site)
    alarms = session.scalar(select(func.count()).select_from(Alarm).where(Alarm.state != "resolved")) or 0
    return SystemOut(
        at_us=now_us, version=_version(), media=type(site.node).__name__,
        streams=sorted(stats.values(), key=lambda item: item.stream), recording=int(found["recording"]),
        playing=int(found["playing"]), viewers=int(found["viewers"]), received_bps=int(found["received_bps"]),
        alarms_open=alarms, disks=[_disk(name, root) for name, root in site.pools.items()],
        process=_process(), metrics=ring.metrics(),
    )  # fmt: skip


class Sampler:
    """The thread that adds a point every five seconds, closes hours, and watches the disks."""

    def __init__(self, database: Database, site: RecordingSite, ring: Ring) -> None:
        self._database = database
        self._site = site
        self._ring = ring
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)
        self._hour_us = 0
        self._states: dict[str, str] = {}
        self._asked: tuple[bool, int, int] | None = None
        self._count = 0

    def start(self) -> None:
        self._thread.start()

    def on_gap(self, event: GapEvent) -> None:
        """The plane met a full or failing disk, or got over it: look at the disks now, not in a minute."""
        if event.cause in {Cause.DISK_FULL, Cause.DISK_FAULT}:
            self._wake.set()

    def stop(self, timeout_s: float = 5.0) -> None:
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout_s)

    def sample(self) -> None:
        """One point of every metric. Also called by tests."""
        now = self._database.clock.now_us()
        self._ring.add(now, figures(self._site.stats(), self._site))
        hour = now - now % HOUR_US
        if self._hour_us and hour > self._hour_us:
            with self._database.transaction() as tx:
                series.close_hour(tx, self._ring, self._hour_us)
                viewing.forget_old(tx)
        self._hour_us = hour
        if self._count % STORAGE_EVERY == 0:
            self.watch_disks()
        self._count += 1

    def watch_disks(self) -> None:
        """Say when a pool begins to fill, is full, or is well again; and whether all hold what the plans promise."""
        # Read first: of thousands of streams the sum takes a while, which the one writer need not wait for.
        with self._database.reading() as session:
            pools = measured_pools(session, self._site)
            found = forecast(loads(session), pools)
        states = {pool.id: _shown_state(pool) for pool in pools}
        # Rates and free bytes change all the time: they alone are no news.
        asked = (found.holds, found.streams, found.unmeasured)
        with self._database.transaction() as tx:
            for pool in pools:
                if self._states.get(pool.id, "ok") != states[pool.id]:
                    tx.publish(StorageShort(pool.id, states[pool.id], pool.free_bytes))
            if asked != self._asked:
                tx.publish(RetentionForecast(found))
        self._states, self._asked = states, asked

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.sample()
            except Exception:  # the sampler must outlive a database that is away
                _log.exception("sample_failed")
            if self._wake.wait(SAMPLE_SECONDS):
                self._wake.clear()
                self._count = 0


def _shown_state(pool: Pool) -> str:
    found = pool_state(pool)
    return "full" if found == "gone" else found


def _disk(name: str, root: Path) -> DiskOut:
    return _usage(root).model_copy(update={"pool": name})


def _usage(root: Path) -> DiskOut:
    try:
        found = room(root)
    except OSError:
        return DiskOut(pool="", total_bytes=0, free_bytes=0)
    return DiskOut(pool="", total_bytes=found.total_bytes, free_bytes=found.free_bytes)


def _process() -> ProcessOut:
    used = resource.getrusage(resource.RUSAGE_SELF)
    resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf(
        "SC_PAGE_SIZE"
    )
    started = float(Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19])
    up = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    return ProcessOut(
        cpu_seconds=used.ru_utime + used.ru_stime,
        resident_bytes=resident,
        open_files=len(list(Path("/proc/self/fd").iterdir())),
        up_seconds=max(0, int(up - started / os.sysconf("SC_CLK_TCK"))),
    )


def _version() -> str:
    try:
        return metadata.version("mingjing")
    except metadata.PackageNotFoundError:
        return "0"
