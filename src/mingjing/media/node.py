"""A media node as the control plane sees it: the protocol, and its form inside this process.

A remote form (a node on another machine) will implement the same protocol; nothing above may know which
one it speaks to. The form in memory that tests use is `mingjing.media.memory`.
"""

import importlib
import json
import logging
from pathlib import Path
from typing import Any, Protocol, cast

from pydantic import TypeAdapter, ValidationError

from mingjing.media.model import (
    Event,
    FolderScan,
    Listening,
    PlaneConfig,
    PlaneQueues,
    Probe,
    Segment,
    SegmentCheck,
    StorageFolders,
    StreamSpec,
    StreamStats,
    Viewer,
)

_log = logging.getLogger(__name__)

IDENTITY_ON_DISK = "mingjing-storage.json"
"""Stands in each storage root that was recorded on (media/src/record/identity.rs)."""

_event = TypeAdapter[Event](Event)
_streams = TypeAdapter(list[StreamStats])
_viewers = TypeAdapter(list[Viewer])
_segments = TypeAdapter(list[Segment])


class MediaNode(Protocol):
    """One place where streams are opened, recorded and served."""

    def start(self) -> Listening: ...
    def stop(self, timeout_ms: int) -> None: ...
    def put_stream(self, spec: StreamSpec) -> None: ...
    def remove_stream(self, stream: str) -> None: ...
    def probe(self, spec: StreamSpec, timeout_ms: int) -> Probe: ...
    def revoke_ticket(self, ticket: str) -> int: ...
    def revoke_holder(self, holder: str) -> int: ...
    def acknowledge(self, segments: list[str]) -> None: ...
    def latest_key_frame(self, stream: str) -> bytes | None: ...
    def streams(self) -> list[StreamStats]: ...
    def viewers(self) -> list[Viewer]: ...
    def queues(self) -> PlaneQueues: ...
    def event_fd(self) -> int: ...
    def events(self, most: int) -> list[Event]: ...


class Archive(Protocol):
    """What can be done with recording files without a running plane."""

    def own(self, root: Path, storage: str, now_us: int) -> None: ...
    def adopt(self, root: Path, storage: str, now_us: int) -> None: ...
    def storage_folders(self, root: Path) -> StorageFolders: ...
    def scan_folder(self, root: Path, folder: str, known: list[str]) -> FolderScan: ...
    def verify_segment(self, path: Path, depth: str) -> SegmentCheck: ...
    def import_file(
        self, root: Path, source: Path, stream: str, start_us: int, segment_seconds: int
    ) -> list[Segment]: ...
    def segment_table(self, path: Path) -> dict[str, Any]: ...


def parse_events(text: str) -> list[Event]:
    """Read a batch one event at a time: an event of a newer plane costs itself, not its neighbours."""
    events: list[Event] = []
    for raw in json.loads(text):
        try:
            events.append(_event.validate_python(raw))
        except ValidationError as error:
            kind = raw.get("type") if isinstance(raw, dict) else None
            _log.error("event of the media plane not understood", extra={"type": kind, "error": str(error)})
    return events


class LocalNode:
    """The media plane inside this process."""

    def __init__(self, config: PlaneConfig) -> None:
        """Raises ValueError with a sentence when the configuration cannot work."""
        self._plane: Any = _module().MediaPlane(config.model_dump_json(exclude_none=True))

    def start(self) -> Listening:
        """Open the listeners. Raises OSError naming the port."""
        return Listening.model_validate_json(self._plane.start())

    def stop(self, timeout_ms: int) -> None:
        self._plane.stop(timeout_ms)

    def put_stream(self, spec: StreamSpec) -> None:
        self._plane.put_stream(spec.model_dump_json(exclude_none=True))

    def remove_stream(self, stream: str) -> None:
        self._plane.remove_stream(stream)

    def probe(self, spec: StreamSpec, timeout_ms: int) -> Probe:
        return Probe.model_validate_json(
            self._plane.probe(spec.model_dump_json(exclude_none=True), timeout_ms)
        )

    def revoke_ticket(self, ticket: str) -> int:
        return cast(int, self._plane.revoke_ticket(ticket))

    def revoke_holder(self, holder: str) -> int:
        return cast(int, self._plane.revoke_holder(holder))

    def acknowledge(self, segments: list[str]) -> None:
        self._plane.acknowledge(segments)

    def latest_key_frame(self, stream: str) -> bytes | None:
        return cast(bytes | None, self._plane.latest_key_frame(stream))

    def streams(self) -> list[StreamStats]:
        return _streams.validate_json(self._plane.streams())

    def viewers(self) -> list[Viewer]:
        return _viewers.validate_json(self._plane.viewers())

    def queues(self) -> PlaneQueues:
        return PlaneQueues.model_validate_json(self._plane.queues())

    def event_fd(self) -> int:
        return cast(int, self._plane.event_fd())

    def events(self, most: int) -> list[Event]:
        return parse_events(self._plane.events(most))


class LocalArchive:
    """Recording files on disks of this machine."""

    def own(self, root: Path, storage: str, now_us: int) -> None:
        """Check whose disk `root` is; an empty one becomes `storage`. Raises ValueError with a sentence, OSError."""
        _module().own_storage(str(root), storage, now_us)

    def adopt(self, root: Path, storage: str, now_us: int) -> None:
        """Make `root` the disk of `storage`, whatever it was. Raises ValueError while a plane uses it, OSError."""
        _module().adopt_storage(str(root), storage, now_us)

    def storage_folders(self, root: Path) -> StorageFolders:
        """The folders below `root` that may hold segments. Raises OSError where it cannot be listed."""
        return StorageFolders.model_validate_json(_module().storage_folders(str(root)))

    def scan_folder(self, root: Path, folder: str, known: list[str]) -> FolderScan:
        """One folder read from its files alone; those whose names without suffix are `known` are left out."""
        return FolderScan.model_validate_json(_module().scan_folder(str(root), folder, json.dumps(known)))

    def verify_segment(self, path: Path, depth: str) -> SegmentCheck:
        """Check one file; `depth` is `presence`, `size` or `hash`."""
        return SegmentCheck.model_validate_json(_module().verify_segment(str(path), depth))

    def import_file(
        self, root: Path, source: Path, stream: str, start_us: int, segment_seconds: int
    ) -> list[Segment]:
        """Cut a file into segments of `stream` below `root`. Raises ValueError or OSError with a sentence."""
        text = _module().import_file(str(root), str(source), stream, start_us, segment_seconds)
        return _segments.validate_json(text)

    def segment_table(self, path: Path) -> dict[str, Any]:
        return cast(dict[str, Any], json.loads(_module().segment_table(str(path))))


def _module() -> Any:
    """The compiled plane, loaded when first needed: tools and tests that touch no media do without."""
    return importlib.import_module("mingjing._media")
