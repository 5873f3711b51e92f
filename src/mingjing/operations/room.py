"""Operations as one thing to wire, start and stop, for `app.py`."""

from mingjing.backup.events import BackupFailed, BackupMade, DrillHeld
from mingjing.kernel.events import EventBus
from mingjing.media.model import GapEvent, ViewerEnded, ViewerStarted
from mingjing.operations import alarms, viewing
from mingjing.operations.site import OperationsSite
from mingjing.operations.system import Sampler
from mingjing.recording.events import (
    DeletionPaused,
    GapEnded,
    GapLasts,
    RetentionForecast,
    SegmentDoubted,
    StorageShort,
)
from mingjing.recording.site import RecordingSite
from mingjing.territory.events import DivisionMoved


class OperationsRoom:
    """Everything of operations that runs by itself."""

    def __init__(self, site: OperationsSite, recording: RecordingSite) -> None:
        self.site = site
        self.recording = recording
        self.sampler = Sampler(recording.database, recording, site.series)

    def wire(self, bus: EventBus) -> None:
        """Listen to the rooms below. Once, while the program is put together."""
        bus.within(ViewerStarted, viewing.on_viewer_started)
        bus.within(ViewerEnded, viewing.on_viewer_ended)
        written_to = next(iter(self.recording.pools))
        bus.within(GapEvent, lambda tx, event: alarms.on_gap(tx, event, written_to))
        bus.within(GapLasts, alarms.on_gap_lasts)
        bus.within(GapEnded, alarms.on_gap_ended)
        bus.within(SegmentDoubted, alarms.on_segment_doubted)
        bus.within(DeletionPaused, alarms.on_deletion_paused)
        bus.within(StorageShort, alarms.on_storage)
        bus.within(RetentionForecast, alarms.on_forecast)
        bus.within(BackupFailed, alarms.on_backup_failed)
        bus.within(BackupMade, alarms.on_backup_made)
        bus.within(DrillHeld, alarms.on_drill_held)
        bus.within(DivisionMoved, alarms.on_division_moved)
        bus.after_commit(GapEvent, self.sampler.on_gap)

    def start(self) -> None:
        self.sampler.start()

    def stop(self) -> None:
        self.sampler.stop()
