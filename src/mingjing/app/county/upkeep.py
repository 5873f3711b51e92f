"""Filings in all states, contracts, fault orders, people at their posts."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from mingjing.app.county.ground import CHECKER, CLERK, County, Place
from mingjing.governance.filing import queries as filings
from mingjing.governance.filing import service as filing
from mingjing.governance.filing.schema import FilingPatch, FilingStepWish
from mingjing.governance.orders import service as orders
from mingjing.governance.orders.schema import ContractWish, OrderWish
from mingjing.governance.staff import service as people
from mingjing.governance.staff.schema import AgreementWish, StaffWish
from mingjing.governance.submission import documents
from mingjing.governance.submission.kinds import blank_picture
from mingjing.governance.uploads import kept
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.kernel.db import Transaction
from mingjing.law.days import day_of
from mingjing.registry.dossiers.queries import of_system
from mingjing.registry.systems import queries as register
from mingjing.registry.systems import service as systems
from mingjing.registry.systems.schema import SystemPatch

_WRITE: Final = system_scope(Action.REGISTER_WRITE)
_FILE: Final = system_scope(Action.FILING_WRITE)
_SCAN: Final = blank_picture()
"""What stands for a scanned document."""
_ORDER: Final = system_scope(Action.ORDER_WRITE)
_STAFF: Final = system_scope(Action.STAFF_WRITE)
_FAULTS: Final = (
    ("picture", "画面模糊，疑似镜头起雾"),
    ("power", "停电后未恢复"),
    ("network", "光纤被挖断"),
    ("storage", "硬盘报警"),
)


def make_filings(county: County, tx: Transaction, numbered: tuple[int, tuple[str, Place, date]]) -> None:
    """The filings of a system that stands there by now, in some state; some systems change then, and owe a change filing, and
    of each twenty one is to be dismantled."""
    number, (system, _, in_use) = numbered
    today = day_of(tx.now_us())
    for owed in filings.filings(tx.session, _FILE, 5, None, system=system).items:
        if owed.due < today - timedelta(days=60) or county.dice.random() < 0.4:
            _file(county, tx, system, owed.id, owed.trigger, owed.due, today)
    patch: dict[str, Any] = {}
    if in_use.year < today.year and number % 20 == 3:
        patch["dismantle_planned"] = today + timedelta(days=county.dice.randrange(5, 50))
    if county.dice.random() < 0.15:
        patch["retention_days"] = 180
    if patch:
        systems.change(tx, CLERK, _WRITE, system, SystemPatch.model_validate(patch))


def _file(
    county: County, tx: Transaction, system: str, identifier: str, trigger: date, due: date, today: date
) -> None:
    """Fill in the form and bring the filing as far as chance wants; few were late, few were forgotten."""
    if county.dice.random() < 0.06:
        return
    submitted = trigger + timedelta(days=county.dice.randrange(1, 31))
    if county.dice.random() < 0.05:
        submitted = due + timedelta(days=county.dice.randrange(1, 30))
    submitted = min(submitted, today)
    form = {
        "cameras": len(of_system(tx.session, system)), "legal_representative": "张建国",
        "responsible_person": "李志强", "responsible_phone": "027-8190 0000",
        "handler": "王敏", "credit_code": "12420115MB0X000000", "device_types": "半球、枪机", "declared_by": "李志强",
        "resolution": "1920×1080", "audio": "no", "medium": "硬盘录像机", "police_connection": "no",
    }  # fmt: skip
    filing.fill(tx, CLERK, _FILE, identifier, FilingPatch.model_validate({"content": form}))
    scan = kept(county.site.files, _SCAN)
    documents.attach(tx, CLERK, _FILE, identifier, "licence", "营业执照.png", scan)
    if due.day % 3:
        documents.attach(tx, CLERK, _FILE, identifier, "authorisation", "授权书.png", scan)
        documents.attach(tx, CLERK, _FILE, identifier, "handler_id", "经办人证件.png", scan)
    filing.step(tx, CLERK, _FILE, identifier, FilingStepWish(to="checking"))
    if county.dice.random() < 0.08:
        return
    filing.step(tx, CHECKER, _FILE, identifier, FilingStepWish(to="submitted", day=submitted))
    turn = county.dice.random()
    if turn < 0.08:
        return
    decided = min(submitted + timedelta(days=county.dice.randrange(1, 10)), today)
    if turn < 0.14:
        back = FilingStepWish(to="returned", day=decided, note="缺建设位置外廓")
        filing.step(tx, CHECKER, _FILE, identifier, back)
        return
    number = f"{county.site.division}-{submitted.year}-{county.dice.randrange(1, 100_000):05d}"
    outcome = FilingStepWish(to="accepted", day=decided, official_number=number)
    filing.step(tx, CHECKER, _FILE, identifier, outcome)


def keep_up(county: County, tx: Transaction, numbered: tuple[int, tuple[str, Place, date]]) -> None:
    """For a system: a contract with the dozen that it begins, perhaps a fault order in some state, somebody at a post, the
    agreement with who operates it."""
    number, (system, place, _) = numbered
    today = day_of(tx.now_us())
    if number % 12 == 0:
        part = [one for one, _, _ in county.systems[number : number + 12]]
        _contract(county, tx, place, part, today)
    if county.dice.random() < 0.15:
        _order(county, tx, system)
    if county.dice.random() < 0.4:
        _post(county, tx, system, place, today)
    row = register.known(tx.session, [system])[0]
    # One in four of those entrusted has no agreement.
    if row.entrusted_operator and county.dice.random() < 0.75:
        until = today + timedelta(days=county.dice.choice((-20, 12, 200, 300)))
        body = {
            "name": f"{place.name}安全保密协议", "division": county.site.division, "organisation": place.unit,
            "contractor": row.entrusted_operator, "work": "operation", "contract": f"HT-{number + 1:03d}",
            "systems": [system], "signed": today - timedelta(days=100), "until": until,
        }  # fmt: skip
        people.enter_agreement(tx, CLERK, _STAFF, AgreementWish.model_validate(body))


def _contract(county: County, tx: Transaction, place: Place, part: Sequence[str], today: date) -> None:
    body = {
        "name": f"{place.name[:2]}片区视频运维合同", "division": county.site.division, "organisation": place.unit,
        "maintainer": county.company(), "systems": list(part), "since": date(today.year, 1, 1),
        "until": date(today.year, 12, 31), "response_hours": 2, "repair_hours": 24, "contact": "刘工",
    }  # fmt: skip
    orders.enter_contract(tx, CLERK, _ORDER, ContractWish.model_validate(body))


def _order(county: County, tx: Transaction, system: str) -> None:
    cause, description = county.dice.choice(_FAULTS)
    wish = OrderWish.model_validate({"system": system, "cause": cause, "description": description})
    made = orders.open_by_hand(tx, CLERK, _ORDER, wish)
    for to in ("responded", "repaired", "confirmed")[: county.dice.randrange(0, 4)]:
        orders.step(tx, CHECKER if to == "confirmed" else CLERK, _ORDER, made.id, to, "")


def _post(county: County, tx: Transaction, system: str, place: Place, today: date) -> None:
    vetted = today - timedelta(days=county.dice.randrange(30, 900))
    body = {
        "name": f"{county.dice.choice('赵钱孙李周吴郑王')}某", "division": county.site.division, "organisation": place.unit,
        "post": county.dice.choice(("watch", "watch", "manage")), "system": system, "vetted": vetted,
        "pledged": vetted if county.dice.random() < 0.9 else None,
        "trained": today - timedelta(days=county.dice.randrange(1, 420)) if county.dice.random() < 0.9 else None,
    }  # fmt: skip
    people.enter_staff(tx, CLERK, _STAFF, StaffWish.model_validate(body))
