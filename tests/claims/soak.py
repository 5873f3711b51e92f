"""R18: viewers and cameras come and go, and the program stays as it was; short of descriptors, it refuses viewers first.

`python -m tests.claims.soak [--seconds S] [--seed N]` prints one JSON line. Two cameras record throughout. In rounds,
viewers join by tickets and leave, recordings are listed, and a third camera is entered and removed. At the end of each
round, with nobody there, memory and descriptors are read. The program may open 256 descriptors; in the end more viewers
come than fit, for longer than a segment: all must be served or refused, and the recording must have no hole.
"""

import argparse
import http.client
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mingjing.cli.archive import archive
from mingjing.cli.options import COMMAND_LINE
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.registry.service import remove
from tests.claims import measured, recovered
from tests.claims.cameras import PASSWORD, USER, Cameras
from tests.claims.person import Person
from tests.claims.rig import SEGMENT_SECONDS, Rig, until, wall_us

VIEWERS = 20
HOUR_US = 3_600_000_000
FILES = 256
WITH_FEW_FILES = f"""
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_NOFILE, ({FILES}, {FILES}))
sys.argv = ["mingjing", "serve"]
runpy.run_module("mingjing.__main__", run_name="__main__")
"""
CROWD = 300
SLOPE_MIB_H = 1.0
SLOPE_FROM_S = 1800.0
"""Below this, a slope by the hour is noise, and only the growth is judged."""

GROWTH_MIB = 16.0
SPARE_FILES = 4
"""Each of two recordings may be between two files for a moment."""

WISHES = 60
"""Of one request for tickets."""


def run(folder: Path, seconds: float, seed: int) -> dict[str, Any]:
    chance = random.Random(seed)  # noqa: S311 - who stays for how long
    most = {"MINGJING_LIMITS_CONNECTIONS_PER_SOURCE": "2000"}
    rig = Rig(folder, extra=most)
    with Cameras(folder, 3) as cameras:
        try:
            rig.start(program=("-c", WITH_FEW_FILES))
            names = rig.register(cameras.urls[:2], USER, PASSWORD)
            password = rig.person("viewer", "duty_officer")
            until("recording", 60, lambda: rig.growing(names))
            from_us = wall_us()
            person = Person(rig, "viewer", password)
            churn = _churn(rig, person, cameras.urls[2], names, seconds, chance)
            crowd = _crowd(rig, person, names)
            until_us = wall_us()
            time.sleep(1)
            assert rig.alive(), rig.tail()
            rig.stop()
        finally:
            rig.abandon()
    pictures = recovered.by_stream(rig.storage)
    return {
        **churn, **crowd, "seed": seed,
        "missing": sum(recovered.holes(pictures[name], from_us, until_us) for name in names),
        "doubled": sum(recovered.doubled(pictures[name]) for name in names),
        "recorded": min(len(pictures[name]) for name in names),
        "unsound": recovered.unsound(rig.storage, rig.rows()),
    }  # fmt: skip


class Viewer:
    """Live pictures over HTTP; `served` says whether any came."""

    def __init__(self, base: str, ticket: dict[str, Any], stream: str, timeout_s: float = 5.0) -> None:
        at = urlsplit(base)
        self._connection = http.client.HTTPConnection(str(at.hostname), at.port, timeout=timeout_s)
        self.served = False
        self._answer: http.client.HTTPResponse | None = None
        with suppress(OSError, http.client.HTTPException):
            headers = {"Authorization": f"Ticket {ticket['ticket']}"}
            self._connection.request("GET", f"/live/{stream}.mp4", headers=headers)
            self._answer = self._connection.getresponse()
            self.served = self._answer.status == 200 and bool(self._answer.read1(1000))

    def close(self) -> None:
        # The answer holds the socket, too.
        if self._answer is not None:
            self._answer.close()
        self._connection.close()


def _tickets(person: Person, stream: str, count: int) -> list[dict[str, Any]]:
    wish = {"kind": "live", "channel": stream.partition(".")[0], "stream": "main"}
    found: list[dict[str, Any]] = []
    while len(found) < count:
        wishes = {"wishes": [wish] * min(WISHES, count - len(found))}
        found += person.post("/tickets", wishes)["tickets"]
    return found


def _churn(
    rig: Rig, person: Person, url: str, streams: list[str], seconds: float, chance: random.Random
) -> dict[str, Any]:
    began = time.monotonic()
    rounds = 0
    viewers = served = 0
    samples: list[tuple[float, float]] = []
    files = base_files = 0
    names = Counter[str]()
    while rounds < 3 or time.monotonic() - began < seconds:
        (third,) = rig.register([url], USER, PASSWORD)
        until("the third camera", 60, lambda: rig.growing([third]))  # noqa: B023
        here: list[Viewer] = []
        for ticket in _tickets(person, streams[rounds % 2], VIEWERS):
            here.append(Viewer(str(person.session["media_base"]), ticket, streams[rounds % 2]))
            if len(here) > 5 and chance.random() < 0.5:
                here.pop(chance.randrange(len(here))).close()
            served += here[-1].served if here else 0
            viewers += 1
        person.get(
            "/recordings/segments",
            channel=third.partition(".")[0],
            from_us=wall_us() - HOUR_US,
            until_us=wall_us(),
        )
        for viewer in here:
            viewer.close()
        with archive(rig.settings) as at, at.database.transaction() as tx:
            scope = system_scope(Action.CAMERA_WRITE)
            remove(tx, COMMAND_LINE, scope, third.partition(".")[0], "keep", "拆除")
        part = rig.storage / third
        until("the third camera gone", 60, lambda: not list(part.glob("*/*.part")))  # noqa: B023
        if rounds == 0:
            # The first round opens what is kept open: connections to the database, threads, caches.
            base_files = _settled(rig, 0)
            names = Counter(_names(rig))
        else:
            files = _settled(rig, base_files)
        samples.append((time.monotonic() - began, _memory_mib(rig)))
        rounds += 1
    seen = samples[1:]
    slope = statistics.linear_regression(*zip(*seen, strict=True)).slope * 3600
    return {
        "n": rounds, "seconds": round(samples[-1][0]), "viewers": viewers, "served": served,
        "rss_mib": round(samples[-1][1]), "rss_growth_mib": round(samples[-1][1] - seen[0][1], 1),
        "rss_slope_mib_h": round(slope, 1), "files_base": base_files, "files_end": files,
        "files_more": dict(Counter(_names(rig)) - names),
    }  # fmt: skip


def _served(person: Person, stream: str) -> bool:
    viewer = Viewer(str(person.session["media_base"]), _tickets(person, stream, 1)[0], stream)
    viewer.close()
    return viewer.served


def _settled(rig: Rig, base: int) -> int:
    """Descriptors once all who left are gone, or what is left after a while."""
    until_s = time.monotonic() + 5
    while (now := _files(rig, pooled=False)) > base and time.monotonic() < until_s:
        time.sleep(0.2)
    return now


def _process(rig: Rig) -> Path:
    assert rig.process is not None
    return Path(f"/proc/{rig.process.pid}")


def _files(rig: Rig, *, pooled: bool = True) -> int:
    """Open descriptors; `pooled` counts the database's, whose number has a bound of its own and follows the load."""
    return sum(pooled or "mingjing.sqlite3" not in name for name in _names(rig))


def _names(rig: Rig) -> list[str]:
    """What each descriptor is, as the system names it: sockets and pipes without their numbers."""
    found = []
    for entry in (_process(rig) / "fd").iterdir():
        with suppress(FileNotFoundError):  # closed while we looked
            found.append(str(entry.readlink()).partition(":[")[0])
    return found


def _memory_mib(rig: Rig) -> float:
    pages = int((_process(rig) / "statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def _crowd(rig: Rig, person: Person, streams: list[str]) -> dict[str, Any]:
    """More viewers than there are descriptors, for as long as every stream needs to begin a new file."""
    tickets = _tickets(person, streams[0], CROWD)
    here: list[Viewer] = []
    known = {row.id for row in rig.rows()}
    most = 0
    refused = 0
    for ticket in tickets:
        viewer = Viewer(
            str(person.session["media_base"]), ticket, streams[0], timeout_s=0.5 if refused else 5.0
        )
        here.append(viewer)
        refused += not viewer.served
        most = max(most, _files(rig))
        if refused >= 5:
            break
    assert refused, "the fault did not happen: there was room for all"
    until(
        "new files of every stream",
        3 * SEGMENT_SECONDS,
        lambda: {row.stream for row in rig.rows() if row.id not in known} >= set(streams),
    )
    time.sleep(2)
    growing = rig.growing(streams)
    for viewer in here:
        viewer.close()
    until("an answer after the crowd", 30, rig.ready)
    until("a viewer served after the crowd", 30, lambda: _served(person, streams[0]))
    return {
        "crowd_served": len(here) - refused, "crowd_refused": refused, "crowd_files": most,
        "recorded_in_crowd": growing,
    }  # fmt: skip


def holds(found: dict[str, Any], *, timed: bool = True) -> bool:
    """The promise of R18; without what only hours show where `timed` is false."""
    whole = not (found["missing"] or found["doubled"] or found["unsound"]) and found["recorded"] > 0
    back = found["files_end"] <= found["files_base"] + SPARE_FILES and found["served"] > 0
    flat = found["rss_growth_mib"] <= GROWTH_MIB
    if timed and found["seconds"] >= SLOPE_FROM_S:
        flat = found["rss_slope_mib_h"] <= SLOPE_MIB_H
    crowd = found["crowd_refused"] > 0 and found["recorded_in_crowd"]
    return bool(whole and back and flat and crowd)


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="soak", description=__doc__)
    options.add_argument("--seconds", type=float, default=300.0)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.seconds, chosen.seed)
    return measured.ended("R18", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
