"""How long do timeline and seek take against an index of ten million segments?

`python -m bench index [--segments N] [--rounds R]`. The SQLite file is built in bulk through the real tables and
kept in `build/bench`; asked are the real queries of `mingjing.recording.queries`, cold caches of SQLite excepted,
at random places. The 95th percentile stands beside the goal of 50 ms; the median is printed with it.
"""

import argparse
import gc
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.answer import Answer, hand_in
from bench.process import load
from mingjing.identity.actions import Action
from mingjing.identity.scope import Scope, system_scope
from mingjing.kernel.clock import SystemClock
from mingjing.kernel.db import Database
from mingjing.recording import queries, timeline
from mingjing.recording.intervals import Interval
from mingjing.recording.rules import DAY_US, HOUR_US, MINUTE_US
from mingjing.tables import METADATA

SEGMENTS = 10_000_000
DAYS = 30
A_DAY = DAY_US // MINUTE_US
FIRST_US = 20_000 * DAY_US
"""In 2024: the rows' age does not matter, only their number."""
LAST_US = FIRST_US + DAYS * DAY_US
GOAL_MS = 50.0

# Every stream lacks one minute of each day, so that timelines hold gaps.
LOST_MINUTE = 600

FILL = {
    "cameras": """
        INSERT INTO cameras (id, name, pinyin, initials, division, division_path, organisation, organisation_path,
            enabled, address, note, family, user, sealed_password, allow_basic, created_us, changed_us, removed_us)
        SELECT printf('ch_%012d', no), 'camera ' || no, 'camera', 'c', '110000', '110000/', 'or_root', 'or_root/',
            1, '', '', 'rtsp', NULL, NULL, 0, 0, 0, NULL FROM numbers""",
    "record_streams": """
        INSERT INTO record_streams (no, stream, channel, accounted_until_us)
        SELECT no, printf('ch_%012d.main', no), printf('ch_%012d', no), :last FROM numbers""",
    "segments": """
        INSERT INTO segments (stream_no, start_us, sequence, end_us, size_bytes, digest, fragments, video_frames,
            key_frames, codecs, width, height, origin, state, stored_us, pool, path)
        SELECT :no, start, minute, start + :minute, 15000000, randomblob(32), 60, 1500, 30, 'avc1.640028,mp4a.40.2',
            1920, 1080, 'recorded', 'stored', start + :minute, 'main',
            printf('ch_%012d.main/%s/%d-%d.mp4', :no, strftime('%Y%m%d', start / 1000000, 'unixepoch'), start, minute)
        FROM (SELECT minute, :first + minute * :minute AS start FROM minutes)
        WHERE minute % 1440 != :lost""",
    "record_spans": """
        INSERT INTO record_spans (stream_no, from_us, until_us, kind)
        SELECT numbers.no, :first + day * :day + part * (:lost + 1) * :minute,
            :first + day * :day + CASE part WHEN 0 THEN :lost * :minute ELSE :day END, 'recorded'
        FROM numbers, days, (SELECT 0 AS part UNION ALL SELECT 1)""",
    "record_gaps": """
        INSERT INTO record_gaps (stream_no, from_us, until_us, since_us, reason, cause, witness, alarmed)
        SELECT numbers.no, :first + day * :day + :lost * :minute, :first + day * :day + (:lost + 1) * :minute,
            :first + day * :day + :lost * :minute, 'source_silent', 'silent', 'media', 0
        FROM numbers, days""",
    "record_hours": """
        INSERT INTO record_hours (stream_no, hour_us, kept_us, due_kept_us, size_bytes)
        SELECT numbers.no, :first + day * :day + hour * :hour, :hour - :minute * (hour = 10),
            :hour - :minute * (hour = 10), 900000000
        FROM numbers, days, hours""",
    "record_hour_losses": """
        INSERT INTO record_hour_losses (stream_no, hour_us, reason, lost_us)
        SELECT numbers.no, :first + day * :day + 10 * :hour, 'source_silent', :minute FROM numbers, days""",
}


def build(path: Path, streams: int) -> Database:
    """The file, made anew unless a whole one is there."""
    database = Database(f"sqlite:///{path}", SystemClock())
    if path.exists():
        return database
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    filling = Database(f"sqlite:///{unfinished}", SystemClock())
    METADATA.create_all(filling.engine)
    begun = time.monotonic()
    constants = {
        "first": FIRST_US, "last": LAST_US, "day": DAY_US, "hour": HOUR_US, "minute": MINUTE_US, "lost": LOST_MINUTE,
    }  # fmt: skip
    with filling.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        # Only this file, which is thrown away if the machine stops: nothing here must survive a crash.
        driver.execute("PRAGMA journal_mode=OFF")
        driver.execute("PRAGMA synchronous=OFF")
        driver.execute("PRAGMA foreign_keys=OFF")
        for table, least, count in (
            ("numbers", 1, streams), ("days", 0, DAYS), ("hours", 0, 24), ("minutes", 0, DAYS * A_DAY),
        ):  # fmt: skip
            column = "no" if table == "numbers" else table[:-1]
            driver.execute(f"CREATE TEMP TABLE {table} ({column} INTEGER PRIMARY KEY)")
            driver.executemany(
                f"INSERT INTO {table} VALUES (?)",  # noqa: S608 - our own names
                ((number,) for number in range(least, least + count)),
            )
        driver.execute("BEGIN")
        for name, statement in FILL.items():
            for no in range(1, streams + 1) if name == "segments" else [0]:
                driver.execute(statement, {**constants, "no": no})
        driver.execute("COMMIT")
    filling.close()
    unfinished.rename(path)
    print(f"  built {path.name} in {time.monotonic() - begun:.0f} s, {path.stat().st_size / 2**20:.0f} MiB")
    return database


def questions(scope: Scope, streams: int, dice: random.Random) -> dict[str, Callable[[Session], object]]:
    """What a person does, at a random place each time."""

    def camera() -> str:
        return f"ch_{dice.randrange(1, streams + 1):012d}"

    def window(length_us: int) -> Interval:
        from_us = dice.randrange(FIRST_US, LAST_US - length_us)
        return Interval(from_us, from_us + length_us)

    def day() -> Interval:
        from_us = FIRST_US + dice.randrange(DAYS) * DAY_US
        return Interval(from_us, from_us + DAY_US)

    def lanes(session: Session, count: int, asked: Interval, step_us: int) -> object:
        cameras = [camera() for _ in range(count)]
        return timeline.lanes(session, scope, cameras, asked, step_us, LAST_US)

    month = Interval(FIRST_US, LAST_US)
    return {
        "seek": lambda s: queries.segments(s, scope, camera(), "main", window(1_000_000), 2),
        "segments_hour": lambda s: queries.segments(s, scope, camera(), "main", window(HOUR_US), 500),
        "timeline_day": lambda s: lanes(s, 1, window(DAY_US), 0),
        "timeline_day_9": lambda s: lanes(s, 9, window(DAY_US), 0),
        "timeline_minutes_9": lambda s: lanes(s, 9, window(DAY_US), MINUTE_US),
        "timeline_month": lambda s: lanes(s, 1, month, HOUR_US),
        "timeline_month_9": lambda s: lanes(s, 9, month, DAY_US),
        "gaps_day": lambda s: queries.gaps(s, scope, None, day(), None, 500),
        "completeness_day": lambda s: queries.completeness(s, scope, day(), LAST_US),
        "not_kept_now": lambda s: queries.not_kept_now(s, scope, streams, streams),
    }


def timed(
    database: Database, ask: Callable[[Session], object], rounds: int
) -> tuple[list[float], list[float]]:
    """Milliseconds of each round by the clock and on a processor, sorted: a session, the question, its answer.

    SQLite works in the caller's thread: the processor's time is what a machine that is not shared would show,
    less what it waits for its disk.
    """
    took, worked = [], []
    for _ in range(rounds):
        begun, begun_work = time.perf_counter(), time.thread_time()
        with database.reading() as session:
            found = ask(session)
        took.append((time.perf_counter() - begun) * 1000)
        worked.append((time.thread_time() - begun_work) * 1000)
        assert found is not None
    return sorted(took), sorted(worked)


def percentile(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench index")
    parser.add_argument("--segments", type=int, default=SEGMENTS)
    parser.add_argument("--rounds", type=int, default=200)
    chosen = parser.parse_args(arguments)
    streams = max(1, -(-chosen.segments // (DAYS * (A_DAY - 1))))
    path = Path("build/bench") / f"index-{streams}.sqlite3"
    path.parent.mkdir(parents=True, exist_ok=True)
    database = build(path, streams)
    with database.reading() as session:
        rows = session.scalar(text("SELECT count(*) FROM segments"))
    print(f"  {rows} segments of {streams} streams over {DAYS} days")
    answers = []
    gc.freeze()  # as `mingjing serve` does before its first request
    for name, ask in questions(system_scope(Action.PLAYBACK), streams, random.Random(7)).items():  # noqa: S311
        took, worked = timed(database, ask, chosen.rounds)
        print(
            f"  {name:<22} p50 {percentile(took, 0.5):8.2f}  p95 {percentile(took, 0.95):8.2f} ms by the clock"
            f"   p50 {percentile(worked, 0.5):8.2f}  p95 {percentile(worked, 0.95):8.2f} ms of CPU   load {load():.1f}"
        )
        answers.append(
            Answer(f"index_{name}", "ms (p95)", round(percentile(took, 0.95), 3), {"goal": GOAL_MS})
        )
    hand_in(answers)
    database.close()


if __name__ == "__main__":
    main(sys.argv[1:])
