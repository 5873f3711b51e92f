"""Tables under way: looked at first, then written, each step by itself in the background while somebody watches.

A table may hold passwords of cameras, so it lies in memory and on no disk. A stop of the program forgets it; what it
writes is one transaction, so that nothing of it is ever half there.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

import structlog

from mingjing.identity.caller import Caller
from mingjing.kernel.clock import HOUR_US
from mingjing.kernel.errors import NOT_FOUND, MingjingError, Text
from mingjing.kernel.ids import new_id
from mingjing.registry.errors import IMPORT_NOT_READY, IMPORTS_MANY
from mingjing.registry.schema import ImportReport

_log = structlog.get_logger(__name__)
AT_ONCE: Final = 4
LIFETIME_US: Final = HOUR_US
State = Literal["checking", "checked", "writing", "done", "failed"]
Told = Callable[[str, int, int], None]


@dataclass(slots=True)
class Job:
    """One table of one person. `report` is what was found, and what was written once it is done."""

    id: str
    owner: str
    content: bytes
    begun_us: int
    state: State = "checking"
    step: str = "reading"
    done: int = 0
    total: int = 0
    report: ImportReport | None = None
    problem: Text | None = None

    def told(self, step: str, done: int, total: int) -> None:
        self.step, self.done, self.total = step, done, total


@dataclass
class Imports:
    """The tables under way of everybody."""

    _jobs: dict[str, Job] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, caller: Caller, content: bytes, now_us: int, look: Callable[[Job], ImportReport]) -> Job:
        """Take a table in and look at it. Raises CAM-012 where too many are under way."""
        job = Job(new_id("im"), caller.user, content, now_us)
        with self._lock:
            self._jobs = {one.id: one for one in self._jobs.values() if now_us - one.begun_us < LIFETIME_US}
            # One's own older ones that wait for nobody make room.
            for one in [one for one in self._jobs.values() if one.owner == caller.user and not _works(one)]:
                del self._jobs[one.id]
            if len(self._jobs) >= AT_ONCE:
                raise MingjingError(IMPORTS_MANY, count=len(self._jobs))
            self._jobs[job.id] = job
        self._run(job, "checked", look)
        return job

    def job(self, caller: Caller, identifier: str) -> Job:
        """One's own. Raises REQ-404."""
        found = self._jobs.get(identifier)
        if found is None or found.owner != caller.user:
            raise MingjingError(NOT_FOUND)
        return found

    def write(self, caller: Caller, identifier: str, act: Callable[[Job], ImportReport]) -> Job:
        """Write one's table that was looked at. Raises CAM-011 for one that was not, or is written already."""
        job = self.job(caller, identifier)
        with self._lock:
            if job.state != "checked":
                raise MingjingError(IMPORT_NOT_READY, state=job.state)
            job.state = "writing"
        self._run(job, "done", act)
        return job

    def _run(self, job: Job, then: State, act: Callable[[Job], ImportReport]) -> None:
        def work() -> None:
            try:
                job.report = act(job)
                job.state = then
            except MingjingError as problem:
                job.problem, job.state = problem.detail, "failed"
            except Exception:  # whoever watches is told, and the log has it
                _log.exception("import_failed")
                job.problem = Text("内部错误，未写入任何行", "An internal error; nothing was written")
                job.state = "failed"

        threading.Thread(target=work, name="import", daemon=True).start()


def _works(job: Job) -> bool:
    return job.state in {"checking", "writing"}
