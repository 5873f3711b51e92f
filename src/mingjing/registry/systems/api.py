"""Routes of the register of systems."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from mingjing.audit.history import changes
from mingjing.audit.schema import RecordChange
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.identity.errors import ORGANISATION_UNKNOWN
from mingjing.kernel.errors import NOT_FOUND
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.wire import SystemId, fails
from mingjing.law.days import day_of
from mingjing.law.facts import Regime
from mingjing.registry.ending import WHETHER_ENDED, Ending
from mingjing.registry.places.errors import PLACE_ENDED
from mingjing.registry.record import Narrowed
from mingjing.registry.systems import queries, service
from mingjing.registry.systems.errors import DATES_CROSSED, NOT_YET, STILL_STANDS, SYSTEM_ENDED
from mingjing.registry.systems.present import present
from mingjing.registry.systems.schema import System, SystemPatch, SystemWish
from mingjing.territory.errors import DIVISION_UNKNOWN
from mingjing.territory.queries import path_of

router = APIRouter(tags=["systems"])
Reader = Annotated[Caller, requires(Action.REGISTER_READ)]
Writer = Annotated[Caller, requires(Action.REGISTER_WRITE)]
_REFUSED = (DIVISION_UNKNOWN, ORGANISATION_UNKNOWN, DATES_CROSSED, NOT_YET, PLACE_ENDED)
Life = Literal["planned", "in_use", "dismantling", "dismantled", "ended", "all"]
"""Where systems are in their life; those that have left the register are listed with `ended`, and with `all` beside the
others."""
_NOT_FILED = "FIL-008"
"""Filings keep a system whose dismantling is not filed."""
_NOT_ACCEPTED = "PRJ-002"
"""Projects refuse the day of use of what was not accepted."""


@router.get(
    "/systems", openapi_extra=fails(DIVISION_UNKNOWN), summary="Video systems in one's scope, by name"
)
def list_systems(
    store: Store,
    caller: Reader,
    q: Annotated[str, Query(max_length=100, examples=["shiyan"])] = "",
    under: Annotated[str | None, Query(max_length=12, examples=["420115"])] = None,
    organisation: Annotated[str | None, Query(max_length=32, examples=["or_k2x9p4q7m1aa"])] = None,
    regime: Annotated[Regime | None, Query(examples=["art7"])] = None,
    life: Annotated[Life | None, Query(examples=["in_use"])] = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[System]:
    with store.reading() as session:
        wanted = Narrowed(
            path_of(session, under) if under else "", organisation, q, ended=WHETHER_ENDED.get(life, False)
        )
        scope = caller.scope(Action.REGISTER_READ)
        page = queries.systems(session, scope, wanted, limit, after, regime=regime, life=life)
        items = present(session, page.items, day_of(store.clock.now_us()))
    return PageBody(items=items, total=page.total, next=page.next)


@router.post("/systems", openapi_extra=fails(NOT_FOUND, *_REFUSED), status_code=201, summary="Enter a system")
def enter_system(store: Store, caller: Writer, wish: SystemWish) -> System:
    with store.transaction() as tx:
        row = service.enter(tx, caller.actor, caller.scope(Action.REGISTER_WRITE), wish)
        return present(tx.session, [row], day_of(tx.now_us()))[0]


@router.get("/systems/{system}", summary="One system")
def get_system(store: Store, caller: Reader, system: SystemId) -> System:
    with store.reading() as session:
        row = queries.video_system(session, caller.scope(Action.REGISTER_READ), system)
        return present(session, [row], day_of(store.clock.now_us()))[0]


@router.patch(
    "/systems/{system}",
    openapi_extra=fails(*_REFUSED, SYSTEM_ENDED, _NOT_ACCEPTED),
    summary="Change a system",
)
def change_system(store: Store, caller: Writer, system: SystemId, patch: SystemPatch) -> System:
    with store.transaction() as tx:
        row = service.change(tx, caller.actor, caller.scope(Action.REGISTER_WRITE), system, patch)
        return present(tx.session, [row], day_of(tx.now_us()))[0]


@router.post(
    "/systems/{system}/ending",
    openapi_extra=fails(SYSTEM_ENDED, STILL_STANDS, _NOT_FILED),
    summary="Take a system out of the register, with the reason; it stays readable",
)
def end_system(store: Store, caller: Writer, system: SystemId, wish: Ending) -> System:
    with store.transaction() as tx:
        row = service.end(tx, caller.actor, caller.scope(Action.REGISTER_WRITE), system, wish.reason)
        return present(tx.session, [row], day_of(tx.now_us()))[0]


@router.get("/systems/{system}/changes", summary="What was changed on a system, newest first")
def system_changes(store: Store, caller: Reader, system: SystemId) -> list[RecordChange]:
    with store.reading() as session:
        queries.video_system(session, caller.scope(Action.REGISTER_READ), system)
        return [RecordChange.model_validate(row) for row in changes(session, service.KIND, system)]
