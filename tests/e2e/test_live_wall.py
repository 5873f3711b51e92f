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


def test_a_second_screen_has_a_wall_of_its_own_and_takes_what_is_handed_to_it(
    house: House, enter: Door
) -> None:
    known = cameras(house)
    gate, square, port = known["东门岗亭"], known["市民广场"], known["货运码头"]
    page = enter(OPERATOR)
    wall(page, "4", [gate, square])
    expect(page.get_by_test_id("cell-2")).to_have_attribute("data-channel", square)
    with page.context.expect_page() as opened:
        page.get_by_test_id("screen-open").click()
    second = opened.value
    expect(second.get_by_test_id("screen")).to_contain_text("屏 2")
    second.goto(f"/live?screen=2&g=4&c=1:{port}&sel=2")
    expect(second.get_by_test_id("cell-1")).to_have_attribute("data-channel", port)
    expect(page.get_by_test_id("screen")).to_contain_text("屏 1")

    page.keyboard.press("2")
    page.keyboard.press("Control+Shift+ArrowRight")
    expect(second.get_by_test_id("cell-2")).to_have_attribute("data-channel", square)
    expect(page.get_by_test_id("cell-2")).to_have_attribute("data-state", "empty")
    expect(page.get_by_test_id("cell-1")).to_have_attribute("data-channel", gate)

    second.goto("/live?screen=2")
    second.wait_for_url(f"**/live?screen=2&g=4&c=1:{port},2:{square}*")
    page.goto("/live")
    page.wait_for_url(f"**/live?g=4&c=1:{gate}*")
    second.close()
    expect(page.get_by_test_id("screen")).to_have_count(0)


def test_a_tour_is_kept_started_by_its_name_stopped_and_removed(house: House, enter: Door) -> None:
    known = cameras(house)
    four = [known[name] for name in ("东门岗亭", "市民广场", "滨江步道", "货运码头")]
    page = enter(OPERATOR)
    wall(page, "4", four)
    page.get_by_test_id("tour-dwell").select_option("5")
    page.get_by_test_id("tour-save").click()
    page.get_by_test_id("tour-name").fill("夜间巡查")
    page.get_by_test_id("tour-keep").click()
    kept = page.get_by_test_id("tours")
    expect(kept.locator("option:checked")).to_have_text("夜间巡查")

    page.goto(f"/live?g=1&c=1:{known['实验小学大门']}")
    kept.select_option("夜间巡查")
    page.get_by_test_id("tour-start").click()
    expect(page.get_by_test_id("tour")).to_be_visible()
    expect(page.get_by_test_id("wall")).to_have_attribute("data-grid", "4")
    for cell, channel in enumerate(four, 1):
        expect(page.get_by_test_id(f"cell-{cell}")).to_have_attribute("data-channel", channel)
    page.get_by_test_id("tour-stop").click()
    expect(page.get_by_test_id("tour")).to_have_count(0)

    kept.select_option("夜间巡查")
    page.get_by_test_id("tour-drop").click()
    page.get_by_test_id("tour-drop-ask-act").click()
    expect(kept.locator("option", has_text="夜间巡查")).to_have_count(0)
    with house.api(OPERATOR) as client:
        assert items(client, "tours") == []


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
