"""Routes of decisions."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from mingjing.audit.history import changes
from mingjing.audit.schema import RecordChange
from mingjing.governance.decisions import queries, service
from mingjing.governance.decisions.errors import MASK_TOO_LATE, NO_CONDITION, NOT_SUSPECTED
from mingjing.governance.decisions.model import DecisionRow
from mingjing.governance.decisions.schema import Decision, DecisionWish, MaskConfirmation, SuspicionOut
from mingjing.governance.planning.queries import plans_of
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.identity.scope import Scope
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.wire import DecisionId, fails
from mingjing.law.citing import citations
from mingjing.law.days import day_of
from mingjing.law.facts import DecisionState
from mingjing.law.sets import shipped
from mingjing.law.space import outline
from mingjing.registry.forbidden import queries as zones
from mingjing.registry.forbidden.rules import Spot
from mingjing.registry.record import Narrowed
from mingjing.territory.errors import DIVISION_UNKNOWN
from mingjing.territory.queries import path_of

router = APIRouter(tags=["compliance"])
Reader = Annotated[Caller, requires(Action.COMPLIANCE_READ)]
Handler = Annotated[Caller, requires(Action.COMPLIANCE_HANDLE)]
_COLUMNS = (
    "id", "subject_kind", "subject", "name", "division", "organisation", "view", "state", "reason", "decided_by",
    "decided_name", "decided_us", "mask_confirmed", "created_us", "changed_us",
)  # fmt: skip


@router.get(
    "/decisions",
    openapi_extra=fails(DIVISION_UNKNOWN),
    summary="Suspected cameras, plan items and projects, by name, with what was decided",
)
def list_decisions(
    store: Store,
    caller: Reader,
    q: Annotated[str, Query(max_length=100, examples=["guitai"])] = "",
    under: Annotated[str | None, Query(max_length=12, examples=["420115"])] = None,
    state: Annotated[DecisionState | None, Query(examples=["waiting"])] = None,
    subject: Annotated[str | None, Query(max_length=32, examples=["ch_k2x9p4q7m1aa"])] = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[Decision]:
    with store.reading() as session:
        wanted = Narrowed(path_of(session, under) if under else "", None, q)
        page = queries.decisions(
            session, caller.scope(Action.COMPLIANCE_READ), wanted, limit, after, state=state, subject=subject
        )
        items = _present(session, _zones(caller), page.items, day_of(store.clock.now_us()))
    return PageBody(items=items, total=page.total, next=page.next)


@router.get("/decisions/{decision}", summary="One decision with the facts of the case")
def get_decision(store: Store, caller: Reader, decision: DecisionId) -> Decision:
    with store.reading() as session:
        row = queries.decision(session, caller.scope(Action.COMPLIANCE_READ), decision)
        return _present(session, _zones(caller), [row], day_of(store.clock.now_us()))[0]


@router.post(
    "/decisions/{decision}/answer",
    openapi_extra=fails(NOT_SUSPECTED),
    summary="Decide whether it is prohibited, allowed, or allowed with a privacy mask",
)
def decide(store: Store, caller: Handler, decision: DecisionId, wish: DecisionWish) -> Decision:
    with store.transaction() as tx:
        row = service.decide(tx, caller.actor, caller.scope(Action.COMPLIANCE_HANDLE), decision, wish)
        return _present(tx.session, _zones(caller), [row], day_of(tx.now_us()))[0]


@router.post(
    "/decisions/{decision}/mask",
    openapi_extra=fails(NO_CONDITION, MASK_TOO_LATE),
    summary="Confirm that the mask which is the condition covers it in the picture",
)
def confirm_mask(store: Store, caller: Handler, decision: DecisionId, wish: MaskConfirmation) -> Decision:
    with store.transaction() as tx:
        scope = caller.scope(Action.COMPLIANCE_HANDLE)
        row = service.confirm_mask(tx, caller.actor, scope, decision, wish.day)
        return _present(tx.session, _zones(caller), [row], day_of(tx.now_us()))[0]


@router.get("/decisions/{decision}/changes", summary="What was asked and decided before, newest first")
def decision_changes(store: Store, caller: Reader, decision: DecisionId) -> list[RecordChange]:
    with store.reading() as session:
        queries.decision(session, caller.scope(Action.COMPLIANCE_READ), decision)
        return [RecordChange.model_validate(row) for row in changes(session, service.KIND, decision)]


def _zones(caller: Caller) -> Scope:
    return caller.scope(Action.REGISTER_READ)


def _present(session: Session, scope: Scope, rows: Sequence[DecisionRow], today: date) -> list[Decision]:
    named = {ground["what"] for row in rows for ground in row.grounds}
    seen = {
        zone.id: zone
        for zone in zones.known(session, sorted(named))
        if scope.covers(zone.division_path, zone.organisation_path)
    }
    plans = plans_of(session, [row.subject for row in rows if row.subject_kind == "plan_item"])
    return [_shown(row, seen, plans.get(row.subject), today) for row in rows]


def _shown(row: DecisionRow, seen: dict[str, Any], plan: str | None, today: date) -> Decision:
    kinds = {ground["kind"] for ground in row.grounds}
    sets = [
        one.set.id
        for one in shipped().in_force(today, row.division_path)
        if "FORB-02" in one.set.clauses and kinds & set(one.set.clauses["FORB-02"].figures)
    ]
    basis = citations(shipped(), "FORB-02", sets)
    return Decision.model_validate(
        {name: getattr(row, name) for name in _COLUMNS}
        | {
            "plan": plan, "grounds": [_ground(ground, seen.get(ground["what"])) for ground in row.grounds],
            "field": _field(row.view), "basis": [one.zh for one in basis], "basis_en": [one.en for one in basis],
        }
    )  # fmt: skip


def _ground(ground: dict[str, str], zone: Any) -> SuspicionOut:
    told = ground["what"] if zone is not None or ground["ground"] in {"name", "place"} else ""
    area = ("outline", "longitude", "latitude", "radius_m")
    return SuspicionOut.model_validate(
        ground
        | {"what": told, "name": zone.name if zone else ""}
        | {name: getattr(zone, name) if zone else None for name in area}
    )


def _field(view: dict[str, Any]) -> list[list[float]] | None:
    spot = Spot(
        view.get("longitude"),
        view.get("latitude"),
        view.get("azimuth"),
        view.get("view_angle"),
        view.get("view_m"),
    )
    return outline(spot.view) if spot.view else None
