"""What does the control plane add to recording?

`python -m bench control [--cameras N] [--seconds S]`. The assembled program (`mingjing serve`: register, plans, index
with a row a segment, gaps, state) records as many cameras as the media plane alone does beside it, both in files
of a minute, from the same source. CPU and memory are those of the whole process. Moonfire NVR, the cheapest peer,
is a whole program too and stands beside them. Files are cut at whole minutes: the default window is one minute.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.claims.rig import Rig, until

from bench import peers, recording
from bench.answer import hand_in
from bench.peers import moonfire
from bench.process import bytes_below, load, pss_bytes, windows
from bench.recording import Cost, Task

CAMERAS = 100
_USER = _PASSWORD = "bench"  # noqa: S105 - of the example's cameras
_GROWING_S = 90.0


def program(task: Task) -> Cost:
    """The assembled program, with the same cameras in its register."""
    cameras = len(task.cameras)
    with tempfile.TemporaryDirectory(prefix="control-", dir=recording.CLIPS.parent) as folder:
        rig = Rig(Path(folder).resolve(), extra={"MINGJING_MEDIA_SEGMENT_SECONDS": "60"})
        try:
            rig.start()
            streams = rig.register([camera.bare for camera in task.cameras], _USER, _PASSWORD)
            until("every camera is recorded", _GROWING_S, lambda: rig.growing(streams))
            assert rig.process is not None
            pid = rig.process.pid
            before, begun = bytes_below(rig.storage), time.monotonic()
            used = [window.percent(cameras) for window in windows([pid], task.seconds)]
            wrote = bytes_below(rig.storage) - before
            written = wrote / (time.monotonic() - begun) / cameras / task.rate
            return Cost(
                sum(used) / len(used), max(used) - min(used), pss_bytes(pid) / cameras / 2**20, written
            )
        finally:
            rig.stop()
            rig.abandon()


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench control")
    parser.add_argument("--cameras", type=int, default=CAMERAS)
    parser.add_argument("--seconds", type=float, default=30.0, help="length of each of the two windows")
    chosen = parser.parse_args(arguments)
    recording.build()
    found = recording.clips()
    rate = found[0].stat().st_size / 60
    costs: dict[str, Cost] = {}
    with recording.source(found) as address:
        task = Task(recording.pulled(address, chosen.cameras), chosen.seconds, rate)
        takes = {
            name: take for name, take in recording.takes(task, address) if name in ("ours", "Moonfire NVR")
        }
        for name, take in {
            "whole program": lambda: program(task),
            "media plane alone": takes.pop("ours"),
            **takes,
        }.items():
            costs[name] = take()
            print(
                f"  {chosen.cameras:>4} cameras  {name:<18}{recording.describe(costs[name])}  load {load():.1f}",
                flush=True,
            )
    hand_in(
        recording.answers(
            "control", chosen.cameras, costs, "whole program", peers.missing([moonfire.RECORDER])
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
