"""What can be done with maintenance: contracts, fault orders opened by hand or by the program, planned outages."""

from typing import Any, Final

from mingjing.audit.history import changed
from mingjing.audit.service import SYSTEM, Actor, Object, record
from mingjing.governance.orders import queries
from mingjing.governance.orders.errors import CAMERA_FOREIGN, ORDER_STEP, OWN_REPAIR, TERM_CROSSED
from mingjing.governance.orders.events import OrderChanged
from mingjing.governance.orders.model import ContractRow, OrderRow, OrderStepRow, OutageRow
from mingjing.governance.orders.rules import STEPS
from mingjing.governance.orders.schema import ContractPatch, ContractWish, OrderWish, OutageWish
from mingjing.identity.queries import organisation_path
from mingjing.identity.scope import Scope
from mingjing.kernel.clock import HOUR_US
from mingjing.kernel.db import Transaction, rewrite_prefix
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.ids import new_id
from mingjing.kernel.numbers import next_number
from mingjing.law.days import day_of
from mingjing.law.sets import shipped
from mingjing.recording.events import GapEnded, GapLasts
from mingjing.recording.queries import away
from mingjing.registry import record as records
from mingjing.registry.dossiers.queries import of_system, systems_with
from mingjing.registry.systems.queries import known, standing_system, video_system
from mingjing.territory.events import DivisionMoved

KIND: Final = "order"
CONTRACT: Final = "contract"
_CONTRACT_KEPT: Final = (
    "name", "division", "organisation", "maintainer", "systems", "since", "until", "response_hours", "repair_hours",
    "contact", "phone", "note",
)  # fmt: skip
_ORDER_KEPT: Final = ("state", "responded_us", "repaired_us", "over_us")


def enter_contract(tx: Transaction, actor: Actor, scope: Scope, wish: ContractWish) -> ContractRow:
    """Enter a contract. Raises DIV-004, AUTH-025, ORD-004; REQ-404 where it or one of its systems lies outside the scope."""
    row = ContractRow(id=new_id("ct"), created_us=tx.now_us(), changed_us=tx.now_us(), ended_us=None)
    records.named(row, wish.name)
    records.placed(tx, scope, row, wish.division, wish.organisation)
    _fill_contract(tx, scope, row, wish.model_dump(exclude={"name", "division", "organisation"}))
    tx.session.add(row)
    tx.session.flush()
    after = records.members(row, _CONTRACT_KEPT)
    changed(tx, actor, Object(CONTRACT, row.id), "enter", {}, after, {"name": row.name})
    return row


def change_contract(
    tx: Transaction, actor: Actor, scope: Scope, identifier: str, patch: ContractPatch
) -> ContractRow:
    """Change a contract; what is absent stays. Orders that are open keep their terms. Raises as `enter_contract` does."""
    row = queries.contract(tx.session, scope, identifier)
    before = records.members(row, _CONTRACT_KEPT)
    given = {name: value for name, value in patch.model_dump(exclude_unset=True).items() if value is not None}
    if "name" in given:
        records.named(row, given.pop("name"))
    _fill_contract(tx, scope, row, given)
    row.changed_us = tx.now_us()
    tx.session.flush()
    after = records.members(row, _CONTRACT_KEPT)
    changed(tx, actor, Object(CONTRACT, row.id), "change", before, after, {"name": row.name})
    return row


def open_by_hand(tx: Transaction, actor: Actor, scope: Scope, wish: OrderWish) -> OrderRow:
    """Report a fault. Raises ORD-003 for a camera of another system, SYM-003; REQ-404."""
    standing_system(tx.session, scope, wish.system)
    if wish.camera is not None and wish.camera not in of_system(tx.session, wish.system):
        raise MingjingError(CAMERA_FOREIGN)
    return _open(tx, actor, wish.system, wish.camera, wish.cause, wish.description)


def step(tx: Transaction, actor: Actor, scope: Scope, identifier: str, to: str, note: str) -> OrderRow:
    """Bring an order into another state. Raises ORD-001, ORD-002 for who confirms their own repair; REQ-404."""
    row = queries.order(tx.session, scope, identifier)
    if to not in STEPS[row.state]:
        raise MingjingError(ORDER_STEP, state=row.state, to=to)
    if to == "confirmed" and actor.id == row.repaired_by:
        raise MingjingError(OWN_REPAIR)
    return _enter(tx, actor, row, to, note)


def plan_outage(tx: Transaction, actor: Actor, scope: Scope, wish: OutageWish) -> OutageRow:
    """Enter a planned outage. Raises ORD-004, SYM-003; REQ-404."""
    found = standing_system(tx.session, scope, wish.system)
    if wish.until_us <= wish.from_us:
        raise MingjingError(TERM_CROSSED)
    row = OutageRow(
        id=new_id("po"), system=found.id, division_path=found.division_path, organisation_path=found.organisation_path,
        from_us=wish.from_us, until_us=wish.until_us, reason=wish.reason, entered_by=actor.id,
        entered_by_name=actor.name, created_us=tx.now_us(),
    )  # fmt: skip
    tx.session.add(row)
    tx.session.flush()
    facts = {"name": found.name, "from_us": wish.from_us, "until_us": wish.until_us, "reason": wish.reason}
    record(tx, actor, "outage.plan", Object("outage", row.id), facts)
    return row


def on_gap_lasts(tx: Transaction, event: GapLasts) -> None:
    """A camera has not been recorded for a minute: its system's maintainer gets an order, unless it has one or the outage
    is planned. A camera of no system is nobody's contract; its alarm stands."""
    for identifier in systems_with(tx.session, [event.channel]):
        if queries.planned_now(tx.session, identifier, tx.now_us()):
            continue
        if queries.open_of_camera(tx.session, event.channel) is None:
            _open(tx, SYSTEM, identifier, event.channel, "stream_lost", "")


def on_gap_ended(tx: Transaction, event: GapEnded) -> None:
    """The picture came back. An order that the program has opened and nobody has responded to is over with it."""
    row = queries.open_of_camera(tx.session, event.channel)
    if row is None or row.state != "opened" or queries.steps(tx.session, row.id)[0].who != SYSTEM.id:
        return
    if event.channel not in away(tx.session, tx.now_us()):
        _enter(tx, SYSTEM, row, "recovered", "")


def follow_division(tx: Transaction, event: DivisionMoved) -> None:
    """Orders and outages stand where their systems stand; contracts move with the other records."""
    for table in (OrderRow, OutageRow):
        rewrite_prefix(tx, table.division_path, event.old_path, event.new_path)


def _fill_contract(tx: Transaction, scope: Scope, row: ContractRow, given: dict[str, Any]) -> None:
    for name, value in given.items():
        setattr(row, name, value)
    if row.until < row.since:
        raise MingjingError(TERM_CROSSED)
    row.maintainer_path = organisation_path(tx.session, row.maintainer)
    for identifier in given.get("systems", ()):
        video_system(tx.session, scope, identifier)


def _open(
    tx: Transaction, actor: Actor, system: str, camera: str | None, cause: str, description: str
) -> OrderRow:
    (found,) = known(tx.session, [system])
    now_us = tx.now_us()
    today = day_of(now_us)
    contract = queries.contract_for(tx.session, found.id, found.division_path, today)
    maintainer = contract.maintainer if contract else found.maintainer
    hours = (
        (contract.response_hours, contract.repair_hours) if contract else _figures(tx, found.division_path)
    )
    respond, repair = (now_us + one * HOUR_US if one else None for one in hours)
    row = OrderRow(
        id=new_id("wo"), number=next_number(tx, OrderRow.number, f"WX-{today.year}"), system=found.id, camera=camera,
        division_path=found.division_path, organisation_path=found.organisation_path, maintainer=maintainer,
        maintainer_path=organisation_path(tx.session, maintainer) if maintainer else "",
        contract=contract.id if contract else None, cause=cause, description=description, state="opened",
        opened_us=now_us, respond_by_us=respond, repair_by_us=repair, responded_us=None, repaired_us=None,
        repaired_by="", over_us=None, changed_us=now_us,
    )  # fmt: skip
    tx.session.add(row)
    tx.session.flush()
    _note(tx, actor, row, description)
    changed(
        tx, actor, Object(KIND, row.id), "open", {}, _shown(row), {"number": row.number, "name": found.name}
    )
    tx.publish(OrderChanged(row.id, row.system))
    return row


def _figures(tx: Transaction, division_path: str) -> tuple[int, int]:
    """Hours to respond and to repair by the figures in force where no contract says so; 0 where none are."""
    clauses = [
        applied.set.clauses["MAINT-02"].figures
        for applied in shipped().in_force(day_of(tx.now_us()), division_path)
        if "MAINT-02" in applied.set.clauses
    ]
    named = ("response_hours", "repair_hours")
    respond, repair = (min((one[name] for one in clauses), default=0) for name in named)
    return respond, repair


def _enter(tx: Transaction, actor: Actor, row: OrderRow, to: str, note: str) -> OrderRow:
    before = _shown(row)
    now_us = tx.now_us()
    if to == "responded":
        row.responded_us = row.responded_us or now_us
        row.repaired_us, row.repaired_by = None, ""
    elif to == "repaired":
        row.repaired_us, row.repaired_by = now_us, actor.id
    else:
        row.over_us = now_us
    row.state, row.changed_us = to, now_us
    _note(tx, actor, row, note)
    tx.session.flush()
    changed(tx, actor, Object(KIND, row.id), to, before, _shown(row), {"number": row.number})
    tx.publish(OrderChanged(row.id, row.system))
    return row


def _note(tx: Transaction, actor: Actor, row: OrderRow, note: str) -> None:
    tx.session.add(
        OrderStepRow(
            order=row.id, at_us=tx.now_us(), who=actor.id, who_name=actor.name, state=row.state, note=note
        )
    )
    tx.session.flush()


def _shown(row: OrderRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _ORDER_KEPT}
