"""The plane from camera to disk: a virtual camera over real RTSP, recorded, judged by ffprobe."""

import itertools
import json
import select
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

media = pytest.importorskip("mingjing._media", reason="the media plane is not built: make build")

STREAM = "ch_test.main"


def make_clip(path: Path) -> None:
    command = [
        "ffmpeg",
        "-loglevel",
        "error",
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=640x360:rate=25",
        "-t",
        "8",
    ]
    command += [
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-g",
        "25",
        "-bf",
        "0",
        "-pix_fmt",
        "yuv420p",
        str(path),
    ]
    subprocess.run(command, check=True, timeout=60)


def frames(path: Path) -> int:
    command = ["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-of", "json"]
    command += ["-show_entries", "stream=nb_read_frames", str(path)]
    run = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return int(json.loads(run.stdout)["streams"][0]["nb_read_frames"])


def segments(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event for event in events if event["type"] == "segment_stored"]


def test_what_a_camera_sends_is_on_disk_and_the_last_segment_is_closed_by_stopping(tmp_path: Path) -> None:
    make_clip(tmp_path / "clip.mp4")
    channels = [{"path": "gate", "file": str(tmp_path / "clip.mp4")}]
    camera = media.Publisher(
        json.dumps({"listen": "127.0.0.1:0", "user": "u", "password": "p", "channels": channels})
    )
    address = camera.start()
    root = tmp_path / "storage"
    root.mkdir()
    config = {
        "storage": [{"id": "disk1", "root": str(root)}],
        "segment_seconds": 2,
        "http_listen": "127.0.0.1:0",
        "ticket_key": "00" * 32,
        "camera_networks": ["127.0.0.0/8"],
    }
    plane = media.MediaPlane(json.dumps(config))
    plane.start()
    source = {"kind": "rtsp", "url": f"rtsp://{address}/gate", "user": "u", "password": "p"}
    plane.put_stream(json.dumps({"stream": STREAM, "source": source, "record": True}))

    events: list[dict[str, Any]] = []
    until = time.monotonic() + 60
    while len(segments(events)) < 2 and time.monotonic() < until:
        select.select([plane.event_fd()], [], [], 1)
        events += json.loads(plane.events(100))
    stats = json.loads(plane.streams())[0]
    plane.stop(5000)
    camera.stop()
    events += json.loads(plane.events(100))

    assert (stats["state"], stats["recording"], stats["queue"]["dropped_fragments"]) == ("playing", True, 0)
    assert {leg["state"] for leg in stats["legs"]} == {"ok"}, "all nine legs, the written one too"
    stored = segments(events)
    assert len(stored) >= 3, "the open segment was closed by stopping"
    for before, after in itertools.pairwise(stored):
        assert before["end_us"] == after["start_us"], "a hole between two segments"
    for segment in stored:
        path = root / segment["path"]
        assert path.stat().st_size == segment["bytes"]
        assert frames(path) == segment["video_frames"] > 0
    plane.acknowledge([segment["id"] for segment in stored])
