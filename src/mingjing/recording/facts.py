"""What recording knows of cameras, for the register: stream states, plans, whether they are being kept."""

from collections.abc import Sequence

from sqlalchemy import select

from mingjing.media.model import StreamStats
from mingjing.recording.index import Due
from mingjing.recording.intervals import Interval
from mingjing.recording.model import Plan, PlanAssignment, RecordGap, RecordStream
from mingjing.recording.site import RecordingSite
from mingjing.registry.schema import RecordingNow
from mingjing.registry.site import Assigned


class RecordingFacts:
    """Implements `registry.site.Facts`."""

    def __init__(self, site: RecordingSite) -> None:
        self._site = site

    def stats(self) -> dict[str, StreamStats]:
        return self._site.stats()

    def plans(self, channels: Sequence[str]) -> dict[str, Assigned]:
        with self._site.database.reading() as session:
            rows = session.execute(
                select(PlanAssignment.channel, Plan.id, Plan.retention_days)
                .join(Plan, Plan.id == PlanAssignment.plan)
                .where(PlanAssignment.channel.in_(channels))
            )
            return {row.channel: Assigned(row.id, row.retention_days) for row in rows}

    def recording(self, channels: Sequence[str]) -> dict[str, RecordingNow]:
        now = self._site.database.clock.now_us()
        stats = self.stats()
        found: dict[str, RecordingNow] = {}
        with self._site.database.reading() as session:
            lost = session.execute(
                select(RecordStream.channel, RecordGap.since_us, RecordGap.reason)
                .join(RecordStream, RecordStream.no == RecordGap.stream_no)
                .where(RecordGap.until_us.is_(None), RecordStream.channel.in_(channels))
            ).all()
            plans = session.execute(
                select(PlanAssignment.channel, Plan.mode, Plan.weekly)
                .join(Plan, Plan.id == PlanAssignment.plan)
                .where(PlanAssignment.channel.in_(channels))
            ).all()
        for row in plans:
            due = Due(row.mode, row.weekly).within(Interval(now, now + 1))
            kept = any(
                (at := stats.get(f"{row.channel}.{kind}")) is not None and at.recording
                for kind in ("main", "sub")
            )
            found[row.channel] = RecordingNow(state="recording" if due and kept else "not_due")
        for channel, since_us, reason in lost:
            found[channel] = RecordingNow(state="lost", since_us=since_us, reason=reason)
        return found
