"""Routes of the register of places."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from mingjing.audit.history import changes
from mingjing.audit.schema import RecordChange
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.identity.errors import ORGANISATION_UNKNOWN
from mingjing.kernel.errors import NOT_FOUND
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.wire import PlaceId, fails
from mingjing.law.facts import Category
from mingjing.registry.ending import WHETHER_ENDED, Ending, Listed
from mingjing.registry.places import queries, service
from mingjing.registry.places.errors import (
    CITATION_MISSING,
    HALF_POINT,
    PLACE_ENDED,
    PLACE_WATCHED,
    SUBCATEGORY_FOREIGN,
)
from mingjing.registry.places.model import PlaceRow
from mingjing.registry.places.schema import Place, PlacePatch, PlaceWish, Position
from mingjing.registry.record import Narrowed
from mingjing.territory.errors import DIVISION_UNKNOWN
from mingjing.territory.queries import path_of

router = APIRouter(tags=["places"])
Reader = Annotated[Caller, requires(Action.REGISTER_READ)]
Writer = Annotated[Caller, requires(Action.REGISTER_WRITE)]
_REFUSED = (DIVISION_UNKNOWN, ORGANISATION_UNKNOWN, SUBCATEGORY_FOREIGN, CITATION_MISSING, HALF_POINT)


@router.get("/places", openapi_extra=fails(DIVISION_UNKNOWN), summary="Places in one's scope, by name")
def list_places(
    store: Store,
    caller: Reader,
    q: Annotated[str, Query(max_length=100, examples=["shiyan"])] = "",
    under: Annotated[str | None, Query(max_length=12, examples=["420115"])] = None,
    organisation: Annotated[str | None, Query(max_length=32, examples=["or_k2x9p4q7m1aa"])] = None,
    category: Annotated[Category | None, Query(examples=["transport"])] = None,
    coverage: Annotated[Literal["uncovered", "unlisted"] | None, Query(examples=["uncovered"])] = None,
    position: Annotated[str | None, Query(max_length=32, examples=["kp_k2x9p4q7m1aa"])] = None,
    life: Annotated[
        Listed | None, Query(description="Those that have left the register, or also those")
    ] = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[Place]:
    with store.reading() as session:
        wanted = Narrowed(
            path_of(session, under) if under else "", organisation, q, ended=WHETHER_ENDED.get(life, False)
        )
        scope = caller.scope(Action.REGISTER_READ)
        page = queries.places(
            session, scope, wanted, limit, after, category=category, coverage=coverage, position=position
        )
        items = _present(session, page.items)
    return PageBody(items=items, total=page.total, next=page.next)


@router.post("/places", openapi_extra=fails(NOT_FOUND, *_REFUSED), status_code=201, summary="Enter a place")
def enter_place(store: Store, caller: Writer, wish: PlaceWish) -> Place:
    with store.transaction() as tx:
        row = service.enter(tx, caller.actor, caller.scope(Action.REGISTER_WRITE), wish)
        return _present(tx.session, [row])[0]


@router.get("/places/{place}", summary="One place")
def get_place(store: Store, caller: Reader, place: PlaceId) -> Place:
    with store.reading() as session:
        return _present(session, [queries.place(session, caller.scope(Action.REGISTER_READ), place)])[0]


@router.patch("/places/{place}", openapi_extra=fails(*_REFUSED, PLACE_ENDED), summary="Change a place")
def change_place(store: Store, caller: Writer, place: PlaceId, patch: PlacePatch) -> Place:
    with store.transaction() as tx:
        row = service.change(tx, caller.actor, caller.scope(Action.REGISTER_WRITE), place, patch)
        return _present(tx.session, [row])[0]


@router.post(
    "/places/{place}/ending",
    openapi_extra=fails(PLACE_ENDED, PLACE_WATCHED),
    summary="Take a place out of the register, with the reason; it stays readable",
)
def end_place(store: Store, caller: Writer, place: PlaceId, wish: Ending) -> Place:
    with store.transaction() as tx:
        row = service.end(tx, caller.actor, caller.scope(Action.REGISTER_WRITE), place, wish.reason)
        return _present(tx.session, [row])[0]


@router.get("/places/{place}/changes", summary="What was changed on a place, newest first")
def place_changes(store: Store, caller: Reader, place: PlaceId) -> list[RecordChange]:
    with store.reading() as session:
        queries.place(session, caller.scope(Action.REGISTER_READ), place)
        return [RecordChange.model_validate(row) for row in changes(session, service.KIND, place)]


def _present(session: Session, rows: Sequence[PlaceRow]) -> list[Place]:
    positions = queries.positions(session, [row.id for row in rows])
    columns = [name for name in Place.model_fields if name != "positions"]
    return [
        Place.model_validate(
            {name: getattr(row, name) for name in columns}
            | {
                "positions": [
                    Position(
                        id=one.id, kind=one.kind, name=one.name, longitude=one.longitude, latitude=one.latitude,
                        cameras=cameras,
                    )
                    for one, cameras in positions.get(row.id, [])
                ]
            }
        )
        for row in rows
    ]  # fmt: skip
