"""What was recorded, read back by our reader and by FFmpeg's, and counted by the numbers in the pictures.

Layout of the numbers: `media/src/ingest/file/numbering.rs`. The rig lives elsewhere.
"""

import json
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av

from mingjing import _media
from tests.claims.cameras import FRAME_MS
from tests.claims.rig import Row

MARK = b"mingjing-frame-1"
EXPLAINED_S = 1.5
"""A hole this long needs no row: what is nearer than a second is one span (`rules.JOIN_US`), and where pictures carry
the time at which they were made, the index has that at which they came."""


@dataclass(frozen=True, order=True)
class Frame:
    """One recorded picture: its camera's count and the camera's clock."""

    sequence: int
    wall_us: int


def frames(path: Path, *, whole: bool = True) -> list[Frame]:
    """The numbered pictures of a file, as FFmpeg's demuxer hands them out; all are numbered that are `whole`."""
    found = []
    with av.open(str(path)) as container:
        for packet in container.demux(video=0):
            if packet.size == 0:
                continue
            frame = frame_of(bytes(packet))
            assert frame or not whole, f"{path.name}: a picture without its number"
            if frame:
                found.append(frame)
    return found


def frame_of(picture: bytes) -> Frame | None:
    """What a picture says of itself, None where it carries no number."""
    at = picture.find(MARK)
    if at < 0:
        return None
    fields = _unescaped(picture[at + len(MARK) : at + len(MARK) + 40])
    return Frame(int.from_bytes(fields[:8], "big"), int.from_bytes(fields[8:16], "big", signed=True))


def _unescaped(data: bytes) -> bytes:
    """Emulation prevention taken out: H.264 §7.4.1. The mark before ends in no zero."""
    out = bytearray()
    zeros = 0
    for byte in data:
        if zeros >= 2 and byte == 3:
            zeros = 0
            continue
        zeros = zeros + 1 if byte == 0 else 0
        out.append(byte)
    return bytes(out)


def by_stream(root: Path, *, whole: bool = True) -> dict[str, list[Frame]]:
    """Every numbered picture in closed files, by stream, in the order of the camera's count."""
    found: dict[str, list[Frame]] = defaultdict(list)
    for path in sorted(root.glob("*/*/*.mp4")):
        found[path.parent.parent.name] += frames(path, whole=whole)
    return {stream: sorted(pictures) for stream, pictures in found.items()}


def unnumbered(root: Path) -> list[str]:
    """Closed files in which a picture lacks its number, as one of zeros does."""
    found = []
    for path in sorted(root.glob("*/*/*.mp4")):
        try:
            frames(path)
        except AssertionError:
            found.append(path.relative_to(root).as_posix())
    return found


def doubled(pictures: Iterable[Frame]) -> int:
    """How many numbers there are more than once."""
    return sum(count - 1 for count in Counter(frame.sequence for frame in pictures).values())


def holes(pictures: Sequence[Frame], from_us: int, until_us: int) -> int:
    """Numbers that are missing between the first and the last picture of a stretch."""
    numbers = {frame.sequence for frame in pictures if from_us <= frame.wall_us <= until_us}
    return max(numbers) - min(numbers) + 1 - len(numbers) if numbers else 0


def tail_ms(pictures: Sequence[Frame], from_us: int, at_us: int) -> float | None:
    """Time before `at_us` of which no picture was kept, in whole frames; None: nothing since `from_us`."""
    kept = [frame.wall_us for frame in pictures if from_us <= frame.wall_us <= at_us]
    if not kept:
        return None
    return int((at_us - max(kept)) / 1000 // FRAME_MS) * FRAME_MS


def unsound(root: Path, rows: Iterable[Row]) -> list[str]:
    """Rows whose file is gone, altered, or not what its row says, by our reader; with what is wrong."""
    folders = json.loads(_media.storage_folders(str(root)))["folders"]
    scans = [json.loads(_media.scan_folder(str(root), folder, "[]")) for folder in folders]
    on_disk = {one["id"]: one for scan in scans for one in scan["segments"]}
    wrong = []
    for row in rows:
        found = on_disk.get(row.id)
        if found is None:
            wrong.append(f"{row.id}: no file")
            continue
        check = json.loads(_media.verify_segment(str(root / row.path), "hash"))
        if not check["ok"]:
            wrong.append(f"{row.id}: {check['problems']}")
        elif (found["digest"], found["bytes"]) != (row.digest, row.bytes):
            wrong.append(f"{row.id}: digest or length differ from the index")
    return wrong


def contradicted(root: Path, paths: Iterable[str]) -> list[str]:
    """Files of which ffprobe counts other pictures than our own table says."""
    wrong = []
    for path in paths:
        ours = json.loads(_media.segment_table(str(root / path)))
        command = ["ffprobe", "-v", "error", "-count_packets", "-select_streams", "v:0"]
        command += ["-show_entries", "stream=nb_read_packets", "-of", "csv=p=0", str(root / path)]
        found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        counted = int(found.stdout.strip().rstrip(",") or 0)
        table = ours["segment"]["video_frames"] if ours["segment"] else -1
        if counted != table or found.stderr:
            wrong.append(f"{path}: ffprobe {counted}, table {table} {found.stderr[:100]}")
    return wrong


def unexplained_s(pictures: Sequence[Frame], gaps: Iterable[tuple[int, int]]) -> float:
    """The longest stretch between two pictures that no gap of the index explains, seconds.

    A gap begins with the end of what is kept and ends with what is kept again: each end may be a picture off.
    """
    explained = sorted(gaps)
    longest_us = 0
    for one, later in pairwise(sorted(pictures, key=lambda frame: frame.wall_us)):
        at_us = one.wall_us
        for from_us, until_us in explained:
            if at_us < until_us and from_us < later.wall_us:
                longest_us = max(longest_us, from_us - at_us)
                at_us = until_us
        longest_us = max(longest_us, later.wall_us - at_us)
    return longest_us / 1e6


def overlaps(rows: Sequence[Row]) -> list[str]:
    """Neighbours of one stream that claim the same time."""
    ordered = sorted(rows, key=lambda row: (row.stream, row.start_us))
    return [
        f"{left.id} until {left.end_us}, {right.id}"
        for left, right in pairwise(ordered)
        if left.stream == right.stream and right.start_us < left.end_us
    ]
