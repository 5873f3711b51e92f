"""Routes of the register of forbidden places and of secret units' consents."""

from collections.abc import Sequence
from typing import Annotated

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
from mingjing.kernel.wire import ConsentId, ForbiddenPlaceId, fails
from mingjing.law.facts import ForbiddenKind
from mingjing.law.space import Box
from mingjing.registry.ending import WHETHER_ENDED, Ending, Listed
from mingjing.registry.forbidden import queries, service
from mingjing.registry.forbidden.errors import AREA_MISSING, AREA_WIDE, DATES_REVERSED, ENDED, NOT_SECRET
from mingjing.registry.forbidden.model import ConsentRow
from mingjing.registry.forbidden.schema import (
    Consent,
    ConsentPatch,
    ConsentWish,
    ForbiddenPlace,
    ForbiddenPlacePatch,
    ForbiddenPlaceWish,
)
from mingjing.registry.places.errors import HALF_POINT
from mingjing.registry.record import Narrowed
from mingjing.territory.errors import DIVISION_UNKNOWN
from mingjing.territory.queries import path_of

router = APIRouter(tags=["places"])
Reader = Annotated[Caller, requires(Action.REGISTER_READ)]
Writer = Annotated[Caller, requires(Action.REGISTER_WRITE)]
Degrees = Annotated[float | None, Query(ge=-180, le=180, examples=[114.32])]
_REFUSED = (DIVISION_UNKNOWN, ORGANISATION_UNKNOWN, AREA_MISSING, AREA_WIDE, DATES_REVERSED, HALF_POINT)


@router.get(
    "/forbidden-places",
    openapi_extra=fails(DIVISION_UNKNOWN),
    summary="Forbidden places in one's scope, by name; with all four sides those that touch a box",
)
def list_forbidden_places(
    store: Store,
    caller: Reader,
    q: Annotated[str, Query(max_length=100, examples=["binguan"])] = "",
    under: Annotated[str | None, Query(max_length=12, examples=["420115"])] = None,
    organisation: Annotated[str | None, Query(max_length=32, examples=["or_k2x9p4q7m1aa"])] = None,
    kind: Annotated[ForbiddenKind | None, Query(examples=["hotel_guest_room"])] = None,
    place: Annotated[str | None, Query(max_length=32, examples=["pc_k2x9p4q7m1aa"])] = None,
    life: Annotated[
        Listed | None, Query(description="Those that have left the register, or also those")
    ] = None,
    west: Degrees = None,
    south: Degrees = None,
    east: Degrees = None,
    north: Degrees = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[ForbiddenPlace]:
    box = None
    if west is not None and south is not None and east is not None and north is not None:
        box = Box(west, south, east, north)
    with store.reading() as session:
        wanted = Narrowed(
            path_of(session, under) if under else "", organisation, q, ended=WHETHER_ENDED.get(life, False)
        )
        page = queries.forbidden_places(
            session, caller.scope(Action.REGISTER_READ), wanted, limit, after, kind=kind, box=box, place=place
        )
        items = [ForbiddenPlace.model_validate(row) for row in page.items]
    return PageBody(items=items, total=page.total, next=page.next)


@router.post(
    "/forbidden-places",
    openapi_extra=fails(NOT_FOUND, *_REFUSED),
    status_code=201,
    summary="Enter a forbidden place",
)
def enter_forbidden_place(store: Store, caller: Writer, wish: ForbiddenPlaceWish) -> ForbiddenPlace:
    with store.transaction() as tx:
        row = service.enter(tx, caller.actor, caller.scope(Action.REGISTER_WRITE), wish)
        return ForbiddenPlace.model_validate(row)


@router.get("/forbidden-places/{forbidden_place}", summary="One forbidden place")
def get_forbidden_place(store: Store, caller: Reader, forbidden_place: ForbiddenPlaceId) -> ForbiddenPlace:
    with store.reading() as session:
        row = queries.forbidden_place(session, caller.scope(Action.REGISTER_READ), forbidden_place)
        return ForbiddenPlace.model_validate(row)


@router.patch(
    "/forbidden-places/{forbidden_place}",
    openapi_extra=fails(ENDED, *_REFUSED),
    summary="Change a forbidden place",
)
def change_forbidden_place(
    store: Store, caller: Writer, forbidden_place: ForbiddenPlaceId, patch: ForbiddenPlacePatch
) -> ForbiddenPlace:
    with store.transaction() as tx:
        scope = caller.scope(Action.REGISTER_WRITE)
        return ForbiddenPlace.model_validate(service.change(tx, caller.actor, scope, forbidden_place, patch))


@router.post(
    "/forbidden-places/{forbidden_place}/ending",
    openapi_extra=fails(ENDED),
    summary="Take a forbidden place out of the register, with the reason; it stays readable",
)
def end_forbidden_place(
    store: Store, caller: Writer, forbidden_place: ForbiddenPlaceId, wish: Ending
) -> ForbiddenPlace:
    with store.transaction() as tx:
        scope = caller.scope(Action.REGISTER_WRITE)
        return ForbiddenPlace.model_validate(
            service.end(tx, caller.actor, scope, forbidden_place, wish.reason)
        )


@router.get("/forbidden-places/{forbidden_place}/changes", summary="What was changed on it, newest first")
def forbidden_place_changes(
    store: Store, caller: Reader, forbidden_place: ForbiddenPlaceId
) -> list[RecordChange]:
    with store.reading() as session:
        queries.forbidden_place(session, caller.scope(Action.REGISTER_READ), forbidden_place)
        return [RecordChange.model_validate(row) for row in changes(session, service.KIND, forbidden_place)]


@router.get("/secret-consents", summary="Consents of secret units to cameras in their neighbourhood")
def list_consents(
    store: Store,
    caller: Reader,
    zone: Annotated[str | None, Query(max_length=32, examples=["fp_k2x9p4q7m1aa"])] = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[Consent]:
    with store.reading() as session:
        page = queries.consents(session, caller.scope(Action.REGISTER_READ), limit, after, zone=zone)
        items = _consents(session, page.items)
    return PageBody(items=items, total=page.total, next=page.next)


@router.post(
    "/secret-consents",
    openapi_extra=fails(NOT_FOUND, ENDED, NOT_SECRET, DATES_REVERSED),
    status_code=201,
    summary="Enter a secret unit's consent",
)
def enter_consent(store: Store, caller: Writer, wish: ConsentWish) -> Consent:
    with store.transaction() as tx:
        row = service.enter_consent(tx, caller.actor, caller.scope(Action.REGISTER_WRITE), wish)
        return _consents(tx.session, [row])[0]


@router.get("/secret-consents/{consent}", summary="One consent")
def get_consent(store: Store, caller: Reader, consent: ConsentId) -> Consent:
    with store.reading() as session:
        return _consents(session, [queries.consent(session, caller.scope(Action.REGISTER_READ), consent)])[0]


@router.patch("/secret-consents/{consent}", openapi_extra=fails(DATES_REVERSED), summary="Change a consent")
def change_consent(store: Store, caller: Writer, consent: ConsentId, patch: ConsentPatch) -> Consent:
    with store.transaction() as tx:
        row = service.change_consent(tx, caller.actor, caller.scope(Action.REGISTER_WRITE), consent, patch)
        return _consents(tx.session, [row])[0]


@router.get("/secret-consents/{consent}/changes", summary="What was changed on it, newest first")
def consent_changes(store: Store, caller: Reader, consent: ConsentId) -> list[RecordChange]:
    with store.reading() as session:
        queries.consent(session, caller.scope(Action.REGISTER_READ), consent)
        return [RecordChange.model_validate(row) for row in changes(session, service.CONSENT, consent)]


def _consents(session: Session, rows: Sequence[ConsentRow]) -> list[Consent]:
    """Consents with the names of their neighbourhoods, which stand where they do."""
    names = {zone.id: zone.name for zone in queries.known(session, sorted({row.zone for row in rows}))}
    columns = [name for name in Consent.model_fields if name != "zone_name"]
    return [
        Consent.model_validate(
            {name: getattr(row, name) for name in columns} | {"zone_name": names[row.zone]}
        )
        for row in rows
    ]
