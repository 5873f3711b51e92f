"""Coming in: the one-time password is changed before anything is shown, and a wrong one is answered in a sentence."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.house import House

# The first test also starts the program and the browser.
pytestmark = pytest.mark.timeout(240)

FRESH = "Lanterns-Over-Jiangxia-27"


def test_the_first_administrator_changes_the_one_time_password_and_arrives(
    house: House, window: Page
) -> None:
    window.goto("/")
    window.get_by_test_id("account").fill("admin")
    window.get_by_test_id("password").fill(house.passwords["admin"])
    window.get_by_test_id("sign-in").click()
    window.get_by_test_id("new-password").fill(FRESH)
    window.get_by_test_id("again").fill(FRESH)
    window.get_by_test_id("set-password").click()
    window.get_by_test_id("begin").click()
    expect(window.get_by_test_id("name-menu")).to_contain_text("管理员")
    expect(window.get_by_test_id("home-kept")).to_be_visible()
    house.passwords["admin"] = FRESH


def test_a_wrong_password_is_refused_in_words(house: House, window: Page) -> None:
    window.goto("/")
    window.get_by_test_id("account").fill("demo-duty-officer")
    window.get_by_test_id("password").fill("not-the-password-of-anybody")
    window.get_by_test_id("sign-in").click()
    expect(window.get_by_test_id("signin-refusal")).not_to_be_empty()
    expect(window.get_by_test_id("name-menu")).to_have_count(0)
