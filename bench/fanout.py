"""What does one more live viewer cost?

`python -m bench fanout [viewers…] [--seconds S]`, 100, 300 and 1,000 viewers by default. A camera in a process of its
own (1080p25, 2.2 Mbit/s) is pulled by each server in turn; a process of readers counts every viewer's bytes. CPU is
that of the server's process alone, in two windows after settling. The limit is a bare loop that writes as many
bytes to as many sockets, each frame or each 200 ms, without a camera. A server one of whose viewers gets less than
nine tenths of the camera's rate stands beside nobody.
"""

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import peers, plane, source
from bench.answer import Answer, hand_in
from bench.peers import Camera, mediamtx, zlmediakit
from bench.process import examples, first_line, load, running, windows
from bench.viewers import counted, watching

VIEWERS = [100, 300, 1_000]
SETTLE_S = 4.0
GOT_LEAST = 0.9
REPUBLISHERS = [*zlmediakit.REPUBLISHERS, mediamtx.REPUBLISHER]
LOOPS = {"bare loop, a write a frame": 1, "bare loop, a write per 200 ms": 5}
"""Frames a write."""

ASKED = {
    "frame": ("frame", "bare loop, a write a frame"),
    "economy": ("economy", "bare loop, a write per 200 ms"),
    "rtsp": ("ours-rtsp", "bare loop, a write a frame"),
}
"""Each question: our door, and the limit beside it. Peers have one pace each and stand beside all three."""


@dataclass(frozen=True)
class Up:
    """A server that runs: its process, and the door that viewers take."""

    pid: int
    door: str
    address: str
    path: str = ""


@dataclass(frozen=True)
class Cost:
    """Of one server, a viewer."""

    percent: float
    spread: float
    slowest: float
    """Bytes that came to the viewer that got least, over the camera's rate."""

    @property
    def whole(self) -> bool:
        return self.slowest >= GOT_LEAST


@contextmanager
def ours(door: str, camera: Camera) -> Iterator[Up]:
    with plane.serving(camera) as served:
        rtsp = door == "ours-rtsp"
        yield Up(served.process.pid, door, served.rtsp if rtsp else served.http, f"/{plane.WARM}")


@contextmanager
def bare_loop(viewers: int, frames: int) -> Iterator[Up]:
    with running([[str(examples() / "fanout"), "loop", str(viewers), str(frames)]]) as (process,):
        yield Up(process.pid, "raw", first_line(process))


@contextmanager
def peer(republisher: peers.Republisher, binary: str, camera: Camera) -> Iterator[Up]:
    folder = Path(tempfile.mkdtemp(prefix="fanout-", dir=source.CLIP.parent)).resolve()
    try:
        served = republisher.prepare(binary, camera, folder)
        with running([served.command]) as (process,):
            if republisher.begin is not None:
                republisher.begin(camera, folder)
            yield Up(process.pid, republisher.door, served.address, republisher.path)
    finally:
        shutil.rmtree(folder)


def servers(viewers: int, camera: Camera) -> Iterator[tuple[str, Callable[[], AbstractContextManager[Up]]]]:
    """Names of servers, and how each is started."""
    for door, _ in ASKED.values():
        yield door, partial(ours, door, camera)
    for name, frames in LOOPS.items():
        yield name, partial(bare_loop, viewers, frames)
    for republisher, binary in peers.present(REPUBLISHERS):
        yield republisher.name, partial(peer, republisher, binary, camera)


def measure(up: Up, viewers: int, seconds: float, rate: float) -> Cost:
    """One server that runs, under so many viewers."""
    with watching(up.door, up.address, up.path, viewers) as watchers:
        time.sleep(SETTLE_S)
        before, begun = counted(watchers), time.monotonic()
        used = [window.percent(viewers) for window in windows([up.pid], seconds, settle_s=0)]
        after, took = counted(watchers), time.monotonic() - begun
    got = min(late - early for early, late in zip(before, after, strict=True))
    return Cost(sum(used) / len(used), max(used) - min(used), got / took / rate)


def compare(viewers: int, seconds: float, only: str) -> dict[str, Cost]:
    """Every server whose name holds `only`, one after the other, from the same camera."""
    costs: dict[str, Cost] = {}
    with source.camera() as camera:
        for name, start in servers(viewers, camera):
            if only not in name:
                continue
            with start() as up:
                cost = costs[name] = measure(up, viewers, seconds, source.rate())
            print(
                f"  {viewers:>5} viewers  {name:<30}{cost.percent:>9.4f} % of a core ±{cost.spread / 2:.4f}"
                f"  the slowest got {cost.slowest:.2f}{'' if cost.whole else '  DROPS'}  load {load():.1f}",
                flush=True,
            )
    return costs


def answers(viewers: int, costs: dict[str, Cost]) -> Iterator[Answer]:
    """One a door of ours. A server that drops is named, not compared; where ours drops there is no answer."""
    drops = [f"{name} (drops)" for name, cost in costs.items() if not cost.whole]
    for question, (door, limit) in ASKED.items():
        if not costs[door].whole:
            print(f"  fanout_{question}_{viewers}: our own viewers lacked pictures, no answer")
            continue
        beside = [limit, *(republisher.name for republisher in REPUBLISHERS)]
        yield Answer(
            f"fanout_{question}_{viewers}",
            "% of a core a viewer",
            costs[door].percent,
            {name: costs[name].percent for name in beside if name in costs and costs[name].whole},
            peers.missing(REPUBLISHERS) + drops,
        )


def build() -> None:
    """The bare loop, with full optimisation."""
    command = "cargo build --release -q -p mingjing-media --example fanout"
    subprocess.run(command.split(), check=True)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench fanout")
    parser.add_argument("viewers", nargs="*", type=int, default=VIEWERS)
    parser.add_argument("--seconds", type=float, default=6.0, help="length of each of the two windows")
    parser.add_argument(
        "--only", default="", help="measure only servers whose name holds this; nothing is handed in"
    )
    chosen = parser.parse_args(arguments)
    build()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # servers and viewers inherit it
    for viewers in chosen.viewers or VIEWERS:
        costs = compare(viewers, chosen.seconds, chosen.only)
        if not chosen.only:
            hand_in(list(answers(viewers, costs)))


if __name__ == "__main__":
    main(sys.argv[1:])
