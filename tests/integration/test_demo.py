"""The demo's virtual cameras in the register, over starts whose publisher listens elsewhere each time."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from mingjing.app import Program, demo
from mingjing.app.demo import LISTEN, Demo, enter
from mingjing.audit.service import Actor, Object, record
from mingjing.devices.virtual import hour
from mingjing.devices.virtual.clips import PLANS, Clip
from mingjing.devices.virtual.scenes import SCENES
from mingjing.kernel.clock import HOUR_US, MINUTE_US
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.recording.errors import IMPORT_FAILED
from mingjing.recording.schema import ImportWish
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
    assert now == {
        one.channel: {f"rtsp://{LISTEN}:{ports[-1]}/{one.clip.scene.key}/{kind}" for kind in ("main", "sub")}
        for one in starts[0]
    }
    assert len(now) == 8


def test_a_past_that_was_not_brought_in_is_tried_again_at_the_next_start_before_what_was_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Demo.widened(settings_in(tmp_path))
    asked: list[ImportWish] = []
    full = True

    def brought(store: Database, actor: Actor, _scope: object, wish: ImportWish, _site: object) -> None:
        asked.append(wish)
        if full and len(asked) > 1:
            raise MingjingError(IMPORT_FAILED, problem="no space left")
        with store.transaction() as tx:
            record(tx, actor, "recording.bring_in", Object("camera", wish.channel))

    monkeypatch.setattr(demo, "bring_in", brought)
    monkeypatch.setattr(hour, "repeated", lambda *_given, **_times: None)
    began_us = 1_790_000_000_000_000
    asked_by_start = []
    for first in (None, began_us, began_us):
        monkeypatch.setattr(demo, "first_us", lambda _session, _stream, at=first: at)
        with Program(found) as program:
            program.first_start(demo=True)
            run = Demo(program, print)
            run._entered = enter(program, CLIPS, f"{LISTEN}:41001", "hush-hush")
            run._import_all()
        asked_by_start.append(asked[:])
        asked.clear()
        full = False
    first_start, second, _ = asked_by_start
    assert [len(one) for one in asked_by_start] == [8, 7, 0]
    assert {one.channel for one in second} == {one.channel for one in first_start[1:]}
    assert {one.start_us for one in second} == {began_us // MINUTE_US * MINUTE_US - HOUR_US}
