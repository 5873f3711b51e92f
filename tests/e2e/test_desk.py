"""What a person at the desk does beside watching: prove again, enrol a second factor, leave a draft, take an alarm."""

import json
import time

import pyotp
import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import OPERATOR, REVIEWER, Door
from tests.e2e.house import House, items

# The first test also starts the program and the browser.
pytestmark = pytest.mark.timeout(240)

SYSTEM = "demo-system-admin"


def test_an_act_that_wants_a_proof_goes_on_once_it_is_given_and_stays_undone_otherwise(
    house: House, enter: Door
) -> None:
    page = enter(REVIEWER)
    page.goto("/me/security")
    page.get_by_test_id("factor-begin").click()
    page.get_by_test_id("step-up-leave").click()
    expect(page.get_by_test_id("factor-refusal")).to_be_visible()
    expect(page.get_by_test_id("factor-qr")).not_to_be_visible()
    page.get_by_test_id("factor-enrolment").get_by_role("button").click()
    page.get_by_test_id("step-up-password").fill(house.passwords[REVIEWER])
    page.get_by_test_id("step-up-go").click()
    expect(page.get_by_test_id("factor-qr")).to_be_visible()


def test_leaving_a_wizard_keeps_its_draft_but_not_the_password(enter: Door) -> None:
    page = enter(OPERATOR)
    page.goto("/cameras")
    page.get_by_text("添加摄像机").click()
    page.get_by_test_id("wizard-url").fill("rtsp://127.0.0.1:9/none")
    page.get_by_test_id("wizard-password").fill("far-from-secret")
    expect(page.get_by_test_id("wizard-draft")).to_contain_text("草稿")
    page.reload()
    if not page.get_by_test_id("camera-wizard").is_visible():
        page.get_by_text("添加摄像机").click()
    expect(page.get_by_test_id("wizard-url")).to_have_value("rtsp://127.0.0.1:9/none")
    expect(page.get_by_test_id("wizard-password")).to_have_value("")
    page.get_by_test_id("wizard-forget").click()
    expect(page.get_by_test_id("wizard-url")).to_have_value("")


def test_an_alarm_takes_the_alarm_cell_and_gives_it_back(house: House, enter: Door) -> None:
    page = enter(OPERATOR)
    with house.api(OPERATOR) as client:
        known = {one["name"]: one["id"] for one in items(client, "cameras")}
    square, gate = known["市民广场"], known["东门岗亭"]
    alarm = {
        "id": "al_1", "kind": "gap_lasts", "level": 1, "channel": gate, "title": "缺录", "title_en": "Not recorded",
        "facts": {}, "count": 1, "raised_us": 1, "last_us": 1, "ended_us": None, "state": "new", "owner": None,
        "owner_name": None, "claimed_us": None, "resolved_us": None, "outcome": None, "note": None,
    }  # fmt: skip
    claimed: list[str] = []

    def listed(route: Route) -> None:
        found = [alarm] if "state=new" in route.request.url else []
        route.fulfill(json={"items": found, "total": len(found), "next": None})

    def claim(route: Route) -> None:
        claimed.append(route.request.url)
        route.fulfill(status=204)

    page.route("**/api/v1/alarms?*", listed)
    page.route("**/api/v1/alarms/al_1/claim", claim)
    page.goto(f"/live?g=4&c=1:{square},4:{square}")
    cell = page.get_by_test_id("cell-4")
    expect(cell).to_have_attribute("data-channel", square)
    page.get_by_test_id("alarm-cells").select_option("1")
    expect(cell).to_have_attribute("data-channel", gate)
    expect(page.get_by_test_id("cell-1")).to_have_attribute("data-channel", square)
    with page.expect_response("**/api/v1/alarms/al_1/claim"):
        page.keyboard.press("a")
    page.get_by_test_id("alarm-cell-back").click()
    expect(cell).to_have_attribute("data-channel", square)
    assert len(claimed) == 1


def test_a_clock_in_doubt_says_what_it_means_and_is_confirmed_with_a_reason(enter: Door) -> None:
    page = enter(SYSTEM)
    words: list[str] = []
    doubted = {"wall_us": 1_800_000_000_000_000, "trusted_us": 1_790_000_000_000_000}

    def confirm(route: Route) -> None:
        words.append(json.loads(route.request.post_data or "{}")["reason"])
        route.fulfill(json=doubted | {"paused_since_us": None, "doubts": []})

    def state(route: Route) -> None:
        paused = None if words else 1_790_000_000_000_000
        route.fulfill(json=doubted | {"paused_since_us": paused, "doubts": [] if words else ["wall_ahead"]})

    page.route("**/api/v1/storage/clock", state)
    page.route("**/api/v1/storage/clock/confirm", confirm)
    page.goto("/system")
    card = page.get_by_test_id("clock-card")
    expect(card).to_contain_text("暂停到期删除")
    card.get_by_test_id("clock-confirm").click()
    page.get_by_test_id("clock-ask-act").click()
    assert words == [], "not without a reason"
    page.get_by_test_id("clock-reason").fill("与授时服务器核对")
    page.get_by_test_id("clock-ask-act").click()
    expect(card).to_have_attribute("data-paused", "false")
    assert words == ["与授时服务器核对"]


def test_a_plan_is_removed_after_the_question_what_its_cameras_follow_instead(
    house: House, enter: Door
) -> None:
    with house.api(OPERATOR) as client:
        used, other = (
            client.post("plans", json={"name": name, "mode": "off", "retention_days": days})
            .raise_for_status()
            .json()["id"]
            for name, days in (("汛期", 90), ("汛后", 30))
        )
        model = items(client, "cameras")[0]
        wish = {
            "name": "未启用的摄像机", "division": model["division"], "organisation": model["organisation"],
            "enabled": False, "streams": [{"kind": "main", "url": "rtsp://127.0.0.1:9/off"}],
        }  # fmt: skip
        made = client.post("cameras", json=wish).raise_for_status().json()["id"]
        client.patch(f"cameras/{made}", json={"plan": used}).raise_for_status()
        page = enter(OPERATOR)
        page.goto("/plans")
        default = next(one["id"] for one in client.get("plans").json() if one["default"])
        page.get_by_test_id(f"plan-remove-{default}").click(force=True)
        expect(page.get_by_test_id("why-not")).to_contain_text("默认计划")
        page.get_by_test_id("why-not").get_by_role("button").click()
        page.get_by_test_id(f"plan-remove-{used}").click()
        asked = page.get_by_test_id("plan-removal")
        expect(asked).to_contain_text("1 路摄像机")
        page.get_by_test_id("plan-instead").select_option(other)
        expect(asked).to_contain_text("90 天减为 30 天")
        page.get_by_test_id("plan-removal-act").click()
        expect(asked).to_have_count(0)
        expect(page.get_by_test_id(f"plan-remove-{used}")).to_have_count(0)
        assert client.get(f"cameras/{made}").json()["plan"] == other
        client.delete(f"cameras/{made}", params={"recordings": "expire", "reason": "试毕"}).raise_for_status()


def test_a_second_factor_is_scanned_proven_and_its_recovery_codes_are_kept(house: House, enter: Door) -> None:
    account = "demo-maintainer"
    page = enter(account)
    page.goto("/me/security")
    page.get_by_test_id("factor-begin").click()
    page.get_by_test_id("step-up-password").fill(house.passwords[account])
    page.get_by_test_id("step-up-go").click()
    expect(page.get_by_test_id("factor-qr")).to_be_visible()
    secret = page.get_by_test_id("factor-secret").inner_text().replace(" ", "")
    now, otp = int(time.time()), pyotp.TOTP(secret)
    page.get_by_test_id("factor-first").fill(otp.at(now - 30))
    page.get_by_test_id("factor-second").fill(otp.at(now))
    page.get_by_test_id("factor-confirm").click()
    listed = page.get_by_test_id("recovery-codes").locator("li")
    expect(listed).to_have_count(10)
    codes = listed.all_inner_texts()
    page.get_by_test_id("recovery-typed").fill("none of them")
    # It explains itself instead of being dead, and a robot takes that for disabled.
    page.get_by_test_id("recovery-kept").click(force=True)
    expect(page.get_by_test_id("why-not")).to_be_visible()
    page.get_by_test_id("why-not").get_by_role("button").click()
    page.get_by_test_id("recovery-typed").fill(codes[3])
    page.get_by_test_id("recovery-kept").click()
    expect(page.get_by_test_id("factor-card")).to_have_attribute("data-on", "true")
    page.get_by_test_id("factor-drop").click()
    page.get_by_test_id("drop-ask-act").click()
    # What was proved by the password alone does not count once there is a factor; each code counts once.
    page.get_by_test_id("step-up-password").fill(house.passwords[account])
    page.get_by_test_id("step-up-code").fill(otp.at(now + 30))
    page.get_by_test_id("step-up-go").click()
    expect(page.get_by_test_id("factor-card")).to_have_attribute("data-on", "false")
