"""Hubei Order 361, Article 13: who builds, manages and uses a system keeps its information safe and leaks nothing.

State Council Order 799, Article 16: who watches or manages is vetted, pledged to secrecy and trained; Articles 15 and 19:
an entrusted operator is bound by a security and confidentiality agreement, and contractors keep secret.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mingjing.identity.actions import Action
from mingjing.identity.roles import ROLES
from mingjing.kernel.db import Database
from tests.law.office import Office, done, office
from tests.places import JIANGXIA, POLICE, SCHOOL

WHERE = {"division": JIANGXIA, "organisation": SCHOOL}


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


def person(at: Office, **members: Any) -> str:
    made: str = done(
        at.clerk.post("/api/v1/staff", json=WHERE | {"name": "赵某", "post": "watch"} | members)
    )["id"]
    return made


def test_who_watches_without_vetting_pledge_or_training_is_found_three_times(at: Office) -> None:
    staff = person(at)
    found = at.findings(staff, "ACCS-02")
    assert [(one["verdict"], one["kind"], one["basis"]) for one in found] == [
        ("broken", "staff", ["国令799 第十六条第二款第一项"])
    ] * 3
    days = {"vetted": "2026-10-01", "pledged": "2026-10-02"}
    done(at.clerk.patch(f"/api/v1/staff/{staff}", json=days))
    (training,) = at.findings(staff, "ACCS-02")
    assert training["message"] == "岗位培训未登记，或者已于 — 到期。"
    kept = done(at.clerk.patch(f"/api/v1/staff/{staff}", json={"trained": "2026-10-03"}))
    assert kept["next_training"] == "2027-10-03"
    assert at.findings(staff, "ACCS-02") == []


def test_training_is_recalled_before_its_year_is_over(at: Office) -> None:
    staff = person(at, vetted="2026-01-05", pledged="2026-01-05", trained="2026-01-05")
    at.on(date(2026, 12, 10))
    (due,) = at.findings(staff, "ACCS-02")
    assert (due["verdict"], due["due"], due["days_left"]) == ("pending", "2027-01-05", 26)
    at.on(date(2026, 12, 21))
    at.night()
    assert [one["stage"] for one in done(at.clerk.get("/api/v1/reminders"))["items"]] == ["15"]
    at.on(date(2027, 1, 6))
    assert [one["verdict"] for one in at.findings(staff, "ACCS-02")] == ["broken"]


def test_who_has_left_owes_nothing_and_who_serves_another_regime_neither(at: Office) -> None:
    assert at.findings(person(at, left="2026-10-01"), "ACCS-02") == []
    system = at.system(regime="art9")["id"]
    staff = person(at, system=system)
    assert at.findings(staff, "ACCS-02") == []
    done(at.clerk.patch(f"/api/v1/systems/{system}", json={"regime": "art7"}))
    assert len(at.findings(staff, "ACCS-02")) == 3


def test_an_entrusted_operator_is_bound_by_an_agreement_that_is_signed_and_in_force(at: Office) -> None:
    system = at.system(entrusted_operator=POLICE)["id"]
    (missing,) = at.findings(system, "ACCS-05")
    assert (missing["verdict"], missing["basis"]) == ("broken", ["国令799 第十五条第二款、第十九条"])
    body = {
        "name": "安全保密协议",
        "contractor": POLICE,
        "work": "operation",
        "systems": [system],
        "until": "2026-12-31",
    }
    agreement = done(at.clerk.post("/api/v1/agreements", json=WHERE | body))["id"]
    assert len(at.findings(system, "ACCS-05")) == 1, "it is not signed"
    done(at.clerk.patch(f"/api/v1/agreements/{agreement}", json={"signed": "2026-10-01"}))
    assert at.findings(system, "ACCS-05") == []
    at.on(date(2026, 12, 15))
    assert [one["verdict"] for one in at.findings(system, "ACCS-05")] == ["pending"]
    at.on(date(2027, 1, 1))
    assert [one["verdict"] for one in at.findings(system, "ACCS-05")] == ["broken"]
    done(at.clerk.patch(f"/api/v1/agreements/{agreement}", json={"until": "2027-12-31"}))
    assert at.findings(system, "ACCS-05") == []
    done(at.clerk.patch(f"/api/v1/agreements/{agreement}", json={"systems": []}))
    assert len(at.findings(system, "ACCS-05")) == 1


def test_what_was_changed_on_a_file_is_kept(at: Office) -> None:
    staff = person(at)
    done(at.clerk.patch(f"/api/v1/staff/{staff}", json={"vetted": "2026-10-01"}))
    changes = at.clerk.get(f"/api/v1/staff/{staff}/changes").json()
    assert [(one["what"], one["after"].get("vetted")) for one in changes] == [
        ("change", "2026-10-01"),
        ("enter", None),
    ]


def test_contractors_take_nothing_out_and_see_no_staff_file() -> None:
    for role in ("maintainer", "builder"):
        forbidden = {Action.EXPORT, Action.PLAYBACK, Action.STAFF_READ, Action.RECORDING_IMPORT}
        assert not ROLES[role].actions & forbidden, role
