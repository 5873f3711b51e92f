"""Timelines: what is recorded and what is missing of a stream, as exact spans or as sums by step.

Times are microseconds UTC, ranges half-open. A wall of nine cameras by minutes is thirteen thousand steps: they are
counted as plain numbers and only the answer's rows are objects. Lists of segments and gaps are in `queries.py`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from mingjing.identity.scope import Scope
from mingjing.kernel.errors import MingjingError
from mingjing.recording.errors import RANGE_BAD
from mingjing.recording.index import Due
from mingjing.recording.intervals import Interval, intersect, subtract, sums_by_step, tidy
from mingjing.recording.model import RecordGap, RecordHour, RecordHourLoss, RecordSpan, RecordStream
from mingjing.recording.plans import due_by_channel
from mingjing.recording.rules import DAY_US, HOUR_US, JOIN_US, Reason, percent_cut
from mingjing.recording.schema import BucketOut, LaneOut, SpanOut
from mingjing.registry.queries import channels_in

SPANS_MOST = 20_000
BUCKETS_MOST = 2_000


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


def gaps_within(session: Session, channel: str, kind: str, window: Interval, now_us: int) -> list[SpanOut]:
    """What is missing of a stream in a window, with reasons, for exports: also what was never due or is gone."""
    row = session.scalars(select(RecordStream).where(RecordStream.stream == f"{channel}.{kind}")).first()
    if row is None:
        return [SpanOut(from_us=window.from_us, until_us=window.until_us, kind="gap", reason="unknown")]
    spans = _spans(session, row, Due("off", {}), window, now_us)
    kept = [Interval(s.from_us, s.until_us) for s in spans if s.kind in {"recorded", "imported"}]
    known = [s for s in spans if s.kind == "gap"]
    known += [
        SpanOut(from_us=s.from_us, until_us=s.until_us, kind="gap", reason=Reason.DATA_DAMAGED)
        for s in spans
        if s.kind == "suspect"
    ]
    rest = subtract(subtract([window], tidy(kept, JOIN_US)), [Interval(s.from_us, s.until_us) for s in known])
    known += [SpanOut(from_us=r.from_us, until_us=r.until_us, kind="not_due", reason="not_due") for r in rest]
    return sorted(known, key=lambda span: span.from_us)


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
    buckets = _buckets(session, row, window, step_us, now_us) if step_us else None
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
        covered += pieces
        found += [
            SpanOut.model_validate({"from_us": p.from_us, "until_us": p.until_us, "kind": kind})
            for p in pieces
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
    session: Session, row: RecordStream, window: Interval, step_us: int, now_us: int
) -> list[BucketOut]:
    """Sums by step: from the hourly tables where whole hours are asked for, else from spans and gaps."""
    if step_us % HOUR_US == 0:
        kept, lost = _sums_of_hours(session, row.no, window, step_us)
        missing = _open_gaps(session, row.no, window, now_us)
    else:
        kinds = _kinds(session, row.no, window)
        pieces = chain.from_iterable(kinds.get(kind, ()) for kind in ("recorded", "imported"))
        kept, lost = sums_by_step(pieces, step_us), {}
        rows = _gap_rows(session, row.no, window)
        missing = _losses(((gap.from_us, gap.until_us, gap.reason) for gap in rows), window, now_us)
    for reason, intervals in missing.items():
        for step, amount in sums_by_step(intervals, step_us).items():
            reasons = lost.setdefault(step, {})
            reasons[reason] = reasons.get(reason, 0) + amount
    return [_bucket(step, kept.get(step, 0), lost.get(step)) for step in sorted(kept.keys() | lost.keys())]


def _bucket(from_us: int, kept_us: int, lost: dict[str, int] | None) -> BucketOut:
    if lost is None:
        return BucketOut(from_us, kept_us, kept_us, {})
    return BucketOut(from_us, kept_us + sum(lost.values()), kept_us, lost)


def _sums_of_hours(
    session: Session, no: int, window: Interval, step_us: int
) -> tuple[dict[int, int], dict[int, dict[str, int]]]:
    """Kept, and lost by reason, of each step of whole hours.

    Summed by the database: a month by days is thirty rows to hand over and not seven hundred.
    """
    step = (RecordHour.hour_us - RecordHour.hour_us % step_us).label("step")
    kept_rows = session.execute(
        select(step, func.sum(RecordHour.kept_us))
        .where(
            RecordHour.stream_no == no,
            RecordHour.hour_us >= window.from_us,
            RecordHour.hour_us < window.until_us,
        )
        .group_by("step")
    )
    kept = {from_us: int(amount) for from_us, amount in kept_rows}
    step = (RecordHourLoss.hour_us - RecordHourLoss.hour_us % step_us).label("step")
    lost: dict[int, dict[str, int]] = {}
    for from_us, reason, amount in session.execute(
        select(step, RecordHourLoss.reason, func.sum(RecordHourLoss.lost_us))
        .where(
            RecordHourLoss.stream_no == no,
            RecordHourLoss.hour_us >= window.from_us,
            RecordHourLoss.hour_us < window.until_us,
            RecordHourLoss.lost_us > 0,
        )
        .group_by("step", RecordHourLoss.reason)
    ):
        lost.setdefault(from_us, {})[reason] = int(amount)
    return kept, lost


def _kinds(session: Session, no: int, window: Interval) -> dict[str, list[Interval]]:
    """What there is of each kind within a window, joined where no second is missing."""
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
    return {kind: intersect(tidy(pieces, JOIN_US), [window]) for kind, pieces in found.items()}


def _gap_rows(session: Session, no: int, window: Interval) -> Sequence[Row[int, int | None, str, str]]:
    return session.execute(
        select(RecordGap.from_us, RecordGap.until_us, RecordGap.reason, RecordGap.witness)
        .where(
            RecordGap.stream_no == no,
            RecordGap.from_us > window.from_us - 2 * DAY_US,
            RecordGap.from_us < window.until_us,
            (RecordGap.until_us.is_(None)) | (RecordGap.until_us > window.from_us),
        )
        .order_by(RecordGap.from_us)
    ).all()


def _losses(
    gaps: Iterable[tuple[int, int | None, str]], window: Interval, now_us: int
) -> dict[str, list[Interval]]:
    """What of a window is missing, by reason. A gap (from, until, reason) that is open lasts until now."""
    found: dict[str, list[Interval]] = defaultdict(list)
    for from_us, until_us, reason in gaps:
        until = min(now_us if until_us is None else until_us, window.until_us)
        found[reason].append(Interval(max(from_us, window.from_us), until))
    return found


def _open_gaps(session: Session, no: int, window: Interval, now_us: int) -> dict[str, list[Interval]]:
    """What is being lost at this moment, by reason; the hourly sums do not hold it yet."""
    rows = session.execute(
        select(RecordGap.from_us, RecordGap.reason).where(
            RecordGap.stream_no == no,
            RecordGap.from_us > window.from_us - 2 * DAY_US,
            RecordGap.from_us < window.until_us,
            RecordGap.until_us.is_(None),
        )
    )
    return _losses(((gap.from_us, None, gap.reason) for gap in rows), window, now_us)


def _recorded_streams(session: Session, channels: list[str]) -> dict[str, RecordStream]:
    """The stream of each channel that its timeline shows: main where it was ever recorded, else sub."""
    found: dict[str, RecordStream] = {}
    for row in session.scalars(
        select(RecordStream).where(RecordStream.channel.in_(channels)).order_by(RecordStream.stream.desc())
    ):
        found[row.channel] = row
    return found
