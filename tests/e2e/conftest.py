"""One program and one browser for all end-to-end tests; a fresh window for each test."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.house import House, running

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OPERATOR = "demo-operator-admin"
REVIEWER = "demo-reviewer"
AUDITOR = "demo-audit-admin"

Door = Callable[[str], Page]


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running(tmp_path_factory.mktemp("house")) as found:
        yield found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def window(house: House, browser: Browser) -> Iterator[Page]:
    """An empty window of a control room's ordinary screen."""
    context = browser.new_context(
        base_url=house.base, viewport={"width": 1366, "height": 768}, locale="zh-CN", accept_downloads=True
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def enter(house: House, window: Page) -> Door:
    """Sign in through the page as an account of the demo."""

    def come_in(account: str) -> Page:
        window.goto("/")
        window.get_by_test_id("account").fill(account)
        window.get_by_test_id("password").fill(house.passwords[account])
        window.get_by_test_id("sign-in").click()
        window.get_by_test_id("name-menu").wait_for()
        return window

    return come_in
