"""Pictures as JPEG: of now from the plane's last key frame, of then from the segment that holds the moment."""

from mingjing.audit.service import Actor, Object, record
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.media.worker.pool import WorkerError, snapshot
from mingjing.recording import index
from mingjing.recording.errors import DECODER_FAILED, NO_PICTURE, NOTHING_RECORDED
from mingjing.recording.intervals import Interval
from mingjing.recording.queries import overlapping
from mingjing.recording.site import RecordingSite
from mingjing.registry.queries import camera


def picture(
    tx: Transaction,
    actor: Actor,
    scope: Scope,
    channel: str,
    kind: str,
    at_us: int | None,
    site: RecordingSite,
) -> tuple[bytes, int | None]:
    """What is to be decoded, and the moment in it on the segment's own time line; journalled as a snapshot.

    Raises REC-011 or REC-012 where there is no picture, REQ-404 outside the scope.
    """
    found = camera(tx.session, scope, channel, removed=at_us is not None)
    stream = f"{channel}.{kind}"
    facts = {"camera": found.row.name, "stream": stream} | ({} if at_us is None else {"at_us": at_us})
    record(tx, actor, "snapshot.take", Object("camera", channel), facts)
    if at_us is None:
        content = site.node.latest_key_frame(stream)
        if content is None:
            raise MingjingError(NO_PICTURE)
        return content, None
    no = index.known_stream_no(tx.session, stream)
    rows = overlapping(tx.session, no, Interval(at_us, at_us + 1), 1) if no is not None else []
    if not rows:
        raise MingjingError(NOTHING_RECORDED)
    try:
        return site.file(rows[0].pool, rows[0].path).read_bytes(), at_us - rows[0].start_us
    except (OSError, KeyError) as problem:
        raise MingjingError(NOTHING_RECORDED) from problem


def jpeg(content: bytes, at_us: int | None, width: int | None) -> bytes:
    """Decode in a child. Raises REC-013."""
    try:
        return snapshot(content, at_us=at_us, width=width)
    except WorkerError as problem:
        raise MingjingError(DECODER_FAILED, problem=str(problem)) from problem
