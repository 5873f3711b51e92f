"""Sums by step say what exact spans say, whatever the step."""

import random
from collections import defaultdict
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

import mingjing.tables
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.recording.intervals import Interval, intersect, split, sums_by_step, tidy
from mingjing.recording.model import RecordGap, RecordSpan, RecordStream
from mingjing.recording.rules import DAY_US, HOUR_US, MINUTE_US, SECOND_US
from mingjing.recording.schema import LaneOut
from mingjing.recording.timeline import lanes
from mingjing.registry.model import CameraRow

CHANNEL = "ch_aaaaaaaaaaaa"
START = 20_000 * DAY_US
NOW = START + 20 * HOUR_US
SCOPE = system_scope(Action.PLAYBACK)


@pytest.mark.parametrize("seed", range(20))
def test_sums_by_step_are_what_pieces_add_up_to(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - places, not secrets
    step_us = dice.choice([1, 7, 60, 1000])
    intervals = [
        Interval(from_us, from_us + dice.randrange(-2, 5 * step_us))
        for from_us in (dice.randrange(-3000, 3000) for _ in range(10))
    ]
    expected: dict[int, int] = defaultdict(int)
    for interval in intervals:
        for step, piece in split(interval, step_us):
            expected[step] += piece.length_us
    assert sums_by_step(intervals, step_us) == expected


@pytest.fixture
def session() -> Iterator[Session]:
    """A day: kept for ten hours, a hole of 90 s after the third, imported over the tenth, lost since the tenth."""
    engine = create_engine("sqlite://")
    mingjing.tables.METADATA.create_all(engine)
    with Session(engine) as opened:
        opened.add(
            CameraRow(
                id=CHANNEL, name="gate", pinyin="gate", initials="g", division="110000", division_path="110000/",
                organisation="or_a", organisation_path="or_a/", enabled=True, address="", note="", family="rtsp",
                user=None, sealed_password=None, allow_basic=False, created_us=0, changed_us=0, removed_us=None,
            )
        )  # fmt: skip
        opened.add(RecordStream(stream=f"{CHANNEL}.main", channel=CHANNEL, accounted_until_us=NOW))
        opened.flush()
        hole = Interval(START + 3 * HOUR_US, START + 3 * HOUR_US + 90 * SECOND_US)
        for from_us, until_us, kind in (
            (START, hole.from_us, "recorded"),
            (hole.until_us, START + 10 * HOUR_US, "recorded"),
            (START + 9 * HOUR_US, START + 10 * HOUR_US, "imported"),
            (START + 12 * HOUR_US, START + 13 * HOUR_US, "suspect"),
        ):
            opened.add(RecordSpan(stream_no=1, from_us=from_us, until_us=until_us, kind=kind))
        for from_us, until, reason in (
            (*hole, "source_silent"),
            (START + 10 * HOUR_US, START + 11 * HOUR_US, "source_silent"),
            (START + 11 * HOUR_US, None, "disk_full"),
        ):
            opened.add(
                RecordGap(
                    stream_no=1, from_us=from_us, until_us=until, since_us=from_us, reason=reason, cause=None,
                    witness="media", alarmed=False,
                )
            )  # fmt: skip
        opened.flush()
        yield opened
    engine.dispose()


def lane(session: Session, window: Interval, step_us: int) -> LaneOut:
    (found,) = lanes(session, SCOPE, [CHANNEL], window, step_us, NOW)
    return found


@pytest.mark.parametrize("step_us", [MINUTE_US, 7 * MINUTE_US, 90 * MINUTE_US])
def test_every_step_holds_what_the_spans_hold_in_it(session: Session, step_us: int) -> None:
    window = Interval(START + HOUR_US + 1, START + 22 * HOUR_US)
    spans = lane(session, window, 0).spans or []
    buckets = lane(session, window, step_us).buckets or []
    assert buckets == sorted(buckets, key=lambda bucket: bucket.from_us)
    for bucket in buckets:
        step = [Interval(bucket.from_us, bucket.from_us + step_us)]
        kept, lost = 0, dict[str, int]()
        for span in spans:
            inside = sum(
                part.length_us for part in intersect(step, tidy([Interval(span.from_us, span.until_us)]))
            )
            if inside and span.kind in {"recorded", "imported"}:
                kept += inside
            if inside and span.kind == "gap":
                lost[span.reason or ""] = lost.get(span.reason or "", 0) + inside
        assert (bucket.kept_us, bucket.lost) == (kept, lost)
        assert bucket.due_us == kept + sum(lost.values())
    assert sum(sum(bucket.lost.values()) for bucket in buckets) == 90 * SECOND_US + 10 * HOUR_US
