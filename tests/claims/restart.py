"""R23: after a death the first stream records again within five seconds, and the page is there; a stop takes less.

`python -m tests.claims.restart [--runs N] [--streams N] [--seed N]` prints one JSON line. Each run kills the program
while every stream records, starts it at once, waits until every stream records anew, stops it cleanly and starts it
again. How long nothing was recorded is read afterwards from the numbered pictures; the page is asked for all along.
The times are a machine's that has nothing else to do.
"""

import argparse
import random
import socket
import statistics
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.claims import measured, recovered
from tests.claims.cameras import Cameras
from tests.claims.rig import START_S, Rig, until

BOUND_MS = 5000
GROWN_BYTES = 4096


@dataclass(frozen=True)
class Death:
    """One kill, the unfinished files that it left, and how long the page took to come back."""

    killed_us: int
    unfinished: set[Path]
    page_ms: float


def run(folder: Path, runs: int, streams: int, seed: int) -> dict[str, Any]:
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    port = free_port()
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    manager.bind(str(folder / "notify"))
    rig = Rig(folder, extra={"MINGJING_SERVER_PORT": str(port), "NOTIFY_SOCKET": str(folder / "notify")})
    page = f"http://127.0.0.1:{port}/"
    deaths: list[Death] = []
    starts_ms: list[float] = []
    stops_ms: list[float] = []
    told: list[str] = []
    with manager, Cameras(folder, streams) as cameras:
        try:
            rig.start()
            names = rig.enter(cameras)
            for _ in range(runs):
                until("all streams record", START_S, lambda: anew(rig, names, set()))
                time.sleep(chance.uniform(0.2, 3.0))
                unfinished = parts(rig)
                killed_us = rig.kill()
                deaths.append(Death(killed_us, unfinished, _page_ms(rig, page)))
                until("ready", START_S, rig.ready)
                until("all streams record anew", START_S, lambda: anew(rig, names, unfinished))  # noqa: B023
                stops_ms.append(rig.stop() * 1000)
                starts_ms.append(_page_ms(rig, page))
                until("ready", START_S, rig.ready)
                told += _heard(manager)
            assert cameras.running(), "the cameras died with the program"
            rig.stop()
            told += _heard(manager)
        finally:
            rig.abandon()
    return _figures(rig, names, deaths, starts_ms, stops_ms) | {
        "told_ready": told.count("READY=1"), "told_stopping": told.count("STOPPING=1"),
        "n": len(deaths), "streams": streams, "seed": seed,
    }  # fmt: skip


def _heard(manager: socket.socket) -> list[str]:
    """What the service manager was told since it was last asked, line by line."""
    lines: list[str] = []
    while True:
        try:
            lines += manager.recv(4096).decode().splitlines()
        except BlockingIOError:
            return lines


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def parts(rig: Rig) -> set[Path]:
    """Unfinished files with something in them."""
    return {file for file in rig.storage.glob("*/*/*.part") if file.stat().st_size > GROWN_BYTES}


def anew(rig: Rig, streams: list[str], before: set[Path]) -> bool:
    """Whether every stream has an unfinished file that it had not before."""
    return {file.parent.parent.name for file in parts(rig) - before} >= set(streams)


def _page_ms(rig: Rig, page: str) -> float:
    """From the start of the process until its page is answered."""
    began = time.monotonic()
    rig.start(wait=False)
    until("the page", START_S, lambda: rig.alive() and _answers(page), every_s=0.02)
    return (time.monotonic() - began) * 1000


def _answers(page: str) -> bool:
    try:
        with urllib.request.urlopen(page, timeout=2) as answer:  # noqa: S310 - our own
            return bool(answer.status == 200)
    except OSError:
        return False


def _figures(
    rig: Rig, streams: list[str], deaths: list[Death], starts_ms: list[float], stops_ms: list[float]
) -> dict[str, Any]:
    pictures = recovered.by_stream(rig.storage)
    first, last = [], []
    for death in deaths:
        back = [
            min(one.wall_us for one in pictures[stream] if one.wall_us > death.killed_us) - death.killed_us
            for stream in streams
        ]
        first.append(min(back) / 1000)
        last.append(max(back) / 1000)
    pages = [death.page_ms for death in deaths]
    return {
        "killed_while_recording": sum(len(death.unfinished) for death in deaths),
        "left_unfinished": sum(file.exists() for death in deaths for file in death.unfinished),
        "first_stream_ms_median": round(statistics.median(first)),
        "first_stream_ms_max": round(max(first)),
        "every_stream_ms_max": round(max(last)),
        "page_ms_median": round(statistics.median(pages)),
        "page_ms_max": round(max(pages)),
        "page_after_stop_ms_max": round(max(starts_ms)),
        "stop_ms_max": round(max(stops_ms)),
    }


def holds(found: dict[str, Any]) -> bool:
    """The promise of R23, on a machine that has nothing else to do."""
    times = ("first_stream_ms_max", "page_ms_max", "page_after_stop_ms_max", "stop_ms_max")
    return happened(found) and all(found[name] <= BOUND_MS for name in times)


def happened(found: dict[str, Any]) -> bool:
    """Each kill caught every stream in the middle of a file, recovery closed them all, and the service manager was told
    of every start and of every clean stop."""
    caught = found["killed_while_recording"] >= found["n"] * found["streams"] > 0
    told = (found["told_ready"], found["told_stopping"]) == (2 * found["n"] + 1, found["n"] + 1)
    return bool(caught and found["left_unfinished"] == 0 and told)


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="restart", description=__doc__)
    options.add_argument("--runs", "-n", type=int, default=5)
    options.add_argument("--streams", type=int, default=4)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.runs, chosen.streams, chosen.seed)
    return measured.ended("R23", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
