"""What a recorder left on disk, read back by FFmpeg's demuxer as far as it comes, whoever wrote it."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import av

from tests.claims.peers.recorders import Recorder
from tests.claims.recovered import Frame, frame_of


@dataclass(frozen=True)
class Left:
    """What a recorder left on disk."""

    pictures: dict[int, list[Frame]]
    """By camera, in the order of its count."""

    files: int
    unplayable: list[str]
    """Names of files of which ffprobe reads not one picture."""


def left_by(recorder: Recorder) -> Left:
    """Read back what there is."""
    pictures: dict[int, list[Frame]] = {number: [] for number in range(len(recorder.cameras))}
    files = recorder.files()
    for path in files:
        pictures[recorder.camera_of(path)] += readable(path)
    return Left(
        {camera: sorted(found) for camera, found in pictures.items()},
        len(files),
        [path.name for path in files if not plays(path)],
    )


def readable(path: Path) -> list[Frame]:
    """The numbered pictures of a file that may be torn: those that come whole before the tear."""
    found = []
    try:
        with av.open(str(path)) as container:
            for packet in container.demux(video=0):
                frame = None if packet.is_corrupt else frame_of(bytes(packet))
                if frame is not None:
                    found.append(frame)
    except (av.FFmpegError, IndexError):
        return found
    return found


def plays(path: Path) -> bool:
    """Whether ffprobe reads a picture of it."""
    command = ["ffprobe", "-v", "quiet", "-select_streams", "v:0", "-show_entries", "packet=flags"]
    command += ["-read_intervals", "%+#1", "-of", "csv=p=0", str(path)]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return bool(found.stdout.strip())
