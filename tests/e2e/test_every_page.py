"""Every page of the console, in both languages and all themes: it loads whole, says everything in words, and is
reached, read and worked without a mouse. The pages are read from the console's own list, so that none is left out."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.e2e.conftest import AUDITOR, OPERATOR, REVIEWER
from tests.e2e.house import House, items
from tests.e2e.test_live_wall import cameras

# The first test also starts the program and the browser.
pytestmark = pytest.mark.timeout(420)

SECURITY = "demo-security-admin"
SYSTEM = "demo-system-admin"
CONSOLE = Path(__file__).parents[2] / "console"
AXE = (CONSOLE / "node_modules/axe-core/axe.min.js").read_text()
PAGES = re.findall(r"path: '(/[^']*)'", (CONSOLE / "src/app/pages.ts").read_text())
SUBJECTS = sorted(
    [one.stem for one in (CONSOLE / "src/shared/i18n/en").glob("*.ts") if one.stem != "index"]
    + [
        subject
        for one in (CONSOLE / "src").glob("*/*/messages/index.ts")
        for subject in re.findall(r"addMessages\('(\w+)'", one.read_text())
    ]
)
VISITORS = {
    "/playback": REVIEWER, "/jobs": REVIEWER, "/journal": AUDITOR, "/accounts": SECURITY, "/roles": SECURITY,
    "/approvals": SECURITY, "/system": SYSTEM, "/divisions": SYSTEM, "/units": SYSTEM,
}  # fmt: skip
CONTRAST_TOO = ("/", "/live", "/playback", "/cameras", "/recording", "/todo", "/filings/$id", "/map")
# What stands there came with the session, or with the frame that counts what waits.
ASKS_NOTHING = {"/me/security", "/approvals"}
LOW_SCREEN: ViewportSize = {"width": 1366, "height": 650}

_LOADED = """() => {
  const page = document.querySelector('#page');
  return page !== null && page.innerText.trim() !== ''
    && document.querySelector('[aria-busy="true"], .mj-wait') === null;
}"""
_GO = "path => { history.pushState(null, '', path); window.dispatchEvent(new PopStateEvent('popstate')); }"
"""As the browser's own buttons go: within the console."""
_LOOK = """(subjects) => ({
  wide: document.documentElement.scrollWidth - window.innerWidth,
  keys: document.body.innerText.match(new RegExp(`\\\\b(${subjects.join('|')})\\\\.[a-z][A-Za-z_]+\\\\b|\\\\{\\\\{`, 'g')) ?? [],
  disabled: [...document.querySelectorAll('button:disabled, input:disabled, select:disabled, textarea:disabled')]
    .map((one) => one.outerHTML.slice(0, 200)),
  loose: [...document.querySelectorAll('[data-metric]')].filter((one) => one.closest('a[href]') === null)
    .map((one) => one.dataset.metric),
  spinners: document.querySelectorAll('.ant-spin').length,
})"""
_AXE = """async () => (await axe.run(document, { resultTypes: ['violations'], elementRef: false }))
  .violations.filter((one) => ['serious', 'critical'].includes(one.impact))
  .map((one) => [one.id, one.nodes.slice(0, 4).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`)])"""


@dataclass
class Visit:
    """A page in a window that notes what goes wrong in it."""

    page: Page
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on(
            "response",
            lambda got: self.wrong.append(f"{got.status} {got.url}") if got.status >= 400 else None,
        )

    def loaded(self, path: str) -> None:
        self.page.goto(path)
        self.page.wait_for_function(_LOADED)

    def speaks(self, language: str) -> None:
        """As another window of the same person would choose it: nothing is loaded anew."""
        self.page.evaluate(
            "name => { localStorage.setItem('mingjing.language', name); window.dispatchEvent(new Event('storage')); }",
            language,
        )
        expect(self.page.locator("html")).to_have_attribute("lang", language)

    def theme(self, name: str) -> None:
        """As another window of the same person would switch it: nothing is loaded anew."""
        self.page.evaluate(
            "name => { localStorage.setItem('mingjing.theme', name); window.dispatchEvent(new Event('storage')); }",
            name,
        )
        expect(self.page.locator("html")).to_have_attribute("data-theme", name)

    def looked(self, where: str) -> list[str]:
        found = self.page.evaluate(_LOOK, SUBJECTS)
        blamed = [f"{where}: {kind} {what}" for kind, what in found.items() if what and what != 0]
        blamed += [f"{where}: {one}" for one in self.wrong]
        self.wrong.clear()
        return blamed

    def examined(self, where: str) -> list[str]:
        # Through the debugger's own channel: the page's policy stays as it is.
        self.page.evaluate(AXE)
        return [f"{where}: {rule} {nodes}" for rule, nodes in self.page.evaluate(_AXE)]


Windows = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def windows(house: House, browser: Browser) -> Iterator[Windows]:
    """Windows of an account, signed in once for all of them."""
    states: dict[str, Any] = {}
    opened: list[BrowserContext] = []

    def open_for(account: str) -> BrowserContext:
        if account not in states:
            door = browser.new_context(base_url=house.base)
            page = door.new_page()
            page.goto("/")
            page.get_by_test_id("account").fill(account)
            page.get_by_test_id("password").fill(house.passwords[account])
            page.get_by_test_id("sign-in").click()
            page.get_by_test_id("name-menu").wait_for()
            states[account] = door.storage_state()
            door.close()
        found = browser.new_context(
            base_url=house.base, viewport=LOW_SCREEN, storage_state=states[account],
            reduced_motion="reduce",
        )  # fmt: skip
        found.set_default_timeout(20_000)
        found.add_init_script(
            "if (localStorage.getItem('mingjing.language') === null) localStorage.setItem('mingjing.language', 'zh-CN')"
        )
        opened.append(found)
        return found

    yield open_for
    for one in opened:
        one.close()


def visitor(path: str) -> str:
    return VISITORS.get(path, OPERATOR)


@pytest.fixture(scope="module")
def gate(house: House) -> str:
    return cameras(house)["东门岗亭"]


@pytest.fixture(scope="module")
def records(house: House, gate: str) -> dict[str, str]:
    """By the page of one record, a record that it can show: every register holds something."""
    days = {"in_use": "2025-10-23", "dismantle_planned": "2199-12-01"}
    with house.api(OPERATOR) as client:
        where = {"division": "420115", "organisation": items(client, "organisations")[0]["id"]}
        positions = [{"kind": "entrance", "name": "后勤门"}, {"kind": "main_passage", "name": "一楼走廊"}]
        place = entered(
            client,
            "places",
            where | {"name": "江夏区实验小学", "category": "residential", "positions": positions},
        )
        system = entered(
            client, "systems", where | {"name": "实验小学校园安全系统", "regime": "art7", "place": place}
        )
        client.patch(f"systems/{system}", json=days).raise_for_status()
        filing = items(client, "filings", system=system)[-1]
        order = entered(
            client, "orders", {"system": system, "cause": "picture", "description": "大门画面模糊"}
        )
        terms = {"since": "2026-01-01", "until": "2026-12-31", "response_hours": 2, "repair_hours": 24}
        maintained = {"name": "视频运维", "maintainer": where["organisation"], "systems": [system]}
        contract = entered(client, "contracts", where | maintained | terms)
        person = entered(client, "staff", where | {"name": "赵某", "post": "watch", "system": system})
        bound = {
            "name": "安全保密协议",
            "contractor": where["organisation"],
            "work": "maintenance",
            "until": "2026-12-31",
        }
        agreement = entered(client, "agreements", where | bound)
        period = {"name": "江夏区建设规划", "since": "2026-01-01", "until": "2028-12-31"}
        plan = entered(client, "construction-plans", where | period)
        spot = {"name": "后勤门外", "longitude": 114.32, "latitude": 30.37, "cameras": 2}
        client.post(f"construction-plans/{plan}/items", json=spot).raise_for_status()
        stages = {"main_works": "教学楼", "main_design": "2025-01-10", "video_design": "2025-02-10"}
        project = entered(
            client,
            "projects",
            where | {"name": "校园视频项目", "kind": "extended", "system": system} | stages,
        )
        drawn = {"conclusion": "not_passed", "concluded": "2025-09-01", "defects": [{"what": "夜间过暗"}]}
        client.patch(f"projects/{project}/acceptance", json=drawn).raise_for_status()
        sees = {"longitude": 114.32, "latitude": 30.35, "azimuth": 0.0, "view_angle": 60.0, "view_m": 30.0}
        client.patch(f"cameras/{gate}/dossier", json=sees).raise_for_status()
        spot = {"name": "门岗更衣室", "kind": "intimate_facility", "longitude": 114.32, "latitude": 30.3501}
        zone = entered(client, "forbidden-places", where | spot | {"radius_m": 4})
        (owed,) = items(client, "rounds", subject=zone)
        (asked,) = items(client, "decisions", subject=gate)
    assert filing["kind"] == "dismantling"
    return {
        "/cameras/$id": gate, "/places/$id": place, "/systems/$id": system, "/filings/$id": filing["id"],
        "/orders/$id": order, "/contracts/$id": contract, "/staff/$id": person, "/agreements/$id": agreement,
        "/units/$id": where["organisation"],
        "/construction-plans/$id": plan, "/projects/$id": project,
        "/forbidden-places/$id": zone, "/rounds/$id": owed["id"], "/decisions/$id": asked["id"],
    }  # fmt: skip


def entered(client: httpx.Client, register: str, wish: dict[str, Any]) -> str:
    found: str = client.post(register, json=wish).raise_for_status().json()["id"]
    return found


def address(path: str, records: dict[str, str]) -> str:
    return path.replace("$id", records.get(path, "$id"))


def test_every_page_is_whole_in_both_languages_and_every_theme(
    windows: Windows, records: dict[str, str]
) -> None:
    assert len(PAGES) >= 26
    rooms: dict[str, Visit] = {}
    blamed: list[str] = []
    for path in PAGES:
        account = visitor(path)
        if account not in rooms:
            rooms[account] = Visit(windows(account).new_page())
        visit = rooms[account]
        visit.loaded(address(path, records))
        spoken = visit.page.locator("html").get_attribute("lang")
        # Loaded in the language that its window spoke last, and changed to the other.
        for language in ("zh-CN", "en") if spoken == "zh-CN" else ("en", "zh-CN"):
            visit.speaks(language)
            themes = ["light", "dark", *(["contrast"] if path in CONTRAST_TOO else [])]
            # The rules of structure are the same in both languages and those of colour in both: each theme once.
            examined = ("light",) if language == "en" else ("dark", "contrast")
            for theme in themes:
                visit.theme(theme)
                where = f"{path} {language} {theme}"
                blamed += visit.looked(where)
                if theme in examined:
                    blamed += visit.examined(where)
    assert not blamed, "\n".join(blamed)


def test_the_door_is_whole_in_every_theme(house: House, browser: Browser) -> None:
    context = browser.new_context(base_url=house.base, viewport=LOW_SCREEN)
    visit = Visit(context.new_page())
    visit.page.goto("/")
    visit.page.get_by_test_id("account").wait_for()
    # Nobody is signed in: the question who is there is answered 401, and the browser notes it.
    visit.wrong = [one for one in visit.wrong if "401" not in one]
    blamed: list[str] = []
    for language in ("zh-CN", "en"):
        for theme in ("light", "dark", "contrast"):
            visit.theme(theme)
            blamed += visit.looked(f"door {language} {theme}") + visit.examined(f"door {language} {theme}")
        visit.page.get_by_test_id("language").click()
    context.close()
    assert not blamed, "\n".join(blamed)


def test_every_page_says_what_it_waits_for(windows: Windows, records: dict[str, str]) -> None:
    held: list[Route] = []
    speechless: list[str] = []

    def hold(route: Route) -> None:
        if route.request.url.endswith("/session"):
            route.continue_()
        else:
            held.append(route)

    for account, paths in groupby(sorted({*PAGES} - ASKS_NOTHING, key=visitor), key=visitor):
        page = windows(account).new_page()
        page.goto("/me/security")
        page.wait_for_function(_LOADED)
        page.route("**/api/v1/**", hold)
        for path in paths:
            page.evaluate(_GO, address(path, records))
            page.locator(f'#page[data-path="{address(path, records)}"]').wait_for(timeout=20_000)
            expect(page.locator(".mj-wait")).to_have_count(0, timeout=20_000)
            # Not the status bar's, nor the chunk's: what this page itself reads.
            words = page.locator("#page").get_by_text(re.compile("正在|等待")).first
            try:
                words.wait_for(timeout=5000)
            except PlaywrightTimeout:
                speechless.append(path)
        page.context.close()
    assert held
    assert not speechless


def test_an_address_brings_another_window_to_the_same_state(windows: Windows, gate: str) -> None:
    moment = "2026-11-23T08:15:04"
    addresses = {
        OPERATOR: [
            f"/live?g=4&c=2:{gate}&sel=2",
            "/cameras?q=dmgt",
            f"/cameras/{gate}",
            "/recording?day=2026-11-23",
            "/systems?q=sy&under=420115&regime=art7",
            "/filings?state=open&due=2026-12-31",
            "/compliance?rule=FILE-01&verdict=broken",
            "/map?at=30.37512,114.31774,12.0&layers=cam,find",
        ],
        REVIEWER: [f"/playback?c={gate}&t={moment}.200&z=2m&in={moment}&out=2026-11-23T08:16:30"],
    }
    for account, wanted in addresses.items():
        page = windows(account).new_page()
        for address in wanted:
            page.goto(address)
            page.wait_for_function(_LOADED)
            kept = page.url.replace("%3A", ":").replace("%2C", ",").replace("%22", "")
            assert kept.endswith(address), kept
    assert page.get_by_test_id("zoom-2m").get_attribute("aria-pressed") == "true"
    expect(page.get_by_test_id("mark-in")).to_have_value(re.compile("08:15:04"))
    expect(page.get_by_test_id("marks-length")).to_contain_text("1 分 26 秒")
    expect(page.get_by_test_id(f"playback-cell-{gate}")).to_be_visible()


def test_the_hands_stay_on_the_keys(windows: Windows, gate: str) -> None:
    page = windows(OPERATOR).new_page()
    page.goto("/")
    page.get_by_test_id("home-kept").wait_for()
    page.keyboard.press("Control+k")
    page.keyboard.type("dmgt")
    page.get_by_text("东门岗亭").first.wait_for()
    page.keyboard.press("Control+Enter")
    expect(page.locator(f'[data-channel="{gate}"]')).to_have_attribute("data-state", "playing")
    page.keyboard.press("b")
    expect(page.get_by_test_id(f"playback-cell-{gate}")).to_be_visible()
    for letter, path in (("c", "/cameras"), ("a", "/alarms"), ("l", "/live"), ("h", "/")):
        page.keyboard.press("g")
        page.keyboard.press(letter)
        page.wait_for_function("path => location.pathname === path", arg=path)
    page.goto("/cameras")
    page.wait_for_function(_LOADED)
    page.keyboard.press("Tab")
    expect(page.locator(".mj-skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#page")).to_be_focused()
