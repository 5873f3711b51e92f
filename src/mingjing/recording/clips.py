"""What a clip is made of: the segments of a range, what is missing of it, its digests; and cutting one at once.

Export jobs, which people order and fetch later, live in `exports.py`; the cutting itself in the media worker.
"""

import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from sqlalchemy.orm import Session

from mingjing.audit.service import Actor, Object, record
from mingjing.identity.scope import Scope
from mingjing.kernel.clock import DAY_US
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.ids import new_id
from mingjing.media.worker.pool import WorkerError, clip
from mingjing.recording import index
from mingjing.recording.errors import CLIP_FAILED, CLIP_TARGET, NOTHING_RECORDED, RANGE_BAD
from mingjing.recording.formats import require_one_format
from mingjing.recording.intervals import Interval, tidy, total_us
from mingjing.recording.model import StoredSegment
from mingjing.recording.queries import overlapping, window_of
from mingjing.recording.rules import JOIN_US
from mingjing.recording.schema import (
    ChannelEstimate,
    Estimate,
    EstimateWish,
    ExportFile,
    ExportGap,
    ExportWish,
)
from mingjing.recording.site import RecordingSite
from mingjing.recording.timeline import gaps_within
from mingjing.registry.queries import camera

LONGEST_US = DAY_US
SEGMENTS_MOST = 3_000
SPARE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """What a channel's clip is cut from: main, or sub where main was never recorded."""

    kind: str
    rows: list[StoredSegment]


def window_of_clip(wish: EstimateWish) -> Interval:
    """The range of an export. Raises REC-010."""
    window = window_of(wish.from_us, wish.until_us)
    if window.length_us > LONGEST_US:
        raise MingjingError(
            RANGE_BAD, problem_zh="导出范围超过 24 小时。", problem_en="An export spans at most 24 hours."
        )
    return window


def source(session: Session, channel: str, window: Interval) -> Source:
    """The segments in a window that may be believed, oldest first."""
    for kind in ("main", "sub"):
        no = index.known_stream_no(session, f"{channel}.{kind}")
        rows = list(overlapping(session, no, window, SEGMENTS_MOST)) if no is not None else []
        if rows:
            return Source(kind, [row for row in rows if row.state == "stored"])
    return Source("main", [])


def estimate(session: Session, scope: Scope, wish: EstimateWish, now_us: int) -> Estimate:
    """What an export would hold and miss, before anybody presses the button. Raises REC-010, REQ-404."""
    window = window_of_clip(wish)
    found = []
    for channel in wish.channels:
        camera(session, scope, channel, removed=True)
        found.append(_estimate_channel(session, channel, window, now_us))
    return Estimate(channels=found, bytes=sum(item.bytes for item in found))


def task(site: RecordingSite, part: Source, window: Interval, target: Path, *, audio: bool) -> dict[str, Any]:
    """The worker's task: cut `part` to `window` and write `target`."""
    size = sum(segment.size_bytes for segment in part.rows)
    return {
        "segments": [
            {"path": str(site.file(segment.pool, segment.path)), "start_us": segment.start_us}
            for segment in part.rows
        ],
        "from_us": window.from_us,
        "until_us": window.until_us,
        "audio": audio,
        "output": str(target),
        "most_bytes": 2 * size + SPARE_BYTES,
    }


def file_name(channel: str, from_us: int) -> str:
    """What a clip is called, from our own ids alone."""
    return f"{channel}_{from_us // 1_000_000}.mp4"


def digests(path: Path) -> dict[str, Any]:
    """Length, SHA-256 and SM3 (GB/T 32905) of a file, in one pass."""
    sha256, sm3, size = hashlib.sha256(), hashes.Hash(hashes.SM3()), 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            sha256.update(chunk)
            sm3.update(chunk)
            size += len(chunk)
    return {"bytes": size, "sha256": sha256.hexdigest(), "sm3": sm3.finalize().hex()}


def cut_to(
    store: Database,
    actor: Actor,
    scope: Scope,
    wish: ExportWish,
    site: RecordingSite,
    target: Path,
    progress: Callable[[int, int], None],
) -> ExportFile:
    """Cut the range of the one channel in `wish` into the new file `target`, here and now. Journalled like a job.

    `progress` is told segments done and segments in all. Nothing is left behind where it fails.
    Raises REC-010, REC-011, REC-014, REC-015, REC-032; REQ-404 outside the scope.
    """
    (channel,) = wish.channels
    window = window_of_clip(wish)
    if target.exists():
        raise MingjingError(
            CLIP_TARGET, path=str(target), problem_zh="文件已存在", problem_en="it exists already"
        )
    job = Object("export", new_id("ex"))
    with store.transaction() as tx:
        found = estimate(tx.session, scope, wish, tx.now_us())
        if not found.channels[0].kept_us:
            raise MingjingError(NOTHING_RECORDED)
        part = source(tx.session, channel, window)
        require_one_format(channel, part.rows, window, sound=wish.audio)
        tx.session.expunge_all()
        record(tx, actor, "export.order", job, wish.model_dump() | {"file": target.name})
    scratch = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        scratch.touch(mode=0o600, exist_ok=False)
        for line in clip(task(site, part, window, scratch, audio=wish.audio), lambda: False):
            progress(int(line.get("done", len(part.rows))), len(part.rows))
        made = ExportFile(channel=channel, name=target.name, **digests(scratch))
        # link() fails where the name was taken meanwhile: nothing is ever written over.
        os.link(scratch, target)
    except WorkerError as problem:
        _note_failure(store, actor, job, str(problem))
        raise MingjingError(CLIP_FAILED, problem=str(problem)) from problem
    except OSError as problem:
        _note_failure(store, actor, job, str(problem))
        text = problem.strerror or str(problem)
        raise MingjingError(CLIP_TARGET, path=str(target), problem_zh=text, problem_en=text) from problem
    finally:
        scratch.unlink(missing_ok=True)
    with store.transaction() as tx:
        record(tx, actor, "export.done", job, made.model_dump())
    return made


def _note_failure(store: Database, actor: Actor, job: Object, problem: str) -> None:
    with store.transaction() as tx:
        record(tx, actor, "export.failed", job, {"problem": problem[:500]})


def _estimate_channel(session: Session, channel: str, window: Interval, now_us: int) -> ChannelEstimate:
    part = source(session, channel, window)
    kept = [Interval(max(r.start_us, window.from_us), min(r.end_us, window.until_us)) for r in part.rows]
    kept_us = total_us(tidy(kept))
    return ChannelEstimate(
        channel=channel,
        kept_us=kept_us,
        missing_us=max(0, window.length_us - kept_us),
        bytes=sum(_share(row, window) for row in part.rows),
        gaps=_gaps(session, channel, part.kind, window, now_us),
    )


def _share(row: StoredSegment, window: Interval) -> int:
    length = max(1, row.end_us - row.start_us)
    inside = min(row.end_us, window.until_us) - max(row.start_us, window.from_us)
    return row.size_bytes * max(0, inside) // length


def _gaps(session: Session, channel: str, kind: str, window: Interval, now_us: int) -> list[ExportGap]:
    return [
        ExportGap(channel=channel, from_us=s.from_us, until_us=s.until_us, reason=s.reason or s.kind)
        for s in gaps_within(session, channel, kind, window, now_us)
        if s.until_us - s.from_us > JOIN_US
    ]
