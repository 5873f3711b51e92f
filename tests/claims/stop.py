"""R12: whoever is frozen for a while and thawed: all goes on, what was lost is explained, no time is there twice.

`python -m tests.claims.stop [--seconds N]` prints one JSON line. By turns SIGSTOP holds, for so long: a viewer and the
process of one of the cameras; the child that decodes a picture; the whole program. Each is seen stopped before it is
continued. The database is claim R13's.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.claims import measured, recovered
from tests.claims.cameras import ROOT, Cameras
from tests.claims.person import Person, Viewer
from tests.claims.rig import Rig, until, wall_us

BOUND_S = 90.0
BESIDE_S = 2.0
"""The longest silence of a viewer who was not frozen."""


@contextmanager
def frozen(process: int) -> Iterator[None]:
    """SIGSTOP a process, seen to be stopped; SIGCONT it in the end."""
    os.kill(process, signal.SIGSTOP)
    try:
        until("a stopped process", 10, lambda: _state(process) == "T", every_s=0.01)
        yield
        assert _state(process) == "T", "the fault did not last"
    finally:
        os.kill(process, signal.SIGCONT)


def _state(process: int) -> str:
    return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]


class ApartViewer:
    """A viewer in a process of its own, which counts what it received in a file."""

    def __init__(self, folder: Path, person: Person, stream: str) -> None:
        self._count = folder / "received"
        url, ticket = person.live(stream)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.claims.stop", "--view", url, str(self._count)],
            cwd=ROOT, stdin=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdin is not None
        self.process.stdin.write(ticket + "\n")
        self.process.stdin.flush()
        until("pictures of a viewer apart", BOUND_S, lambda: self.received() > 4096)

    def received(self) -> int:
        return self._count.stat().st_size if self._count.exists() else 0

    def ended(self) -> bool:
        return self.process.poll() is not None

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


def _view(url: str, count: Path) -> None:
    """What the process of an `ApartViewer` does: keeps what comes until the other side ends it."""
    request = urllib.request.Request(url, headers={"Authorization": f"Ticket {sys.stdin.readline().strip()}"})  # noqa: S310 - our own
    with urllib.request.urlopen(request, timeout=120) as answer, count.open("wb", buffering=0) as file:  # noqa: S310
        while data := answer.read1(65536):
            file.write(data)


def run(folder: Path, seconds: float) -> dict[str, Any]:
    for name in ("first", "second"):
        (folder / name).mkdir()
    with Cameras(folder / "first", 1) as stopped, Cameras(folder / "second", 1) as others:
        rig = Rig(folder)
        try:
            rig.start()
            names = rig.enter(stopped) + rig.enter(others)
            person = Person(rig, "keeper", rig.person("keeper", "maintainer"))
            until("recording", BOUND_S, lambda: rig.growing(names))
            from_us = wall_us()
            found = _viewer_and_camera(rig, folder, person, names, stopped, seconds)
            found |= _decoder(rig, person, names[1], seconds)
            others_until_us = wall_us()
            found |= _program(rig, person, names, seconds)
            assert stopped.running(), "the first camera died"
            assert others.running(), "the second camera died"
            rig.stop()
        finally:
            rig.abandon()
        rows = rig.rows()
        pictures = recovered.by_stream(rig.storage)
        return found | {
            "n": 4, "seconds": seconds,
            "others_missing": recovered.holes(pictures[names[1]], from_us, others_until_us),
            "unexplained_s": round(
                max(recovered.unexplained_s(pictures[name], rig.gaps(name)) for name in names), 1
            ),
            "overlaps": recovered.overlaps(rows),
            "unsound": recovered.unsound(rig.storage, [row for row in rows if row.state == "stored"]),
            "doubled": sum(recovered.doubled(pictures[name]) for name in names),
        }  # fmt: skip


def _viewer_and_camera(
    rig: Rig, folder: Path, person: Person, streams: list[str], cameras: Cameras, seconds: float
) -> dict[str, Any]:
    """One camera's process, and one of the two who watch the other camera."""
    apart = ApartViewer(folder, person, streams[1])
    beside = Viewer(person, streams[1])
    began = time.monotonic()
    with frozen(cameras.process_id), frozen(apart.process.pid):
        time.sleep(seconds)
    until_s = time.monotonic()
    received = apart.received()
    # One who was away for too long has been ended, and asks again.
    until("the thawed viewer", BOUND_S, lambda: apart.received() > received or apart.ended())
    ended = apart.ended()
    apart.close()
    until("the thawed camera", BOUND_S, lambda: person.sees_recorded(streams))
    back_s = time.monotonic() - until_s
    silence_s = beside.longest_silence_s(began + 1, until_s)
    beside.close()
    assert rig.alive(), rig.tail()
    return {"viewer_ended": ended, "beside_silence_s": round(silence_s, 1), "camera_back_s": round(back_s, 1)}


def _decoder(rig: Rig, person: Person, stream: str, seconds: float) -> dict[str, Any]:
    """A child that stays frozen is ended at its bound; the next picture is made by another one."""
    path = f"/cameras/{stream.partition('.')[0]}/snapshot"
    assert person.status(path) == 200, "no picture before the fault"
    assert rig.process is not None
    program = rig.process.pid
    answered: list[int] = []
    asking = threading.Thread(target=lambda: answered.append(person.status(path)))
    began = time.monotonic()
    asking.start()
    child = until("a child that decodes", 10, lambda: _children(program), every_s=0.005)[0]
    os.kill(child, signal.SIGSTOP)
    until("a stopped child", 10, lambda: _state(child) == "T", every_s=0.005)
    until("the end of the freeze", BOUND_S, lambda: _ended(child) or time.monotonic() - began > seconds)
    if not _ended(child):
        os.kill(child, signal.SIGCONT)
    asking.join(BOUND_S)
    took_s = time.monotonic() - began
    assert answered, "a request hangs on a frozen child"
    again = person.status(path)
    assert again == 200, f"no picture after a frozen child: {again}"
    return {"picture_status": answered[0], "picture_s": round(took_s, 1)}


def _ended(process: int) -> bool:
    return not Path(f"/proc/{process}").exists()


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text(encoding="ascii").split()]


def _program(rig: Rig, person: Person, streams: list[str], seconds: float) -> dict[str, Any]:
    assert rig.process is not None
    with frozen(rig.process.pid):
        time.sleep(seconds)
    thawed, thawed_us = time.monotonic(), wall_us()
    until("all recorded after the thaw", BOUND_S, lambda: rig.ready() and person.sees_recorded(streams))
    back_s = time.monotonic() - thawed
    newer = "SELECT count(DISTINCT stream_no) FROM segments WHERE end_us > ? AND state = 'stored'"
    until("a segment after the thaw", BOUND_S, lambda: rig.ask(newer, thawed_us)[0][0] == len(streams))
    return {"program_back_s": round(back_s, 1)}


def holds(found: dict[str, Any], *, timed: bool = True) -> bool:
    """The promise of R12; without the times of who was not frozen where `timed` is false."""
    clean = not (found["overlaps"] or found["unsound"] or found["doubled"] or found["others_missing"])
    clean = clean and found["unexplained_s"] <= recovered.EXPLAINED_S
    return bool(clean and (found["beside_silence_s"] < BESIDE_S or not timed))


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="stop", description=__doc__)
    options.add_argument("--seconds", type=float, default=30.0)
    options.add_argument("--view", nargs=2, help=argparse.SUPPRESS)
    chosen = options.parse_args(arguments)
    if chosen.view:
        _view(chosen.view[0], Path(chosen.view[1]))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.seconds)
    return measured.ended("R12", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
