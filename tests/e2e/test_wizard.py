"""A maintainer enters a camera: address, probe, purpose, and at the end what is recorded is playing."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from mingjing import _media
from tests.e2e.conftest import OPERATOR, Door
from tests.e2e.house import House, until

# The first test also starts the program and the browser.
pytestmark = pytest.mark.timeout(240)

NAME = "新来的摄像机"


@pytest.fixture
def camera(tmp_path: Path) -> Iterator[str]:
    """A camera that the program does not know; gives its address."""
    clip = tmp_path / "clip.mp4"
    made = "-f lavfi -i testsrc2=size=480x270:rate=8 -t 10 -c:v libx264 -preset ultrafast -g 16 -bf 0 -pix_fmt yuv420p"
    subprocess.run(["ffmpeg", "-v", "error", *made.split(), str(clip)], check=True)
    channel = {"path": "new", "file": str(clip), "flaky": None, "number_frames": False}
    given = {"listen": "127.0.0.1:0", "user": "cam", "password": "far-from-secret", "channels": [channel]}
    publisher = _media.Publisher(json.dumps(given))
    yield f"rtsp://{publisher.start()}/new"
    publisher.stop()


def test_a_camera_is_entered_in_few_clicks_and_plays_what_is_recorded(
    house: House, enter: Door, camera: str
) -> None:
    page = enter(OPERATOR)
    page.goto("/cameras")
    page.get_by_text("添加摄像机").click()
    page.get_by_test_id("wizard-url").fill(camera)
    page.get_by_test_id("wizard-user").fill("cam")
    page.get_by_test_id("wizard-password").fill("far-from-secret")
    page.get_by_test_id("wizard-next").click()
    expect(page.get_by_test_id("wizard-format")).to_contain_text("480×270")
    page.get_by_test_id("wizard-next").click()
    page.get_by_test_id("wizard-name").fill(NAME)
    page.get_by_test_id("wizard-unit").select_option(index=1)
    page.get_by_test_id("division-field").locator("select").first.select_option(index=1)
    page.get_by_test_id("wizard-next").click()
    page.get_by_test_id("wizard-next").click()
    expect(page.get_by_test_id("wizard-problems")).to_contain_text("探测通过")
    page.get_by_test_id("wizard-save").click()

    picture = page.get_by_test_id("plain-picture")
    until("pictures move", lambda: int(picture.get_attribute("data-frames") or 0) > 8, 40)
    expect(picture).to_have_attribute("data-state", "playing")
    page.get_by_test_id("first-look-done").click()
    expect(page.get_by_text(NAME)).to_be_visible()

    with house.api(OPERATOR) as client:
        found = client.get("cameras", params={"q": NAME}).raise_for_status().json()["items"]
        assert [one["recording"]["state"] for one in found] == ["recording"]
        gone = client.request(
            "DELETE", f"cameras/{found[0]['id']}", params={"recordings": "keep", "reason": "试毕"}
        )
        gone.raise_for_status()
