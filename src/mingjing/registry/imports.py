"""Tables under way: looked at first, then written, each step by itself in the background while somebody watches.

A table may hold passwords of cameras, so it lies in memory and on no disk; what became of it stands in the database. A
stop of the program forgets the table and not that it was there: what was under way is interrupted, and says how much of it
was written. All rows are one transaction; only the good ones are written in parts, each of them whole.
"""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mingjing.identity.caller import Caller
from mingjing.kernel.clock import HOUR_US
from mingjing.kernel.db import Database, Transaction
from mingjing.kernel.errors import NOT_FOUND, MingjingError, Text
from mingjing.kernel.ids import new_id
from mingjing.registry.errors import IMPORT_NOT_READY, IMPORTS_MANY
from mingjing.registry.model import TableImportRow
from mingjing.registry.schema import ImportReport, ImportState, WriteMode

_log = structlog.get_logger(__name__)
AT_ONCE: Final = 4
LIFETIME_US: Final = HOUR_US
ERRORS_MOST: Final = 200
LISTED_MOST: Final = 20
_UNDER_WAY: Final = ("checking", "checked", "writing")


@dataclass(slots=True)
class Job:
    """One table of one person. `report` is what was found, and what was written once it is done."""

    id: str
    owner: str
    content: bytes
    begun_us: int
    file: str = ""
    mode: WriteMode | None = None
    state: ImportState = "checking"
    step: str = "reading"
    done: int = 0
    total: int = 0
    written: int = 0
    report: ImportReport | None = None
    problem: Text | None = None

    def told(self, step: str, done: int, total: int) -> None:
        self.step, self.done, self.total = step, done, total
        if step == "writing":
            self.written = done

    def kept(self, tx: Transaction, written: int) -> None:
        """So many rows are written once this transaction is: that stands in it, so that it is never wrong."""
        row = tx.session.get_one(TableImportRow, self.id)
        row.counts = (self.counts or {}) | {"written": written}
        row.changed_us = tx.now_us()

    @property
    def counts(self) -> dict[str, int] | None:
        """As they stand now."""
        return None if self.report is None else self.report.counts.model_dump() | {"written": self.written}


@dataclass
class Imports:
    """The tables under way of everybody."""

    _jobs: dict[str, Job] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def order(
        self, store: Database, caller: Caller, file: str, content: bytes, look: Callable[[Job], ImportReport]
    ) -> Job:
        """Take a table in and look at it. Raises CAM-012 where too many are under way."""
        now_us = store.clock.now_us()
        job = Job(new_id("im"), caller.user, content, now_us, file)
        with self._lock:
            gone = [one for one in self._jobs.values() if now_us - one.begun_us >= LIFETIME_US]
            # One's own older ones that wait for nobody make room.
            gone += [one for one in self._jobs.values() if one.owner == caller.user and not _works(one)]
            left = {name: one for name, one in self._jobs.items() if one not in gone}
            if len(left) >= AT_ONCE:
                raise MingjingError(IMPORTS_MANY, count=len(left))
            self._jobs = left | {job.id: job}
        with store.transaction() as tx:
            _end(tx, [one.id for one in gone])
            tx.session.add(
                TableImportRow(
                    id=job.id, owner=job.owner, file=file, sha256=hashlib.sha256(content).hexdigest(),
                    bytes=len(content), state=job.state, mode="", counts=None, errors=[], problem="", problem_en="",
                    begun_us=now_us, changed_us=now_us,
                )
            )  # fmt: skip
        self._run(store, job, "checked", look)
        return job

    def job(self, caller: Caller, identifier: str) -> Job | None:
        """One's own that is in memory; None for one that is not."""
        found = self._jobs.get(identifier)
        return found if found is not None and found.owner == caller.user else None

    def write(
        self,
        store: Database,
        caller: Caller,
        identifier: str,
        mode: WriteMode,
        act: Callable[[Job], ImportReport],
    ) -> Job:
        """Write one's table that was looked at. Raises CAM-011 for one that was not, is written already, or is in memory no
        more; REQ-404."""
        job = self.job(caller, identifier)
        if job is None:
            with store.reading() as session:
                raise MingjingError(IMPORT_NOT_READY, state=own(session, caller, identifier).state)
        with self._lock:
            if job.state != "checked":
                raise MingjingError(IMPORT_NOT_READY, state=job.state)
            job.state, job.mode = "writing", mode
        self._note(store, job)
        self._run(store, job, "done", act)
        return job

    def _run(self, store: Database, job: Job, then: ImportState, act: Callable[[Job], ImportReport]) -> None:
        def work() -> None:
            try:
                job.report = act(job)
                job.written = job.report.counts.written
                after = then
            except MingjingError as problem:
                job.problem, after = problem.detail, "failed"
            except Exception:  # whoever watches is told, and the log has it
                _log.exception("import_failed")
                job.problem, after = _internal(job.written), "failed"
            try:
                self._note(store, job, after)
            except MingjingError as problem:
                # The database is away: whoever watches sees what came of it, and the next start says interrupted.
                _log.warning("import_not_noted", job=job.id, problem=str(problem))
            job.state = after

        threading.Thread(target=work, name="import", daemon=True).start()

    @staticmethod
    def _note(store: Database, job: Job, state: ImportState | None = None) -> None:
        """Put into the job's row how it stands."""
        with store.transaction() as tx:
            row = tx.session.get_one(TableImportRow, job.id)
            row.state, row.mode, row.changed_us = state or job.state, job.mode or "", tx.now_us()
            row.counts = job.counts if job.report is not None else row.counts
            row.errors = refused(job.report)
            if job.problem is not None:
                row.problem, row.problem_en = job.problem.zh[:500], job.problem.en[:500]


def refused(report: ImportReport | None) -> list[dict[str, object]]:
    """The first refused rows of a table, as they are kept and told."""
    rows = [row for row in report.rows if row.state == "error"] if report is not None else []
    return [row.model_dump(mode="json") for row in rows[:ERRORS_MOST]]


def own(session: Session, caller: Caller, identifier: str) -> TableImportRow:
    """What is known of one's own table. Raises REQ-404."""
    row = session.get(TableImportRow, identifier)
    if row is None or row.owner != caller.user:
        raise MingjingError(NOT_FOUND)
    return row


def listed(session: Session, caller: Caller) -> Sequence[TableImportRow]:
    """One's own newest tables, the newest first."""
    return session.scalars(
        select(TableImportRow)
        .where(TableImportRow.owner == caller.user)
        .order_by(TableImportRow.begun_us.desc(), TableImportRow.id.desc())
        .limit(LISTED_MOST)
    ).all()


def interrupt(store: Database) -> int:
    """At start: what was under way is interrupted, since no table outlives the program; returns how many there were."""
    with store.transaction() as tx:
        waiting = list(
            tx.session.scalars(select(TableImportRow.id).where(TableImportRow.state.in_(_UNDER_WAY)))
        )
        _end(tx, waiting)
    return len(waiting)


def _end(tx: Transaction, jobs: Sequence[str]) -> None:
    """Tables that are in memory no more and were not brought to an end."""
    if jobs:
        tx.session.execute(
            update(TableImportRow)
            .where(TableImportRow.id.in_(list(jobs)), TableImportRow.state.in_(_UNDER_WAY))
            .values(state="interrupted", changed_us=tx.now_us())
        )


def _internal(written: int) -> Text:
    if not written:
        return Text("内部错误，未写入任何行", "An internal error; nothing was written")
    return Text(
        f"内部错误；此前已写入 {written} 行，其余未写入",
        f"An internal error; {written} rows had been written, the rest was not",
    )


def _works(job: Job) -> bool:
    return job.state in {"checking", "writing"}
