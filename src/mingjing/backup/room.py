"""Backups that make themselves: one a day, a trial a month, and an alarm where either does not come about."""

import json
import threading
from dataclasses import asdict
from pathlib import Path

import structlog

from mingjing.backup import sets
from mingjing.backup.events import BackupFailed
from mingjing.backup.rules import LATE_US, backup_due, drill_due
from mingjing.backup.sets import Set
from mingjing.backup.settings import BackupSettings
from mingjing.backup.taking import Drill, Source, drill, take

_log = structlog.get_logger(__name__)

LOOK_SECONDS = 60.0
AGAIN_US = 3_600_000_000
"""After a failure the next try waits an hour."""
DRILLS = "drills.jsonl"


class BackupRoom:
    """The thread that makes backups and tries them out."""

    def __init__(self, source: Source, settings: BackupSettings) -> None:
        self.source = source
        self._settings = settings
        self._failed_us: int | None = None
        self._stop = threading.Event()
        # Daemon: a copy of a large database must not hold up a stop; what it leaves has no name.
        self._thread = threading.Thread(target=self._run, name="backup", daemon=True)

    def start(self) -> None:
        if self._settings.enabled:
            self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    def look(self) -> None:
        """Do what is due now: make, try out, complain."""
        now_us = self.source.database.clock.now_us()
        if self._failed_us is not None and 0 <= now_us - self._failed_us < AGAIN_US:
            return
        self._failed_us = None
        newest = self._newest()
        if backup_due(now_us, newest.manifest.made_us if newest else None, self._settings.hour):
            newest = self._make(now_us)
        if newest is not None and drill_due(now_us, last_drill_us(self.source.directory)):
            self._try_out(newest, now_us)

    def _newest(self) -> Set | None:
        found = sets.sets_in(self.source.directory)
        return found[-1] if found else None

    def _make(self, now_us: int) -> Set | None:
        try:
            made = take(self.source, self._settings.keep)
        except Exception as problem:
            # Whatever it was, the next try must come, and a person must know.
            self._fail("make", f"{type(problem).__name__}: {problem}", now_us)
            return None
        lacking = made.lacking()
        if lacking:
            # The copy of the database is good: only a person can find the files again.
            self._fail(
                "make", f"{made.name}: {len(lacking)} files are missing or altered, {lacking[0]}", now_us
            )
            return None
        return made

    def _try_out(self, newest: Set, now_us: int) -> None:
        try:
            done = drill(self.source, newest)
        except Exception as problem:
            self._fail("drill", f"{type(problem).__name__}: {problem}", now_us)
            return
        note_drill(self.source, done, now_us)
        if not done.held:
            self._fail("drill", f"{done.name}: {'; '.join(done.problems)}", now_us)

    def _fail(self, stage: str, problem: str, now_us: int) -> None:
        self._failed_us = now_us
        _log.error("backup_failed", stage=stage, problem=problem)
        with self.source.database.transaction() as tx:
            tx.publish(BackupFailed(stage, problem[:500]))

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            try:
                self.look()
            except Exception:  # the thread must outlive a database that is away
                _log.exception("backup_look_failed")


def note_drill(source: Source, done: Drill, now_us: int) -> None:
    """Write down how a trial went, beside the backups: it must be known where there is no database."""
    line = json.dumps(asdict(done) | {"at_us": now_us}, ensure_ascii=False)
    with (source.directory / DRILLS).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def last_drill_us(directory: Path) -> int | None:
    """When a backup was last tried out and held; None for never."""
    path = directory / DRILLS
    if not path.exists():
        return None
    held = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            said = json.loads(line)
            if not said["problems"]:
                held.append(int(said["at_us"]))
        except (ValueError, KeyError, TypeError):
            continue  # a line cut short by a crash
    return max(held, default=None)


def late(newest_us: int | None, now_us: int) -> bool:
    """Whether the newest backup is too old to be trusted to be there."""
    return newest_us is None or now_us - newest_us > LATE_US
