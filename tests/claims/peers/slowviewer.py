"""R11 beside others: of fifty viewers of one stream over RTSP, one stops reading.

Compared are the 99th percentiles of the others' time between pictures, calm and until the stopped one is ended or half a
minute has passed; the memory is what the server takes more meanwhile, at its most.
"""

import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from bench import fanout, peers, viewers
from bench.peers import Camera, mediamtx, zlmediakit
from bench.process import pss_bytes

from tests.claims.peers.audience import Audience
from tests.claims.peers.results import Run
from tests.claims.person import percentile

CLAIM = "R11"
VIEWERS = 50
CALM_S = 15.0
ENDS_S = 35.0

SETTINGS = {"ours": "as installed", "mediamtx": "writeQueueSize 2048", "zlmediakit": "mergeWriteMS 0"}
"""As the benches have them."""

Serving = Callable[[Camera], AbstractContextManager[fanout.Up]]


def _republished(republisher: peers.Republisher) -> Serving | None:
    binary = peers.find(republisher.program)
    return None if binary is None else partial(fanout.peer, republisher, binary)


def server(recorder: str) -> Serving | None:
    """How a recorder serves one camera over RTSP, None where it does not or is not here."""
    ways: dict[str, Callable[[], Serving | None]] = {
        "ours": lambda: partial(fanout.ours, "ours-rtsp"),
        "mediamtx": lambda: _republished(mediamtx.REPUBLISHER),
        "zlmediakit": lambda: _republished(zlmediakit.RTSP),
    }
    return ways[recorder]() if recorder in ways else None


def once(up: fanout.Up) -> Run:
    door = viewers.DOORS[up.door]
    opened = [viewers.first(door, up.address, up.path)]
    opened += [door(up.address, up.path) for _ in range(VIEWERS - 1)]
    audience = Audience(opened)
    try:
        time.sleep(3)
        calm, memory = time.monotonic(), pss_bytes(up.pid)
        time.sleep(CALM_S)
        stopped = time.monotonic()
        calm_ms = _p99(audience, calm, stopped)
        memory = max(memory, pss_bytes(up.pid))
        most = memory
        audience.stop_reading(0)
        while not (ended := audience.ended(0)) and time.monotonic() - stopped < ENDS_S:
            time.sleep(0.25)
            most = max(most, pss_bytes(up.pid))
        over = time.monotonic()
        time.sleep(max(0.0, CALM_S - (over - stopped)))
        stopped_ms = _p99(audience, stopped, time.monotonic())
    finally:
        audience.close()
    return {
        "p99_calm_ms": calm_ms, "p99_stopped_ms": stopped_ms, "memory_mib": round((most - memory) / 2**20, 2),
        "ended_after_s": round(over - stopped, 1) if ended else None,
    }  # fmt: skip


def _p99(audience: Audience, from_s: float, until_s: float) -> float:
    """Of the others, milliseconds."""
    others = [audience.between_ms(number, from_s, until_s) for number in range(1, len(audience))]
    assert all(others), "a viewer that reads got nothing"
    return round(percentile([gap for gaps in others for gap in gaps], 99), 2)


def summary(runs: list[Run]) -> dict[str, Any]:
    ended = [run["ended_after_s"] for run in runs]
    return {
        "viewers": VIEWERS,
        "p99_calm_ms": round(statistics.median(run["p99_calm_ms"] for run in runs), 1),
        "ratio": round(statistics.median(run["p99_stopped_ms"] / run["p99_calm_ms"] for run in runs), 2),
        "ratio_max": round(max(run["p99_stopped_ms"] / run["p99_calm_ms"] for run in runs), 2),
        "memory_mib_max": max(run["memory_mib"] for run in runs),
        "ended": sum(one is not None for one in ended),
        "ended_after_s_max": max((one for one in ended if one is not None), default=None),
    }
