"""The live wall in a real browser: pictures move, and stop when the right to see them ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OPERATOR, Door
from tests.e2e.house import House, items, until

# The first test also starts the program and the browser.
pytestmark = pytest.mark.timeout(240)

FLAKY = "北山高点"
H265 = "中心路口"
OFFICER = "demo-duty-officer"

_CELLS = """() => [...document.querySelectorAll('[data-testid^="cell-"][data-channel]')].map((cell) => {
  const video = cell.querySelector('video');
  return {
    channel: cell.dataset.channel,
    state: cell.dataset.state,
    stream: cell.dataset.stream,
    // Drawn by our own decoder, the picture is on a canvas and the cell counts it.
    frames: cell.dataset.decoder === 'wasm' ? Number(cell.dataset.frames)
      : video.getVideoPlaybackQuality().totalVideoFrames,
    dropped: video.getVideoPlaybackQuality().droppedVideoFrames,
    at: video.currentTime,
    width: video.videoWidth,
  };
})"""


def cells(page: Page) -> list[dict[str, Any]]:
    found = page.evaluate(_CELLS)
    assert isinstance(found, list)
    return found


def cameras(house: House) -> dict[str, str]:
    """Identifiers by name."""
    with house.api(OPERATOR) as client:
        return {camera["name"]: camera["id"] for camera in items(client, "cameras")}


def wall(page: Page, grid: str, channels: list[str]) -> None:
    placed = ",".join(f"{cell}:{channel}" for cell, channel in enumerate(channels, 1))
    page.goto(f"/live?g={grid}&c={placed}")


def test_eight_cameras_move_and_their_time_follows(house: House, enter: Door) -> None:
    page = enter(OPERATOR)
    known = cameras(house)
    assert len(known) == 8
    wall(page, "9", list(known.values()))
    steady = {channel for name, channel in known.items() if name != FLAKY}

    def playing() -> dict[str, dict[str, Any]]:
        found = {cell["channel"]: cell for cell in cells(page) if cell["state"] == "playing"}
        return found if steady <= found.keys() else {}

    before = until("all steady cameras play", playing, 60)

    def advanced() -> bool:
        after = {cell["channel"]: cell for cell in cells(page)}
        return all(
            after[one]["frames"] - before[one]["frames"] >= 20 and after[one]["at"] - before[one]["at"] >= 2
            for one in steady
        )

    until("frames and time advance in every cell", advanced, 40)
    assert all(cell["stream"] == "sub" for cell in before.values())


def test_an_h265_camera_enlarged_plays_or_says_why_not(house: House, enter: Door) -> None:
    page = enter(OPERATOR)
    wall(page, "1", [cameras(house)[H265]])

    def decided() -> dict[str, Any] | None:
        found = cells(page)
        return next((cell for cell in found if cell["state"] == "playing" and cell["frames"] > 10), None)

    shown = until("an H.265 camera is shown in the main or the sub-stream", decided, 40)
    if shown["stream"] == "sub":
        expect(page.get_by_test_id("cell-1")).to_contain_text("H.265")


def test_a_camera_found_by_initials_is_placed_from_the_tree(house: House, enter: Door) -> None:
    page = enter(OPERATOR)
    gate = cameras(house)["东门岗亭"]
    page.goto("/live?g=4")
    page.get_by_test_id("tree-search").fill("dmgt")
    expect(page.get_by_test_id(f"tree-{gate}")).to_be_visible()
    page.get_by_test_id(f"tree-{gate}").dblclick()
    expect(page.get_by_test_id("cell-1")).to_have_attribute("data-channel", gate)
    expect(page.get_by_test_id("cell-1")).to_have_attribute("data-state", "playing")


def test_pictures_stop_when_a_session_is_ended_from_afar(house: House, enter: Door) -> None:
    page = enter(OFFICER)
    square = cameras(house)["市民广场"]
    wall(page, "1", [square])
    until("the picture moves", lambda: any(cell["frames"] > 10 for cell in cells(page)), 40)
    with house.api(OFFICER) as officer, pulled(officer, square) as body:
        assert next(body)
        with house.api("demo-security-admin") as security:
            person = next(user for user in items(security, "users") if user["account"] == OFFICER)
            security.delete(f"users/{person['id']}/sessions").raise_for_status()
        end = time.monotonic() + 10
        for _ in body:
            assert time.monotonic() < end, "a live picture outlives its session"
    expect(page.get_by_test_id("account")).to_be_visible()
    expect(page.locator("video")).to_have_count(0)


@contextmanager
def pulled(client: httpx.Client, channel: str) -> Iterator[Iterator[bytes]]:
    """The endless body of a camera's live picture, as another player pulls it."""
    wish = {"kind": "live", "channel": channel, "stream": "main"}
    (ticket,) = client.post("tickets", json={"wishes": [wish]}).raise_for_status().json()["tickets"]
    media = client.get("session").json()["media_base"]
    headers = {"Authorization": f"Ticket {ticket['ticket']}"}
    with httpx.stream("GET", f"{media}/live/{ticket['stream']}.mp4", headers=headers, timeout=20) as answer:
        assert answer.status_code == 200, answer.read()
        yield answer.iter_raw()
