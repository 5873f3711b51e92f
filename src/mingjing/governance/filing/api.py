"""Routes of filings."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from mingjing.governance.filing import queries, service
from mingjing.governance.filing.errors import (
    FILING_OPEN,
    FORM_INCOMPLETE,
    NOT_DUE,
    NOT_THE_ORGAN,
    OUTCOME_INCOMPLETE,
    OWN_CHECK,
    STEP_IMPOSSIBLE,
)
from mingjing.governance.filing.present import present, whole
from mingjing.governance.filing.schema import (
    Filing,
    FilingDecision,
    FilingPatch,
    FilingStepWish,
    FilingWhole,
    FilingWish,
)
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.kernel.errors import NOT_FOUND
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.wire import FilingId, fails
from mingjing.law.days import day_of
from mingjing.territory.errors import DIVISION_UNKNOWN
from mingjing.territory.queries import path_of

router = APIRouter(tags=["filings"])
Reader = Annotated[Caller, requires(Action.FILING_READ)]
Clerk = Annotated[Caller, requires(Action.FILING_WRITE)]
Organ = Annotated[Caller, requires(Action.FILING_DECIDE)]
Listed = Literal[
    "open", "owed", "preparing", "checking", "submitted", "returned", "accepted", "refused", "withdrawn"
]


@router.get("/filings", openapi_extra=fails(DIVISION_UNKNOWN), summary="Filings, the earliest deadline first")
def list_filings(
    store: Store,
    caller: Reader,
    state: Annotated[Listed | None, Query(examples=["open"])] = None,
    under: Annotated[str | None, Query(max_length=12, examples=["420115"])] = None,
    system: Annotated[str | None, Query(max_length=32, examples=["sy_k2x9p4q7m1aa"])] = None,
    due_until: Annotated[date | None, Query(examples=["2026-12-03"])] = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[Filing]:
    with store.reading() as session:
        page = queries.filings(
            session, caller.scope(Action.FILING_READ), limit, after,
            under=path_of(session, under) if under else "", state=state, system=system, due_until=due_until,
        )  # fmt: skip
        items = present(session, page.items, day_of(store.clock.now_us()))
    return PageBody(items=items, total=page.total, next=page.next)


@router.post(
    "/filings", openapi_extra=fails(NOT_FOUND, FILING_OPEN, NOT_DUE), status_code=201, summary="Open a filing"
)
def open_filing(store: Store, caller: Clerk, wish: FilingWish) -> FilingWhole:
    with store.transaction() as tx:
        scope = caller.scope(Action.FILING_WRITE)
        row = service.open_by_hand(tx, caller.actor, scope, wish.system, wish.kind)
        return whole(tx.session, row, day_of(tx.now_us()))


@router.get("/filings/{filing}", summary="One filing with its form, checklist, clock and steps")
def get_filing(store: Store, caller: Reader, filing: FilingId) -> FilingWhole:
    with store.reading() as session:
        row = queries.filing(session, caller.scope(Action.FILING_READ), filing)
        return whole(session, row, day_of(store.clock.now_us()))


@router.patch("/filings/{filing}", openapi_extra=fails(STEP_IMPOSSIBLE), summary="Fill in the form")
def fill_filing(store: Store, caller: Clerk, filing: FilingId, patch: FilingPatch) -> FilingWhole:
    with store.transaction() as tx:
        row = service.fill(tx, caller.actor, caller.scope(Action.FILING_WRITE), filing, patch)
        return whole(tx.session, row, day_of(tx.now_us()))


@router.post(
    "/filings/{filing}/steps",
    openapi_extra=fails(STEP_IMPOSSIBLE, FORM_INCOMPLETE, OWN_CHECK, OUTCOME_INCOMPLETE),
    summary="Bring a filing a step on: have it checked, submit it, record the outcome",
)
def step_filing(store: Store, caller: Clerk, filing: FilingId, wish: FilingStepWish) -> FilingWhole:
    with store.transaction() as tx:
        row = service.step(tx, caller.actor, caller.scope(Action.FILING_WRITE), filing, wish)
        return whole(tx.session, row, day_of(tx.now_us()))


@router.post(
    "/filings/{filing}/decision",
    openapi_extra=fails(STEP_IMPOSSIBLE, OUTCOME_INCOMPLETE, NOT_THE_ORGAN),
    summary="Decide on a filing as the public security organ",
)
def decide_filing(store: Store, caller: Organ, filing: FilingId, wish: FilingDecision) -> FilingWhole:
    with store.transaction() as tx:
        scope = caller.scope(Action.FILING_DECIDE)
        row = service.decide(tx, caller.actor, scope, filing, caller.organisation, wish)
        return whole(tx.session, row, day_of(tx.now_us()))
