"""Viewers over RTSP whose pictures are timed as they come, and any of which may stop reading.

A picture has come with the RTP packet that carries the marker (RFC 6184 §5.1), interleaved as of RFC 2326 §10.12.
"""

import selectors
import socket
import threading
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path


class Viewer:
    """One session that plays."""

    def __init__(self, opened: socket.socket) -> None:
        opened.setblocking(False)
        self.socket = opened
        self.received: list[float] = []
        """When each picture was there, on the monotonic clock."""

        self._pending = b""

    def read(self) -> bool:
        """Take what is there; whether the session goes on."""
        try:
            got = self.socket.recv(1 << 20)
        except OSError:
            return False
        self._pending += got
        at, now = 0, time.monotonic()
        while len(self._pending) >= at + 6:
            if self._pending[at] != 0x24:
                raise AssertionError(f"no interleaved packet: {self._pending[at : at + 40]!r}")
            end = at + 4 + int.from_bytes(self._pending[at + 2 : at + 4], "big")
            if len(self._pending) < end:
                break
            if self._pending[at + 1] == 0 and self._pending[at + 5] & 0x80:
                self.received.append(now)
            at = end
        self._pending = self._pending[at:]
        return bool(got)


class Audience:
    """Viewers that one thread reads."""

    def __init__(self, sockets: Sequence[socket.socket]) -> None:
        self._viewers = [Viewer(opened) for opened in sockets]
        self._selector = selectors.DefaultSelector()
        for viewer in self._viewers:
            self._selector.register(viewer.socket, selectors.EVENT_READ, viewer)
        self._over = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __len__(self) -> int:
        return len(self._viewers)

    def stop_reading(self, number: int) -> None:
        with self._lock:
            self._selector.unregister(self._viewers[number].socket)

    def ended(self, number: int) -> bool:
        """Whether the server has given up a viewer that reads nothing: its socket belongs to no process any more."""
        peer = f":{self._viewers[number].socket.getsockname()[1]:04X}"
        for table in ("/proc/net/tcp", "/proc/net/tcp6"):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[2].endswith(peer) and fields[9] != "0":
                    return False
        return True

    def between_ms(self, number: int, from_s: float, until_s: float) -> list[float]:
        """Times between a viewer's pictures within a stretch of the monotonic clock."""
        times = [at for at in self._viewers[number].received if from_s <= at <= until_s]
        return [(later - one) * 1000 for one, later in pairwise(times)]

    def longest_silence_s(self, from_s: float, until_s: float) -> float | None:
        """The longest time without a picture for anybody; None without viewers."""
        longest = None
        for viewer in self._viewers:
            times = [from_s, *(at for at in viewer.received if from_s <= at <= until_s), until_s]
            longest = max(longest or 0.0, *(later - one for one, later in pairwise(times)))
        return longest

    def close(self) -> None:
        self._over = True
        self._thread.join(5)
        for viewer in self._viewers:
            viewer.socket.close()

    def _read(self) -> None:
        while not self._over:
            with self._lock:
                ready = self._selector.select(0.05) if self._selector.get_map() else []
                for key, _ in ready:
                    if not key.data.read():
                        self._selector.unregister(key.fileobj)
            if not ready:
                time.sleep(0.01)
