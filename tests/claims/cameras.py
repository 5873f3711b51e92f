"""Test cameras in a process of their own: killing the program under test does not touch them.

`python -m tests.claims.cameras CLIP COUNT` publishes CLIP as `cam0`, `cam1`, … over RTSP, each picture with its
number in it, prints the address, and ends with its standard input.
"""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[2]
USER, PASSWORD = "camera", "claims-only"
FRAMES_A_SECOND = 10
FRAME_MS = 1000 / FRAMES_A_SECOND


class Cameras:
    """The process, its address and its cameras' addresses. A context manager."""

    def __init__(self, folder: Path, count: int) -> None:
        clip = folder / "clip.mp4"
        if not clip.exists():
            make_clip(clip)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.claims.cameras", str(clip), str(count)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        assert self.address, "the cameras did not start"
        self.urls = [f"rtsp://{self.address}/cam{number}" for number in range(count)]

    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def process_id(self) -> int:
        return self._process.pid

    def __enter__(self) -> "Cameras":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def make_clip(path: Path) -> None:
    """A small moving picture, ten frames and one key frame a second."""
    source = f"testsrc2=size=320x240:rate={FRAMES_A_SECOND}"
    command = ["ffmpeg", "-loglevel", "error", "-y", "-f", "lavfi", "-i", source, "-t", "20"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", str(FRAMES_A_SECOND)]
    command += ["-b:v", "400k", "-pix_fmt", "yuv420p", str(path)]
    subprocess.run(command, check=True, timeout=120)


def main() -> None:
    from mingjing._media import Publisher  # noqa: PLC0415 - only this process loads it

    clip, count = sys.argv[1], int(sys.argv[2])
    channels = [
        {"path": f"cam{number}", "file": clip, "flaky": None, "number_frames": True}
        for number in range(count)
    ]
    config = {"listen": "127.0.0.1:0", "user": USER, "password": PASSWORD, "channels": channels}
    publisher = Publisher(json.dumps(config))
    print(publisher.start(), flush=True)
    sys.stdin.read()
    publisher.stop()


if __name__ == "__main__":
    main()
