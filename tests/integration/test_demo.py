"""The demo's virtual cameras in the register, over starts whose publisher listens elsewhere each time."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from mingjing.app import Program
from mingjing.app.demo import LISTEN, Demo, enter
from mingjing.devices.virtual.clips import PLANS, Clip
from mingjing.devices.virtual.scenes import SCENES
from mingjing.registry.queries import every_camera
from tests.integration.test_program import settings_in

SCENE = {scene.key: scene for scene in SCENES}
CLIPS = [Clip(SCENE[plan.scene], plan, Path("main.mov"), Path("sub.mov")) for plan in PLANS]


def addresses(program: Program) -> dict[str, set[str]]:
    """Of every camera, by its identifier, where its streams are."""
    with program.database.reading() as session:
        return {
            camera.row.id: {stream.url for stream in camera.streams.values()}
            for camera in every_camera(session)
        }


@pytest.mark.parametrize("ports", [(41001, 41002, 41003), (41001, 41001), (41001, 41002, 41001)])
def test_a_publisher_that_listens_elsewhere_leads_the_same_eight_cameras_there(
    tmp_path: Path, ports: Sequence[int]
) -> None:
    found = Demo.widened(settings_in(tmp_path))
    starts = []
    for port in ports:
        with Program(found) as program:
            program.first_start(demo=True)
            starts.append(enter(program, CLIPS, f"{LISTEN}:{port}", "hush-hush"))
            now = addresses(program)
    channels = [[one.channel for one in start] for start in starts]
    assert all(one == channels[0] for one in channels)
    assert [all(one.fresh for one in start) for start in starts] == [True, *[False] * (len(ports) - 1)]
    assert now == {
        one.channel: {f"rtsp://{LISTEN}:{ports[-1]}/{one.clip.scene.key}/{kind}" for kind in ("main", "sub")}
        for one in starts[0]
    }
    assert len(now) == 8
