"""Deleting what is past its retention: decision → unlink → directory synced → done, each step on record.

Nothing goes under age, nothing while the clocks disagree, and the decision with its evidence is committed before a
file is touched. A kill between two steps is taken up where it stopped. The rules are in `retention.py`.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import structlog
from sqlalchemy import select

from mingjing.audit.service import SYSTEM, Object, record
from mingjing.kernel.db import Transaction
from mingjing.kernel.durable import sync
from mingjing.recording import index
from mingjing.recording.intervals import Interval
from mingjing.recording.model import Deletion, RecordStream, StoredSegment
from mingjing.recording.plans import due_by_channel
from mingjing.recording.retention import FLOOR_DAYS, ClockEvidence, believed_now_us, doubts, may_delete
from mingjing.recording.rules import DAY_US
from mingjing.recording.site import RecordingSite

_log = structlog.get_logger(__name__)

PASS_SECONDS = 600.0
MOST_A_PASS = 2_000
"""A bound on how much one pass may delete: a mistake of the rules is noticed before it is complete."""


class Expirer:
    """The thread that deletes. `evidence` gives the witnesses of time; `is_held` is asked for every segment."""

    def __init__(
        self,
        site: RecordingSite,
        evidence: Callable[[Transaction], ClockEvidence],
        is_held: Callable[[Transaction, str, int, int], bool] = lambda *_: False,
    ) -> None:
        self._site = site
        self._evidence = evidence
        self._is_held = is_held
        self._stop = threading.Event()
        self._wanted = threading.Event()
        self._thread = threading.Thread(target=self._run, name="expiry", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Make a pass now: something was released."""
        self._wanted.set()

    def stop(self, timeout_s: float = 5.0) -> None:
        self._stop.set()
        self._wanted.set()
        self._thread.join(timeout_s)

    def run(self) -> int:
        """One pass: finish what was decided, then decide and do what is due. Returns files deleted."""
        done = self._carry_out()
        while not self._stop.is_set() and done < MOST_A_PASS and self._decide():
            done += self._carry_out()
        return done

    def _decide(self) -> int:
        """Decide a batch in one transaction; the evidence and the hold check stand in the same one."""
        with self._site.database.transaction() as tx:
            evidence = self._evidence(tx)
            if doubts(evidence):
                return 0
            days = {channel: kept for channel, (_, _, kept) in due_by_channel(tx.session).items()}
            decided = 0
            for stream in tx.session.scalars(select(RecordStream)):
                decided += self._decide_stream(tx, stream, days.get(stream.channel, FLOOR_DAYS), evidence)
            if decided:
                facts = {"segments": decided, "rule": "retention"} | asdict(evidence)
                record(tx, SYSTEM, "recording.expire", Object("storage", "recordings"), facts)
            return decided

    def _decide_stream(
        self, tx: Transaction, stream: RecordStream, days: int, evidence: ClockEvidence
    ) -> int:
        border_us = believed_now_us(evidence) - days * DAY_US
        rows = tx.session.scalars(
            select(StoredSegment)
            .where(
                StoredSegment.stream_no == stream.no,
                StoredSegment.start_us < border_us,
                StoredSegment.state.in_(("stored", "suspect", "missing")),
            )
            .order_by(StoredSegment.start_us)
            .limit(200)
        ).all()
        decided = 0
        for row in rows:
            held = self._is_held(tx, stream.stream, row.start_us, row.end_us)
            youngest_us = max(row.end_us, row.stored_us)
            if not may_delete(youngest_us, days, held, evidence):
                continue
            tx.session.add(
                Deletion(
                    stream_no=row.stream_no, start_us=row.start_us, sequence=row.sequence, end_us=row.end_us,
                    size_bytes=row.size_bytes, digest=row.digest, pool=row.pool, path=row.path, state="decided",
                    rule=f"retention {days} d", decided_us=tx.now_us(), evidence=asdict(evidence),
                )
            )  # fmt: skip
            row.state = "expiring"
            decided += 1
        return decided

    def _carry_out(self) -> int:
        """Unlink what is decided, sync the directories, then say done."""
        with self._site.database.reading() as session:
            waiting = list(session.scalars(select(Deletion).where(Deletion.state == "decided").limit(500)))
            session.expunge_all()
        done: list[int] = []
        for row in waiting:
            try:
                path = self._site.file(row.pool, row.path)
                path.unlink(missing_ok=True)
                _sync_directory(str(path.parent))
                done.append(row.id)
            except (OSError, KeyError, ValueError) as problem:
                # Tried again in the next pass; the row says that it was decided and not done.
                _log.error("expired_segment_not_unlinked", path=row.path, problem=str(problem))
        if not done:
            return 0
        with self._site.database.transaction() as tx:
            for row in tx.session.scalars(select(Deletion).where(Deletion.id.in_(done))):
                row.state = "done"
                known = tx.session.get(StoredSegment, (row.stream_no, row.start_us, row.sequence))
                if known is not None:
                    tx.session.delete(known)
                gone = Interval(row.start_us, row.end_us)
                index.cut_span(tx.session, row.stream_no, gone, ("recorded", "imported", "suspect"))
                index.extend_span(tx.session, row.stream_no, gone, "expired")
        return len(done)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wanted.wait(PASS_SECONDS)
            self._wanted.clear()
            if self._stop.is_set():
                return
            try:
                self.run()
            except Exception:  # the thread must outlive a database that is away
                _log.exception("expiry_failed")


def _sync_directory(path: str) -> None:
    if not os.path.isdir(path):  # noqa: PTH112  a directory that is gone needs no sync
        return
    sync(Path(path))
