"""Hubei Order 361, Article 11: the using unit files within 30 days from entry into use with the public security organ;
a system that is no longer required may be dismantled, and that is filed within the 30 days before.

State Council Order 799, Article 14: filed within 30 days, with the county-level organ of the place.
"""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from mingjing.kernel.db import Database
from tests.law.office import Office, done, office
from tests.pdf import text_of
from tests.places import SCHOOL


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


def test_who_puts_a_system_into_use_owes_a_filing_by_the_thirtieth_day_after(at: Office) -> None:
    system = at.system(in_use="2026-10-18")["id"]
    (filing,) = at.filings(system)
    assert (filing["kind"], filing["state"]) == ("initial", "preparing")
    assert filing["due"] == "2026-11-17"
    assert filing["organ"] == "区划420115公安机关"
    clock = done(at.clerk.get(f"/api/v1/filings/{filing['id']}"))["clock"]
    assert clock["how"] == "投用 2026-10-18，次日起第 30 日 = 2026-11-17 24:00"
    assert clock["basis"] == ["湖北令361 第十一条第一款", "国令799 第十四条"]


def test_the_day_of_entry_into_use_is_not_counted_and_the_last_day_counts_whole(at: Office) -> None:
    system = at.system(in_use="2026-10-18")["id"]
    at.on(date(2026, 11, 17))
    (duty,) = at.findings(system, "FILE-01")
    assert (duty["verdict"], duty["days_left"]) == ("pending", 0)
    at.on(date(2026, 11, 18))
    (late,) = at.findings(system, "FILE-01")
    assert (late["verdict"], late["days_left"]) == ("broken", -1)
    assert late["id"] == duty["id"]


def test_a_system_filed_in_time_owes_nothing(at: Office) -> None:
    system = at.system(in_use="2026-10-18")["id"]
    at.on(date(2026, 11, 10))
    (filing,) = at.filings(system)
    assert at.submit(filing["id"])["submitted"] == "2026-11-10"
    assert at.findings(system, "FILE-01") == []
    at.on(date(2027, 1, 10))
    assert at.findings(system, "FILE-01") == []


def test_what_the_organ_returns_is_owed_again(at: Office) -> None:
    system = at.system(in_use="2026-10-18")["id"]
    (filing,) = at.filings(system)
    at.submit(filing["id"])
    answer = {"to": "returned", "note": "缺位置外廓"}
    done(at.clerk.post(f"/api/v1/filings/{filing['id']}/steps", json=answer))
    (duty,) = at.findings(system, "FILE-01")
    assert duty["verdict"] == "pending"


def test_what_was_in_use_before_the_order_is_filed_in_its_ninety_days(at: Office) -> None:
    system = at.system(in_use="2011-05-01")["id"]
    (filing,) = at.filings(system)
    assert (filing["kind"], filing["due"]) == ("legacy", "2025-06-30")
    clock = done(at.clerk.get(f"/api/v1/filings/{filing['id']}"))["clock"]
    assert clock["how"] == "条例施行 2025-04-01，次日起第 90 日 = 2025-06-30 24:00"
    assert clock["basis"] == ["国令799 第十四条"]
    assert [one["verdict"] for one in at.findings(system, "FILE-02")] == ["broken"]


def test_only_orders_that_bind_the_system_are_named(at: Office) -> None:
    (filing,) = at.filings(at.system(in_use="2026-10-18", regime="art9")["id"])
    clock = done(at.clerk.get(f"/api/v1/filings/{filing['id']}"))["clock"]
    assert clock["basis"] == ["湖北令361 第十一条第一款"]


def test_nobody_checks_what_they_prepared_and_no_half_form_is_checked(at: Office) -> None:
    (filing,) = at.filings(at.system(in_use="2026-10-18")["id"])
    steps = f"/api/v1/filings/{filing['id']}/steps"
    refused = at.clerk.post(steps, json={"to": "checking"})
    assert (refused.status_code, refused.json()["code"]) == (409, "FIL-002")
    at.clerk.patch(f"/api/v1/filings/{filing['id']}", json={"content": {"address": ""}})
    at.submit(filing["id"])
    other = at.filings(at.system(name="第二系统", in_use="2026-10-18")["id"])[0]["id"]
    done(at.clerk.patch(f"/api/v1/filings/{other}", json={"content": {"handler": "王敏"}}))
    again = at.clerk.post(f"/api/v1/filings/{other}/steps", json={"to": "submitted"})
    assert again.json()["code"] == "FIL-001"


def test_the_number_and_the_organ_that_come_back_are_kept(at: Office) -> None:
    (filing,) = at.filings(at.system(in_use="2026-10-18")["id"])
    at.submit(filing["id"])
    steps = f"/api/v1/filings/{filing['id']}/steps"
    assert at.clerk.post(steps, json={"to": "accepted"}).json()["code"] == "FIL-004"
    outcome = {"to": "accepted", "organ": "江夏区公安分局", "official_number": "420115-2026-00117"}
    kept = done(at.clerk.post(steps, json=outcome))
    assert (kept["state"], kept["official_number"]) == ("accepted", "420115-2026-00117")
    assert [one["state"] for one in kept["steps"]] == ["preparing", "checking", "submitted", "accepted"]


def test_a_filing_made_late_is_owed_until_it_is_accepted_and_then_settled_as_late(at: Office) -> None:
    system = at.system(in_use="2026-10-18")["id"]
    at.on(date(2026, 11, 20))
    (filing,) = at.filings(system)
    at.submit(filing["id"])
    (owed,) = at.findings(system, "FILE-01")
    assert (owed["verdict"], owed["late_days"]) == ("broken", 3)
    at.accept(filing["id"])
    assert at.findings(system, "FILE-01") == []
    (settled,) = at.findings(system, "FILE-01", "cured")
    assert (settled["id"], settled["verdict"], settled["late_days"]) == (owed["id"], "late", 3)
    in_time = at.system(name="按期的系统", in_use="2026-10-25")["id"]
    at.submit(at.filings(in_time)[0]["id"])
    figures = at.figures("FILE-01")
    assert (figures["met"], figures["late"], figures["broken"], figures["in_time"]) == (1, 1, 0, 50)
    at.on(date(2026, 12, 20))
    assert at.findings(system, "FILE-01") == []
    assert at.figures("FILE-01") == figures


def test_a_member_that_was_filed_and_changes_opens_the_change_filing_by_itself(at: Office) -> None:
    system = at.filed()
    at.on(date(2026, 11, 1))
    done(at.clerk.patch(f"/api/v1/systems/{system}", json={"retention_days": 60, "note": "扩容"}))
    change = next(one for one in at.filings(system) if one["kind"] == "change")
    assert (change["state"], change["trigger"], change["due"]) == ("preparing", "2026-11-01", "2026-12-01")
    clock = done(at.clerk.get(f"/api/v1/filings/{change['id']}"))["clock"]
    assert clock["how"] == "变更 2026-11-01，次日起第 30 日 = 2026-12-01 24:00"
    assert clock["basis"] == ["国令799 第十四条"]
    (duty,) = at.findings(system, "FILE-03")
    assert (duty["verdict"], duty["due"], duty["basis"]) == ("pending", "2026-12-01", ["国令799 第十四条"])
    assert "存储期限" in duty["message"]
    at.on(date(2026, 12, 2))
    assert [one["verdict"] for one in at.findings(system, "FILE-03")] == ["broken"]
    at.submit(change["id"])
    assert [one["late_days"] for one in at.findings(system, "FILE-03")] == [1]
    at.accept(change["id"])
    assert at.findings(system, "FILE-03") == []


def test_a_change_filing_says_what_demanded_it_from_what_to_what_and_by_whom(at: Office) -> None:
    system = at.filed(address="纸坊大街 12 号")
    at.on(date(2026, 11, 1))
    done(at.second.patch(f"/api/v1/systems/{system}", json={"address": "纸坊大街 14 号", "note": "门牌更改"}))
    change = next(one for one in at.filings(system) if one["kind"] == "change")
    told = done(at.clerk.get(f"/api/v1/filings/{change['id']}"))["changes"]
    shown = [(one["name"], one["before"], one["after"], one["since"], one["who_name"]) for one in told]
    assert shown == [("address", "纸坊大街 12 号", "纸坊大街 14 号", "2026-11-01", "liqiang")]
    form = done(at.clerk.get(f"/api/v1/filings/{change['id']}"))["content"]
    assert form["address"] == "纸坊大街 14 号"
    at.submit(change["id"])
    done(at.clerk.patch(f"/api/v1/systems/{system}", json={"retention_days": 90}))
    after = done(at.clerk.get(f"/api/v1/filings/{change['id']}"))
    assert "retention_days" not in {one["name"] for one in after["changes"]}, (
        "what was submitted is what it was"
    )
    initial = next(one for one in at.filings(system) if one["kind"] == "initial")
    assert done(at.clerk.get(f"/api/v1/filings/{initial['id']}"))["changes"] == []


def test_what_changes_back_before_anybody_has_filed_owes_nothing(at: Office) -> None:
    system = at.filed()
    for days in (60, 30):
        done(at.clerk.patch(f"/api/v1/systems/{system}", json={"retention_days": days}))
    assert [one["state"] for one in at.filings(system) if one["kind"] == "change"] == ["withdrawn"]
    assert at.findings(system, "FILE-03") == []


def test_units_cameras_and_addresses_are_what_was_filed_too(at: Office) -> None:
    system = at.filed()
    done(at.clerk.patch(f"/api/v1/systems/{system}", json={"address": "新址 1 号"}))
    camera = at.whole.recorder.town.add().row.id
    done(at.clerk.patch(f"/api/v1/cameras/{camera}/dossier", json={"system": system}))
    keeper = at.whole.client_of(at.whole.person("keeper", "system_admin")[0])
    contacts = {"contacts": {"responsible_person": "赵某"}}
    done(keeper.patch(f"/api/v1/organisations/{SCHOOL}", json=contacts))
    changed = {one["message"].split("”")[0].split("“")[1] for one in at.findings(system, "FILE-03")}
    assert changed == {"建设位置", "设备数量", "负责人"}
    assert len([one for one in at.filings(system) if one["kind"] == "change"]) == 1
    (count,) = [one for one in at.findings(system, "FILE-04") if one["verdict"] == "broken"]
    assert count["message"] == "备案的设备数量为 0，实测为 1。"


def test_the_types_of_devices_are_told_by_the_dossiers_and_filed_anew_when_they_change(at: Office) -> None:
    system = at.system()["id"]
    camera = at.whole.recorder.town.add().row.id
    dossier = f"/api/v1/cameras/{camera}/dossier"
    done(at.clerk.patch(dossier, json={"system": system, "camera_type": "2"}))
    at.file(system)
    assert at.findings(system, "FILE-03") == [], "what the form has said otherwise all along is no change"
    done(at.clerk.patch(dossier, json={"camera_type": "3"}))
    (duty,) = at.findings(system, "FILE-03")
    assert "设备类型" in duty["message"]
    (change,) = [one for one in at.filings(system) if one["kind"] == "change"]
    content = done(at.clerk.get(f"/api/v1/filings/{change['id']}"))["content"]
    assert (content["cameras"], content["device_types"]) == (1, "固定枪机 1")


def test_a_camera_of_a_filed_system_is_not_taken_away_without_a_filing(at: Office) -> None:
    system = at.system()["id"]
    camera = at.whole.recorder.town.add().row.id
    done(at.clerk.patch(f"/api/v1/cameras/{camera}/dossier", json={"system": system}))
    at.file(system)
    assert at.findings(system, "DISM-03") == []
    maintainer = at.whole.client_of(at.whole.person("m", "maintainer")[0])
    gone = maintainer.delete(f"/api/v1/cameras/{camera}", params={"recordings": "keep", "reason": "拆"})
    assert gone.status_code == 204
    (found,) = at.findings(system, "DISM-03")
    assert (found["verdict"], found["basis"]) == (
        "broken",
        ["湖北令361 第十一条第二款", "国令799 第二十三条"],
    )
    (change,) = [one for one in at.filings(system) if one["kind"] == "change"]
    at.submit(change["id"])
    assert at.findings(system, "DISM-03") == []


def test_dismantling_is_filed_within_the_thirty_days_before(at: Office) -> None:
    system = at.system(in_use="2020-01-10", regime="")["id"]
    done(at.clerk.patch(f"/api/v1/systems/{system}", json={"dismantle_planned": "2026-12-31"}))
    filing = next(one for one in at.filings(system) if one["kind"] == "dismantling")
    clock = done(at.clerk.get(f"/api/v1/filings/{filing['id']}"))["clock"]
    assert (clock["first"], clock["due"]) == ("2026-12-01", "2026-12-30")
    at.on(date(2026, 11, 20))
    at.submit(filing["id"])
    (early,) = at.findings(system, "DISM-02")
    assert early["verdict"] == "unknown"


def test_dismantling_without_a_filing_is_broken_when_the_day_comes(at: Office) -> None:
    system = at.system(in_use="2020-01-10", regime="")["id"]
    done(at.clerk.patch(f"/api/v1/systems/{system}", json={"dismantle_planned": "2026-12-31"}))
    at.on(date(2026, 12, 30))
    assert [one["verdict"] for one in at.findings(system, "DISM-02")] == ["pending"]
    at.on(date(2026, 12, 31))
    (found,) = at.findings(system, "DISM-02")
    assert (found["verdict"], found["severity"]) == ("broken", "blocks")


def test_a_system_of_no_public_place_owes_no_filing(at: Office) -> None:
    system = at.system(in_use="2026-10-18", regime="non_public", organisation=SCHOOL)["id"]
    assert at.filings(system) == []
    assert at.findings(system, "FILE-01") == []


def test_each_finding_after_the_reported_revision_says_that_its_text_is_reported_replaced(at: Office) -> None:
    old = at.system(name="旧系统", in_use="2026-07-01")["id"]
    new = at.system(name="新系统", in_use="2026-10-18")["id"]
    (before,), (after,) = at.findings(old, "FILE-01"), at.findings(new, "FILE-01")
    assert (before["carried"], after["carried"]) == (False, True)


def test_what_goes_to_the_organ_is_complete_and_what_is_printed_of_it_is_no_certificate(at: Office) -> None:
    (filing,) = at.filings(at.system(in_use="2026-10-18")["id"])
    address = f"/api/v1/filings/{filing['id']}"
    assert at.clerk.post(f"{address}/receipts").json()["code"] == "SUB-005"
    at.submit(filing["id"])
    with zipfile.ZipFile(io.BytesIO(at.clerk.get(f"{address}/package.zip").content)) as package:
        assert set(package.namelist()) == {"备案基本信息表.pdf", "设备清单.xlsx", "SHA256SUMS.txt"}
        form = text_of(package.read("备案基本信息表.pdf"))
    for group in ("单位基本情况", "系统情况", "建设位置", "设备数量及类型", "存储期限", "办理情况"):
        assert group in form
    assert "湖北令361第十一条第一款；国令799第十四条" in form
    receipt = text_of(at.clerk.post(f"{address}/receipts").content)
    assert receipt.startswith("本回执不是备案机关的证明")
