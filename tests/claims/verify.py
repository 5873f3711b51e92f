"""R24: `verify` looks as deep as it is asked, and by hash keeps up with `sha256sum`.

`python -m tests.claims.verify [--mib N]` prints one JSON line. Segments of a minute are brought in; the command's own
work and `sha256sum` then take turns over the same files, in one process each, all read from the cache. Compared are the
fastest turns. Then a file goes, another one grows, in a third one a byte changes: each depth must tell of what it
looks at, and of nothing else.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Literal

from mingjing import _media
from mingjing.cli.archive import Opened, archive
from mingjing.recording import archive as files
from tests.claims import measured
from tests.claims.rig import Rig

RATIO = 0.8
TURNS = 5
STREAM = "ch_verifyverify2.main"
START_US = 1_750_000_000_000_000
MINUTE_US = 60_000_000

Depth = Literal["presence", "size", "hash"]


def run(folder: Path, mib: int) -> dict[str, Any]:
    rig = Rig(folder)
    try:
        rig.start()
        rig.stop()
    finally:
        rig.abandon()
    paths = _bring_in(rig, mib)
    size = sum(path.stat().st_size for path in paths)
    with archive(rig.settings) as at:
        _told(at, "hash")
        turns = [(_seconds(at, "hash"), _sha256sum_s(paths)) for _ in range(TURNS)]
        ours, theirs = min(turn[0] for turn in turns), min(turn[1] for turn in turns)
        depths = {depth: round(len(paths) / _seconds(at, depth)) for depth in ("presence", "size")}
        wrong = _depths(at, paths)
    return {
        "n": len(paths), "mib": round(size / 2**20), "mib_per_s": round(size / 2**20 / ours),
        "sha256sum_mib_per_s": round(size / 2**20 / theirs), "ratio": round(theirs / ours, 2),
        "presence_per_s": depths["presence"], "size_per_s": depths["size"], "wrong_depths": wrong,
    }  # fmt: skip


def _bring_in(rig: Rig, mib: int) -> list[Path]:
    """A minute of noise, again and again, until there is so much."""
    clip = rig.folder / "noise.mp4"
    source = "testsrc2=size=320x240:rate=10:duration=60,noise=alls=60:allf=t"
    command = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", source, "-c:v", "libx264", "-preset"]
    command += ["ultrafast", "-bf", "0", "-g", "10", "-b:v", "2M", "-maxrate", "2M", "-bufsize", "2M"]
    subprocess.run([*command, "-pix_fmt", "yuv420p", str(clip)], check=True, timeout=120)
    paths: list[Path] = []
    total = 0
    while total < mib << 20 or len(paths) < 3:
        start_us = START_US + len(paths) * 2 * MINUTE_US
        made = json.loads(_media.import_file(str(rig.storage), str(clip), STREAM, start_us, 60))
        paths += [rig.storage / one["path"] for one in made]
        total += sum(one["bytes"] for one in made)
    with archive(rig.settings) as at:
        assert files.rebuild(at.database, at.recording) == len(paths)
    return paths


def _told(at: Opened, depth: Depth) -> set[int]:
    """Beginnings of the segments that `mingjing verify recordings` names."""
    found = [item for item in files.verify(at.database, at.recording, depth) if isinstance(item, files.Fault)]
    return {int(item.segment.rpartition("/")[2].partition("-")[0]) for item in found}


def _seconds(at: Opened, depth: Depth) -> float:
    began = time.monotonic()
    assert not _told(at, depth), "false alarms over files that nobody touched"
    return time.monotonic() - began


def _sha256sum_s(paths: list[Path]) -> float:
    began = time.monotonic()
    subprocess.run(["sha256sum", *map(str, paths)], check=True, stdout=subprocess.DEVNULL, timeout=600)
    return time.monotonic() - began


def _depths(at: Opened, paths: list[Path]) -> list[str]:
    """What a depth tells too much or too little of, with one file gone, one longer, one with a byte changed."""
    gone, longer, changed = paths[:3]
    gone.unlink()
    with longer.open("ab") as file:
        file.write(b"\0")
    with changed.open("r+b") as file:
        file.seek(changed.stat().st_size // 2)
        (byte,) = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))
    begins = [int(path.stem.partition("-")[0]) for path in (gone, longer, changed)]
    expected: dict[Depth, set[int]] = {
        "presence": set(begins[:1]), "size": set(begins[:2]), "hash": set(begins),
    }  # fmt: skip
    return [depth for depth, names in expected.items() if _told(at, depth) != names]


def holds(found: dict[str, Any], *, timed: bool = True) -> bool:
    """The promise of R24; without its speed where `timed` is false."""
    return found["n"] >= 3 and not found["wrong_depths"] and (not timed or found["ratio"] >= RATIO)


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="verify", description=__doc__)
    options.add_argument("--mib", type=int, default=400)
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), chosen.mib)
    return measured.ended("R24", **found, holds=holds(found))


if __name__ == "__main__":
    sys.exit(main())
