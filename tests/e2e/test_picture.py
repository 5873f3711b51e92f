"""What stands over a picture: little at rest, little when pointed at, the name of who watches always."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OPERATOR, REVIEWER, Door
from tests.e2e.house import House, items, until
from tests.e2e.test_live_wall import cameras, cells, wall
from tests.e2e.test_playback import imported, moment, shown

# The first test also starts the program and the browser.
pytestmark = pytest.mark.timeout(240)

AT_REST = 0.04
HOVERED = 0.12
# Parts of a picture that are covered by what is seen, the watermark apart, and whether its middle 60 % × 60 % is free.
_COVERED = """() => [...document.querySelectorAll('.mj-picture')].map((picture) => {
  const box = picture.getBoundingClientRect();
  const over = [...picture.children].filter((one) => !one.matches('.mj-watermark, .mj-picture-zoom')
    && Number(getComputedStyle(one).opacity) > 0.05).map((one) => one.getBoundingClientRect());
  const inset = (part) => [box.left + box.width * part, box.right - box.width * part,
    box.top + box.height * part, box.bottom - box.height * part];
  const [left, right, top, bottom] = inset(0.2);
  return {
    part: over.reduce((sum, one) => sum + one.width * one.height, 0) / (box.width * box.height),
    free: over.every((one) => one.right <= left || one.left >= right || one.bottom <= top || one.top >= bottom),
  };
})"""


def playing(page: Page, count: int) -> None:
    until("pictures move", lambda: sum(cell["frames"] > 5 for cell in cells(page)) >= count, 60)


def steady(house: House) -> list[str]:
    known = cameras(house)
    return [known[name] for name in ("东门岗亭", "市民广场", "滨江步道", "实验小学大门")]


def covered(page: Page) -> list[dict[str, Any]]:
    found = page.evaluate(_COVERED)
    assert isinstance(found, list)
    return found


def test_a_picture_is_free_at_rest_and_nearly_when_pointed_at(house: House, enter: Door) -> None:
    page = enter(OPERATOR)
    wall(page, "4", steady(house))
    playing(page, 4)
    page.mouse.move(5, 5)
    until("the bars go", lambda: all(one["part"] <= AT_REST for one in covered(page)), 10)
    assert all(one["free"] for one in covered(page)), covered(page)
    page.get_by_test_id("cell-1").locator(".mj-picture").hover()
    until("the bar comes", lambda: covered(page)[0]["part"] > 0, 10)
    assert covered(page)[0]["part"] <= HOVERED, covered(page)
    assert covered(page)[0]["free"], covered(page)


def test_the_watermark_names_the_viewer_and_removing_it_stops_the_picture(house: House, enter: Door) -> None:
    page = enter(OPERATOR)
    (channel, other, *_) = steady(house)
    wall(page, "4", [channel, other])
    playing(page, 2)
    with house.api(OPERATOR) as client:
        name = client.get("session").raise_for_status().json()["watermark"]
    mark = page.get_by_test_id("cell-1").get_by_test_id("watermark")
    assert name in (mark.get_attribute("data-text") or "")
    mark.evaluate("mark => mark.remove()")
    expect(page.get_by_test_id("cell-1")).to_have_attribute("data-state", "refused")
    expect(page.get_by_test_id("cell-1")).to_contain_text("水印")
    assert page.get_by_test_id("cell-1").locator("video").evaluate("video => video.src") == ""
    expect(page.get_by_test_id("cell-2")).to_have_attribute("data-state", "playing")


def test_hiding_the_watermark_of_a_recorded_picture_stops_it(house: House, enter: Door) -> None:
    with house.api(REVIEWER) as client:
        channel = next(str(one["id"]) for one in items(client, "cameras") if one["name"] == "东门岗亭")
    start_us, _ = imported(house, channel)
    page = enter(REVIEWER)
    page.goto(f"/playback?c={channel}&t={moment(start_us + 400_000_000)}")
    until("a picture", lambda: "wallUs" in shown(page, channel), 40)
    cell = page.get_by_test_id(f"playback-cell-{channel}")
    cell.get_by_test_id("watermark").evaluate("mark => mark.style.opacity = '0'")
    expect(cell).to_contain_text("水印")
    assert cell.locator("video.mj-play-stream").evaluate("video => video.src") == ""


def test_a_tour_turns_its_page_without_a_black_moment(house: House, enter: Door) -> None:
    page = enter(OPERATOR)
    channels = steady(house)
    wall(page, "1", channels[:2])
    playing(page, 1)
    page.get_by_text("开始巡视").click()
    page.get_by_test_id("coming-1").wait_for(timeout=40_000)
    expect(page.get_by_test_id("coming-1")).to_have_attribute("data-channel", channels[1])

    # Frames of the cell in front, noted at the very change of its camera.
    page.evaluate(
        """channel => { window.atTurn = null; const look = () => {
      const front = document.querySelector('[data-testid="cell-1"]');
      if (front?.dataset.channel === channel) window.atTurn ??= Number(front.dataset.frames);
      else requestAnimationFrame(look);
    }; look(); }""",
        channels[1],
    )
    at_turn = until("the page turns", lambda: page.evaluate("window.atTurn"), 20)
    assert at_turn > 0
