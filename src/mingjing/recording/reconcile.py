"""Keeping the media plane's streams equal to what cameras, plans and switches say.

The wish is computed from the database each time; only what differs from what was last put is put again. The plane
opens streams for viewers by itself: every enabled stream is known to it, also where nothing is recorded.
"""

import threading
from dataclasses import dataclass

import structlog
from sqlalchemy.orm import Session

from mingjing.devices.source import Source
from mingjing.kernel.errors import MingjingError
from mingjing.recording.index import Due
from mingjing.recording.intervals import Interval
from mingjing.recording.plans import due_by_channel
from mingjing.recording.site import RecordingSite
from mingjing.registry.queries import enabled_cameras, source_of

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """A stream that the plane should know, and whether it is to be recorded now."""

    source: Source
    record: bool


def wished(session: Session, site: RecordingSite, now_us: int) -> dict[str, Wish]:
    """Every stream that the plane should know."""
    plans = due_by_channel(session)
    found: dict[str, Wish] = {}
    for camera in enabled_cameras(session):
        due = plans[camera.row.id][1] if camera.row.id in plans else Due("off", {})
        is_due = bool(due.within(Interval(now_us, now_us + 1)))
        for kind, stream in camera.streams.items():
            try:
                source = source_of(camera, kind, site.sealer)
            except MingjingError as problem:
                # A password that cannot be opened costs its camera, not the others.
                _log.error("camera_password_sealed", camera=camera.row.id, code=problem.code)
                continue
            if source is None:
                continue
            found[f"{camera.row.id}.{kind}"] = Wish(source, is_due and stream.purpose == "record")
    return found


class Reconciler:
    """Owns what was last put to the node."""

    def __init__(self, site: RecordingSite) -> None:
        self._site = site
        self._put: dict[str, Wish] = {}
        self._guard = threading.Lock()

    def run(self) -> int:
        """Put what differs; returns how many streams were put or removed. A stream that fails is tried again."""
        with self._guard, self._site.database.reading() as session:
            now = wished(session, self._site, self._site.database.clock.now_us())
            changed = 0
            for name, wish in now.items():
                changed += self._put.get(name) != wish and self._do_put(name, wish)
            for name in [name for name in self._put if name not in now]:
                self._put[name].source.close(self._site.node)
                del self._put[name]
                changed += 1
            return changed

    def knows(self, stream: str) -> bool:
        """Whether the node was given this stream."""
        return stream in self._put

    def _do_put(self, name: str, wish: Wish) -> bool:
        try:
            wish.source.open(self._site.node, record=wish.record)
        except ValueError as problem:
            _log.error("stream_refused_by_media_plane", stream=name, problem=str(problem))
            return False
        self._put[name] = wish
        return True
