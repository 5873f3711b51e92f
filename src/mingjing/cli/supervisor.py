"""What is said to the service manager (sd_notify(3)): ready, alive, stopping. Where there is none, nothing is said."""

import os
import socket
from collections.abc import Mapping

MOST_SECONDS = 30
_PATIENCE_S = 1.0
"""For a manager that does not take its letters: the loop that serves the console waits no longer."""


class Supervisor:
    """The service manager that started this program, if one did."""

    def __init__(self, environment: Mapping[str, str], process: int) -> None:
        """`NOTIFY_SOCKET` says where it listens; `WATCHDOG_USEC` how long it waits for a sign of life, of `WATCHDOG_PID`
        where that is given."""
        path = environment.get("NOTIFY_SOCKET", "")
        # A name that begins with `@` is one of the kernel's, not of the file system.
        self._address = "\0" + path[1:] if path.startswith("@") else path
        watched = environment.get("WATCHDOG_PID", str(process)) == str(process)
        patience = environment.get("WATCHDOG_USEC", "")
        self._patience_us = int(patience) if watched and patience.isdecimal() else 0

    @property
    def every_s(self) -> int:
        """How often to say `alive`: twice within the manager's patience, at least."""
        half = self._patience_us // 2_000_000
        return max(1, min(half, MOST_SECONDS)) if half else MOST_SECONDS

    def ready(self, where: str) -> None:
        """Everything runs, and the console answers at `where`."""
        self._say("READY=1", f"STATUS={where}")

    def alive(self) -> None:
        """To be said by what would fall silent if the program hung."""
        self._say("WATCHDOG=1")

    def stopping(self) -> None:
        """Recordings are being closed; no new work is taken."""
        self._say("STOPPING=1")

    def _say(self, *lines: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as door:
                door.settimeout(_PATIENCE_S)
                door.connect(self._address)
                door.send("\n".join(lines).encode())
        except OSError:
            # The manager is gone or busy: recording does not depend on it.
            return


def supervisor() -> Supervisor:
    """Of this process. Children do not hear of it: the socket's name leaves the environment."""
    told = {name: os.environ.pop(name) for name in _NAMES if name in os.environ}
    return Supervisor(told, os.getpid())


_NAMES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")
