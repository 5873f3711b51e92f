"""R1 beside others: SIGKILL at a random moment while every camera is recorded; what of it is left and can be played.

Lost is the time before the kill of which no picture comes back, a sample a camera; the recorder's own recovery has run.
"""

import random
import statistics
import time
from typing import Any

from tests.claims.peers.left import left_by
from tests.claims.peers.recorders import Recorder
from tests.claims.peers.results import Run
from tests.claims.recovered import holes, tail_ms
from tests.claims.rig import wall_us

CLAIM = "R1"
EARLIER_US = 2_000_000
"""All cameras were seen to be recorded: the first pictures are older than that moment."""


def once(recorder: Recorder, chance: random.Random) -> Run:
    recorder.start()
    began_us = wall_us()
    time.sleep(chance.uniform(*recorder.life_s))
    killed_us = recorder.kill()
    recorder.recover()
    left = left_by(recorder)
    tails = [tail_ms(own, began_us - EARLIER_US, killed_us) for own in left.pictures.values()]
    whole_ms = (killed_us - began_us) / 1000
    return {
        "lived_s": round(whole_ms / 1000, 1),
        "lost_s": [round((whole_ms if tail is None else tail) / 1000, 1) for tail in tails],
        "missing": sum(holes(own, began_us, killed_us) for own in left.pictures.values()),
        "files": left.files,
        "unplayable": left.unplayable,
    }


def summary(runs: list[Run]) -> dict[str, Any]:
    lost = [one for run in runs for one in run["lost_s"]]
    return {
        "samples": len(lost),
        "lost_s_median": round(statistics.median(lost), 1),
        "lost_s_max": max(lost),
        "missing": sum(run["missing"] for run in runs),
        "files": sum(run["files"] for run in runs),
        "unplayable": sum(len(run["unplayable"]) for run in runs),
    }
