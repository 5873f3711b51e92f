"""Administrative divisions and functional zones. They are public knowledge: every signed-in person reads them."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session
from starlette.requests import Request

from mingjing.audit.history import changes
from mingjing.audit.schema import RecordChange
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.api.register_schema import (
    Division,
    DivisionMove,
    DivisionPatch,
    Divisions,
    DivisionsLoaded,
    DivisionWish,
)
from mingjing.identity.caller import Caller
from mingjing.kernel.wire import DivisionId, fails
from mingjing.territory import queries, service
from mingjing.territory.errors import (
    CODE_BAD,
    CODE_TAKEN,
    DAYS_BAD,
    DIVISION_INHABITED,
    DIVISION_UNKNOWN,
    FILE_BAD,
    PARENT_IMPOSSIBLE,
    PARENT_MISSING,
    ZONE_UNMAPPED,
)
from mingjing.territory.model import Division as Row

router = APIRouter(tags=["registers"])
Person = Annotated[Caller, requires(Action.OWN)]
Writer = Annotated[Caller, requires(Action.DIVISION_WRITE)]
Code = Annotated[str, Query(max_length=12, examples=["420115"])]
_PLACING = (
    CODE_BAD,
    PARENT_MISSING,
    DIVISION_UNKNOWN,
    PARENT_IMPOSSIBLE,
    ZONE_UNMAPPED,
    CODE_TAKEN,
    DAYS_BAD,
)
_CSV_BODY = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/divisions", summary="Divisions below one, or the topmost; with `ended` also those of the past")
def list_divisions(
    store: Store,
    _: Person,
    under: Code | None = None,
    ended: Annotated[bool, Query(examples=[False])] = False,
) -> Divisions:
    with store.reading() as session:
        rows = queries.divisions(session, under, ended=ended)
        return Divisions(items=[_shown(row, leaf=not below) for row, below in rows])


@router.post("/divisions", openapi_extra=fails(*_PLACING), status_code=201, summary="Enter a division")
def enter_division(store: Store, caller: Writer, wish: DivisionWish) -> Division:
    with store.transaction() as tx:
        return _present(tx.session, service.enter(tx, caller.actor, service.Entry(**wish.model_dump())))


@router.post(
    "/divisions/import",
    openapi_extra=_CSV_BODY | fails(FILE_BAD),
    summary="Enter every division of a CSV table, or none",
)
async def import_divisions(request: Request, store: Store, caller: Writer) -> DivisionsLoaded:
    content = await request.body()

    def work() -> DivisionsLoaded:
        with store.transaction() as tx:
            return DivisionsLoaded.model_validate(service.load_table(tx, caller.actor, content))

    return await run_in_threadpool(work)


@router.get("/divisions/{code}", summary="One division")
def get_division(store: Store, _: Person, code: DivisionId) -> Division:
    with store.reading() as session:
        return _present(session, queries.known(session, code))


@router.patch(
    "/divisions/{code}",
    openapi_extra=fails(DIVISION_UNKNOWN, PARENT_IMPOSSIBLE, DIVISION_INHABITED, DAYS_BAD),
    summary="Give a division another name, or end it",
)
def change_division(store: Store, caller: Writer, code: DivisionId, patch: DivisionPatch) -> Division:
    with store.transaction() as tx:
        queries.known(tx.session, code)
        row = service.change(
            tx,
            caller.actor,
            code,
            name=patch.name,
            ended=patch.ended,
            successor=patch.successor,
            reason=patch.reason,
        )
        return _present(tx.session, row)


@router.post(
    "/divisions/{code}/move",
    openapi_extra=fails(*_PLACING),
    summary="Bring a division under another one, or give it another code, with all that stands in it",
)
def move_division(store: Store, caller: Writer, code: DivisionId, wish: DivisionMove) -> Division:
    with store.transaction() as tx:
        queries.known(tx.session, code)
        row = service.move(tx, caller.actor, code, service.Move(**wish.model_dump()))
        return _present(tx.session, row)


@router.get("/divisions/{code}/changes", summary="What was changed on a division, newest first")
def division_changes(store: Store, _: Writer, code: DivisionId) -> list[RecordChange]:
    with store.reading() as session:
        queries.known(session, code)
        return [RecordChange.model_validate(row) for row in changes(session, service.KIND, code)]


def _present(session: Session, row: Row) -> Division:
    return _shown(row, leaf=not queries.has_below(session, row.code))


def _shown(row: Row, *, leaf: bool) -> Division:
    members = {name: getattr(row, name) for name in Division.model_fields if name != "leaf"}
    return Division.model_validate(members | {"leaf": leaf, "civil_code": row.civil_code or row.code})
