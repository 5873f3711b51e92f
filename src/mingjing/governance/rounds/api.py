"""Routes of rounds."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from mingjing.audit.history import changes
from mingjing.audit.schema import RecordChange
from mingjing.governance.rounds import queries, service
from mingjing.governance.rounds.errors import RESULT_FAULTY, ROUND_OVER, ROUND_THERE, WRONG_SUBJECT
from mingjing.governance.rounds.model import RoundRow
from mingjing.governance.rounds.schema import (
    Report,
    Result,
    ResultWish,
    Round,
    RoundPatch,
    RoundWhole,
    RoundWish,
)
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.identity.errors import ORGANISATION_UNKNOWN
from mingjing.kernel.errors import NOT_FOUND
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.wire import ResultId, RoundId, fails
from mingjing.law.days import day_of, days_left
from mingjing.law.facts import RoundKind
from mingjing.registry.record import Narrowed
from mingjing.territory.errors import DIVISION_UNKNOWN
from mingjing.territory.queries import path_of

router = APIRouter(tags=["compliance"])
Reader = Annotated[Caller, requires(Action.COMPLIANCE_READ)]
Handler = Annotated[Caller, requires(Action.COMPLIANCE_HANDLE)]


@router.get(
    "/rounds",
    openapi_extra=fails(DIVISION_UNKNOWN),
    summary="Rounds that are made, the earliest next day first",
)
def list_rounds(
    store: Store,
    caller: Reader,
    q: Annotated[str, Query(max_length=100, examples=["binguan"])] = "",
    under: Annotated[str | None, Query(max_length=12, examples=["420115"])] = None,
    organisation: Annotated[str | None, Query(max_length=32, examples=["or_k2x9p4q7m1aa"])] = None,
    kind: Annotated[RoundKind | None, Query(examples=["forbidden_check"])] = None,
    subject: Annotated[str | None, Query(max_length=32, examples=["fp_k2x9p4q7m1aa"])] = None,
    due_until: Annotated[date | None, Query(examples=["2026-12-03"])] = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[Round]:
    with store.reading() as session:
        wanted = Narrowed(path_of(session, under) if under else "", organisation, q)
        page = queries.rounds(
            session, caller.scope(Action.COMPLIANCE_READ), wanted, limit, after, kind=kind, subject=subject,
            due_until=due_until,
        )  # fmt: skip
        items = _present(session, page.items, day_of(store.clock.now_us()))
    return PageBody(items=items, total=page.total, next=page.next)


@router.post(
    "/rounds",
    openapi_extra=fails(NOT_FOUND, ROUND_THERE, WRONG_SUBJECT, ORGANISATION_UNKNOWN),
    status_code=201,
    summary="Open a round that is made from today on",
)
def open_round(store: Store, caller: Handler, wish: RoundWish) -> RoundWhole:
    with store.transaction() as tx:
        row = service.open_round(tx, caller.actor, caller.scope(Action.COMPLIANCE_HANDLE), wish)
        return _whole(tx.session, row, day_of(tx.now_us()))


@router.get("/rounds/{round}", summary="One round with what it found")
def get_round(store: Store, caller: Reader, round: RoundId) -> RoundWhole:
    with store.reading() as session:
        row = queries.round_(session, caller.scope(Action.COMPLIANCE_READ), round)
        return _whole(session, row, day_of(store.clock.now_us()))


@router.patch(
    "/rounds/{round}",
    openapi_extra=fails(ROUND_OVER, ORGANISATION_UNKNOWN),
    summary="Change how often, or by whom, a round is made",
)
def change_round(
    store: Store,
    caller: Handler,
    round: RoundId,
    patch: RoundPatch,
) -> RoundWhole:
    with store.transaction() as tx:
        row = service.change(tx, caller.actor, caller.scope(Action.COMPLIANCE_HANDLE), round, patch)
        return _whole(tx.session, row, day_of(tx.now_us()))


@router.post(
    "/rounds/{round}/ending", openapi_extra=fails(ROUND_OVER, RESULT_FAULTY), summary="End a sign check"
)
def end_round(store: Store, caller: Handler, round: RoundId) -> RoundWhole:
    with store.transaction() as tx:
        row = service.end(tx, caller.actor, caller.scope(Action.COMPLIANCE_HANDLE), round)
        return _whole(tx.session, row, day_of(tx.now_us()))


@router.post(
    "/rounds/{round}/results",
    openapi_extra=fails(ROUND_OVER, RESULT_FAULTY),
    status_code=201,
    summary="Enter what a round found",
)
def enter_result(
    store: Store,
    caller: Handler,
    round: RoundId,
    wish: ResultWish,
) -> RoundWhole:
    with store.transaction() as tx:
        row = service.enter_result(tx, caller.actor, caller.scope(Action.COMPLIANCE_HANDLE), round, wish)
        return _whole(tx.session, row, day_of(tx.now_us()))


@router.post(
    "/rounds/{round}/results/{result}/report",
    openapi_extra=fails(RESULT_FAULTY),
    summary="Enter when and to whom a find was reported",
)
def report_find(
    store: Store,
    caller: Handler,
    round: RoundId,
    result: ResultId,
    wish: Report,
) -> RoundWhole:
    with store.transaction() as tx:
        scope = caller.scope(Action.COMPLIANCE_HANDLE)
        row = service.report(tx, caller.actor, scope, round, result, wish)
        return _whole(tx.session, row, day_of(tx.now_us()))


@router.get("/rounds/{round}/changes", summary="What was changed on a round, newest first")
def round_changes(
    store: Store,
    caller: Reader,
    round: RoundId,
) -> list[RecordChange]:
    with store.reading() as session:
        queries.round_(session, caller.scope(Action.COMPLIANCE_READ), round)
        return [RecordChange.model_validate(row) for row in changes(session, service.KIND, round)]


def _present(session: Session, rows: Sequence[RoundRow], today: date) -> list[Round]:
    last = queries.last_results(session, [row.id for row in rows])
    columns = [name for name in Round.model_fields if name not in {"days_left", "last"}]
    return [
        Round.model_validate(
            {name: getattr(row, name) for name in columns}
            | {
                "days_left": days_left(row.next_due, today),
                "last": Result.model_validate(last[row.id]) if row.id in last else None,
            }
        )
        for row in rows
    ]


def _whole(session: Session, row: RoundRow, today: date) -> RoundWhole:
    results = [Result.model_validate(one) for one in queries.results(session, row.id)]
    return RoundWhole.model_validate(_present(session, [row], today)[0].model_dump() | {"results": results})
