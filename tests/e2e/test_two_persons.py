"""What takes two persons: one asks, the other decides at the page, and each holds half of a password."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import AUDITOR, Door
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
