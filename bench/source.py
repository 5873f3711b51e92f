"""A camera in a process of its own: `python -m bench.source CLIP` publishes the clip over RTSP as `cam`, each picture
with its due time in it, prints the address, and ends with its standard input.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.peers import Camera
from bench.process import first_line, running

CLIP = Path("build/bench/clips/fanout.mp4")
USER = PASSWORD = "bench"  # noqa: S105 - of a camera on loopback that lives for a minute
SECONDS = 60


def clip() -> Path:
    """1080p25, H.264 without sound, noise in the picture instead of filler: 2.2 Mbit/s, a key frame each 2 s."""
    if not CLIP.exists():
        CLIP.parent.mkdir(parents=True, exist_ok=True)
        unfinished = CLIP.with_suffix(f".{os.getpid()}.mp4")
        encode = (
            f"ffmpeg -v error -y -f lavfi -i testsrc2=size=1920x1080:rate=25 -t {SECONDS} -vf noise=alls=12:allf=t"
            " -c:v libx264 -preset ultrafast -b:v 2200k -minrate 2200k -maxrate 2200k -bufsize 1100k"
            " -g 50 -keyint_min 50 -sc_threshold 0 -bf 0 -pix_fmt yuv420p"
        )
        subprocess.run([*encode.split(), str(unfinished)], check=True)
        unfinished.rename(CLIP)
    return CLIP


def rate() -> float:
    """Bytes a second of the clip."""
    return clip().stat().st_size / SECONDS


@contextmanager
def camera() -> Iterator[Camera]:
    """The camera, as long as it is needed."""
    with running([[sys.executable, "-m", "bench.source", str(clip())]]) as (process,):
        yield Camera(first_line(process), "cam", USER, PASSWORD)


def main() -> None:
    from mingjing._media import Publisher  # noqa: PLC0415 - only this process loads it

    channel = {"path": "cam", "file": sys.argv[1], "flaky": None, "number_frames": True}
    config = {"listen": "127.0.0.1:0", "user": USER, "password": PASSWORD, "channels": [channel]}
    publisher = Publisher(json.dumps(config))
    print(publisher.start(), flush=True)
    sys.stdin.read()
    publisher.stop()


if __name__ == "__main__":
    main()
