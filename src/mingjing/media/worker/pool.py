"""Starting children for decoding, in the parent: fixed arguments, an empty environment, a bound on how many."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mingjing

PICTURES_AT_ONCE = 2
PICTURE_SECONDS = 10.0
TABLE_SECONDS = 40.0
CLIP_STALL_SECONDS = 120.0

_pictures = threading.BoundedSemaphore(PICTURES_AT_ONCE)
_tables = threading.BoundedSemaphore(1)


class WorkerError(Exception):
    """The child gave no answer; the text says how it ended."""


def snapshot(content: bytes, *, at_us: int | None = None, width: int | None = None) -> bytes:
    """A JPEG of a picture in a small fMP4. Raises WorkerError."""
    with _pictures:
        return _answer({"task": "snapshot", "at_us": at_us, "width": width}, content, PICTURE_SECONDS)


def table(content: bytes, rows: int) -> list[list[str]]:
    """The first `rows` rows of a spreadsheet as text. Raises WorkerError."""
    with _tables:
        found: list[list[str]] = json.loads(_answer({"task": "table", "rows": rows}, content, TABLE_SECONDS))
    return found


def _answer(task: dict[str, Any], content: bytes, seconds: float) -> bytes:
    with _child() as child:
        try:
            answer, trouble = child.communicate(json.dumps(task).encode() + b"\n" + content, timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise WorkerError(f"no answer within {seconds:.0f} s") from None
    if child.returncode != 0 or not answer:
        raise WorkerError(_ending(child.returncode, trouble))
    return answer


def clip(task: dict[str, Any], cancelled: Callable[[], bool]) -> Iterator[dict[str, Any]]:
    """Run a clip; yields its progress. Raises WorkerError; kills the child when `cancelled()`."""
    return _told(task | {"task": "clip"}, cancelled)


def remux(source: Path, output: Path, most_bytes: int) -> dict[str, Any]:
    """Write the pictures and sound of `source` to `output` as a plain MOV, at most so large, unless it is one.

    Returns the child's last word (`worker.remux`). Raises WorkerError.
    """
    task = {"task": "remux", "source": str(source), "output": str(output), "most_bytes": most_bytes}
    last: dict[str, Any] = {}
    for line in _told(task, lambda: False):
        last = line
    return last


def _told(task: dict[str, Any], cancelled: Callable[[], bool]) -> Iterator[dict[str, Any]]:
    """The lines of a child that says how far it is. One that is silent for too long is killed."""
    with _child() as child:
        watch = _Watch(child)
        try:
            if child.stdin is None or child.stdout is None:
                raise WorkerError("no pipe")
            child.stdin.write(json.dumps(task).encode() + b"\n")
            child.stdin.close()
            for line in child.stdout:
                watch.alive()
                if cancelled():
                    return
                yield json.loads(line)
            trouble = child.stderr.read() if child.stderr else b""
            if child.wait(CLIP_STALL_SECONDS) != 0:
                raise WorkerError(_ending(child.returncode, trouble))
        finally:
            watch.stop()
            child.kill()


class _Watch:
    """Kills a child that says nothing for too long."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child
        self._heard = threading.Event()
        self._over = False
        self._thread = threading.Thread(target=self._run, name="clip-watch", daemon=True)
        self._thread.start()

    def alive(self) -> None:
        self._heard.set()

    def stop(self) -> None:
        self._over = True
        self._heard.set()

    def _run(self) -> None:
        while not self._over:
            if not self._heard.wait(CLIP_STALL_SECONDS):
                self._child.kill()
                return
            self._heard.clear()


def _child() -> subprocess.Popen[bytes]:
    root = str(Path(mingjing.__file__).parents[1])
    environment = {"PYTHONPATH": root, "PATH": os.defpath, "LANG": "C.UTF-8"}
    return subprocess.Popen(
        [sys.executable, "-m", "mingjing.media.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        close_fds=True,
        start_new_session=True,
    )


def _ending(code: int | None, trouble: bytes) -> str:
    last = trouble.decode(errors="replace").strip().splitlines()[-1:] or [""]
    return f"exit {code}: {last[0][:200]}"
