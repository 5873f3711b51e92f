"""Decoding in children: pictures, clips, and what a broken input costs."""

import io
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PIL import Image

from mingjing.media.worker.pool import WorkerError, clip, snapshot, table


def film(path: Path, seconds: int, *, sound: str | None = None) -> Path:
    """A fragmented test film with a key frame a second, made by FFmpeg."""
    audio = ["-f", "lavfi", "-i", f"sine=f=440:r=8000:d={seconds}"] if sound else []
    codec = ["-c:a", sound, "-ar", "8000"] if sound else []
    command = [
        "ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=s=320x240:r=25:d={seconds}", *audio,
        "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "0", *codec,
        "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mov", str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    return path


def probe(path: Path) -> dict[str, Any]:
    command = [
        "ffprobe", "-v", "error", "-show_streams", "-show_format", "-count_frames", "-of", "json", str(path)
    ]  # fmt: skip
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def test_a_picture_is_a_jpeg_of_the_width_that_was_asked(tmp_path: Path) -> None:
    content = film(tmp_path / "a.mp4", 1).read_bytes()
    image = Image.open(io.BytesIO(snapshot(content, width=160)))
    assert (image.format, image.size) == ("JPEG", (160, 120))


def test_what_is_no_picture_costs_an_error_and_nothing_else(tmp_path: Path) -> None:
    with pytest.raises(WorkerError, match="exit"):
        snapshot(b"\x00" * 1000)
    assert snapshot(film(tmp_path / "a.mp4", 1).read_bytes())


@pytest.mark.parametrize(("sound", "shown"), [(None, None), ("pcm_alaw", "aac"), ("aac", "aac")])
def test_a_clip_is_one_ordinary_file_of_the_range(
    tmp_path: Path, sound: str | None, shown: str | None
) -> None:
    start = 1_700_000_000_000_000
    files = [film(tmp_path / f"{number}.mp4", 4, sound=sound) for number in range(2)]
    output = tmp_path / "clip.mp4"
    task = {
        "segments": [
            {"path": str(file), "start_us": start + number * 4_000_000} for number, file in enumerate(files)
        ],
        "from_us": start + 2_500_000, "until_us": start + 6_500_000, "audio": True,
        "output": str(output), "most_bytes": 100_000_000,
    }  # fmt: skip
    lines = list(clip(task, lambda: False))
    assert lines[-1] == {"finished": True}
    found = probe(output)
    kinds = {stream["codec_type"]: stream for stream in found["streams"]}
    assert kinds["video"]["codec_name"] == "h264"
    assert kinds.get("audio", {}).get("codec_name") == shown
    assert abs(float(kinds["video"]["duration"]) - 4.0) < 0.1
    content = output.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    assert b"elst" in content


def test_a_clip_larger_than_it_may_be_is_stopped(tmp_path: Path) -> None:
    file = film(tmp_path / "a.mp4", 4)
    task = {
        "segments": [{"path": str(file), "start_us": 0}], "from_us": 0, "until_us": 4_000_000, "audio": False,
        "output": str(tmp_path / "clip.mp4"), "most_bytes": 1000,
    }  # fmt: skip
    with pytest.raises(WorkerError):
        list(clip(task, lambda: False))


LIMITED = """
import json, os, resource, socket, sys
from mingjing.media.worker.__main__ import _limit
_limit({"task": sys.argv[1]})
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[2])), 5)
    reached = True
except OSError:
    reached = False
names = ("AS", "CPU", "FSIZE", "NOFILE", "CORE")
print(json.dumps({name: resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in names} | {"reached": reached}))
"""


@pytest.mark.parametrize(("task", "memory"), [("snapshot", 2 << 30), ("table", 1 << 30)])
def test_a_child_works_under_its_limits_and_reaches_nobody(task: str, memory: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [sys.executable, "-c", LIMITED, task, str(listener.getsockname()[1])]
        found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert found["AS"] == [memory, memory]
    assert found["CPU"] == [30, 30]
    assert (found["FSIZE"], found["CORE"], found["NOFILE"]) == ([0, 0], [0, 0], [64, 64])
    forbidden = all(
        subprocess.run(["unshare", *how, "true"], check=False).returncode for how in (["-n"], ["-rn"])
    )
    assert found["reached"] is forbidden


def test_a_sheet_is_read_as_text_as_far_as_asked() -> None:
    book = Workbook()
    for line in (["名称", "编号"], ["甲", 420115], ["乙", True], ["丙", 1.5]):
        book.active.append(line)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    assert table(out.getvalue(), 3) == [["名称", "编号"], ["甲", "420115"], ["乙", "是"]]
