"""What takes two persons: one asks, the other decides at the page, and each holds half of a password."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import AUDITOR, REVIEWER, Door
from tests.e2e.house import House, items

SECURITY = "demo-security-admin"


def asked(house: House, account: str, act: str, **more: object) -> str | None:
    """Ask for an act; the asker's half of a password, where there is one."""
    with house.api(SECURITY) as security:
        house.prove(security, SECURITY)
        user = next(one["id"] for one in items(security, f"users?q={account}") if one["account"] == account)
        answer = security.post("approvals", json={"act": act, "user": user, "reason": "换岗", **more})
        assert answer.status_code == 201, answer.text
        part: str | None = answer.json()["part"]
        return part


def approve(house: House, page: Page, account: str) -> None:
    page.goto("/approvals")
    page.get_by_test_id(f"approve-{account}").first.click()
    page.get_by_test_id("approve-ask-act").click()
    page.get_by_test_id("step-up-password").or_(page.get_by_test_id("approval-note")).or_(
        page.get_by_test_id("half")
    ).first.wait_for()
    if page.get_by_test_id("step-up-password").is_visible():
        page.get_by_test_id("step-up-password").fill(house.passwords[AUDITOR])
        page.get_by_test_id("step-up-go").click()


def test_an_administrator_is_appointed_and_reset_by_two(house: House, enter: Door) -> None:
    with house.api(SECURITY) as security:
        house.prove(security, SECURITY)
        unit = items(security, "organisations")[0]["id"]
        wish = {"account": "appointee", "name": "候任管理员", "organisation": unit, "roles": []}
        assert security.post("users", json=wish).status_code == 201
    asked(house, "appointee", "roles", roles=[{"role": "system_admin", "division": "420115"}])
    page = enter(AUDITOR)
    approve(house, page, "appointee")
    expect(page.get_by_test_id("approval-note")).to_be_visible()
    row = page.get_by_test_id("approval-appointee").first
    expect(row).to_have_attribute("data-state", "approved")
    expect(row).to_contain_text("江夏区")

    first = asked(house, "appointee", "reset")
    approve(house, page, "appointee")
    half = page.get_by_test_id("half")
    expect(half).to_be_visible()
    second = (page.get_by_test_id("half-text").text_content() or "").strip()
    assert first
    assert second
    assert first != second
    page.reload()
    page.get_by_test_id("approvals-page").wait_for()
    expect(page.get_by_test_id("half")).to_have_count(0)
    house.passwords["appointee"] = f"{first}-{second}"
    with house.api("appointee") as own:
        assert own.get("session").json()["user"]["must_change_password"] is True


def test_the_bell_shows_what_waits_for_this_person_alone(house: House, enter: Door) -> None:
    asked(house, REVIEWER, "reset")
    page = enter(SECURITY)
    page.get_by_test_id("bell").click()
    page.get_by_test_id("bell-panel").get_by_text("双人办理").wait_for()
    waiting = page.get_by_test_id(f"bell-approval-{REVIEWER}")
    expect(waiting).to_have_count(0)

    page.context.clear_cookies()
    page = enter(AUDITOR)
    expect(page.locator(".mj-bell-count")).to_be_visible()
    page.get_by_test_id("bell").click()
    expect(waiting).to_contain_text("重置")
    waiting.get_by_role("link").click()
    expect(page.get_by_test_id("bell-panel")).to_have_count(0)
    page.get_by_test_id(f"refuse-{REVIEWER}").first.click()
    page.get_by_test_id("approval-note").wait_for()
    page.get_by_test_id("bell").click()
    page.get_by_test_id("bell-panel").wait_for()
    expect(waiting).to_have_count(0)
