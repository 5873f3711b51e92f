"""The segment index: storing segments, spans, gaps and hourly sums, in the caller's transaction.

Everything here is idempotent: a segment told twice, a gap closed twice, change nothing the second time. Reading
for people lives in `queries.py`; deciding what is due or lost in `rules.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from mingjing.media.model import Segment
from mingjing.recording.intervals import Interval, intersect, split, subtract, tidy, total_us
from mingjing.recording.model import (
    RecordGap,
    RecordHour,
    RecordHourLoss,
    RecordSpan,
    RecordStream,
    StoredSegment,
)
from mingjing.recording.rules import DAY_US, HOUR_US, JOIN_US, PlanMode, Reason, Weekly, due

MOST_SILENT_US = 2 * DAY_US
"""Longest gap that running time can make in one piece: open gaps are cut each midnight."""


@dataclass(frozen=True, slots=True)
class Due:
    """A stream's plan as the index needs it."""

    mode: PlanMode
    weekly: Weekly

    def within(self, window: Interval) -> list[Interval]:
        return due(self.mode, self.weekly, window)


NEVER_DUE = Due("off", {})


class Stored(Enum):
    """What became of an announced segment."""

    NEW = "new"
    KNOWN = "known"
    CONTRADICTED = "contradicted"
    """The same id with another digest: one of the two files is not what it says."""


def stream_no(session: Session, stream: str) -> int:
    """The number of a stream, given at its first appearance."""
    found = session.scalar(select(RecordStream.no).where(RecordStream.stream == stream))
    if found is not None:
        return found
    row = RecordStream(stream=stream, channel=stream.partition(".")[0], accounted_until_us=None)
    session.add(row)
    session.flush()
    return row.no


def known_stream_no(session: Session, stream: str) -> int | None:
    """The number of a stream that has one."""
    return session.scalar(select(RecordStream.no).where(RecordStream.stream == stream))


def sequence_of(segment_id: str) -> int:
    """The sequence number at the end of a segment's id. Raises ValueError for what is none."""
    return int(segment_id.rpartition("-")[2])


def segment_id(stream: str, start_us: int, sequence: int) -> str:
    return f"{stream}/{start_us}-{sequence}"


def store(
    session: Session, segment: Segment, *, pool: str, plan: Due, last_reason: Reason, now_us: int
) -> Stored:
    """Enter a segment that is durable on disk: row, span, hourly sums, gaps cut, silence before it explained.

    `last_reason` explains due time before this segment for which nothing else is known.
    """
    no = stream_no(session, segment.stream)
    sequence = sequence_of(segment.id)
    digest = bytes.fromhex(segment.digest)
    known = session.scalar(
        select(StoredSegment.digest).where(
            StoredSegment.stream_no == no,
            StoredSegment.start_us == segment.start_us,
            StoredSegment.sequence == sequence,
        )
    )
    if known is not None:
        return Stored.KNOWN if known == digest else Stored.CONTRADICTED
    session.execute(
        insert(StoredSegment).values(
            stream_no=no,
            start_us=segment.start_us,
            sequence=sequence,
            end_us=segment.end_us,
            size_bytes=segment.bytes,
            digest=digest,
            fragments=segment.fragments,
            video_frames=segment.video_frames,
            key_frames=segment.key_frames,
            codecs=segment.codecs,
            width=segment.width,
            height=segment.height,
            origin=segment.origin,
            state="stored",
            stored_us=now_us,
            pool=pool,
            path=segment.path,
        )
    )
    kept = Interval(segment.start_us, segment.end_us)
    kind = "imported" if segment.origin == "imported" else "recorded"
    if kind == "recorded":
        account(session, no, segment.start_us, plan, last_reason)
    keep_stretch(session, no, kept, kind, plan, segment.bytes)
    return Stored.NEW


def keep_stretch(session: Session, no: int, kept: Interval, kind: str, plan: Due, size: int = 0) -> None:
    """Add a stretch of which there are pictures to spans and sums, and take it out of the gaps."""
    around = Interval(kept.from_us - 2 * JOIN_US, kept.until_us + 2 * JOIN_US)
    before = _near(session, no, around, ("recorded", "imported"))
    # A camera that says nothing for a while and goes on leaves a hole in the middle of a file.
    holes = _silent_within(session, no, kept) if kind == "recorded" else []
    if kind == "recorded":
        cut_gaps(session, no, kept)
        for hole in holes:
            add_gap(session, no, hole, Reason.SOURCE_SILENT, witness="media")
        advance(session, no, kept.until_us)
    for part in subtract([kept], holes):
        extend_span(session, no, part, kind)
    # The hole of a frame or two that joins this stretch to its neighbour counts as kept with it.
    fresh = subtract(_near(session, no, around, ("recorded", "imported")), before)
    for item in fresh:
        cut_gaps(session, no, item)
    due_part = [part for item in fresh for part in plan.within(item)] if kind == "recorded" else []
    _count_kept(session, no, fresh, due_part, size)


def account(session: Session, no: int, until_us: int, plan: Due, reason: Reason) -> list[Interval]:
    """Make gap rows for due time before `until_us` of which nothing is known. Returns what was added."""
    accounted = session.scalar(select(RecordStream.accounted_until_us).where(RecordStream.no == no))
    if accounted is None or accounted >= until_us:
        return []
    window = Interval(accounted, until_us)
    missing = _missing(session, no, window, plan)
    if total_us(missing) > MOST_SILENT_US:
        # Time away is explained at start: silence this long was made by a clock that jumped, not by time.
        missing = intersect(missing, [Interval(accounted, accounted + DAY_US)])
        reason = Reason.CLOCK_JUMP
    for item in missing:
        add_gap(session, no, item, reason, witness="index")
    return missing


def explain_ended(
    session: Session, no: int, lost: Interval, plan: Due, reason: Reason, *, witness: str
) -> None:
    """Enter a gap that is over when it is told, where it was due and nothing else is known of it."""
    for item in _missing(session, no, lost, plan):
        add_gap(session, no, item, reason, witness=witness)


def _missing(session: Session, no: int, window: Interval, plan: Due) -> list[Interval]:
    """What is due in a window and neither kept nor explained."""
    known = [*_near(session, no, window, None), *_gap_intervals(session, no, window)]
    return [item for item in subtract(plan.within(window), tidy(known, JOIN_US)) if item.length_us > JOIN_US]


def come_back(session: Session, row: RecordStream, before_us: int) -> None:
    """Set a stream's accounted time, which ran ahead with a wrong clock, to the last moment known before `before_us`.

    Gaps that reach beyond it were made by that clock, and go.
    """
    beyond = select(RecordGap).where(RecordGap.stream_no == row.no, RecordGap.until_us > before_us)
    for gap in session.scalars(beyond).all():
        if gap.until_us is not None:
            _count_lost(session, row.no, Interval(gap.from_us, gap.until_us), gap.reason, -1)
            session.delete(gap)
    session.flush()
    ends = [
        session.scalar(
            select(func.max(table.until_us)).where(table.stream_no == row.no, table.until_us <= before_us)
        )
        for table in (RecordSpan, RecordGap)
    ]
    row.accounted_until_us = max((end for end in ends if end is not None), default=before_us)
    session.flush()


def recorded_within(session: Session, no: int, window: Interval) -> bool:
    """Whether a segment that was recorded, not brought in, begins in a window."""
    query = select(StoredSegment.start_us).where(
        StoredSegment.stream_no == no,
        StoredSegment.start_us >= window.from_us,
        StoredSegment.start_us < window.until_us,
        StoredSegment.origin != "imported",
    )
    return session.scalar(query.limit(1)) is not None


def advance(session: Session, no: int, until_us: int) -> None:
    """All before `until_us` is a segment or a gap row; never goes back."""
    session.execute(
        update(RecordStream)
        .where(
            RecordStream.no == no,
            (RecordStream.accounted_until_us.is_(None)) | (RecordStream.accounted_until_us < until_us),
        )
        .values(accounted_until_us=until_us)
    )


def extend_span(session: Session, no: int, interval: Interval, kind: str) -> None:
    """Add a stretch to the spans of its kind, joined with its neighbours, cut at UTC days."""
    for _, piece in split(interval, DAY_US):
        day = piece.from_us - piece.from_us % DAY_US
        rows = session.execute(
            select(RecordSpan.id, RecordSpan.from_us, RecordSpan.until_us).where(
                RecordSpan.stream_no == no,
                RecordSpan.kind == kind,
                RecordSpan.from_us >= day,
                RecordSpan.from_us < min(day + DAY_US, piece.until_us + JOIN_US),
                RecordSpan.until_us >= piece.from_us - JOIN_US,
            )
        ).all()
        from_us = min([piece.from_us, *(row.from_us for row in rows)])
        until_us = max([piece.until_us, *(row.until_us for row in rows)])
        if not rows:
            session.execute(
                insert(RecordSpan).values(stream_no=no, from_us=from_us, until_us=until_us, kind=kind)
            )
            continue
        session.execute(
            update(RecordSpan).where(RecordSpan.id == rows[0].id).values(from_us=from_us, until_us=until_us)
        )
        if len(rows) > 1:
            session.execute(delete(RecordSpan).where(RecordSpan.id.in_([row.id for row in rows[1:]])))


def cut_span(session: Session, no: int, interval: Interval, kinds: Sequence[str]) -> None:
    """Take a stretch out of the spans of these kinds."""
    rows = session.execute(
        select(RecordSpan.id, RecordSpan.from_us, RecordSpan.until_us, RecordSpan.kind).where(
            RecordSpan.stream_no == no,
            RecordSpan.kind.in_(kinds),
            RecordSpan.from_us > interval.from_us - DAY_US,
            RecordSpan.from_us < interval.until_us,
            RecordSpan.until_us > interval.from_us,
        )
    ).all()
    for row in rows:
        session.execute(delete(RecordSpan).where(RecordSpan.id == row.id))
        for rest in subtract([Interval(row.from_us, row.until_us)], [interval]):
            session.execute(
                insert(RecordSpan).values(
                    stream_no=no, from_us=rest.from_us, until_us=rest.until_us, kind=row.kind
                )
            )


def open_gap(
    session: Session, no: int, from_us: int, reason: Reason, *, cause: str | None, witness: str
) -> bool:
    """Say that a stream is not kept from here on. Returns whether anything changed.

    An open gap of the same reason goes on; one of another reason ends here. An unknown reason never
    replaces a known one.
    """
    since_us, alarmed = None, False
    for row in _open_rows(session, no):
        if row.reason == reason or reason is Reason.UNKNOWN:
            return False
        at = max(from_us, row.from_us)
        # The loss goes on with another reason: the minute until its alarm is not begun anew.
        since_us, alarmed = row.since_us, row.alarmed
        _close_row(session, row, at)
        from_us = at
    kept = _near(session, no, Interval(from_us, from_us + DAY_US), ("recorded",))
    for item in kept:
        if item.from_us <= from_us < item.until_us:
            from_us = item.until_us
    session.execute(
        insert(RecordGap).values(
            stream_no=no,
            from_us=from_us,
            until_us=None,
            since_us=from_us if since_us is None else since_us,
            reason=reason.value,
            cause=cause,
            witness=witness,
            alarmed=alarmed,
        )
    )
    session.execute(
        update(RecordStream)
        .where(RecordStream.no == no, RecordStream.accounted_until_us.is_(None))
        .values(accounted_until_us=from_us),
        # The row that was changed alone: "evaluate" looks at all that the session holds, for each stream again.
        execution_options={"synchronize_session": "fetch"},
    )
    return True


def has_open_gap(session: Session, no: int) -> bool:
    """Whether a stream is known not to be kept at this moment."""
    return bool(_open_rows(session, no))


def close_gap(session: Session, no: int, until_us: int) -> bool:
    """Say that a stream is kept again. Returns whether a gap was open."""
    rows = _open_rows(session, no)
    for row in rows:
        _close_row(session, row, until_us)
    return bool(rows)


def roll_gaps(session: Session, now_us: int) -> None:
    """Cut open gaps at the UTC days that have passed, so that no row is longer than a day."""
    today = now_us - now_us % DAY_US
    rows = session.scalars(
        select(RecordGap).where(RecordGap.until_us.is_(None), RecordGap.from_us < today)
    ).all()
    for row in rows:
        from_us, since_us, alarmed = row.from_us, row.since_us, row.alarmed
        _close_row(session, row, today)
        session.execute(
            insert(RecordGap).values(
                stream_no=row.stream_no,
                from_us=max(today, from_us),
                until_us=None,
                since_us=since_us,
                reason=row.reason,
                cause=row.cause,
                witness=row.witness,
                alarmed=alarmed,
            )
        )


def add_gap(
    session: Session,
    no: int,
    interval: Interval,
    reason: Reason,
    *,
    witness: str,
    cause: str | None = None,
    since_us: int | None = None,
) -> None:
    """Enter a gap that has ended, cut at UTC days, and count it."""
    for _, piece in split(interval, DAY_US):
        session.execute(
            insert(RecordGap).values(
                stream_no=no,
                from_us=piece.from_us,
                until_us=piece.until_us,
                since_us=interval.from_us if since_us is None else since_us,
                reason=reason.value,
                cause=cause,
                witness=witness,
                alarmed=False,
            )
        )
        _count_lost(session, no, piece, reason.value, 1)


def lose(session: Session, no: int, interval: Interval, reason: Reason, *, witness: str) -> None:
    """Turn kept time into a gap: its file is gone or its bytes are not believed any more."""
    recorded = _near(session, no, interval, ("recorded", "imported"))
    cut_span(session, no, interval, ("recorded", "imported"))
    for item in intersect(recorded, [interval]):
        for hour, piece in split(item, HOUR_US):
            row = session.get(RecordHour, (no, hour))
            if row is not None:
                row.kept_us = max(0, row.kept_us - piece.length_us)
                row.due_kept_us = max(0, row.due_kept_us - piece.length_us)
        session.flush()
        add_gap(session, no, item, reason, witness=witness)


def is_explained(session: Session, no: int, at_us: int, reason: Reason) -> bool:
    """Whether a moment lies in a gap of this reason that has ended."""
    found = session.scalar(
        select(RecordGap.id).where(
            RecordGap.stream_no == no,
            RecordGap.from_us > at_us - DAY_US,
            RecordGap.from_us <= at_us,
            RecordGap.until_us > at_us,
            RecordGap.reason == reason.value,
        )
    )
    return found is not None


def is_suspect(session: Session, no: int, at_us: int) -> bool:
    """Whether a moment is shown as suspect: recorded, but not believed."""
    spans = _near(session, no, Interval(at_us, at_us + 1), ("suspect",))
    return bool(spans)


def explain_lost(session: Session, no: int, lost: Interval, reason: Reason, *, witness: str) -> None:
    """Make a gap of what is not kept of a stretch; it takes the place of gaps with a less exact reason."""
    for item in subtract([lost], _near(session, no, lost, ("recorded", "imported"))):
        cut_gaps(session, no, item)
        add_gap(session, no, item, reason, witness=witness)


def explain_silence(session: Session, no: int, lost: Interval, plan: Due) -> None:
    """Enter how long a camera sent nothing as its writer saw it, in place of what was guessed meanwhile."""
    better = _gap_intervals(session, no, lost, but=(Reason.UNKNOWN, Reason.SOURCE_SILENT))
    for item in subtract(plan.within(lost), tidy(better)):
        explain_lost(session, no, item, Reason.SOURCE_SILENT, witness="media")


def cut_gaps(session: Session, no: int, kept: Interval) -> None:
    """Take kept time out of the gaps: a recovered or late segment shrinks, splits or removes them."""
    rows = session.scalars(
        select(RecordGap).where(
            RecordGap.stream_no == no,
            RecordGap.from_us > kept.from_us - 2 * DAY_US,
            RecordGap.from_us < kept.until_us,
            (RecordGap.until_us.is_(None)) | (RecordGap.until_us > kept.from_us),
        )
    ).all()
    for row in rows:
        if row.until_us is None:
            _cut_open(session, row, kept)
            continue
        whole = Interval(row.from_us, row.until_us)
        session.delete(row)
        _count_lost(session, no, whole, row.reason, -1)
        for rest in subtract([whole], [kept]):
            add_gap(
                session, no, rest, Reason(row.reason), witness=row.witness, cause=row.cause,
                since_us=row.since_us,
            )  # fmt: skip


def _cut_open(session: Session, row: RecordGap, kept: Interval) -> None:
    if row.from_us >= kept.from_us:
        row.from_us = kept.until_us
        row.since_us = max(row.since_us, kept.until_us)
        session.flush()
        return
    _close_row(session, row, kept.from_us)


def _close_row(session: Session, row: RecordGap, until_us: int) -> None:
    if until_us <= row.from_us:
        session.delete(row)
        session.flush()
        return
    whole, reason = Interval(row.from_us, until_us), Reason(row.reason)
    if whole.length_us > MOST_SILENT_US:
        # Open gaps are cut each midnight: one this long was made by a clock that jumped, not by time.
        whole, reason = Interval(row.from_us, row.from_us + DAY_US), Reason.CLOCK_JUMP
    session.delete(row)
    session.flush()
    # Who tells late tells of time that was explained meanwhile. Silence within a segment was seen by its writer, and is
    # no less silence where the segment was told first.
    known = _gap_intervals(session, row.stream_no, whole)
    if reason is not Reason.SOURCE_SILENT:
        known += _near(session, row.stream_no, whole, ("recorded", "imported"))
    for missing in subtract([whole], known):
        add_gap(
            session, row.stream_no, missing, reason, witness=row.witness, cause=row.cause,
            since_us=row.since_us,
        )  # fmt: skip


def in_gap(session: Session, reason: Reason) -> bool:
    """Whether any stream is in a gap of this reason now."""
    query = select(RecordGap.id).where(RecordGap.until_us.is_(None), RecordGap.reason == reason.value)
    return session.scalar(query.limit(1)) is not None


def _open_rows(session: Session, no: int) -> Sequence[RecordGap]:
    return session.scalars(
        select(RecordGap).where(RecordGap.stream_no == no, RecordGap.until_us.is_(None))
    ).all()


def _near(session: Session, no: int, window: Interval, kinds: Sequence[str] | None) -> list[Interval]:
    query = select(RecordSpan.from_us, RecordSpan.until_us).where(
        RecordSpan.stream_no == no,
        RecordSpan.from_us > window.from_us - DAY_US,
        RecordSpan.from_us < window.until_us,
        RecordSpan.until_us > window.from_us,
    )
    if kinds is not None:
        query = query.where(RecordSpan.kind.in_(kinds))
    return [Interval(row.from_us, row.until_us) for row in session.execute(query)]


def _silent_within(session: Session, no: int, kept: Interval) -> list[Interval]:
    """Gaps in a segment that its writer saw: its camera sent nothing. The last picture before one is its last, too,
    where the next one begins another segment.
    """
    rows = session.execute(
        select(RecordGap.from_us, RecordGap.until_us).where(
            RecordGap.stream_no == no,
            RecordGap.from_us > kept.from_us,
            RecordGap.until_us <= kept.until_us + JOIN_US,
            RecordGap.until_us > RecordGap.from_us + JOIN_US,
            RecordGap.reason == Reason.SOURCE_SILENT.value,
            RecordGap.witness == "media",
        )
    )
    found = [Interval(row.from_us, row.until_us) for row in rows if row.until_us is not None]
    return intersect(tidy(found), [kept])


def _gap_intervals(session: Session, no: int, window: Interval, but: Sequence[Reason] = ()) -> list[Interval]:
    """Gaps in a window, but those of some reasons; one that is open lasts as long as the window."""
    rows = session.execute(
        select(RecordGap.from_us, RecordGap.until_us).where(
            RecordGap.stream_no == no,
            RecordGap.from_us > window.from_us - 2 * DAY_US,
            RecordGap.from_us < window.until_us,
            RecordGap.reason.not_in([reason.value for reason in but]),
        )
    )
    return [Interval(row.from_us, window.until_us if row.until_us is None else row.until_us) for row in rows]


def _upsert(
    session: Session,
    table: type[RecordHour] | type[RecordHourLoss],
    keys: list[str],
    rows: list[dict[str, int | str]],
) -> None:
    """Add to sums that may not be there yet, in one statement on either engine."""
    if not rows:
        return
    sums = [name for name in rows[0] if name not in keys]
    dialect = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = dialect(table)
    added = statement.on_conflict_do_update(
        index_elements=keys,
        set_={name: getattr(table, name) + statement.excluded[name] for name in sums},
    )
    session.execute(added, rows)


def _count_kept(
    session: Session, no: int, fresh: Iterable[Interval], due_part: list[Interval], size: int
) -> None:
    pieces = [(hour, piece) for item in fresh for hour, piece in split(item, HOUR_US)]
    whole = sum(piece.length_us for _, piece in pieces) or 1
    for hour, piece in pieces:
        not_due = sum(item.length_us for item in subtract([piece], due_part))
        row: dict[str, int | str] = {
            "stream_no": no,
            "hour_us": hour,
            "kept_us": piece.length_us,
            "due_kept_us": piece.length_us - not_due,
            "size_bytes": size * piece.length_us // whole,
        }
        _upsert(session, RecordHour, ["stream_no", "hour_us"], [row])


def count_bytes(session: Session, no: int, sizes: Mapping[int, int]) -> None:
    """Add bytes to hours, by the beginning of the hour."""
    rows: list[dict[str, int | str]] = [
        {"stream_no": no, "hour_us": hour, "kept_us": 0, "due_kept_us": 0, "size_bytes": size}
        for hour, size in sizes.items()
    ]
    _upsert(session, RecordHour, ["stream_no", "hour_us"], rows)


def _count_lost(session: Session, no: int, interval: Interval, reason: str, sign: int) -> None:
    rows: list[dict[str, int | str]] = [
        {"stream_no": no, "hour_us": hour, "reason": reason, "lost_us": sign * piece.length_us}
        for hour, piece in split(interval, HOUR_US)
    ]
    _upsert(session, RecordHourLoss, ["stream_no", "hour_us", "reason"], rows)
