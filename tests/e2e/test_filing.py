"""From a system that enters into use to its official number: one clerk enters and fills in, another checks and submits."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import OPERATOR, Door
from tests.e2e.house import House, items

# The first test also starts the program and the browser.
pytestmark = pytest.mark.timeout(240)

CLERK = "demo-filing-clerk"
NAME = "纸坊街老年大学视频系统"
MOVED = "纸坊街文化站视频系统"
NUMBER = "420115-2026-00931"
# Two days before the thirtieth; one where the day ends meanwhile.
LEFT = re.compile("剩 [12] 天")
FILLED = {
    "credit_code": "12420115MB0001234X", "legal_representative": "赵某", "responsible_person": "钱某",
    "responsible_phone": "027-8795 0000", "handler": "王敏", "address": "纸坊大街 31 号", "device_types": "枪机、球机",
    "declared_by": "王敏",
}  # fmt: skip


def day(back: int) -> date:
    return (datetime.now(UTC).astimezone(timezone(timedelta(hours=8))) - timedelta(days=back)).date()


@pytest.fixture
def second(house: House, browser: Browser) -> Iterator[Page]:
    """Another clerk at another desk."""
    context = browser.new_context(
        base_url=house.base, viewport={"width": 1366, "height": 650}, locale="zh-CN"
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto("/")
    page.get_by_test_id("account").fill(OPERATOR)
    page.get_by_test_id("password").fill(house.passwords[OPERATOR])
    page.get_by_test_id("sign-in").click()
    page.get_by_test_id("name-menu").wait_for()
    yield page
    context.close()


def test_a_filing_goes_from_its_system_to_its_official_number_by_two_clerks(
    enter: Door, second: Page
) -> None:
    page = enter(CLERK)
    expect(page.get_by_test_id("todo-page")).to_be_visible()
    page.get_by_test_id("rail-systems").click()
    page.get_by_test_id("system-enter").click()
    form = page.get_by_test_id("system-form")
    form.get_by_test_id("system-save").click(force=True)
    expect(form.get_by_test_id("why-not")).to_contain_text("必填")
    page.keyboard.press("Escape")
    form.get_by_test_id("system-name").fill(NAME)
    for above, code in (("top", "420000"), ("420000", "420100"), ("420100", "420115")):
        form.get_by_test_id(f"division-under-{above}").select_option(code)
    form.get_by_test_id("system-regime").select_option("art7")
    form.get_by_test_id("system-in_use").fill(str(day(-1)))
    form.get_by_test_id("system-save").click()
    expect(form.get_by_test_id("panel-error")).to_contain_text("SYM-002")
    form.get_by_test_id("system-in_use").fill(str(day(28)))
    form.get_by_test_id("system-save").click()

    duty = page.get_by_test_id("next-duty")
    expect(duty).to_contain_text(LEFT)
    expect(page.get_by_test_id("finding-FILE-01")).to_have_attribute("data-verdict", "pending")
    page.get_by_test_id("tab-changes").click()
    expect(page.get_by_test_id("record-changes")).to_contain_text(NAME)
    duty.get_by_role("link").click()
    lead = page.get_by_test_id("filing-lead")
    expect(lead).to_contain_text(LEFT)
    how = page.get_by_test_id("how")
    how.locator("summary").click()
    expect(how).to_contain_text("次日起第 30 日")
    expect(how).to_contain_text("国令799 第十四条")
    filing = page.url

    filled_in(page)
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("step-ask-act").click()
    expect(lead).to_have_attribute("data-state", "checking")
    page.get_by_test_id("step-submitted").click(force=True)
    expect(page.get_by_test_id("why-not")).to_contain_text("另一位经办人")

    second.goto(filing)
    second.get_by_test_id("step-submitted").click()
    second.get_by_test_id("step-organ").fill("江夏区公安分局")
    second.get_by_test_id("step-ask-act").click()
    expect(second.get_by_test_id("filing-lead")).to_have_attribute("data-state", "submitted")
    expect(second.get_by_test_id("filing-form").locator("input")).to_have_count(0)

    page.goto("/todo")
    waiting = page.get_by_test_id("todo-later").get_by_role("listitem").filter(has_text=NAME)
    expect(waiting).to_have_count(1)
    expect(waiting).to_contain_text("登记答复")
    waiting.get_by_role("link").click()
    page.get_by_test_id("step-accepted").click()
    page.get_by_test_id("step-ask-act").click(force=True)
    expect(page.get_by_test_id("step-ask").get_by_test_id("why-not")).to_contain_text("编号")
    page.keyboard.press("Enter")
    page.get_by_test_id("step-official_number").fill(NUMBER)
    page.get_by_test_id("step-ask-act").click()
    expect(lead).to_have_attribute("data-state", "accepted")
    expect(page.get_by_test_id("official-number")).to_contain_text(NUMBER)

    page.goto("/todo")
    expect(page.get_by_test_id("todo-page")).to_contain_text("件，有法定期限的在前")
    expect(page.get_by_test_id("todo-page").get_by_text(NAME)).to_have_count(0)
    page.goto("/compliance?rule=FILE-01")
    expect(page.get_by_test_id("rule-FILE-01")).to_be_visible()
    expect(page.get_by_test_id("finding-list").get_by_text(NAME)).to_have_count(0)


def accepted(house: House) -> str:
    """A system whose initial filing came back with its number; its identifier."""
    where = {"division": "420115", "organisation": ""}
    with house.api(CLERK) as clerk, house.api(OPERATOR) as checker:
        where["organisation"] = items(clerk, "organisations")[0]["id"]
        wish = where | {"name": MOVED, "regime": "art7", "in_use": str(day(20)), "retention_days": 30}
        system: str = clerk.post("systems", json=wish).raise_for_status().json()["id"]
        steps = f"filings/{items(clerk, 'filings', system=system)[0]['id']}"
        clerk.patch(steps, json={"content": FILLED}).raise_for_status()
        clerk.post(f"{steps}/steps", json={"to": "checking"}).raise_for_status()
        checker.post(f"{steps}/steps", json={"to": "submitted"}).raise_for_status()
        answer = {"to": "accepted", "official_number": NUMBER}
        clerk.post(f"{steps}/steps", json=answer).raise_for_status()
    return system


def test_a_system_that_changes_owes_a_change_filing_that_says_what_changed(
    house: House, enter: Door, second: Page
) -> None:
    system = accepted(house)
    page = enter(CLERK)
    page.goto(f"/systems/{system}")
    duty = page.get_by_test_id("next-duty")
    expect(duty).to_contain_text("没有未办结的备案")
    page.get_by_test_id("system-edit").click()
    page.get_by_test_id("system-retention_days").fill("60")
    page.get_by_test_id("system-save").click()
    expect(duty).to_contain_text("变更备案")
    expect(page.get_by_test_id("finding-FILE-03")).to_have_attribute("data-verdict", "pending")
    duty.get_by_role("link").click()

    lead = page.get_by_test_id("filing-lead")
    card = page.get_by_test_id("changed-retention_days")
    expect(card.locator("dd")).to_have_text(["30", "60"])
    expect(card).to_contain_text("修改")
    for name, text in FILLED.items():
        page.get_by_test_id(f"field-{name}").fill(text)
    expect(page.get_by_test_id("field-retention_days")).to_have_value("60")
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("step-ask-act").click()
    expect(lead).to_have_attribute("data-state", "checking")
    second.goto(page.url)
    second.get_by_test_id("step-submitted").click()
    second.get_by_test_id("step-ask-act").click()
    expect(second.get_by_test_id("filing-lead")).to_have_attribute("data-state", "submitted")
    # What changed stays told once it is filed, from the two forms.
    expect(second.get_by_test_id("changed-retention_days").locator("dd")).to_have_text(["30", "60"])
    second.goto(f"/systems/{system}")
    expect(second.get_by_test_id("finding-FILE-03")).to_have_count(0)


def filled_in(page: Page) -> None:
    """The form from the first missing item on, with a mistake that is said at its field, kept over a reload."""
    expect(page.get_by_test_id("check-credit_code")).to_have_attribute("data-state", "missing")
    page.keyboard.press("n")
    expect(page.get_by_test_id("field-credit_code")).to_be_focused()
    for name, text in FILLED.items():
        page.get_by_test_id(f"field-{name}").fill(text)
    page.get_by_test_id("field-responsible_phone").fill("请打总机")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-item=responsible_phone]")).to_contain_text("格式不符")
    page.get_by_test_id("field-responsible_phone").fill(FILLED["responsible_phone"])
    page.get_by_test_id("field-cameras").fill("3")
    expect(page.get_by_test_id("check-cameras")).to_have_attribute("data-state", "mismatch")
    page.get_by_test_id("take-cameras").click()
    page.keyboard.press("Control+s")
    expect(page.get_by_test_id("draft-state")).to_contain_text("草稿")
    page.reload()
    expect(page.get_by_test_id("checklist-done")).to_have_text("13 / 13")
    expect(page.get_by_test_id("field-handler")).to_have_value(FILLED["handler"])
