"""What does recording one camera cost?

`python -m bench recording [cameras…] [--seconds S]`, 10, 50, 100 and 200 cameras by default. Eight clips of
1080p25 at 2 Mbit/s with AAC, made once by FFmpeg, are published by a process of its own and pulled over TCP.
Measured is each server's process alone: CPU of its threads in two windows after settling, memory as Pss. Beside
stand the bare loop (each socket read once per 200 ms, unparsed, a write a GOP), `ffmpeg -c copy`, and peers that
are found. Written bytes are compared with the source's rate, so that a recorder that drops does not look cheap.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import peers
from bench.answer import Answer, hand_in
from bench.peers import Camera, ffmpeg, mediamtx, moonfire, zlmediakit
from bench.process import bytes_below, examples, first_line, load, pss_bytes, running, windows

CLIPS = Path("build/bench/clips")
EXAMPLE = examples() / "record_cost"
PHASES = 8
CAMERAS = [10, 50, 100, 200]
FFMPEG_MOST = 50
"""A process a camera: more of them measure the machine's memory, not FFmpeg."""
WRITTEN_LEAST = 0.9
RECORDERS = [moonfire.RECORDER, zlmediakit.RECORDER, mediamtx.RECORDER]
Commands = Callable[[Path], list[list[str]]]


@dataclass(frozen=True)
class Cost:
    """Of one recorder, a camera."""

    percent: float
    spread: float
    mib: float
    written: float
    """Bytes written over the source's rate; headers and rounding at file ends make it differ from 1."""


def clips() -> list[Path]:
    """The same pictures, cut to different lengths, so that key frames of the cameras do not fall together."""
    found = [CLIPS / f"{number}.mp4" for number in range(PHASES)]
    if all(path.exists() for path in found):
        return found
    CLIPS.mkdir(parents=True, exist_ok=True)
    encode = (
        "ffmpeg -v error -y -f lavfi -i testsrc2=size=1920x1080:rate=25 -f lavfi -i sine=sample_rate=48000 -t 60"
        " -vf noise=alls=12:allf=t -c:v libx264 -preset ultrafast -b:v 2M -minrate 2M -maxrate 2M -bufsize 1M"
        " -g 50 -keyint_min 50 -sc_threshold 0 -bf 0 -pix_fmt yuv420p -c:a aac -b:a 64k -ac 1"
    )
    subprocess.run([*encode.split(), str(found[0])], check=True)
    for number, path in enumerate(found[1:], 1):
        cut = [
            "ffmpeg",
            "-v",
            "error",
            "-y",
            "-i",
            str(found[0]),
            "-t",
            str(60 - 0.28 * number),
            "-c",
            "copy",
        ]
        subprocess.run([*cut, str(path)], check=True)
    return found


@dataclass(frozen=True)
class Task:
    """What every recorder of one comparison has to do."""

    cameras: list[Camera]
    seconds: float
    rate: float
    """Bytes a second of one camera."""


def measure(
    task: Task, commands: Commands, begin: Callable[[Path], None] | None = None, *, says_ready: bool = False
) -> Cost:
    """One recorder in a folder of its own. `begin` tells it after the start what it is to record."""
    cameras = len(task.cameras)
    folder = Path(tempfile.mkdtemp(prefix="record-cost-", dir=CLIPS.parent)).resolve()
    try:
        with running(commands(folder)) as processes:
            for process in processes if says_ready else []:
                first_line(process)
            if begin is not None:
                begin(folder)
            pids = [process.pid for process in processes]
            time.sleep(0 if says_ready else 5)
            before, begun = bytes_below(folder), time.monotonic()
            used = [window.percent(cameras) for window in windows(pids, task.seconds)]
            wrote = bytes_below(folder) - before
            written = wrote / (time.monotonic() - begun) / cameras / task.rate
            mib = sum(map(pss_bytes, pids)) / cameras / 2**20
        return Cost(sum(used) / len(used), max(used) - min(used), mib, written)
    finally:
        shutil.rmtree(folder)


@contextmanager
def source(found: list[Path]) -> Iterator[str]:
    """The cameras; gives their address."""
    with running([[str(EXAMPLE), "source", *map(str, found)]]) as (process,):
        yield first_line(process)


def pulled(address: str, cameras: int) -> list[Camera]:
    """The source's clips, taken in turn."""
    return [Camera(address, f"cam/{number % PHASES}", "bench", "bench") for number in range(cameras)]


def compare(cameras: int, seconds: float, rate: float, found: list[Path], only: str) -> dict[str, Cost]:
    """Every recorder whose name holds `only`, one after the other, from the same source."""
    costs: dict[str, Cost] = {}
    with source(found) as address:
        task = Task(pulled(address, cameras), seconds, rate)
        for name, take in takes(task, address):
            if only not in name:
                continue
            costs[name] = take()
            print(f"  {cameras:>4} cameras  {name:<14}{describe(costs[name])}  load {load():.1f}", flush=True)
    return costs


def takes(task: Task, address: str) -> Iterator[tuple[str, Callable[[], Cost]]]:
    """Names of recorders, and how each is measured."""

    def example(role: str) -> Callable[[], Cost]:
        arguments = [address, str(PHASES), str(len(task.cameras))]
        return lambda: measure(
            task, lambda folder: [[str(EXAMPLE), role, *arguments, str(folder)]], says_ready=True
        )

    def peer(recorder: peers.Recorder, binary: str) -> Callable[[], Cost]:
        tell = recorder.begin
        return lambda: measure(
            task,
            lambda folder: [recorder.prepare(binary, task.cameras, folder)],
            None if tell is None else lambda folder: tell(task.cameras, folder),
        )

    yield "ours", example("record")
    yield "bare loop", example("loop")
    for recorder, binary in peers.present(RECORDERS):
        yield recorder.name, peer(recorder, binary)
    if len(task.cameras) <= FFMPEG_MOST:
        numbered = list(enumerate(task.cameras))
        yield (
            "ffmpeg -c copy",
            lambda: measure(
                task, lambda folder: [ffmpeg.record(c, folder / f"{n}.mp4") for n, c in numbered]
            ),
        )


def describe(cost: Cost) -> str:
    """One row of the table."""
    note = "" if cost.written >= WRITTEN_LEAST else "  DROPS"
    return (
        f"{cost.percent:>9.4f} % of a core ±{cost.spread / 2:.4f}{cost.mib:>8.2f} MiB"
        f"  written {cost.written:.2f}{note}"
    )


def answers(
    question: str, cameras: int, costs: dict[str, Cost], ours: str, not_here: list[str]
) -> list[Answer]:
    """CPU and memory; a recorder that drops stands beside nobody, and where ours drops there is no answer."""
    whole = {name: cost for name, cost in costs.items() if cost.written >= WRITTEN_LEAST}
    missing = not_here + [f"{name} (drops)" for name in costs if name not in whole]
    if ours not in whole:
        print(f"  {question}_{cameras}: our own recorder dropped, no answer")
        return []
    own = whole.pop(ours)
    return [
        Answer(
            f"{question}_cpu_{cameras}", "% of a core a camera", own.percent,
            {name: cost.percent for name, cost in whole.items()}, missing,
        ),
        Answer(
            f"{question}_memory_{cameras}", "MiB a camera (Pss)", own.mib,
            {name: cost.mib for name, cost in whole.items()}, missing,
        ),
    ]  # fmt: skip


def build() -> None:
    """The example, with full optimisation."""
    command = "cargo build --release -q -p mingjing-media --example record_cost"
    subprocess.run(command.split(), check=True)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench recording")
    parser.add_argument("cameras", nargs="*", type=int, default=CAMERAS)
    parser.add_argument("--seconds", type=float, default=12.0, help="length of each of the two windows")
    parser.add_argument(
        "--only", default="", help="measure only recorders whose name holds this; nothing is handed in"
    )
    chosen = parser.parse_args(arguments)
    build()
    found = clips()
    rate = found[0].stat().st_size / 60
    for cameras in chosen.cameras or CAMERAS:
        costs = compare(cameras, chosen.seconds, rate, found, chosen.only)
        if not chosen.only:
            hand_in(answers("recording", cameras, costs, "ours", peers.missing(RECORDERS)))


if __name__ == "__main__":
    main(sys.argv[1:])
