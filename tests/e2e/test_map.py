"""The map in a browser that draws: a group opens, a camera is chosen and leads to its page; and all of it by the keys, also
where a browser cannot draw."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import ARGUMENTS, CHROMIUM, OPERATOR, Door
from tests.e2e.house import House, items
from tests.e2e.test_live_wall import cameras

# The first test also starts the program and the browser.
pytestmark = pytest.mark.timeout(240)

NAME = "东门岗亭"
LONGITUDE, LATITUDE = 114.322, 30.349
WIDE = {
    "total": 12, "cameras": [], "as_of_us": 0,
    "clusters": [
        {
            "longitude": LONGITUDE, "latitude": LATITUDE, "west": LONGITUDE - 0.01, "south": LATITUDE - 0.01,
            "east": LONGITUDE + 0.01, "north": LATITUDE + 0.01, "count": 12, "status": "failed",
        }
    ],
}  # fmt: skip


@pytest.fixture
def gate(house: House) -> str:
    """A camera that stands and looks somewhere."""
    channel = cameras(house)[NAME]
    looks = {"longitude": LONGITUDE, "latitude": LATITUDE, "azimuth": 90, "view_angle": 70, "view_m": 60}
    with house.api(OPERATOR) as client:
        client.patch(f"cameras/{channel}/dossier", json=looks).raise_for_status()
    return channel


@pytest.fixture
def drawing(house: House, browser: Browser) -> Iterator[Page]:
    """A window of a browser that draws without a graphics card, in which somebody is signed in."""
    drawn = [one for one in ARGUMENTS if one != "--disable-gpu"]
    own = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*drawn, "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    )
    context = own.new_context(base_url=house.base, viewport={"width": 1366, "height": 650}, locale="zh-CN")
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto("/")
    page.get_by_test_id("account").fill(OPERATOR)
    page.get_by_test_id("password").fill(house.passwords[OPERATOR])
    page.get_by_test_id("sign-in").click()
    page.get_by_test_id("name-menu").wait_for()
    yield page
    own.close()


def _grouped_from_afar(route: Route) -> None:
    """Twelve cameras at one place, as long as the view is wide: the house has fewer than are ever drawn together."""
    west, _, east, _ = (float(one) for one in re.findall(r"box=([^&]+)", route.request.url)[0].split("%2C"))
    if east - west > 0.5:
        route.fulfill(body=json.dumps(WIDE), content_type="application/json")
    else:
        route.continue_()


def test_a_group_opens_a_camera_is_chosen_and_its_page_opens(drawing: Page, gate: str) -> None:
    page = drawing
    page.route("**/api/v1/map/cameras*", _grouped_from_afar)
    page.goto(f"/map?at={LATITUDE},{LONGITUDE},9")
    canvas = page.get_by_test_id("map-canvas")
    expect(canvas).to_have_attribute("data-ready", "true", timeout=20_000)
    expect(page.get_by_test_id("count-cam")).to_have_text("12")
    canvas.click()
    page.wait_for_url(re.compile(r"at=30\.3\d+(,|%2C)114\.3\d+(,|%2C)1[3-9]\."))
    expect(page.get_by_test_id("count-cam")).to_have_text("1")
    # As on a slow machine, where the map takes its new size while the next page is already on its way.
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    canvas.click()
    chosen = page.get_by_test_id("map-selection")
    expect(chosen).to_contain_text(NAME, timeout=20_000)
    expect(page).to_have_url(re.compile(f"sel={gate}"))
    chosen.get_by_test_id("map-to-record").click()
    page.wait_for_url(f"**/cameras/{gate}")


def test_what_a_lasso_holds_is_seen_and_stands_in_the_register(drawing: Page, gate: str) -> None:
    page = drawing
    page.goto(f"/map?at={LATITUDE},{LONGITUDE},17")
    canvas = page.get_by_test_id("map-canvas")
    expect(canvas).to_have_attribute("data-ready", "true", timeout=20_000)
    page.get_by_test_id("map-lasso").click()
    page.get_by_test_id("map-draw").wait_for()
    seat = canvas.bounding_box()
    assert seat is not None
    x, y = seat["x"] + seat["width"] / 2, seat["y"] + seat["height"] / 2
    page.mouse.move(x - 60, y - 60)
    page.mouse.down()
    for corner in ((x + 60, y - 60), (x + 60, y + 60), (x - 60, y + 60)):
        page.mouse.move(*corner, steps=4)
    page.mouse.up()
    area = page.get_by_test_id("map-area")
    expect(area).to_contain_text(NAME)
    expect(area.get_by_test_id("map-area-wall")).to_have_attribute("href", re.compile(gate))
    area.get_by_test_id("map-area-list").click()
    page.wait_for_url("**/cameras?area=*")
    expect(page.get_by_test_id(f"camera-{gate}")).to_be_visible()
    expect(page.get_by_test_id("cameras-area")).to_be_visible()


def test_an_outline_is_drawn_corner_by_corner_in_the_form_of_a_place(drawing: Page, house: House) -> None:
    with house.api(OPERATOR) as client:
        wish = {
            "name": "地图画出的广场", "category": "transport", "division": "420115", "longitude": LONGITUDE,
            "latitude": LATITUDE, "organisation": items(client, "organisations")[0]["id"],
        }  # fmt: skip
        place = client.post("places", json=wish).raise_for_status().json()["id"]
        page = drawing
        page.goto(f"/places/{place}")
        page.get_by_test_id("place-edit").click()
        page.get_by_test_id("place-outline-draw").click()
        expect(page.locator("[data-testid=form-map][data-ready=true]")).to_be_visible(timeout=20_000)
        for number, (x, y) in enumerate(((120, 60), (420, 60), (270, 200)), 1):
            page.get_by_test_id("form-map").click(position={"x": x, "y": y})
            expect(page.get_by_test_id(f"corner-{number}")).to_be_visible()
        page.get_by_test_id("place-save").click()
        expect(page.get_by_test_id("place-form")).to_have_count(0)
        assert len(client.get(f"places/{place}").json()["outline"]) == 3


def test_the_list_is_the_twin_of_the_map_also_where_nothing_is_drawn(enter: Door, gate: str) -> None:
    page = enter(OPERATOR)
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(f"/map?at={LATITUDE},{LONGITUDE},16")
    row = page.get_by_test_id(f"in-view-{gate}")
    row.get_by_role("button", name=NAME).press("Enter")
    expect(page.get_by_test_id("map-selection")).to_contain_text(NAME)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("map-selection")).to_have_count(0)
    page.keyboard.press("n")
    expect(page.get_by_test_id("map-selection")).to_contain_text(NAME)
    page.keyboard.press("v")
    expect(page).to_have_url(re.compile("list=1"))
    page.keyboard.press("Escape")
    page.get_by_test_id("in-view-all").press("Enter")
    expect(page.get_by_test_id("map-area")).to_contain_text(NAME)
