"""The virtual cameras' scenes: eight places whose minute loops without a seam, drawn in planes."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from mingjing.devices.virtual.clips import PLANS
from mingjing.devices.virtual.hour import repeated
from mingjing.devices.virtual.painting import HEIGHT, WIDTH, Planes, lay, to_planes, to_sprite
from mingjing.devices.virtual.scenes import LOOP_SECONDS, SCENES


def test_there_are_eight_places_and_each_has_its_plan() -> None:
    assert len(SCENES) == 8
    assert {scene.key for scene in SCENES} == {plan.scene for plan in PLANS}


def test_the_demo_shows_every_kind_of_stream() -> None:
    assert {plan.video for plan in PLANS} == {"h264", "h265"}
    assert {plan.audio for plan in PLANS} == {"aac", "pcma", "pcmu", None}


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.key)
def test_an_actor_stands_at_the_end_of_the_minute_where_it_stood_at_its_beginning(scene: object) -> None:
    actors = scene.actors()  # type: ignore[attr-defined]
    assert actors
    for actor in actors:
        before, after = actor.path(LOOP_SECONDS - 1e-6), actor.path(0.0)
        if before is None or after is None:
            continue
        if before[0] >= WIDTH - 8 or before[0] <= 8 - actor.pictures[0].width:
            # It left the picture and comes in again on the other side.
            continue
        assert abs(before[0] - after[0]) < 8
        assert abs(before[1] - after[1]) < 8


def test_a_background_fills_the_picture() -> None:
    assert SCENES[0].background().size == (WIDTH, HEIGHT)


def _grey(width: int, height: int, value: int) -> Planes:
    return to_planes(Image.new("RGB", (width, height), (value, value, value)))


def test_an_opaque_sprite_replaces_what_is_under_it_and_nothing_else() -> None:
    frame = _grey(64, 48, 0)
    lay(frame, to_sprite(Image.new("RGBA", (16, 16), (255, 255, 255, 255))), 20, 10)
    assert frame.y[10:26, 20:36].min() >= 233
    untouched = frame.y.copy()
    untouched[10:26, 20:36] = 16
    assert np.all(untouched == 16)


@pytest.mark.parametrize("where", [(-8, -8), (60, 44), (-100, 0), (0, 500)])
def test_a_sprite_beyond_the_edge_is_cut(where: tuple[int, int]) -> None:
    frame = _grey(64, 48, 0)
    lay(frame, to_sprite(Image.new("RGBA", (16, 16), (255, 0, 0, 255))), *where)
    assert frame.y.shape == (48, 64)


def test_a_minute_repeated_is_as_many_minutes_with_rising_times(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mov"
    with av.open(str(clip), "w", format="mov") as out:
        video = out.add_stream("libx264", rate=2)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        video.options = {"preset": "ultrafast", "x264-params": "keyint=4:bframes=0"}
        for index in range(LOOP_SECONDS * 2):
            frame = av.VideoFrame.from_ndarray(np.full((72, 64), index % 200, np.uint8), format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, 2)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
    target = tmp_path / "three.mov"
    repeated(clip, target, times=3)
    with av.open(str(target)) as found:
        times = [packet.dts for packet in found.demux(video=0) if packet.dts is not None]
    assert len(times) == 3 * LOOP_SECONDS * 2
    assert times == sorted(set(times))
