"""What the media plane tells is entered here: one transaction a batch, segments acknowledged only after it.

Viewers are another room's affair; their events are published for it.
"""

from collections.abc import Sequence

import structlog

from mingjing.audit.service import SYSTEM, Object, record
from mingjing.kernel.db import Transaction
from mingjing.media.causes import Cause, StreamState
from mingjing.media.model import (
    ClockJump,
    Dropped,
    Event,
    GapEvent,
    SegmentStored,
    SegmentSuspect,
    StreamEvent,
)
from mingjing.recording import index
from mingjing.recording.events import GapEnded, RecordingChanged, SegmentDoubted, SegmentIndexed
from mingjing.recording.index import NEVER_DUE, Due, Stored
from mingjing.recording.intervals import Interval
from mingjing.recording.plans import due_by_channel
from mingjing.recording.rules import Reason, reason_of
from mingjing.recording.site import RecordingSite
from mingjing.recording.trusted_clock import entering_us

_log = structlog.get_logger(__name__)


class EventHandler:
    """The handler of the event pump."""

    def __init__(self, site: RecordingSite) -> None:
        self._site = site

    def __call__(self, batch: Sequence[Event]) -> list[str]:
        """Enter a batch; returns the segments that are durable now, old and new alike."""
        committed: list[str] = []
        with self._site.database.transaction() as tx:
            plans = {channel: due for channel, (_, due, _) in due_by_channel(tx.session).items()}
            for event in batch:
                self._enter(tx, event, plans, committed)
        return committed

    def _enter(self, tx: Transaction, event: Event, plans: dict[str, Due], committed: list[str]) -> None:
        if isinstance(event, SegmentStored):
            self._store(tx, event, plans)
            committed.append(event.id)
        elif isinstance(event, SegmentSuspect):
            _suspect(tx, event)
        elif isinstance(event, GapEvent):
            self._gap(tx, event, plans)
        elif isinstance(event, StreamEvent):
            self._stream(tx, event, plans)
        elif isinstance(event, ClockJump):
            facts = {"at_us": event.at_us, "by_us": event.by_us}
            record(tx, SYSTEM, "clock.jump", Object("clock", "wall"), facts)
        elif isinstance(event, Dropped):
            _log.warning("media_events_dropped", count=event.count)
        # Other rooms hear everything that the plane tells, in the same transaction.
        tx.publish(event)

    def _store(self, tx: Transaction, event: SegmentStored, plans: dict[str, Due]) -> None:
        channel = event.stream.partition(".")[0]
        became = index.store(
            tx.session,
            event,
            pool=self._site.pool_of(event.path),
            plan=plans.get(channel, NEVER_DUE),
            last_reason=self._site.seen.reasons.get(event.stream, Reason.UNKNOWN),
            now_us=entering_us(tx),
        )
        if became is Stored.CONTRADICTED:
            tx.publish(SegmentDoubted(channel, event.id, "contradicted"))
        if became is Stored.NEW:
            tx.publish(SegmentIndexed(event.stream, event.start_us, event.end_us))

    def _gap(self, tx: Transaction, event: GapEvent, plans: dict[str, Due]) -> None:
        channel = event.stream.partition(".")[0]
        no = index.stream_no(tx.session, event.stream)
        reason = reason_of(event.cause)
        plan = plans.get(channel, NEVER_DUE)
        if event.until_us is not None:
            closed = index.close_gap(tx.session, no, event.until_us)
            if closed:
                tx.publish(RecordingChanged(channel, event.stream, "recording", None, event.until_us))
                tx.publish(GapEnded(channel, event.stream, event.until_us))
            lost = Interval(event.from_us, event.until_us)
            if event.cause is Cause.SILENT:
                index.explain_silence(tx.session, no, lost, plan)
            elif not closed and event.cause is not Cause.NO_VIDEO_PACKETS:
                # That one is the time before the first picture, which is what recording begins with.
                index.explain_ended(tx.session, no, lost, plan, reason, witness="media")
            return
        self._site.seen.reasons[event.stream] = reason
        self._site.seen.told_us[event.stream] = tx.now_us()
        if not plan.within(Interval(event.from_us, event.from_us + 1)):
            return
        if index.open_gap(tx.session, no, event.from_us, reason, cause=event.cause, witness="media"):
            tx.publish(RecordingChanged(channel, event.stream, "lost", reason, event.from_us))

    def _stream(self, tx: Transaction, event: StreamEvent, plans: dict[str, Due]) -> None:
        """A new cause of an outage splits the gap: what is known now explains from now on."""
        if event.cause is None or event.state is StreamState.PLAYING:
            return
        reason = reason_of(event.cause)
        self._site.seen.reasons[event.stream] = reason
        channel = event.stream.partition(".")[0]
        no = index.known_stream_no(tx.session, event.stream)
        plan = plans.get(channel, NEVER_DUE)
        if no is None or not plan.within(Interval(event.at_us, event.at_us + 1)):
            return
        if index.has_open_gap(tx.session, no) and index.open_gap(
            tx.session, no, event.at_us, reason, cause=event.cause, witness="media"
        ):
            tx.publish(RecordingChanged(channel, event.stream, "lost", reason, event.at_us))


def _suspect(tx: Transaction, event: SegmentSuspect) -> None:
    """The bytes are kept aside and never believed: the time is shown as suspect, not as recorded."""
    segment = event.segment
    channel = segment.stream.partition(".")[0]
    no = index.stream_no(tx.session, segment.stream)
    if segment.end_us > segment.start_us:
        index.extend_span(tx.session, no, Interval(segment.start_us, segment.end_us), "suspect")
    tx.publish(SegmentDoubted(channel, segment.id, event.detail[:300]))
