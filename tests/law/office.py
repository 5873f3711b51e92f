"""A filing office for acceptance tests: the whole program, a county, two clerks, and a calendar that can be turned."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from mingjing.governance.compliance.service import judge_everything
from mingjing.governance.filing.measuring import measure_everything
from mingjing.governance.reminding.service import remind_everybody
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
from mingjing.law.days import day_of, start_us
from tests.places import JIANGXIA, SCHOOL
from tests.program import Program, program

NOON_US = 12 * 3_600_000_000
FORM = {
    "unit_name": "江夏区实验小学", "credit_code": "12420115MB0000000X", "legal_representative": "张某",
    "responsible_person": "张某", "responsible_phone": "027-81900000", "handler": "王敏",
    "device_types": "半球 12、枪机 4", "declared_by": "张某", "address": "纸坊大街 12 号",
}  # fmt: skip


@dataclass
class Office:
    """Who works there, and what day it is."""

    whole: Program
    clock: SetClock
    clerk: TestClient
    second: TestClient
    people: tuple[str, str]

    def on(self, day: date) -> None:
        """It is noon in Beijing on this day; the night's judgement has been made."""
        self.clock.advance(start_us(day) + NOON_US - self.clock.now_us())
        measure_everything(self.whole.database)
        judge_everything(self.whole.database)
        for client, person in zip((self.clerk, self.second), self.people, strict=True):
            client.headers.update(self.whole.signed_in(person))

    def system(self, **members: Any) -> dict[str, Any]:
        """Enter a video system of the school."""
        body = {
            "name": "实验小学校园安全系统", "division": JIANGXIA, "organisation": SCHOOL, "regime": "art7",
            "category": "education_health_heritage", "purposes": ["public_safety"], "funding": "government_built",
            "maintainer": SCHOOL, "address": "纸坊大街 12 号",
        }  # fmt: skip
        return done(self.clerk.post("/api/v1/systems", json=body | members))

    def filings(self, system: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = done(self.clerk.get(f"/api/v1/filings?system={system}"))["items"]
        return found

    def findings(self, subject: str, rule: str, state: str = "") -> list[dict[str, Any]]:
        """What a rule holds against a subject, or reminds it of; `state` for what is over."""
        narrowed = f"&state={state}" if state else ""
        found = done(self.clerk.get(f"/api/v1/findings?subject={subject}&rule={rule}{narrowed}"))
        items: list[dict[str, Any]] = found["items"]
        return items

    def figures(self, rule: str) -> dict[str, Any]:
        """What a rule says of everything."""
        rows = done(self.clerk.get("/api/v1/compliance"))["rules"]
        return next(dict(row) for row in rows if row["rule"] == rule)

    def file(self, system: str) -> None:
        """Put a system into use today, and file it as the register has it."""
        done(self.clerk.patch(f"/api/v1/systems/{system}", json={"in_use": str(self.today)}))
        (filing,) = self.filings(system)
        self.accept(self.submit(filing["id"])["id"])

    def filed(self, **members: Any) -> str:
        """A system that is filed and accepted."""
        system: str = self.system(**members)["id"]
        self.file(system)
        return system

    def submit(self, filing: str) -> dict[str, Any]:
        """Complete the form, have it checked by the second clerk, and hand it to the organ today."""
        done(self.clerk.patch(f"/api/v1/filings/{filing}", json={"content": FORM}))
        done(self.clerk.post(f"/api/v1/filings/{filing}/steps", json={"to": "checking"}))
        return done(self.second.post(f"/api/v1/filings/{filing}/steps", json={"to": "submitted"}))

    def accept(self, filing: str) -> dict[str, Any]:
        """The organ accepts a filing today."""
        outcome = {"to": "accepted", "official_number": "420115-2026-00117"}
        return done(self.clerk.post(f"/api/v1/filings/{filing}/steps", json=outcome))

    def night(self) -> None:
        """Deadlines are recalled, as each night does."""
        remind_everybody(self.whole.database, 7)

    @property
    def today(self) -> date:
        return day_of(self.clock.now_us())


def office(database: Database, folder: Path) -> Office:
    """An office on an empty database, on 18 October 2026."""
    whole = program(database, folder)
    clock = whole.recorder.clock
    wang, li = (whole.person(one, "filing_clerk")[0] for one in ("wangmin", "liqiang"))
    made = Office(whole, clock, whole.client(), whole.client(), (wang, li))
    made.on(date(2026, 10, 18))
    return made


def done(answer: Any) -> dict[str, Any]:
    """The body of an answer that went well."""
    assert answer.status_code in {200, 201}, answer.text
    found: dict[str, Any] = answer.json()
    return found
