"""What a person without the right sees: nothing, and the pages say so; a person elsewhere sees no cameras."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import AUDITOR, Door
from tests.e2e.house import House, items, until

# The first test also starts the program and the browser.
pytestmark = pytest.mark.timeout(240)

PASSWORD = "Quiet-Harbour-Of-Wuchang-9"
ELSEWHERE = "420106"


def stranger(house: House) -> None:
    """A duty officer of another district, past the first sign-in."""
    with house.api("demo-security-admin") as security:
        house.prove(security, "demo-security-admin")
        organisation = items(security, "organisations")[0]["id"]
        made = security.post(
            "users",
            json={
                "account": "stranger",
                "name": "外区值班员",
                "organisation": organisation,
                "roles": [{"role": "duty_officer", "division": ELSEWHERE}],
            },
        )
        assert made.status_code == 201, made.text
        house.passwords["stranger"] = made.json()["password"]
    with house.api("stranger") as own:
        change = own.post("session/password", json={"old": house.passwords["stranger"], "new": PASSWORD})
        assert change.is_success, change.text
    house.passwords["stranger"] = PASSWORD


def test_cameras_out_of_scope_do_not_exist(house: House, enter: Door) -> None:
    with house.api("demo-duty-officer") as officer:
        gate = items(officer, "cameras")[0]["id"]
    stranger(house)
    with house.api("stranger") as own:
        assert items(own, "cameras") == []
        assert own.get(f"cameras/{gate}").status_code == 404
        wish = {"kind": "live", "channel": gate, "stream": "main"}
        (refused,) = own.post("tickets", json={"wishes": [wish]}).json()["tickets"]
        assert refused["status"] == 404
    page: Page = enter("stranger")
    page.goto(f"/live?g=1&c=1:{gate}")
    expect(page.get_by_test_id("cell-1")).to_have_attribute("data-state", "invisible")
    expect(page.locator('[data-testid^="tree-ch_"]')).to_have_count(0)


def test_the_auditor_sees_no_pictures(house: House, enter: Door) -> None:
    page = enter(AUDITOR)
    expect(page.locator("video")).to_have_count(0)
    expect(page.get_by_role("link", name=re.compile("实时"))).to_have_count(0)
    with house.api(AUDITOR) as auditor:
        assert auditor.get("cameras").status_code in {403, 404}


def test_the_journal_names_people_and_cameras(house: House, enter: Door) -> None:
    with house.api("demo-duty-officer") as officer:
        gate = next(one for one in items(officer, "cameras") if one["name"] == "东门岗亭")
        until(
            "a picture to take",
            lambda: officer.get(f"cameras/{gate['id']}/snapshot").is_success or None,
        )
    page = enter(AUDITOR)
    page.goto(f"/journal?what=snapshot.take&object={gate['id']}")
    page.get_by_test_id("journal-list").get_by_role("button").first.click()
    panel = page.get_by_test_id("entry-panel")
    expect(panel.get_by_test_id(f"named-{gate['id']}")).to_contain_text("东门岗亭")
    expect(panel.get_by_test_id(f"named-{gate['id']}.main")).to_contain_text("主码流")
    expect(panel).to_contain_text(gate["id"])
