"""Routes of maintenance."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from mingjing.audit.history import changes
from mingjing.audit.schema import RecordChange
from mingjing.governance.orders import queries, service
from mingjing.governance.orders.errors import CAMERA_FOREIGN, ORDER_STEP, OWN_REPAIR, TERM_CROSSED
from mingjing.governance.orders.present import present, whole
from mingjing.governance.orders.schema import (
    Contract,
    ContractPatch,
    ContractWish,
    Order,
    OrderStepWish,
    OrderWhole,
    OrderWish,
    OrderWorkWish,
    Outage,
    OutageWish,
)
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.identity.errors import ORGANISATION_UNKNOWN
from mingjing.kernel.errors import NOT_FOUND
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.wire import ContractId, OrderId, SystemId, fails
from mingjing.registry.record import Narrowed
from mingjing.registry.systems.errors import SYSTEM_ENDED
from mingjing.registry.systems.queries import video_system
from mingjing.territory.errors import DIVISION_UNKNOWN
from mingjing.territory.queries import path_of

router = APIRouter(tags=["orders"])
Reader = Annotated[Caller, requires(Action.ORDER_READ)]
Writer = Annotated[Caller, requires(Action.ORDER_WRITE)]
Worker = Annotated[Caller, requires(Action.ORDER_WORK)]
Listed = Literal["open", "opened", "responded", "repaired", "confirmed", "recovered", "withdrawn"]


@router.get("/orders", openapi_extra=fails(DIVISION_UNKNOWN), summary="Fault orders, the newest first")
def list_orders(
    store: Store,
    caller: Reader,
    state: Annotated[Listed | None, Query(examples=["open"])] = None,
    under: Annotated[str | None, Query(max_length=12, examples=["420115"])] = None,
    system: Annotated[str | None, Query(max_length=32, examples=["sy_k2x9p4q7m1aa"])] = None,
    camera: Annotated[str | None, Query(max_length=32, examples=["ch_k2x9p4q7m1aa"])] = None,
    late: Annotated[bool, Query(description="Only those over their term")] = False,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[Order]:
    with store.reading() as session:
        page = queries.orders(
            session, caller.scope(Action.ORDER_READ), limit, after,
            under=path_of(session, under) if under else "", state=state, system=system, camera=camera,
            late_us=store.clock.now_us() if late else None,
        )  # fmt: skip
        items = present(session, page.items, store.clock.now_us())
    return PageBody(items=items, total=page.total, next=page.next)


@router.post(
    "/orders",
    openapi_extra=fails(NOT_FOUND, CAMERA_FOREIGN, SYSTEM_ENDED),
    status_code=201,
    summary="Report a fault",
)
def open_order(store: Store, caller: Writer, wish: OrderWish) -> OrderWhole:
    with store.transaction() as tx:
        row = service.open_by_hand(tx, caller.actor, caller.scope(Action.ORDER_WRITE), wish)
        return whole(tx.session, row, tx.now_us())


@router.get("/orders/{order}", summary="One fault order with its terms and steps")
def get_order(store: Store, caller: Reader, order: OrderId) -> OrderWhole:
    with store.reading() as session:
        row = queries.order(session, caller.scope(Action.ORDER_READ), order)
        return whole(session, row, store.clock.now_us())


@router.post(
    "/orders/{order}/work",
    openapi_extra=fails(ORDER_STEP),
    summary="Respond to an order, or say that it is repaired, as the unit that maintains",
)
def work_order(store: Store, caller: Worker, order: OrderId, wish: OrderWorkWish) -> OrderWhole:
    with store.transaction() as tx:
        scope = caller.scope(Action.ORDER_WORK)
        row = service.step(tx, caller.actor, scope, order, wish.to, wish.note)
        return whole(tx.session, row, tx.now_us())


@router.post(
    "/orders/{order}/steps",
    openapi_extra=fails(ORDER_STEP, OWN_REPAIR),
    summary="Confirm a repair, send it back, or withdraw an order, as the unit that uses the system",
)
def step_order(store: Store, caller: Writer, order: OrderId, wish: OrderStepWish) -> OrderWhole:
    with store.transaction() as tx:
        scope = caller.scope(Action.ORDER_WRITE)
        row = service.step(tx, caller.actor, scope, order, wish.to, wish.note)
        return whole(tx.session, row, tx.now_us())


@router.get("/systems/{system}/outages", summary="Planned outages of a system, the newest first")
def list_outages(store: Store, caller: Reader, system: SystemId) -> list[Outage]:
    with store.reading() as session:
        scope = caller.scope(Action.ORDER_READ)
        video_system(session, scope, system)
        return [Outage.model_validate(row) for row in queries.outages(session, scope, system)]


@router.post(
    "/outages",
    openapi_extra=fails(NOT_FOUND, TERM_CROSSED, SYSTEM_ENDED),
    status_code=201,
    summary="Plan an outage",
)
def plan_outage(store: Store, caller: Writer, wish: OutageWish) -> Outage:
    with store.transaction() as tx:
        row = service.plan_outage(tx, caller.actor, caller.scope(Action.ORDER_WRITE), wish)
        return Outage.model_validate(row)


@router.get("/contracts", openapi_extra=fails(DIVISION_UNKNOWN), summary="Maintenance contracts, by name")
def list_contracts(
    store: Store,
    caller: Reader,
    q: Annotated[str, Query(max_length=100, examples=["yunwei"])] = "",
    under: Annotated[str | None, Query(max_length=12, examples=["420115"])] = None,
    ends_until: Annotated[date | None, Query(examples=["2026-12-31"])] = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[Contract]:
    with store.reading() as session:
        wanted = Narrowed(path_of(session, under) if under else "", None, q)
        page = queries.contracts(session, caller.scope(Action.ORDER_READ), wanted, limit, after, ends_until)
    return PageBody(
        items=[Contract.model_validate(row) for row in page.items], total=page.total, next=page.next
    )


_REFUSED = (DIVISION_UNKNOWN, ORGANISATION_UNKNOWN, TERM_CROSSED)


@router.post(
    "/contracts", openapi_extra=fails(NOT_FOUND, *_REFUSED), status_code=201, summary="Enter a contract"
)
def enter_contract(store: Store, caller: Writer, wish: ContractWish) -> Contract:
    with store.transaction() as tx:
        row = service.enter_contract(tx, caller.actor, caller.scope(Action.ORDER_WRITE), wish)
        return Contract.model_validate(row)


@router.get("/contracts/{contract}", summary="One maintenance contract")
def get_contract(store: Store, caller: Reader, contract: ContractId) -> Contract:
    with store.reading() as session:
        return Contract.model_validate(queries.contract(session, caller.scope(Action.ORDER_READ), contract))


@router.patch("/contracts/{contract}", openapi_extra=fails(*_REFUSED), summary="Change a contract")
def change_contract(store: Store, caller: Writer, contract: ContractId, patch: ContractPatch) -> Contract:
    with store.transaction() as tx:
        scope = caller.scope(Action.ORDER_WRITE)
        return Contract.model_validate(service.change_contract(tx, caller.actor, scope, contract, patch))


@router.get("/contracts/{contract}/changes", summary="What was changed on a contract, newest first")
def contract_changes(store: Store, caller: Reader, contract: ContractId) -> list[RecordChange]:
    with store.reading() as session:
        queries.contract(session, caller.scope(Action.ORDER_READ), contract)
        return [RecordChange.model_validate(row) for row in changes(session, service.CONTRACT, contract)]
