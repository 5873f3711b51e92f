"""Routes of staff files and agreements."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from mingjing.audit.history import changes
from mingjing.audit.schema import RecordChange
from mingjing.governance.staff import queries, service
from mingjing.governance.staff.model import StaffRow
from mingjing.governance.staff.schema import (
    Agreement,
    AgreementPatch,
    AgreementWish,
    Staff,
    StaffPatch,
    StaffWish,
)
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.identity.errors import ORGANISATION_UNKNOWN
from mingjing.kernel.errors import NOT_FOUND
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.wire import AgreementId, StaffId, fails
from mingjing.law.days import day_of, last_day
from mingjing.law.sets import shipped
from mingjing.registry.record import Narrowed
from mingjing.territory.errors import DIVISION_UNKNOWN
from mingjing.territory.queries import path_of

router = APIRouter(tags=["staff"])
Reader = Annotated[Caller, requires(Action.STAFF_READ)]
Writer = Annotated[Caller, requires(Action.STAFF_WRITE)]
Words = Annotated[str, Query(max_length=100, examples=["zhao"])]
Under = Annotated[str | None, Query(max_length=12, examples=["420115"])]
_REFUSED = (DIVISION_UNKNOWN, ORGANISATION_UNKNOWN)


@router.get("/staff", openapi_extra=fails(DIVISION_UNKNOWN), summary="Staff files, by name")
def list_staff(
    store: Store,
    caller: Reader,
    q: Words = "",
    under: Under = None,
    lacking: Annotated[queries.Lacking | None, Query(examples=["vetted"])] = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[Staff]:
    with store.reading() as session:
        wanted = Narrowed(path_of(session, under) if under else "", None, q)
        scope, today = caller.scope(Action.STAFF_READ), day_of(store.clock.now_us())
        page = queries.staff(session, scope, wanted, limit, after, lacking=lacking, today=today)
    items = _present(page.items, today)
    return PageBody(items=items, total=page.total, next=page.next)


@router.post(
    "/staff", openapi_extra=fails(NOT_FOUND, *_REFUSED), status_code=201, summary="Enter a staff file"
)
def enter_staff(store: Store, caller: Writer, wish: StaffWish) -> Staff:
    with store.transaction() as tx:
        row = service.enter_staff(tx, caller.actor, caller.scope(Action.STAFF_WRITE), wish)
        return _present([row], day_of(tx.now_us()))[0]


@router.get("/staff/{staff}", summary="One staff file")
def get_staff(store: Store, caller: Reader, staff: StaffId) -> Staff:
    with store.reading() as session:
        row = queries.member(session, caller.scope(Action.STAFF_READ), staff)
    return _present([row], day_of(store.clock.now_us()))[0]


@router.patch("/staff/{staff}", summary="Change a staff file")
def change_staff(store: Store, caller: Writer, staff: StaffId, patch: StaffPatch) -> Staff:
    with store.transaction() as tx:
        row = service.change_staff(tx, caller.actor, caller.scope(Action.STAFF_WRITE), staff, patch)
        return _present([row], day_of(tx.now_us()))[0]


@router.get("/staff/{staff}/changes", summary="What was changed on a staff file, newest first")
def staff_changes(store: Store, caller: Reader, staff: StaffId) -> list[RecordChange]:
    with store.reading() as session:
        queries.member(session, caller.scope(Action.STAFF_READ), staff)
        return [RecordChange.model_validate(row) for row in changes(session, service.STAFF, staff)]


@router.get(
    "/agreements", openapi_extra=fails(DIVISION_UNKNOWN), summary="Agreements with contractors, by name"
)
def list_agreements(
    store: Store,
    caller: Reader,
    q: Words = "",
    under: Under = None,
    ends_until: Annotated[date | None, Query(examples=["2026-12-31"])] = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[Agreement]:
    with store.reading() as session:
        wanted = Narrowed(path_of(session, under) if under else "", None, q)
        page = queries.agreements(session, caller.scope(Action.STAFF_READ), wanted, limit, after, ends_until)
    return PageBody(
        items=[Agreement.model_validate(row) for row in page.items], total=page.total, next=page.next
    )


@router.post(
    "/agreements", openapi_extra=fails(NOT_FOUND, *_REFUSED), status_code=201, summary="Enter an agreement"
)
def enter_agreement(store: Store, caller: Writer, wish: AgreementWish) -> Agreement:
    with store.transaction() as tx:
        row = service.enter_agreement(tx, caller.actor, caller.scope(Action.STAFF_WRITE), wish)
        return Agreement.model_validate(row)


@router.get("/agreements/{agreement}", summary="One agreement")
def get_agreement(store: Store, caller: Reader, agreement: AgreementId) -> Agreement:
    with store.reading() as session:
        row = queries.agreement(session, caller.scope(Action.STAFF_READ), agreement)
        return Agreement.model_validate(row)


@router.patch(
    "/agreements/{agreement}", openapi_extra=fails(ORGANISATION_UNKNOWN), summary="Change an agreement"
)
def change_agreement(
    store: Store, caller: Writer, agreement: AgreementId, patch: AgreementPatch
) -> Agreement:
    with store.transaction() as tx:
        scope = caller.scope(Action.STAFF_WRITE)
        return Agreement.model_validate(service.change_agreement(tx, caller.actor, scope, agreement, patch))


@router.get("/agreements/{agreement}/changes", summary="What was changed on an agreement, newest first")
def agreement_changes(store: Store, caller: Reader, agreement: AgreementId) -> list[RecordChange]:
    with store.reading() as session:
        queries.agreement(session, caller.scope(Action.STAFF_READ), agreement)
        return [RecordChange.model_validate(row) for row in changes(session, service.AGREEMENT, agreement)]


def _present(rows: Sequence[StaffRow], today: date) -> list[Staff]:
    return [
        Staff.model_validate(
            {name: getattr(row, name) for name in Staff.model_fields if name != "next_training"}
            | {"next_training": _next_training(row, today)}
        )
        for row in rows
    ]


def _next_training(row: StaffRow, today: date) -> date | None:
    days = [
        applied.set.clauses["ACCS-02"].figures["training_days"]
        for applied in shipped().in_force(today, row.division_path)
        if "ACCS-02" in applied.set.clauses
    ]
    return last_day(row.trained, min(days)) if row.trained is not None and days else None
