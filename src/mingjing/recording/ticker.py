"""The ticker: every two seconds it compares what is due with what is kept, and keeps the books of time.

It is the net under the media plane's own events: whatever was not told is seen here within five seconds. Which clock
is believed lives in `trusted_clock.py`.
"""

import threading

import structlog
from sqlalchemy import select

from mingjing.kernel.db import Transaction
from mingjing.media.causes import StreamState
from mingjing.media.model import StreamStats
from mingjing.recording import index
from mingjing.recording.events import GapEnded, GapLasts, RecordingChanged
from mingjing.recording.index import NEVER_DUE, Due
from mingjing.recording.intervals import Interval
from mingjing.recording.model import ClockMark, RecordGap, RecordStream, StreamRate
from mingjing.recording.plans import due_by_channel
from mingjing.recording.reconcile import Reconciler
from mingjing.recording.retention import FUTURE_US
from mingjing.recording.rules import AGREED, ALARM_AFTER_US, MINUTE_US, Reason, Seen, judge
from mingjing.recording.site import RecordingSite
from mingjing.recording.trusted_clock import TrustedClock
from mingjing.registry.queries import recorded_streams

_log = structlog.get_logger(__name__)

TICK_SECONDS = 2.0
REST_SECONDS = 0.5
"""Between two ticks, however often it is woken: cameras that are entered one by one would have all of them looked at each
time, inside the one writer's transaction."""
RATE_EVERY_US = 5 * MINUTE_US


class Ticker:
    """Owns the recording's sense of now: verdicts, gaps, the trusted clock."""

    def __init__(self, site: RecordingSite, reconciler: Reconciler) -> None:
        self._site = site
        self._reconciler = reconciler
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recording-ticker", daemon=True)
        self.clock = TrustedClock()
        self._rated_us = 0

    def start(self) -> None:
        """Explain the time while we were away, then tick."""
        with self._site.database.transaction() as tx:
            self.explain_downtime(tx)
        self._thread.start()

    def wake(self) -> None:
        """Something changed: do not wait for the next tick."""
        self._wake.set()

    def runs(self) -> bool:
        return self._thread.is_alive()

    def stop(self, timeout_s: float = 5.0) -> None:
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout_s)

    def tick(self) -> None:
        """One look at everything. Also called by tests."""
        self._reconciler.run()
        stats = self._site.stats()
        with self._site.database.transaction() as tx:
            self.clock.carry_on(tx)
            index.roll_gaps(tx.session, self.clock.now_us(tx))
            self._come_back(tx, stats)
            self._judge(tx, stats)
            self._alarm(tx)
            self._rates(tx, stats)

    def explain_downtime(self, tx: Transaction) -> None:
        """At start: due time since we were last alive is a gap of the reason `platform_restart`.

        Segments that recovery announces afterwards are cut out of it.
        """
        mark = tx.session.get(ClockMark, 1)
        now = self.clock.start(tx)
        alive_us = min(mark.high_water_us, now) if mark else now
        plans = {channel: due for channel, (_, due, _) in due_by_channel(tx.session).items()}
        for row in tx.session.scalars(select(RecordStream)).all():
            index.close_gap(tx.session, row.no, alive_us)
            if row.accounted_until_us is None:
                continue
            if row.accounted_until_us > now + FUTURE_US:
                index.come_back(tx.session, row, now)
            plan = plans.get(row.channel)
            if plan is not None:
                # What was kept, or explained, since then stays as it is: the mark is some seconds old.
                away = Interval(min(row.accounted_until_us, now), now)
                index.explain_ended(tx.session, row.no, away, plan, Reason.PLATFORM_RESTART, witness="start")
            row.accounted_until_us = max(row.accounted_until_us, now)
            if plan is not None and plan.within(Interval(now, now + 1)):
                index.open_gap(tx.session, row.no, now, Reason.PLATFORM_RESTART, cause=None, witness="start")

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.tick()
            except Exception:  # the ticker must outlive a database that is away
                _log.exception("recording_tick_failed")
            self._stop.wait(REST_SECONDS)
            self._wake.wait(TICK_SECONDS - REST_SECONDS)
            self._wake.clear()

    def _judge(self, tx: Transaction, stats: dict[str, StreamStats]) -> None:
        now = tx.now_us()
        plans = {channel: due for channel, (_, due, _) in due_by_channel(tx.session).items()}
        wanted: set[str] = set()
        lost = _open_reasons(tx)
        for channel, kind, enabled in recorded_streams(tx.session):
            plan = plans.get(channel)
            if plan is None:
                continue
            name = f"{channel}.{kind}"
            wanted.add(name)
            self._judge_stream(tx, name, enabled, plan, stats.get(name), lost.get(name))
        # A camera that was removed, or a stream that is no longer recorded, is not lost: nobody wants it.
        for name in lost:
            if name not in wanted:
                index.close_gap(tx.session, index.stream_no(tx.session, name), now)

    def _judge_stream(
        self,
        tx: Transaction,
        name: str,
        enabled: bool,
        plan: Due,
        stats: StreamStats | None,
        lost: tuple[str, int] | None,
    ) -> None:
        """`lost`: reason and beginning of the stream's open gap. Where the reason is the verdict's nothing is done.

        A gap ends with something written: pictures that come in while the disk refuses them end none.
        """
        now = tx.now_us()
        seen = Seen(
            due=bool(plan.within(Interval(now, now + 1))),
            enabled=enabled,
            known_to_node=stats is not None,
            state=stats.state if stats else StreamState.IDLE,
            cause=stats.cause if stats else None,
            recording=stats.recording if stats else False,
            arrived_us=stats.arrived_us if stats else None,
        )
        verdict = judge(seen, now)
        if lost is None and verdict.reason is None:
            return
        if lost is not None and (verdict.reason in {lost[0], Reason.UNKNOWN}):
            return
        if lost is not None and verdict.state == "recording":
            lost_us = max(lost[1], self._site.seen.told_us.get(name, lost[1]))
            if not _written_since(stats, lost_us, now):
                return
        channel = name.partition(".")[0]
        no = index.stream_no(tx.session, name)
        if verdict.state != "lost" or verdict.reason is None:
            if index.close_gap(tx.session, no, now):
                tx.publish(RecordingChanged(channel, name, verdict.state, None, now))
                tx.publish(GapEnded(channel, name, now))
            return
        from_us = now if lost is not None else self._lost_since(tx, name, stats)
        cause = seen.cause
        if index.open_gap(tx.session, no, from_us, verdict.reason, cause=cause, witness="ticker"):
            self._site.seen.reasons[name] = verdict.reason
            tx.publish(RecordingChanged(channel, name, "lost", verdict.reason, from_us))

    def _lost_since(self, tx: Transaction, name: str, stats: StreamStats | None) -> int:
        """The last moment that is known to have been kept, if that is fresh; else now."""
        now = tx.now_us()
        last_frame_us = stats.last_frame_us if stats else None
        if last_frame_us is None:
            last_frame_us = tx.session.scalar(
                select(RecordStream.accounted_until_us).where(RecordStream.stream == name)
            )
        fresh = last_frame_us is not None and 0 <= now - last_frame_us < 2 * MINUTE_US
        return last_frame_us if fresh and last_frame_us is not None else now

    def _alarm(self, tx: Transaction) -> None:
        rows = tx.session.execute(
            select(RecordGap, RecordStream.stream, RecordStream.channel)
            .join(RecordStream, RecordStream.no == RecordGap.stream_no)
            .where(
                RecordGap.until_us.is_(None),
                RecordGap.alarmed.is_(False),
                RecordGap.since_us <= tx.now_us() - ALARM_AFTER_US,
                RecordGap.reason.not_in([reason.value for reason in AGREED]),
            )
        ).all()
        for gap, stream, channel in rows:
            gap.alarmed = True
            tx.publish(GapLasts(channel, stream, gap.since_us, gap.reason, gap.cause))

    def _come_back(self, tx: Transaction, stats: dict[str, StreamStats]) -> None:
        """Streams that were recorded under a clock far ahead are accounted from the present again.

        Not while their pictures still carry the wrong time: a segment that began since the clocks agree says that
        they do not, and so does a stream that is not recorded at all.
        """
        agreed_us = self.clock.agreed_since_us
        if agreed_us is None:
            return
        now = self.clock.now_us(tx)
        plans = {channel: due for channel, (_, due, _) in due_by_channel(tx.session).items()}
        ahead = select(RecordStream).where(RecordStream.accounted_until_us > now + FUTURE_US)
        for row in tx.session.scalars(ahead).all():
            seen = stats.get(row.stream)
            recording = seen is not None and seen.recording
            if recording and not index.recorded_within(
                tx.session, row.no, Interval(agreed_us, now + FUTURE_US)
            ):
                continue
            index.come_back(tx.session, row, agreed_us)
            index.account(tx.session, row.no, now, plans.get(row.channel, NEVER_DUE), Reason.CLOCK_JUMP)
            index.advance(tx.session, row.no, now)

    def _rates(self, tx: Transaction, stats: dict[str, StreamStats]) -> None:
        """Remember each stream's measured bitrate for the forecast."""
        steady = tx.clock.monotonic_us()
        if self._rated_us and steady - self._rated_us < RATE_EVERY_US:
            return
        measured = [found for found in stats.values() if found.bitrate_bps and found.recording]
        if not measured:
            return
        self._rated_us = steady
        for found in measured:
            row = tx.session.get(StreamRate, found.stream)
            if row is None:
                tx.session.add(
                    StreamRate(stream=found.stream, bitrate_bps=found.bitrate_bps, measured_us=tx.now_us())
                )
            else:
                row.bitrate_bps, row.measured_us = float(found.bitrate_bps or 0), tx.now_us()


def _open_reasons(tx: Transaction) -> dict[str, tuple[str, int]]:
    """Streams that are known not to be kept, with the reason and since when."""
    rows = tx.session.execute(
        select(RecordStream.stream, RecordGap.reason, RecordGap.from_us)
        .join(RecordGap, RecordGap.stream_no == RecordStream.no)
        .where(RecordGap.until_us.is_(None))
    )
    return {row.stream: (row.reason, row.from_us) for row in rows}


def _written_since(stats: StreamStats | None, at_us: int, now_us: int) -> bool:
    """Whether something of a stream was written after a moment; one that a clock put into the future proves nothing."""
    written_us = stats.queue.last_write_us if stats else None
    return at_us > now_us or (written_us is not None and written_us > at_us)
