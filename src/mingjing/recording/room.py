"""Recording as one thing to start and stop, for `app.py`."""

import threading

import structlog

from mingjing.kernel.events import EventBus
from mingjing.media.pump import EventPump
from mingjing.recording import archive, finding, plans
from mingjing.recording.events import PlansChanged
from mingjing.recording.expiry import Expirer
from mingjing.recording.exports import Exporter
from mingjing.recording.handle import EventHandler
from mingjing.recording.reconcile import Reconciler
from mingjing.recording.site import RecordingSite
from mingjing.recording.ticker import Ticker
from mingjing.registry.events import CameraChanged, CameraRegistered, CameraRemoved, CamerasEntered

_log = structlog.get_logger(__name__)


class RecordingRoom:
    """Everything of recording that runs by itself."""

    def __init__(self, site: RecordingSite) -> None:
        self.site = site
        self.reconciler = Reconciler(site)
        self.ticker = Ticker(site, self.reconciler)
        self.exporter = Exporter(site)
        self.expirer = Expirer(site, self.ticker.clock.evidence)
        self.handler = EventHandler(site)
        self.pump = EventPump(site.node, self.handler)
        # Daemon: a look at every file of a large archive must not hold up a stop.
        self._check = threading.Thread(target=self._look_at_archive, name="archive-check", daemon=True)

    def wire(self, bus: EventBus) -> None:
        """Listen to the register. Once, while the program is put together."""
        bus.within(CameraRegistered, lambda tx, event: plans.on_registered(tx, event, self.site))
        bus.within(CamerasEntered, plans.on_entered)
        bus.within(CameraChanged, lambda tx, event: plans.on_changed(tx, event, self.site))
        bus.within(CameraRemoved, plans.on_removed)
        bus.after_commit(CameraRemoved, lambda _: self.expirer.wake())
        for kind in (CameraRegistered, CamerasEntered, CameraChanged, CameraRemoved, PlansChanged):
            bus.after_commit(kind, lambda _: self.ticker.wake())

    def start(self) -> None:
        """After the node has started: explain the time away, then open streams, then listen.

        The plane announces what it finds unfinished. A file that was closed before its row was committed is
        found by the look at the archive, and adopted.
        """
        with self.site.database.transaction() as tx:
            plans.ensure_default(tx)
        self.ticker.start()
        self.pump.start()
        self.exporter.start()
        self.expirer.start()
        self._check.start()

    def runs(self) -> bool:
        """Whether events are drained and streams looked at."""
        return self.pump.runs() and self.ticker.runs()

    def _look_at_archive(self) -> None:
        try:
            adopted = finding.adopt(self.site.database, self.site)
            missing = archive.miss(self.site.database, self.site)
        except Exception:  # a check that fails stops nothing else
            _log.exception("archive_check_failed")
            return
        if adopted:
            _log.warning("recordings_adopted", segments=adopted)
        if missing:
            _log.error("recordings_missing", segments=missing)

    def quiet(self) -> None:
        """Before the node stops: nothing asks it or its files for anything any more, only its events are listened to."""
        self.exporter.stop()
        self.expirer.stop()
        self.ticker.stop()

    def stop(self) -> None:
        """Before the node stopped it has closed its segments: what it announced last is entered here."""
        self.pump.stop()
