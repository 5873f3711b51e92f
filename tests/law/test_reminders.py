"""Deadlines are recalled 15, 7, 3 and 1 days before and once they are over, each once, to those whose duty it is; what stays
overdue goes to the unit above. HB361, 11; SC799, 14.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from mingjing.governance.reminding.model import ReminderRow
from mingjing.governance.room import GovernanceRoom
from mingjing.kernel.db import Database
from tests.law.office import Office, done, office


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


def told(client: TestClient) -> list[tuple[str, str, int]]:
    """What a person has not taken note of: stage, what, days left."""
    found = done(client.get("/api/v1/reminders"))["items"]
    return [(one["stage"], one["title"], one["days_left"]) for one in found]


def test_a_filing_is_recalled_at_each_stage_once(at: Office) -> None:
    (filing,) = at.filings(at.system(in_use="2026-10-18")["id"])
    seen: list[tuple[date, list[tuple[str, str, int]]]] = []
    for day in (1, 2, 3, 10, 13, 14, 16, 18, 19):
        at.on(date(2026, 11, day))
        at.night()
        seen.append((at.today, told(at.clerk)))
        new = [one["id"] for one in done(at.clerk.get("/api/v1/reminders"))["items"]]
        assert at.clerk.post("/api/v1/reminders/seen", json={"reminders": new}).status_code == 204
    assert [(day.day, stages) for day, stages in seen] == [
        (1, []), (2, [("15", "初次备案", 15)]), (3, []), (10, [("7", "初次备案", 7)]), (13, [("3", "初次备案", 4)]),
        (14, []), (16, [("1", "初次备案", 1)]), (18, [("overdue", "初次备案", -1)]), (19, []),
    ]  # fmt: skip
    recalled = done(at.clerk.get(f"/api/v1/filings/{filing['id']}"))["reminders"]
    assert [one["stage"] for one in recalled] == ["15", "7", "3", "1", "overdue"]
    assert recalled[0] == {
        "stage": "15",
        "due": "2026-11-17",
        "day": "2026-11-02",
        "told": ["liqiang", "wangmin"],
    }
    assert done(at.clerk.get("/api/v1/reminders?unseen=false"))["total"] == 5


def test_a_restart_tells_nothing_twice_and_what_was_missed_is_told_as_it_stands(at: Office) -> None:
    at.system(in_use="2026-10-18")
    at.on(date(2026, 11, 15))
    for _ in range(2):
        # A program that begins anew knows nothing of the night before but what is kept.
        assert GovernanceRoom(at.whole.database).judge_if_new_day()
    assert told(at.clerk) == [("3", "初次备案", 2)]


def test_what_stays_overdue_is_told_to_the_unit_above(at: Office) -> None:
    keeper = at.whole.client_of(at.whole.person("keeper", "system_admin")[0])
    bureau = done(keeper.post("/api/v1/organisations", json={"name": "教育局"}))["id"]
    school = done(keeper.post("/api/v1/organisations", json={"name": "第二小学", "parent": bureau}))["id"]
    people = [
        at.whole.person(name, "filing_clerk", unit=unit)[0]
        for name, unit in (("below", school), ("above", bureau))
    ]
    at.system(in_use="2026-10-18", organisation=school)

    def stages() -> list[list[str]]:
        return [[stage for stage, _, _ in told(at.whole.client_of(one))] for one in people]

    at.on(date(2026, 11, 18))
    at.night()
    assert stages() == [["overdue"], []]
    at.on(date(2026, 11, 25))
    at.night()
    assert stages() == [["overdue"], ["escalated"]]
    assert told(at.clerk) == [], "who belongs to neither is not told"


def test_the_term_of_what_was_acknowledged_is_recalled_and_a_stranger_sees_nothing(at: Office) -> None:
    system = at.system(maintainer=None)["id"]
    (finding,) = at.findings(system, "MAINT-01")
    reason: dict[str, Any] = {"reason": "正在招标", "until": "2026-10-30"}
    done(at.clerk.post(f"/api/v1/findings/{finding['id']}/acknowledgement", json=reason))
    at.on(date(2026, 10, 27))
    at.night()
    assert told(at.clerk) == [("3", "运行维护责任单位已落实", 3)]
    stranger = at.whole.client_of(at.whole.person("m", "maintainer")[0])
    assert told(stranger) == []
    (one,) = done(at.clerk.get("/api/v1/reminders"))["items"]
    assert stranger.post("/api/v1/reminders/seen", json={"reminders": [one["id"]]}).status_code == 204
    assert len(told(at.clerk)) == 1


def test_what_the_organ_has_got_is_not_recalled_and_each_reminder_is_journalled(at: Office) -> None:
    (filing,) = at.filings(at.system(in_use="2026-10-18")["id"])
    at.submit(filing["id"])
    at.on(date(2026, 11, 16))
    at.night()
    assert told(at.clerk) == []
    at.system(name="另一系统", in_use="2026-10-18")
    at.night()
    auditor = at.whole.client_of(at.whole.person("a", "audit_admin")[0])
    entries = done(auditor.get("/api/v1/journal?what=reminder.tell"))["items"]
    assert [one["facts"]["stage"] for one in entries] == ["1"]
    with at.whole.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ReminderRow)) == 1
