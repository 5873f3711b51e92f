"""A media node that lives in memory: for tests and for tools that must not open a socket.

It does what the protocol says and nothing on its own; a test tells it what happened with `tell`.
"""

import os
import threading

from mingjing.media.model import (
    Event,
    Listening,
    PlaneQueues,
    Probe,
    StreamSpec,
    StreamStats,
    Viewer,
)


class MemoryNode:
    """Keeps specs and acknowledgements; hands out the events, stats and probes that it was given."""

    def __init__(self) -> None:
        self.specs: dict[str, StreamSpec] = {}
        self.acknowledged: list[str] = []
        self.revoked_tickets: list[str] = []
        self.revoked_holders: list[str] = []
        self.stats: dict[str, StreamStats] = {}
        self.watching: list[Viewer] = []
        self.key_frames: dict[str, bytes] = {}
        self.next_probe = Probe(legs=[])
        self.stopped = False
        self._waiting: list[Event] = []
        self._guard = threading.Lock()
        self._read_fd, self._write_fd = os.pipe()
        os.set_blocking(self._read_fd, False)

    def tell(self, *events: Event) -> None:
        """Queue events as if the plane had seen them."""
        with self._guard:
            self._waiting.extend(events)
        os.write(self._write_fd, b"!")

    def start(self) -> Listening:
        return Listening(http="127.0.0.1:0")

    def stop(self, timeout_ms: int) -> None:  # noqa: ARG002  part of the protocol
        self.stopped = True

    def put_stream(self, spec: StreamSpec) -> None:
        self.specs[spec.stream] = spec

    def remove_stream(self, stream: str) -> None:
        self.specs.pop(stream, None)

    def probe(self, spec: StreamSpec, timeout_ms: int) -> Probe:  # noqa: ARG002  part of the protocol
        return self.next_probe

    def revoke_ticket(self, ticket: str) -> int:
        self.revoked_tickets.append(ticket)
        return 1

    def revoke_holder(self, holder: str) -> int:
        self.revoked_holders.append(holder)
        return 1

    def acknowledge(self, segments: list[str]) -> None:
        self.acknowledged.extend(segments)

    def latest_key_frame(self, stream: str) -> bytes | None:
        return self.key_frames.get(stream)

    def streams(self) -> list[StreamStats]:
        return list(self.stats.values())

    def viewers(self) -> list[Viewer]:
        return list(self.watching)

    def queues(self) -> PlaneQueues:
        return PlaneQueues(events=len(self._waiting))

    def event_fd(self) -> int:
        return self._read_fd

    def events(self, most: int) -> list[Event]:
        with self._guard:
            batch, self._waiting = self._waiting[:most], self._waiting[most:]
            if not self._waiting:
                self._drain()
        return batch

    def _drain(self) -> None:
        try:
            while os.read(self._read_fd, 4096):
                pass
        except BlockingIOError:
            return
