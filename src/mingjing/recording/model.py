"""Tables of recording: streams, segments, spans, gaps, hourly sums, plans, deletions, exports.

`segments` is the referee of what files there are; `record_spans` and `record_hours` are sums over it, kept in the
same transaction, so that a timeline of any length reads few rows even at ten million segments:

- exact spans: a range of the primary order (stream, from) of `record_spans` and `record_gaps`; no row is longer
  than a day, so a window needs no look further back than one day;
- months: `record_hours` and `record_hour_losses`, 24 rows a day and stream;
- seek: one descent of the primary key (stream, start) of `segments`.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Id, IdKey, Json, OptionalUs, Sequence64, Us


class RecordStream(Base):
    """A stream that was ever recorded or due: a short number that stands for it in the large tables."""

    __tablename__ = "record_streams"

    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    stream: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[Id] = mapped_column(index=True)
    accounted_until_us: Mapped[OptionalUs]
    """Every due second before this is a segment or a gap row."""


class StoredSegment(Base):
    """One recording file that is synced and known."""

    __tablename__ = "segments"
    # The rows lie in the order in which they are read; a second tree of ten million row ids is saved.
    __table_args__ = ({"sqlite_with_rowid": False},)

    stream_no: Mapped[int] = mapped_column(ForeignKey("record_streams.no"), primary_key=True)
    start_us: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    end_us: Mapped[Us]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    fragments: Mapped[int]
    video_frames: Mapped[int]
    key_frames: Mapped[int]
    codecs: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    origin: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    """`stored`, `suspect`, `missing` (the file is gone) or `expiring` (decided, not yet unlinked)."""
    stored_us: Mapped[Us]
    """When this row was made: nothing is older than its own entry, whatever its name says. Wall time, or the trusted
    mark where that is later."""
    pool: Mapped[str] = mapped_column(String(32))
    path: Mapped[str] = mapped_column(String(200))


class RecordSpan(Base):
    """A stretch of time of one kind without a hole of a second; never longer than a UTC day."""

    __tablename__ = "record_spans"
    __table_args__ = (Index("ix_record_spans_stream_no_from_us", "stream_no", "from_us"),)

    id: Mapped[Sequence64]
    stream_no: Mapped[int] = mapped_column(ForeignKey("record_streams.no"))
    from_us: Mapped[Us]
    until_us: Mapped[Us]
    kind: Mapped[str] = mapped_column(String(12))
    """`recorded`, `imported`, `suspect` or `expired`."""


class RecordGap(Base):
    """Time that was due and is not there, with the reason; open while `until_us` is null."""

    __tablename__ = "record_gaps"
    __table_args__ = (
        Index("ix_record_gaps_stream_no_from_us", "stream_no", "from_us"),
        Index("ix_record_gaps_until_us", "until_us"),
    )

    id: Mapped[Sequence64]
    stream_no: Mapped[int] = mapped_column(ForeignKey("record_streams.no"))
    from_us: Mapped[Us]
    until_us: Mapped[OptionalUs]
    since_us: Mapped[Us]
    """When the loss that this row belongs to began: rows are cut at each UTC day."""
    reason: Mapped[str] = mapped_column(String(24))
    cause: Mapped[str | None] = mapped_column(String(32))
    witness: Mapped[str] = mapped_column(String(32))
    """Who established it: `media`, `ticker`, `index`, `start`, `verify`, or a user's id."""
    alarmed: Mapped[bool] = mapped_column(Boolean, default=False)


class RecordHour(Base):
    """Sums of one UTC hour of one stream."""

    __tablename__ = "record_hours"
    __table_args__ = ({"sqlite_with_rowid": False},)

    stream_no: Mapped[int] = mapped_column(ForeignKey("record_streams.no"), primary_key=True)
    hour_us: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kept_us: Mapped[int] = mapped_column(BigInteger)
    """Time for which there is a picture, due or not."""
    due_kept_us: Mapped[int] = mapped_column(BigInteger)
    """The part of it that was due; due in all = this + the hour's losses."""
    size_bytes: Mapped[int] = mapped_column(BigInteger)


class RecordHourLoss(Base):
    """Time lost in one UTC hour of one stream, by reason. Open gaps are added when read."""

    __tablename__ = "record_hour_losses"
    __table_args__ = ({"sqlite_with_rowid": False},)

    stream_no: Mapped[int] = mapped_column(ForeignKey("record_streams.no"), primary_key=True)
    hour_us: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    reason: Mapped[str] = mapped_column(String(24), primary_key=True)
    lost_us: Mapped[int] = mapped_column(BigInteger)


class Plan(Base):
    """When to record and for how long to keep."""

    __tablename__ = "record_plans"

    id: Mapped[IdKey]
    name: Mapped[str] = mapped_column(String(100))
    mode: Mapped[str] = mapped_column(String(8))
    weekly: Mapped[Json]
    retention_days: Mapped[int]
    reason: Mapped[str | None] = mapped_column(String(300))
    """The lawful reason for keeping less than the floor."""
    created_us: Mapped[Us]
    changed_us: Mapped[Us]


class PlanAssignment(Base):
    """Which plan a channel follows."""

    __tablename__ = "record_plan_assignments"

    channel: Mapped[IdKey]
    plan: Mapped[Id] = mapped_column(ForeignKey("record_plans.id"), index=True)
    released: Mapped[bool] = mapped_column(Boolean, default=False)
    """The camera is gone and its recordings are wanted no longer: they go once the legal floor allows it."""


class Deletion(Base):
    """A decision to delete, and what became of it: decided → unlinked → done. Never removed."""

    __tablename__ = "record_deletions"

    id: Mapped[Sequence64]
    stream_no: Mapped[int] = mapped_column(ForeignKey("record_streams.no"))
    start_us: Mapped[Us]
    sequence: Mapped[int] = mapped_column(BigInteger)
    end_us: Mapped[Us]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    pool: Mapped[str] = mapped_column(String(32))
    path: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8), index=True)
    rule: Mapped[str] = mapped_column(String(32))
    decided_us: Mapped[Us]
    evidence: Mapped[Json]


class ClockMark(Base):
    """The one row of the high-water mark: the latest trusted time that was persisted while we ran."""

    __tablename__ = "record_clock"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    high_water_us: Mapped[Us]
    paused_since_us: Mapped[OptionalUs]
    doubts: Mapped[Json]
    confirmed_us: Mapped[OptionalUs]
    """Wall time at which a person said that the clock is right, until the ticker has taken it up."""


class StreamRate(Base):
    """Bits a second of a stream, as measured; the forecast's arithmetic rests on it."""

    __tablename__ = "record_rates"

    stream: Mapped[str] = mapped_column(String(64), primary_key=True)
    bitrate_bps: Mapped[float] = mapped_column(Float)
    measured_us: Mapped[Us]


class Export(Base):
    """A clip job: persisted, so that it survives a restart and its page."""

    __tablename__ = "exports"

    id: Mapped[IdKey]
    owner: Mapped[Id] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(12), index=True)
    channels: Mapped[list[str]] = mapped_column(JSON)
    from_us: Mapped[Us]
    until_us: Mapped[Us]
    audio: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(300))
    step: Mapped[str] = mapped_column(String(24))
    done: Mapped[int]
    total: Mapped[int]
    files: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    gaps: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    problem: Mapped[str | None] = mapped_column(Text)
    created_us: Mapped[Us]
    finished_us: Mapped[OptionalUs]
    expires_us: Mapped[OptionalUs]
