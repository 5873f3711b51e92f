"""Who looks at a province: one child for each core, in the parent. What a child does not answer, the parent looks at."""

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Final, Self

import structlog

import mingjing
from mingjing.governance.compliance.looking import Looked, Part, looked
from mingjing.kernel.db import Database

SHARED_FROM: Final = 20_000
"""Subjects that are known from which on children look at them: a child is a second of loading and some 100 MB."""
CHILDREN_MOST: Final = 8
SILENT_SECONDS: Final = 120.0
"""A child that says nothing of a part for so long is given up."""
STOPPING_SECONDS: Final = 0.5
"""How often is asked whether to stop while children look."""

_log = structlog.get_logger(__name__)


class Lookers:
    """Looks at the parts of one night, in their order. Used as a context: at its end no child is left."""

    def __init__(
        self, database: Database, children: int | None = None, shared_from: int = SHARED_FROM
    ) -> None:
        """So many children; None: one for each core of two and more. A database in memory is looked at by the parent."""
        cores = len(os.sched_getaffinity(0)) if children is None else children
        in_memory = database.is_sqlite and database.sqlite_path is None
        self._database = database
        self._count = 0 if in_memory or (children is None and cores < 2) else min(cores, CHILDREN_MOST)
        self._shared_from = shared_from
        self._free: SimpleQueue[_Child] = SimpleQueue()
        self._children: list[_Child] = []
        self._threads: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._threads is None:
            return
        self._threads.shutdown(wait=False, cancel_futures=True)
        for child in self._children:
            child.kill()
        self._threads.shutdown()
        for child in self._children:
            child.close()

    def prepare(self, known: int) -> None:
        """Start the children where so many subjects are known that they are useful: what is not known is judged without
        being looked at."""
        if known < self._shared_from:
            return
        address = self._database.url.render_as_string(hide_password=False)
        try:
            while len(self._children) < self._count:
                self._children.append(_Child(address))
        except OSError as problem:
            _log.warning("looking_child_failed", problem=str(problem))
        for child in self._children:
            self._free.put(child)
        if self._children:
            self._threads = ThreadPoolExecutor(len(self._children), "looking")

    def look(self, parts: Sequence[Part], stopping: Callable[[], bool]) -> Iterator[tuple[Part, Looked]]:
        """What is found of each part, until `stopping`."""
        threads = self._threads
        if threads is None:
            for part in parts:
                if stopping():
                    return
                yield part, self._by_parent(part)
            return
        answers = [threads.submit(self._by_child, part) for part in parts]
        for part, answer in zip(parts, answers, strict=True):
            while not stopping():
                if _over(answer):
                    break
            else:
                return
            yield part, answer.result() or self._by_parent(part)

    def _by_parent(self, part: Part) -> Looked:
        with self._database.reading() as session:
            return looked(session, part, self._database.clock.now_us())

    def _by_child(self, part: Part) -> Looked | None:
        """In a thread that has a child for itself meanwhile; None where that gave no answer."""
        child = self._free.get()
        try:
            return child.look(part, self._database.clock.now_us())
        except (OSError, ValueError) as problem:
            child.give_up(str(problem))
            return None
        finally:
            # The others take the parts of one that was given up; the last one hands them to the parent.
            if not child.given_up or all(one.given_up for one in self._children):
                self._free.put(child)


class _Child:
    """One child and its pipes."""

    def __init__(self, database: str) -> None:
        root = str(Path(mingjing.__file__).parents[1])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mingjing.governance.compliance"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": root},
            encoding="utf-8",
            start_new_session=True,
        )
        self.given_up = False
        # Through the pipe, not as an argument: it may hold a password.
        self._first = json.dumps({"database": database}) + "\n"

    def look(self, part: Part, now_us: int) -> Looked:
        """Raises OSError and ValueError where it gives no answer."""
        entrance, exit_ = self._process.stdin, self._process.stdout
        if entrance is None or exit_ is None or self.given_up:
            raise BrokenPipeError("no pipe")
        entrance.write(
            self._first
            + json.dumps({"kind": part.kind, "subjects": list(part.subjects), "now_us": now_us})
            + "\n"
        )
        entrance.flush()
        self._first = ""
        told = select.poll()
        told.register(exit_, select.POLLIN)
        if not told.poll(SILENT_SECONDS * 1000):
            raise TimeoutError(f"no answer within {SILENT_SECONDS:.0f} s")
        answer = json.loads(exit_.readline())
        return Looked(int(answer["same"]), [str(one) for one in answer["differ"]])

    def give_up(self, problem: str) -> None:
        if not self.given_up:
            self.kill()
            _log.warning("looking_child_failed", problem=problem)

    def kill(self) -> None:
        self.given_up = True
        self._process.kill()

    def close(self) -> None:
        with contextlib.suppress(BrokenPipeError), self._process:
            pass


def _over(answer: Future[Looked | None]) -> bool:
    try:
        answer.exception(STOPPING_SECONDS)
    except TimeoutError:
        return False
    return True
