"""R5 beside others: the disk fills up, stays full for a while, and has room again; nobody touches the recorder.

Lost is the longest stretch without a picture that comes back, beside how long the disk was full.
"""

import os
import random
import time
from contextlib import suppress
from itertools import pairwise
from typing import Any

from tests.claims.full import FULL_S, fill, small_disk
from tests.claims.peers.audience import Audience
from tests.claims.peers.left import left_by
from tests.claims.peers.recorders import Recorder
from tests.claims.peers.results import Run
from tests.claims.recovered import Frame
from tests.claims.rig import LateError, until, wall_us

CLAIM = "R5"
MIB = 96
RESUME_S = 40.0
SILENT_S = 5.0


def once(recorder: Recorder, chance: random.Random) -> Run:
    """`chance` moves the moment over the files, which are of 10 s."""
    with small_disk(recorder.storage, MIB):
        recorder.start()
        began_us = wall_us()
        time.sleep(recorder.settled_s + chance.uniform(0, 10))
        audience = Audience([recorder.viewer(0)] if recorder.serves else [])
        try:
            found = _fill_and_free(recorder, audience)
        finally:
            audience.close()
        alive = recorder.alive()
        outcry = recorder.outcry()
        until_us = wall_us()
        recorder.stop()
        return found | _judge(recorder, began_us, until_us, found["freed_us"]) | {
            "alive": alive, "said": outcry or recorder.outcry(),
        }  # fmt: skip


def _fill_and_free(recorder: Recorder, audience: Audience) -> Run:
    ballast = recorder.storage / "ballast"
    full_us, full = wall_us(), time.monotonic()
    while time.monotonic() - full < FULL_S:
        fill(ballast)
        time.sleep(0.2)
    assert os.statvfs(recorder.storage).f_bavail == 0, "the fault did not happen: there is room"
    silence = audience.longest_silence_s(full, time.monotonic())
    before = recorder.weights()
    ballast.unlink()
    freed_us = wall_us()
    with suppress(LateError):
        until("writing again", RESUME_S, lambda: all(_grown(before, recorder.weights())))
    time.sleep(recorder.settled_s)
    return {
        "full_s": round((freed_us - full_us) / 1e6, 1), "freed_us": freed_us,
        "live_silence_s": None if silence is None else round(silence, 1),
    }  # fmt: skip


def _grown(before: dict[int, int], now: dict[int, int]) -> list[bool]:
    return [now.get(camera, 0) > weight for camera, weight in before.items()]


def _judge(recorder: Recorder, began_us: int, until_us: int, freed_us: int) -> Run:
    left = left_by(recorder)
    resumed = [_resumed_s(own, freed_us) for own in left.pictures.values()]
    return {
        "cameras": len(resumed),
        "resumed_s": resumed,
        "lost_s": [_longest_s(own, began_us, until_us) for own in left.pictures.values()],
        "files": left.files,
        "unplayable": left.unplayable,
    }


def _resumed_s(pictures: list[Frame], freed_us: int) -> float | None:
    """Until the first picture after there was room again."""
    later = [one.wall_us for one in pictures if one.wall_us > freed_us]
    return round((min(later) - freed_us) / 1e6, 1) if later else None


def _longest_s(pictures: list[Frame], from_us: int, until_us: int) -> float:
    times = [from_us, *sorted(one.wall_us for one in pictures if from_us < one.wall_us < until_us), until_us]
    return round(max(later - one for one, later in pairwise(times)) / 1e6, 1)


def summary(runs: list[Run]) -> dict[str, Any]:
    resumed = [one for run in runs for one in run["resumed_s"]]
    silences = [run["live_silence_s"] for run in runs if run["live_silence_s"] is not None]
    return {
        "full_s": runs[0]["full_s"],
        "cameras": len(resumed),
        "resumed": sum(one is not None for one in resumed),
        "resumed_s_max": max((one for one in resumed if one is not None), default=None),
        "lost_s_max": max(one for run in runs for one in run["lost_s"]),
        "files": sum(run["files"] for run in runs),
        "unplayable": sum(len(run["unplayable"]) for run in runs),
        "ended": sum(not run["alive"] for run in runs),
        "said": next((run["said"] for run in runs if run["said"]), ""),
        "live_silence_s_max": max(silences, default=None),
    }
