"""Dialogs of the registers that a person opens now and then: views of a list, the end of a record, a consent that is
changed, a table that is taken out and brought in again."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OPERATOR, Door
from tests.e2e.house import House, items
from tests.e2e.test_live_wall import cameras

# The first test also starts the program and the browser.
pytestmark = pytest.mark.timeout(240)


def entered(client: httpx.Client, register: str, **wish: Any) -> str:
    where = {"division": "420115", "organisation": items(client, "organisations")[0]["id"]}
    found = client.post(register, json=where | wish).raise_for_status().json()["id"]
    assert isinstance(found, str)
    return found


def test_a_view_is_kept_renamed_and_removed(enter: Door) -> None:
    page = enter(OPERATOR)
    page.goto("/systems?regime=art9")
    page.get_by_test_id("view-save").click()
    page.get_by_test_id("view-name").fill("其他公共场所")
    page.get_by_test_id("view-share").check()
    page.get_by_test_id("view-ask-act").click()
    chosen = page.get_by_test_id("views").locator("option:checked")
    expect(chosen).to_have_text("其他公共场所 · 已共享")
    page.get_by_test_id("view-manage").click()
    page.get_by_test_id("view-name").fill("第九条")
    page.get_by_test_id("view-share").uncheck()
    page.get_by_test_id("view-ask-act").click()
    expect(chosen).to_have_text("第九条")
    page.get_by_test_id("view-manage").click()
    page.get_by_test_id("view-remove").click()
    expect(page.get_by_test_id("view-save")).to_be_visible()
    expect(page.get_by_test_id("views")).not_to_contain_text("第九条")


def test_what_has_left_a_register_is_listed_where_all_is_asked_for(house: House, enter: Door) -> None:
    with house.api(OPERATOR) as client:
        place = entered(client, "places", name="旧车站", category="transport")
        system = entered(client, "systems", name="旧车站系统", regime="art7", place=place)
    page = enter(OPERATOR)
    page.goto(f"/places/{place}")
    page.get_by_test_id("record-end").click()
    page.get_by_test_id("record-end-reason").fill("拆迁")
    page.get_by_test_id("record-ending-act").click()
    refusal = page.get_by_test_id("record-ending").get_by_test_id("panel-error")
    expect(refusal).to_contain_text("旧车站系统")
    expect(refusal).to_contain_text("未成功")
    for register, record in (("systems", system), ("places", place)):
        page.goto(f"/{register}/{record}")
        page.get_by_test_id("record-end").click()
        page.get_by_test_id("record-end-reason").fill("拆迁")
        page.get_by_test_id("record-ending-act").click()
        expect(page.get_by_test_id("record-ending")).to_have_count(0)
        page.goto(f"/{register}?q=旧车站")
        life = page.get_by_test_id("filter-life")
        expect(life.locator("option:checked")).to_have_text("在册")
        line = page.get_by_test_id(f"{register.removesuffix('s')}-{record}")
        expect(page.get_by_text("没有符合当前筛选")).to_be_visible()
        life.select_option("all")
        expect(line).to_contain_text("已注销")


def test_a_consent_gets_another_camera_and_tells_what_was_changed(house: House, enter: Door) -> None:
    gate = cameras(house)["东门岗亭"]
    with house.api(OPERATOR) as client:
        around = {"longitude": 114.9, "latitude": 30.1, "radius_m": 80}
        zone = entered(
            client,
            "forbidden-places",
            name="某单位周边",
            kind="secret_neighbour",
            since="2020-01-01",
            **around,
        )
        wish = {"zone": zone, "name": "复函", "given": "2026-05-20"}
        consent = client.post("secret-consents", json=wish).raise_for_status().json()["id"]
        page = enter(OPERATOR)
        page.goto("/secret-consents")
        line = page.get_by_test_id(f"consent-{consent}")
        expect(line).to_contain_text("范围内全部")
        page.get_by_test_id(f"consent-change-{consent}").click()
        page.get_by_test_id("consent-camera-search").fill("东门")
        page.get_by_test_id(f"consent-add-{gate}").click()
        page.get_by_test_id("consent-save").click()
        expect(page.get_by_test_id("consent-form")).to_have_count(0)
        expect(line).to_contain_text("东门岗亭")
        page.get_by_test_id(f"consent-change-{consent}").click()
        expect(page.get_by_test_id("record-changes")).to_contain_text("未登记 → 东门岗亭")
        assert client.get(f"secret-consents/{consent}").json()["cameras"] == [gate]


def test_a_table_that_was_taken_out_comes_in_again_unchanged_and_an_empty_one_not_at_all(
    enter: Door, tmp_path: Path
) -> None:
    page = enter(OPERATOR)
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.goto("/cameras?q=东门")
    with page.expect_download() as taken:
        page.get_by_text("CSV", exact=True).click()
    page.get_by_test_id("camera-import").click()
    sheet = page.get_by_test_id("import-sheet")
    with page.expect_download() as template:
        sheet.get_by_text("模板").click()
    empty = tmp_path / "empty.xlsx"
    template.value.save_as(empty)
    page.get_by_test_id("camera-import-file").set_input_files(empty)
    expect(page.get_by_test_id("import-counts")).to_contain_text("共 0 行")
    page.get_by_test_id("import-all").click(force=True)
    expect(page.get_by_test_id("why-not")).to_contain_text("没有任何行")
    page.get_by_test_id("why-not").get_by_role("button").click()
    again = tmp_path / "cameras.csv"
    taken.value.save_as(again)
    page.get_by_test_id("camera-import-file").set_input_files(again)
    expect(page.get_by_test_id("import-counts")).to_contain_text("不变 1")
    # What was looked at and gave way to another was never being written: nothing of it was interrupted.
    page.reload()
    page.get_by_test_id("camera-import").click()
    earlier = page.get_by_test_id("imports-earlier").get_by_role("row")
    expect(earlier.filter(has_text="empty.xlsx")).to_contain_text("未写入")
    assert not said
