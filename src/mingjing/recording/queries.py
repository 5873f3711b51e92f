"""Reads of recordings: timelines, segments, gaps, completeness. Each demands a `Scope` for what a person asks.

The tables' order serves every query here: (stream, from) for spans and gaps, (stream, hour) for sums, (stream,
start) for segments; the plans are checked by a test on a large index.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from mingjing.identity.scope import Scope
from mingjing.kernel.db import among
from mingjing.kernel.errors import MingjingError
from mingjing.recording.errors import RANGE_BAD
from mingjing.recording.index import known_stream_no, segment_id
from mingjing.recording.intervals import Interval, intersect, total_us
from mingjing.recording.model import (
    RecordGap,
    RecordHour,
    RecordHourLoss,
    RecordSpan,
    RecordStream,
    StoredSegment,
)
from mingjing.recording.rules import AGREED, DAY_US, day_text, percent_cut
from mingjing.recording.schema import (
    CameraDay,
    Completeness,
    DayCell,
    GapOut,
    HeatRow,
    Now,
    NowOut,
    SegmentOut,
)
from mingjing.registry.queries import channels_in, recorded_streams, visible_channels

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


def first_us(session: Session, stream: str) -> int | None:
    """When the oldest segment of a stream begins, for the program's own work; None where there is none."""
    no = known_stream_no(session, stream)
    if no is None:
        return None
    return session.scalar(select(func.min(StoredSegment.start_us)).where(StoredSegment.stream_no == no))


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


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the recordings of a camera reach, microseconds UTC."""

    channel: str
    first_us: int
    """The earliest that is known of it, deleted or not."""
    last_us: int | None
    """The end of what was recorded last and is there."""
    deleted_us: int | None
    """The end of what was deleted last; None where nothing was."""


def reaches(session: Session) -> list[Reach]:
    """How far the recordings of each camera reach, for the program's own work. Reads every span: for a nightly run."""
    rows = session.execute(
        select(
            RecordStream.channel,
            func.min(RecordSpan.from_us),
            func.max(case((RecordSpan.kind == "recorded", RecordSpan.until_us))),
            func.max(case((RecordSpan.kind == "expired", RecordSpan.until_us))),
        )
        .join(RecordStream, RecordStream.no == RecordSpan.stream_no)
        .group_by(RecordStream.channel)
        .order_by(RecordStream.channel)
    )
    return [Reach(*row) for row in rows]


def away(session: Session, before_us: int) -> dict[str, int]:
    """Cameras whose recording is missing now and has been since before a moment, each with since when, for the program's
    own work."""
    rows = session.execute(
        select(RecordStream.channel, func.min(RecordGap.since_us))
        .join(RecordStream, RecordStream.no == RecordGap.stream_no)
        .where(RecordGap.until_us.is_(None), RecordGap.since_us < before_us)
        .group_by(RecordStream.channel)
    )
    return {row[0]: row[1] for row in rows}


def sounding(session: Session, channels: Sequence[str]) -> set[str]:
    """Those of some cameras whose newest recording carries sound, for the program's own work."""
    newest = (
        select(StoredSegment.codecs)
        .where(StoredSegment.stream_no == RecordStream.no, StoredSegment.origin != "imported")
        .order_by(StoredSegment.start_us.desc(), StoredSegment.sequence.desc())
        .limit(1)
        .scalar_subquery()
    )
    # The picture's codec stands first: `avc1.640028,mp4a.40.2`.
    carrying = select(RecordStream.channel).where(among(channels, RecordStream.channel), newest.contains(","))
    return set(session.scalars(carrying))


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


def not_kept_now(session: Session, scope: Scope, recording: set[str], due: set[str]) -> Now:
    """Cameras that are due and not being kept at this moment, longest first, without those of which somebody decided so.
    Counted are those of the channels `recording` and `due` that are in scope."""
    rows = session.execute(
        select(RecordGap, RecordStream.stream, RecordStream.channel)
        .join(RecordStream, RecordStream.no == RecordGap.stream_no)
        .where(RecordGap.until_us.is_(None), RecordGap.reason.not_in(sorted(AGREED)))
        .order_by(RecordGap.since_us)
    ).all()
    named = channels_in(session, scope, [channel for _, _, channel in rows])
    visible = visible_channels(session, scope, recording | due)
    off = {channel for channel, _, enabled in recorded_streams(session) if not enabled}
    lost = [
        NowOut(
            channel=channel, name=named[channel].name, stream=stream, since_us=gap.since_us,
            reason=gap.reason, cause=gap.cause,
        )
        for gap, stream, channel in rows
        if channel in named
    ]  # fmt: skip
    return Now(
        recording=len(visible & recording),
        due=len((visible & due) - off),
        lost=lost,
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
