"""R9: all cameras drop at once; after the net returns all record again, and nobody was hammered meanwhile.

`python -m tests.claims.storm [--cameras N] [--outage S] [--seed N]` prints one JSON line. Every camera is behind a
port of a proxy of its own process (`proxy.py`), which resets all connections at one moment and each new one for so
long, and counts what it sees. The console's requests are timed in a calm stretch and during the storm.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.claims import measured, recovered
from tests.claims.cameras import PASSWORD, USER, Cameras
from tests.claims.person import Person, Watch, percentile
from tests.claims.proxy import Network, Proxy
from tests.claims.restart import anew, parts
from tests.claims.rig import Rig, until, wall_us

AGAIN_S = 60.0
RATIO = 2.0
BOUND_S = 120.0
ASKED = ("/cameras?limit=50", "/system", "/alarms?limit=50")
EVERY_S = 0.1


def run(folder: Path, cameras: int, outage_s: float, calm_s: float, seed: int) -> dict[str, Any]:
    with Cameras(folder, cameras) as sources, Proxy(sources.address, cameras, seed) as proxy:
        urls = [f"rtsp://127.0.0.1:{port}/cam{number}" for number, port in enumerate(proxy.ports)]
        rig = Rig(folder)
        try:
            rig.start()
            names = rig.register(urls, USER, PASSWORD)
            person = Person(rig, "keeper", rig.person("keeper", "maintainer"))
            until("all cameras record", BOUND_S, lambda: rig.growing(names))
            with Watch(lambda: [person.timed_get_ms(path) for path in ASKED], EVERY_S) as calm:
                time.sleep(calm_s)
            with Watch(lambda: [person.timed_get_ms(path) for path in ASKED], EVERY_S) as stormy:
                found = _storm(rig, proxy, names, outage_s)
            assert rig.alive(), rig.tail()
            assert sources.running(), "the cameras died"
            rig.stop()
        finally:
            rig.abandon()
        calm_ms = percentile([ms for seen in calm.seen for ms in seen], 95)
        storm_ms = percentile([ms for seen in stormy.seen for ms in seen], 95)
        return found | _judge(rig, names) | {
            "n": cameras, "seed": seed, "outage_s": outage_s, "api_p95_calm_ms": round(calm_ms, 1),
            "api_p95_storm_ms": round(storm_ms, 1), "api_ratio": round(storm_ms / calm_ms, 2),
        }  # fmt: skip


def _storm(rig: Rig, proxy: Proxy, streams: list[str], outage_s: float) -> dict[str, Any]:
    before, counted = parts(rig), proxy.report()
    assert all(seen.open == 1 for seen in counted), "a camera is not connected before the storm"
    began, began_us = time.monotonic(), wall_us()
    proxy.set(Network(refuse=True))
    until("all connections cut", BOUND_S, lambda: not any(seen.open for seen in proxy.report()))
    time.sleep(outage_s)
    gap = "SELECT count(DISTINCT stream_no) FROM record_gaps WHERE until_us IS NULL OR until_us > ?"
    until("every stream's gap", BOUND_S, lambda: rig.ask(gap, began_us)[0][0] == len(streams))
    proxy.set(Network())
    returned = time.monotonic()
    until("all cameras record again", BOUND_S, lambda: anew(rig, streams, before))
    again = time.monotonic()
    time.sleep(2)
    seen = proxy.report()
    new = [[at for at in one.attempts if at > began] for one in seen]
    assert all(new), "the fault did not happen: a camera was not asked again"
    return {
        "again_s": round(again - returned, 1),
        "attempts_a_second_max": round(max(len(own) / (again - began) for own in new), 2),
        "attempts_in_a_second_max": max(_most_within(own, 1.0) for own in new),
        "sessions_max": max(one.most_open for one in seen),
    }


def _most_within(times: Sequence[float], seconds: float) -> int:
    return max(sum(at <= other < at + seconds for other in times) for at in times)


def _judge(rig: Rig, streams: list[str]) -> dict[str, Any]:
    rows = rig.rows()
    pictures = recovered.by_stream(rig.storage)
    return {
        "unexplained_s": round(
            max(recovered.unexplained_s(pictures[name], rig.gaps(name)) for name in streams), 1
        ),
        "overlaps": recovered.overlaps(rows),
        "unsound": recovered.unsound(rig.storage, [row for row in rows if row.state == "stored"]),
        "doubled": sum(recovered.doubled(pictures[stream]) for stream in streams),
    }


def holds(found: dict[str, Any], *, timed: bool = True) -> bool:
    """The promise of R9; without its times where `timed` is false."""
    clean = not (found["overlaps"] or found["unsound"] or found["doubled"])
    clean = clean and found["unexplained_s"] <= recovered.EXPLAINED_S and found["sessions_max"] <= 1
    # Two may come within one second of the proxy's clock where a machine is busy, three never.
    calm = found["attempts_a_second_max"] <= 1 and found["attempts_in_a_second_max"] <= 2
    quick = found["again_s"] <= AGAIN_S and found["api_ratio"] <= RATIO
    quick = quick and found["attempts_in_a_second_max"] <= 1
    return bool(clean and calm and (quick or not timed))


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="storm", description=__doc__)
    options.add_argument("--cameras", "-n", type=int, default=100)
    options.add_argument("--outage", type=float, default=20.0, help="seconds")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.cameras, chosen.outage, chosen.outage, chosen.seed)
    return measured.ended("R9", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
