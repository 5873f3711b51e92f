"""Small moving clips under the names that the demo looks for, so that a test does not wait for the painted ones.

`MINGJING_TEST_CLIPS` may name a folder with whole clips (as `serve --demo` leaves in its data directory); they are
taken instead. What is not here: the cameras themselves, which are the demo's own and real.
"""

import os
import shutil
import subprocess
from itertools import product
from pathlib import Path

from mingjing.devices.virtual.clips import CLIPS_VERSION, PLANS
from mingjing.devices.virtual.scenes import LOOP_SECONDS

VARIABLE = "MINGJING_TEST_CLIPS"
FRAMES_PER_SECOND = 8
GOP_SECONDS = 2

_VIDEO = {
    "h264": ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0"],
    "h265": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "bframes=0:log-level=error", "-tag:v", "hvc1"],
}  # fmt: skip
_AUDIO = {
    "aac": ["-c:a", "aac", "-ar", "16000", "-b:a", "32k"],
    "pcma": ["-c:a", "pcm_alaw", "-ar", "8000"],
    "pcmu": ["-c:a", "pcm_mulaw", "-ar", "8000"],
}
_SIZE = {"main": "480x270", "sub": "320x180"}


def put_into(data: Path) -> None:
    """Fill the demo's cache in the data directory `data`."""
    folder = data / "demo" / f"clips-{CLIPS_VERSION}"
    folder.mkdir(parents=True)
    given = os.environ.get(VARIABLE)
    if given:
        shutil.copytree(given, folder, dirs_exist_ok=True)
        return
    pictures = {
        form: _pictures(folder, *form) for form in (("h264", "main"), ("h264", "sub"), ("h265", "main"))
    }
    for plan, kind in product(PLANS, _SIZE):
        video = pictures[plan.video if kind == "main" else "h264", kind]
        _with_sound(video, plan.audio, folder / f"{plan.scene}-{kind}.mov")


def _pictures(folder: Path, video: str, kind: str) -> Path:
    target = folder / f"{video}-{kind}.mov"
    gop = str(GOP_SECONDS * FRAMES_PER_SECOND)
    source = f"testsrc2=size={_SIZE[kind]}:rate={FRAMES_PER_SECOND}:duration={LOOP_SECONDS}"
    ffmpeg("-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", "-g", gop, "-keyint_min", gop,
            "-sc_threshold", "0", *_VIDEO[video], target)  # fmt: skip
    return target


def _with_sound(pictures: Path, audio: str | None, target: Path) -> None:
    if audio is None:
        os.link(pictures, target)
        return
    tone = f"sine=frequency=440:sample_rate=16000:duration={LOOP_SECONDS}"
    ffmpeg("-i", pictures, "-f", "lavfi", "-i", tone, "-c:v", "copy", *_AUDIO[audio], target)


def ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(["ffmpeg", "-v", "error", *map(str, arguments)], check=True, timeout=100)
