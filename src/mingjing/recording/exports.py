"""Exports: clips of a range as jobs that survive a restart, with digests and the gaps they hold.

The routes put jobs into the table; one thread takes them out, one at a time, and cuts each camera's clip in a child.
What a clip is made of lives in `clips.py`.
"""

import threading
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mingjing.audit.service import SYSTEM, Object, record
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.kernel.clock import DAY_US
from mingjing.kernel.db import Transaction
from mingjing.kernel.durable import make_directory, sync
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.ids import new_id
from mingjing.kernel.paging import Page, cut, position
from mingjing.media.worker.pool import WorkerError, clip
from mingjing.recording import clips
from mingjing.recording.errors import EXPORT_LIMIT, EXPORT_NOT_READY, NOTHING_RECORDED
from mingjing.recording.formats import require_one_format
from mingjing.recording.intervals import Interval
from mingjing.recording.model import Export
from mingjing.recording.schema import ExportOut, ExportWish
from mingjing.recording.site import RecordingSite
from mingjing.registry.queries import camera

_log = structlog.get_logger(__name__)

AT_ONCE = 10
LIFETIME_US = 7 * DAY_US
OPEN = ("queued", "running")


def order(tx: Transaction, caller: Caller, wish: ExportWish) -> ExportOut:
    """Queue an export. Raises REC-010, REC-011 where nothing at all is there, REC-030, REC-032; REQ-404 out of scope."""
    scope = caller.scope(Action.EXPORT)
    found = clips.estimate(tx.session, scope, wish, tx.now_us())
    if not any(item.kept_us for item in found.channels):
        raise MingjingError(NOTHING_RECORDED)
    window = clips.window_of_clip(wish)
    for channel in wish.channels:
        rows = clips.source(tx.session, channel, window).rows
        require_one_format(channel, rows, window, sound=wish.audio)
    running = tx.session.scalar(
        select(func.count()).select_from(Export).where(Export.owner == caller.user, Export.state.in_(OPEN))
    )
    if (running or 0) >= AT_ONCE:
        raise MingjingError(EXPORT_LIMIT, count=running)
    row = Export(
        id=new_id("ex"), owner=caller.user, state="queued", channels=wish.channels, from_us=wish.from_us,
        until_us=wish.until_us, audio=wish.audio, reason=wish.reason, step="queued", done=0, total=0, files=[],
        gaps=[gap.model_dump() for item in found.channels for gap in item.gaps], problem=None,
        created_us=tx.now_us(), finished_us=None, expires_us=None,
    )  # fmt: skip
    tx.session.add(row)
    tx.session.flush()
    facts = {
        "channels": wish.channels,
        "from_us": wish.from_us,
        "until_us": wish.until_us,
        "audio": wish.audio,
        "reason": wish.reason,
    }
    record(tx, caller.actor, "export.order", Object("export", row.id), facts)
    return ExportOut.model_validate(row, from_attributes=True)


def exports(session: Session, caller: Caller, limit: int, after: str | None) -> Page[ExportOut]:
    """One's own exports, newest first."""
    conditions = [Export.owner == caller.user]
    total = session.scalar(select(func.count()).select_from(Export).where(*conditions)) or 0
    last = position(after)
    if last is not None and last.isdecimal():
        conditions.append(Export.created_us < int(last))
    rows = session.scalars(
        select(Export).where(*conditions).order_by(Export.created_us.desc()).limit(limit + 1)
    ).all()
    page = cut(rows, limit, total, lambda row: str(row.created_us))
    return page.map(lambda row: ExportOut.model_validate(row, from_attributes=True))


def export(session: Session, caller: Caller, identifier: str) -> Export:
    """One's own export. Raises REQ-404."""
    row = session.get(Export, identifier)
    if row is None or row.owner != caller.user:
        raise MingjingError(NOT_FOUND)
    return row


def cancel(tx: Transaction, caller: Caller, identifier: str, site: RecordingSite) -> None:
    """Stop an export and remove what it made."""
    row = export(tx.session, caller, identifier)
    if row.state in OPEN or row.state == "done":
        row.state, row.finished_us = "cancelled", tx.now_us()
        record(tx, caller.actor, "export.cancel", Object("export", identifier), {})
        tx.after_commit(lambda: _remove(site, identifier))


def take(tx: Transaction, caller: Caller, identifier: str, channel: str | None, site: RecordingSite) -> Path:
    """The file of a finished export; taking it is journalled. Raises REC-031, REQ-404."""
    row = export(tx.session, caller, identifier)
    for name in row.channels:
        # A right that was withdrawn since is withdrawn for the file too.
        camera(tx.session, caller.scope(Action.EXPORT), name, removed=True)
    if row.state != "done" or not row.files:
        raise MingjingError(EXPORT_NOT_READY, state=row.state)
    chosen = next((f for f in row.files if channel in {None, f["channel"]}), None)
    if chosen is None:
        raise MingjingError(NOT_FOUND)
    path = site.exports / identifier / str(chosen["name"])
    if not path.is_file():
        raise MingjingError(EXPORT_NOT_READY, state="expired")
    facts = {"file": chosen["name"], "sha256": chosen["sha256"]}
    record(tx, caller.actor, "export.take", Object("export", identifier), facts)
    return path


class Exporter:
    """The threads that do the jobs, as many as the site allows at once."""

    def __init__(self, site: RecordingSite) -> None:
        self._site = site
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, name=f"exporter-{number}", daemon=True)
            for number in range(site.exports_at_once)
        ]

    def start(self) -> None:
        with self._site.database.transaction() as tx:
            # A job that a stop interrupted begins anew: its file was never finished.
            tx.session.execute(update(Export).where(Export.state == "running").values(state="queued"))
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        self._stop.set()
        self._site.export_wanted.set()
        for thread in self._threads:
            thread.join(timeout_s)

    def run_one(self) -> bool:
        """Do the oldest waiting job; False where there is none."""
        with self._site.database.transaction() as tx:
            row = tx.session.scalars(
                select(Export)
                .where(Export.state == "queued")
                .order_by(Export.created_us)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            if row is None:
                return False
            row.state = "running"
        try:
            self._do(row)
        except (WorkerError, OSError, MingjingError) as problem:
            _log.error("export_failed", export=row.id, problem=str(problem))
            self._finish(row.id, "failed", problem=str(problem)[:500])
        return True

    def expire(self) -> None:
        """Remove files whose seven days are over."""
        with self._site.database.transaction() as tx:
            rows = tx.session.scalars(
                select(Export).where(Export.state == "done", Export.expires_us < tx.now_us())
            ).all()
            for row in rows:
                row.state = "expired"
                record(tx, SYSTEM, "export.expire", Object("export", row.id), {})
                tx.after_commit(lambda name=row.id: _remove(self._site, name))  # type: ignore[misc]

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.expire()
                if self.run_one():
                    continue
            except Exception:  # the thread must outlive a database that is away
                _log.exception("exporter_failed")
            self._site.export_wanted.wait(5.0)
            self._site.export_wanted.clear()

    def _do(self, row: Export) -> None:
        window = Interval(row.from_us, row.until_us)
        folder = self._site.exports / row.id
        make_directory(folder, 0o700)
        with self._site.database.reading() as session:
            parts = {channel: clips.source(session, channel, window) for channel in row.channels}
            session.expunge_all()
        total = sum(len(part.rows) for part in parts.values())
        done = 0
        files: list[dict[str, Any]] = []
        for channel, part in parts.items():
            if not part.rows:
                continue
            target = folder / clips.file_name(channel, row.from_us)
            task = clips.task(self._site, part, window, target, audio=row.audio)
            for line in clip(task, lambda: self._cancelled(row.id)):
                self._progress(row.id, "cutting", done + int(line.get("done", 0)), total)
            if self._cancelled(row.id):
                _remove(self._site, row.id)
                return
            done += len(part.rows)
            files.append({"channel": channel, "name": target.name} | clips.digests(target))
            sync(target)
        sync(folder)
        self._finish(row.id, "done", files=files)

    def _cancelled(self, identifier: str) -> bool:
        with self._site.database.reading() as session:
            state = session.scalar(select(Export.state).where(Export.id == identifier))
        return self._stop.is_set() or state != "running"

    def _progress(self, identifier: str, step: str, done: int, total: int) -> None:
        with self._site.database.transaction() as tx:
            tx.session.execute(
                update(Export)
                .where(Export.id == identifier, Export.state == "running")
                .values(step=step, done=done, total=total)
            )

    def _finish(
        self,
        identifier: str,
        state: str,
        *,
        files: list[dict[str, Any]] | None = None,
        problem: str | None = None,
    ) -> None:
        with self._site.database.transaction() as tx:
            row = tx.session.get_one(Export, identifier)
            if row.state != "running":
                return
            row.state, row.step, row.problem = state, state, problem
            row.finished_us = tx.now_us()
            row.expires_us = tx.now_us() + LIFETIME_US
            row.files = files or []
            row.done = row.total if state == "done" else row.done
            facts: dict[str, Any] = {
                "files": [{k: f[k] for k in ("name", "sha256", "sm3")} for f in row.files]
            }
            record(tx, SYSTEM, f"export.{state}", Object("export", identifier), facts)


def _remove(site: RecordingSite, identifier: str) -> None:
    folder = site.exports / identifier
    if not folder.is_dir():
        return
    for file in folder.iterdir():
        file.unlink(missing_ok=True)
    folder.rmdir()
