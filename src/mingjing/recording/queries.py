"""Reads of recordings: timelines, segments, gaps, completeness. Each demands a `Scope` for what a person asks.

The tables' order serves every query here: (stream, from) for spans and gaps, (stream, hour) for sums, (stream,
start) for segments; the plans are checked by a test on a large index.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mingjing.identity.scope import Scope
from mingjing.kernel.errors import MingjingError
from mingjing.recording.errors import RANGE_BAD
from mingjing.recording.index import Due, segment_id
from mingjing.recording.intervals import Interval, intersect, split, subtract, tidy, total_us
from mingjing.recording.model import (
    RecordGap,
    RecordHour,
    RecordHourLoss,
    RecordSpan,
    RecordStream,
    StoredSegment,
)
from mingjing.recording.plans import due_by_channel
from mingjing.recording.rules import AGREED, DAY_US, HOUR_US, JOIN_US, day_text, percent_cut
from mingjing.recording.schema import (
    BucketOut,
    CameraDay,
    Completeness,
    DayCell,
    GapOut,
    HeatRow,
    LaneOut,
    Now,
    NowOut,
    SegmentOut,
    SpanOut,
)
from mingjing.registry.queries import channels_in

SPANS_MOST = 20_000
BUCKETS_MOST = 2_000
RANGE_MOST_US = 400 * DAY_US


def window_of(from_us: int, until_us: int) -> Interval:
    """A range that may be asked for. Raises REC-010."""
    if until_us <= from_us:
        raise MingjingError(RANGE_BAD, problem_zh="结束不晚于开始。", problem_en="It ends before it begins.")
    if until_us - from_us > RANGE_MOST_US:
        raise MingjingError(
            RANGE_BAD, problem_zh="范围超过 400 天。", problem_en="It is longer than 400 days."
        )
    return Interval(from_us, until_us)


def lanes(
    session: Session, scope: Scope, channels: Sequence[str], window: Interval, step_us: int, now_us: int
) -> list[LaneOut]:
    """Timelines of channels in scope, in the order asked; channels outside it are left out as if unknown."""
    if step_us and window.length_us // step_us > BUCKETS_MOST:
        raise MingjingError(
            RANGE_BAD, problem_zh="分段过细。", problem_en="The steps are too fine for this range."
        )
    visible = channels_in(session, scope, channels)
    streams = _recorded_streams(session, list(visible))
    plans = due_by_channel(session)
    found = []
    for channel in channels:
        if channel not in visible:
            continue
        row = streams.get(channel)
        due = plans[channel][1] if channel in plans else Due("off", {})
        found.append(_lane(session, channel, row, due, window, step_us, now_us))
    return found


def segments(
    session: Session, scope: Scope, channel: str, kind: str, window: Interval, limit: int
) -> list[SegmentOut]:
    """Segments that overlap a window, oldest first."""
    if channel not in channels_in(session, scope, [channel]):
        return []
    stream = f"{channel}.{kind}"
    no = session.scalar(select(RecordStream.no).where(RecordStream.stream == stream))
    if no is None:
        return []
    return [_segment(stream, row) for row in overlapping(session, no, window, limit)]


def overlapping(session: Session, no: int, window: Interval, limit: int) -> Sequence[StoredSegment]:
    """Rows of segments that overlap a window, oldest first."""
    # The one that begins before the window and may reach into it is found by one descent of the key.
    before = session.scalar(
        select(StoredSegment.start_us)
        .where(StoredSegment.stream_no == no, StoredSegment.start_us <= window.from_us)
        .order_by(StoredSegment.start_us.desc())
        .limit(1)
    )
    return session.scalars(
        select(StoredSegment)
        .where(
            StoredSegment.stream_no == no,
            StoredSegment.start_us >= (window.from_us if before is None else before),
            StoredSegment.start_us < window.until_us,
            StoredSegment.end_us > window.from_us,
        )
        .order_by(StoredSegment.start_us, StoredSegment.sequence)
        .limit(limit)
    ).all()


def gaps(
    session: Session,
    scope: Scope,
    channels: Sequence[str] | None,
    window: Interval,
    reason: str | None,
    limit: int,
) -> list[GapOut]:
    """Gaps of channels in scope, newest first; pieces of one loss that were cut at midnight are joined again."""
    visible = channels_in(session, scope, channels)
    streams = _all_streams(session, list(visible))
    query = select(RecordGap).where(
        RecordGap.stream_no.in_(list(streams)),
        RecordGap.from_us > window.from_us - DAY_US,
        RecordGap.from_us < window.until_us,
    )
    if reason is not None:
        query = query.where(RecordGap.reason == reason)
    joined: dict[tuple[int, int, str], GapOut] = {}
    for row in session.scalars(query.order_by(RecordGap.from_us)):
        if row.until_us is not None and row.until_us <= window.from_us:
            continue
        name = streams[row.stream_no]
        key = (row.stream_no, row.since_us, row.reason)
        known = joined.get(key)
        if known is not None and known.until_us == row.from_us:
            joined[key] = known.model_copy(update={"until_us": row.until_us})
            continue
        if known is not None:
            key = (row.stream_no, row.from_us, row.reason)
        joined[key] = GapOut(
            channel=name.partition(".")[0], stream=name, from_us=row.from_us, until_us=row.until_us,
            since_us=row.since_us, reason=row.reason, cause=row.cause, witness=row.witness,
        )  # fmt: skip
    ordered = sorted(joined.values(), key=lambda gap: -gap.from_us)
    return ordered[:limit]


def gaps_within(session: Session, channel: str, kind: str, window: Interval, now_us: int) -> list[SpanOut]:
    """What is missing of a stream in a window, with reasons, for exports: also what was never due or is gone."""
    row = session.scalars(select(RecordStream).where(RecordStream.stream == f"{channel}.{kind}")).first()
    if row is None:
        return [SpanOut(from_us=window.from_us, until_us=window.until_us, kind="gap", reason="unknown")]
    spans = _spans(session, row, Due("off", {}), window, now_us)
    kept = [Interval(s.from_us, s.until_us) for s in spans if s.kind in {"recorded", "imported"}]
    known = [s for s in spans if s.kind == "gap"]
    rest = subtract(subtract([window], tidy(kept, JOIN_US)), [Interval(s.from_us, s.until_us) for s in known])
    known += [SpanOut(from_us=r.from_us, until_us=r.until_us, kind="not_due", reason="not_due") for r in rest]
    return sorted(known, key=lambda span: span.from_us)


@dataclass(frozen=True, slots=True)
class Loss:
    """That a camera was not being kept: since when, the media plane's cause if it gave one, and the reason."""

    at_us: int
    cause: str | None
    reason: str


def last_losses(session: Session, channel: str, most: int) -> list[Loss]:
    """The latest gaps of a camera, newest first, for a caller who has already been let in to it."""
    rows = session.execute(
        select(RecordGap.since_us, RecordGap.cause, RecordGap.reason)
        .join(RecordStream, RecordStream.no == RecordGap.stream_no)
        .where(RecordStream.channel == channel)
        .order_by(RecordGap.from_us.desc())
        .limit(most)
    )
    return [Loss(row.since_us, row.cause, row.reason) for row in rows]


def completeness(session: Session, scope: Scope, day: Interval, now_us: int) -> Completeness:
    """Is everything being kept? Every camera in scope with something due that day, worst first."""
    visible = channels_in(session, scope)
    sums = _day_sums(session, list(visible), Interval(day.from_us, min(day.until_us, now_us)), now_us)
    cameras = []
    whole_lost: defaultdict[str, int] = defaultdict(int)
    for channel, (kept, lost) in sums.items():
        due = kept + sum(lost.values())
        if due == 0:
            continue
        for reason, amount in lost.items():
            whole_lost[reason] += amount
        cameras.append(
            CameraDay(
                channel=channel, name=visible[channel].name, due_us=due, kept_us=kept,
                percent=percent_cut(kept, due), lost=lost, main_reason=_main_reason(lost),
            )
        )  # fmt: skip
    cameras.sort(key=lambda found: (-(found.due_us - found.kept_us), found.name))
    kept = sum(found.kept_us for found in cameras)
    due = sum(found.due_us for found in cameras)
    agreed = sum(amount for reason, amount in whole_lost.items() if reason in AGREED)
    return Completeness(
        day=day_text(day.from_us), from_us=day.from_us, until_us=day.until_us, due_us=due, kept_us=kept,
        percent=percent_cut(kept, due), percent_without_agreed=percent_cut(kept, due - agreed),
        lost=dict(whole_lost), cameras=cameras,
    )  # fmt: skip


def heat(session: Session, scope: Scope, until_day: Interval, days: int, now_us: int) -> list[HeatRow]:
    """Completeness of every camera in scope over the last days, one cell a day."""
    visible = channels_in(session, scope)
    rows: dict[str, list[DayCell]] = {channel: [] for channel in visible}
    for back in range(days - 1, -1, -1):
        day = Interval(until_day.from_us - back * DAY_US, until_day.until_us - back * DAY_US)
        sums = _day_sums(session, list(visible), Interval(day.from_us, min(day.until_us, now_us)), now_us)
        for channel in visible:
            kept, lost = sums.get(channel, (0, {}))
            due = kept + sum(lost.values())
            rows[channel].append(
                DayCell(
                    day=day_text(day.from_us), due_us=due, kept_us=kept, percent=percent_cut(kept, due),
                    main_reason=_main_reason(lost),
                )
            )  # fmt: skip
    named = sorted(visible.values(), key=lambda row: (row.name, row.id))
    return [HeatRow(channel=row.id, name=row.name, days=rows[row.id]) for row in named]


def not_kept_now(session: Session, scope: Scope, recording: int, due: int) -> Now:
    """Cameras that are due and not being kept at this moment, longest first."""
    visible = channels_in(session, scope)
    rows = session.execute(
        select(RecordGap, RecordStream.stream, RecordStream.channel)
        .join(RecordStream, RecordStream.no == RecordGap.stream_no)
        .where(RecordGap.until_us.is_(None))
        .order_by(RecordGap.since_us)
    )
    lost = [
        NowOut(
            channel=channel, name=visible[channel].name, stream=stream, since_us=gap.since_us,
            reason=gap.reason, cause=gap.cause,
        )
        for gap, stream, channel in rows
        if channel in visible
    ]  # fmt: skip
    return Now(recording=recording, due=due, lost=lost)


def _lane(
    session: Session,
    channel: str,
    row: RecordStream | None,
    due: Due,
    window: Interval,
    step_us: int,
    now_us: int,
) -> LaneOut:
    if row is None:
        return LaneOut(
            channel=channel, stream=f"{channel}.main", first_us=None, last_us=None, percent=None,
            spans=None if step_us else [], buckets=[] if step_us else None,
        )  # fmt: skip
    first = session.scalar(select(func.min(RecordSpan.from_us)).where(RecordSpan.stream_no == row.no))
    last = session.scalar(select(func.max(RecordSpan.from_us)).where(RecordSpan.stream_no == row.no))
    last_end = session.scalar(
        select(RecordSpan.until_us).where(RecordSpan.stream_no == row.no, RecordSpan.from_us == last).limit(1)
    )
    spans = _spans(session, row, due, window, now_us) if step_us == 0 else None
    buckets = _buckets(session, row, due, window, step_us, now_us) if step_us else None
    if spans is not None:
        kept = sum(s.until_us - s.from_us for s in spans if s.kind == "recorded")
        whole = kept + sum(s.until_us - s.from_us for s in spans if s.kind == "gap")
    else:
        kept = sum(bucket.kept_us for bucket in buckets or [])
        whole = sum(bucket.due_us for bucket in buckets or [])
    return LaneOut(
        channel=channel, stream=row.stream, first_us=first, last_us=last_end,
        percent=percent_cut(kept, whole), spans=spans, buckets=buckets,
    )  # fmt: skip


def _spans(session: Session, row: RecordStream, due: Due, window: Interval, now_us: int) -> list[SpanOut]:
    found: list[SpanOut] = []
    covered: list[Interval] = []
    for kind, pieces in _kinds(session, row.no, window).items():
        joined = intersect(tidy(pieces, JOIN_US), [window])
        covered += joined
        found += [
            SpanOut.model_validate({"from_us": p.from_us, "until_us": p.until_us, "kind": kind})
            for p in joined
        ]
    for gap in _gap_rows(session, row.no, window):
        until = min(now_us if gap.until_us is None else gap.until_us, window.until_us)
        piece = Interval(max(gap.from_us, window.from_us), until)
        if piece.length_us <= 0:
            continue
        covered.append(piece)
        last = found[-1] if found else None
        if (
            last is not None
            and last.kind == "gap"
            and last.until_us == piece.from_us
            and last.reason == gap.reason
        ):
            found[-1] = last.model_copy(update={"until_us": piece.until_us})
            continue
        found.append(
            SpanOut(
                from_us=piece.from_us,
                until_us=piece.until_us,
                kind="gap",
                reason=gap.reason,
                witness=gap.witness,
            )
        )
    accounted = row.accounted_until_us or 0
    past = Interval(window.from_us, min(window.until_us, accounted, now_us))
    later = Interval(max(window.from_us, accounted), min(window.until_us, now_us))
    idle = subtract([past], tidy(covered, JOIN_US)) + subtract([later], [*covered, *due.within(later)])
    first = min((item.from_us for item in covered), default=window.until_us)
    found += [
        SpanOut(from_us=piece.from_us, until_us=piece.until_us, kind="not_due")
        for piece in idle
        if piece.until_us > first and piece.length_us > JOIN_US
    ]
    if len(found) > SPANS_MOST:
        raise MingjingError(
            RANGE_BAD, problem_zh="片段过多，请缩小范围。", problem_en="Too many spans; ask for less."
        )
    return sorted(found, key=lambda span: span.from_us)


def _buckets(
    session: Session, row: RecordStream, due: Due, window: Interval, step_us: int, now_us: int
) -> list[BucketOut]:
    """Sums by step: from the hourly tables where whole hours are asked for, else from spans and gaps."""
    kept: defaultdict[int, int] = defaultdict(int)
    lost: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    if step_us % HOUR_US == 0:
        # Summed by the database: a month by days is thirty rows to hand over and not seven hundred.
        asked_step = (RecordHour.hour_us - RecordHour.hour_us % step_us).label("step")
        for from_us, amount in session.execute(
            select(asked_step, func.sum(RecordHour.kept_us))
            .where(
                RecordHour.stream_no == row.no,
                RecordHour.hour_us >= window.from_us,
                RecordHour.hour_us < window.until_us,
            )
            .group_by("step")
        ):
            kept[from_us] = int(amount)
        asked_step = (RecordHourLoss.hour_us - RecordHourLoss.hour_us % step_us).label("step")
        for from_us, reason, amount in session.execute(
            select(asked_step, RecordHourLoss.reason, func.sum(RecordHourLoss.lost_us))
            .where(
                RecordHourLoss.stream_no == row.no,
                RecordHourLoss.hour_us >= window.from_us,
                RecordHourLoss.hour_us < window.until_us,
                RecordHourLoss.lost_us > 0,
            )
            .group_by("step", RecordHourLoss.reason)
        ):
            lost[from_us][reason] = int(amount)
        pieces = [
            (Interval(max(from_us, window.from_us), min(now_us, window.until_us)), reason)
            for from_us, reason in _open_gaps(session, row.no, window)
        ]
    else:
        spans = _spans(session, row, due, window, now_us)
        for span in spans:
            if span.kind in {"recorded", "imported"}:
                for step, piece in split(Interval(span.from_us, span.until_us), step_us):
                    kept[step] += piece.length_us
        pieces = [(Interval(s.from_us, s.until_us), s.reason or "unknown") for s in spans if s.kind == "gap"]
    for interval, reason in pieces:
        for step, piece in split(interval, step_us):
            lost[step][reason] += piece.length_us
    return [_bucket(step, kept.get(step, 0), lost.get(step, {})) for step in sorted({*kept, *lost})]


def _bucket(from_us: int, kept_us: int, lost: dict[str, int]) -> BucketOut:
    # Thousands an answer, of our own numbers: validating each would cost more than all the queries.
    return BucketOut.model_construct(
        from_us=from_us, kept_us=kept_us, due_us=kept_us + sum(lost.values()), lost=dict(lost)
    )


def _day_sums(
    session: Session, channels: list[str], day: Interval, now_us: int
) -> dict[str, tuple[int, dict[str, int]]]:
    """Kept (of what was due) and lost by reason, a channel."""
    kept: defaultdict[str, int] = defaultdict(int)
    lost: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    visible = set(channels)
    for channel, amount in session.execute(
        select(RecordStream.channel, func.sum(RecordHour.due_kept_us))
        .join(RecordStream, RecordStream.no == RecordHour.stream_no)
        .where(RecordHour.hour_us >= day.from_us, RecordHour.hour_us < day.until_us)
        .group_by(RecordStream.channel)
    ):
        if channel in visible:
            kept[channel] = int(amount)
    for channel, reason, amount in session.execute(
        select(RecordStream.channel, RecordHourLoss.reason, func.sum(RecordHourLoss.lost_us))
        .join(RecordStream, RecordStream.no == RecordHourLoss.stream_no)
        .where(RecordHourLoss.hour_us >= day.from_us, RecordHourLoss.hour_us < day.until_us)
        .group_by(RecordStream.channel, RecordHourLoss.reason)
    ):
        if channel in visible and amount > 0:
            lost[channel][reason] = int(amount)
    for channel, from_us, reason in session.execute(
        select(RecordStream.channel, RecordGap.from_us, RecordGap.reason)
        .join(RecordStream, RecordStream.no == RecordGap.stream_no)
        .where(RecordGap.until_us.is_(None), RecordGap.from_us < day.until_us)
    ):
        amount = total_us(intersect([Interval(from_us, now_us)], [day]))
        if channel in visible and amount:
            lost[channel][reason] += amount
    return {channel: (kept[channel], dict(lost[channel])) for channel in {*kept, *lost}}


def _kinds(session: Session, no: int, window: Interval) -> dict[str, list[Interval]]:
    found: dict[str, list[Interval]] = defaultdict(list)
    for kind, from_us, until_us in session.execute(
        select(RecordSpan.kind, RecordSpan.from_us, RecordSpan.until_us).where(
            RecordSpan.stream_no == no,
            RecordSpan.from_us > window.from_us - DAY_US,
            RecordSpan.from_us < window.until_us,
            RecordSpan.until_us > window.from_us,
        )
    ):
        found[kind].append(Interval(from_us, until_us))
    return found


def _gap_rows(session: Session, no: int, window: Interval) -> Sequence[RecordGap]:
    return session.scalars(
        select(RecordGap)
        .where(
            RecordGap.stream_no == no,
            RecordGap.from_us > window.from_us - 2 * DAY_US,
            RecordGap.from_us < window.until_us,
            (RecordGap.until_us.is_(None)) | (RecordGap.until_us > window.from_us),
        )
        .order_by(RecordGap.from_us)
    ).all()


def _open_gaps(session: Session, no: int, window: Interval) -> list[tuple[int, str]]:
    """Beginning and reason of what is being lost at this moment; the hourly sums do not hold it yet."""
    rows = session.execute(
        select(RecordGap.from_us, RecordGap.reason).where(
            RecordGap.stream_no == no,
            RecordGap.from_us > window.from_us - 2 * DAY_US,
            RecordGap.from_us < window.until_us,
            RecordGap.until_us.is_(None),
        )
    )
    return [(row.from_us, row.reason) for row in rows]


def _recorded_streams(session: Session, channels: list[str]) -> dict[str, RecordStream]:
    """The stream of each channel that its timeline shows: main where it was ever recorded, else sub."""
    found: dict[str, RecordStream] = {}
    for row in session.scalars(
        select(RecordStream).where(RecordStream.channel.in_(channels)).order_by(RecordStream.stream.desc())
    ):
        found[row.channel] = row
    return found


def _all_streams(session: Session, channels: list[str]) -> dict[int, str]:
    rows = session.execute(
        select(RecordStream.no, RecordStream.stream).where(RecordStream.channel.in_(channels))
    )
    return {row.no: row.stream for row in rows}


def _main_reason(lost: dict[str, int]) -> str | None:
    return max(lost, key=lambda reason: (lost[reason], reason), default=None)


def _segment(stream: str, row: StoredSegment) -> SegmentOut:
    return SegmentOut(
        id=segment_id(stream, row.start_us, row.sequence), stream=stream, start_us=row.start_us, end_us=row.end_us,
        bytes=row.size_bytes, codecs=row.codecs, origin=row.origin, state=row.state,
    )  # fmt: skip
