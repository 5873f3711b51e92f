"""Routes of construction plans."""

from typing import Annotated

from fastapi import APIRouter, Query

from mingjing.audit.history import changes
from mingjing.audit.schema import RecordChange
from mingjing.governance.planning import queries, service
from mingjing.governance.planning.errors import (
    ITEM_OUTSIDE,
    ITEM_PROHIBITED,
    ITEM_SUSPECTED,
    NOT_OF_TERRITORY,
    OVERLAP_UNDECIDED,
    OWN_PLAN,
    PERIOD_REVERSED,
    PLAN_CLOSED,
    PLAN_EMPTY,
    PLAN_STEP,
    REASON_MISSING,
    TOO_MANY_DONE,
)
from mingjing.governance.planning.present import checked, present, whole
from mingjing.governance.planning.rules import PlanState
from mingjing.governance.planning.schema import (
    ConstructionPlan,
    ConstructionPlanPatch,
    ConstructionPlanWhole,
    ConstructionPlanWish,
    OverlapCheck,
    PlanDecision,
    PlanItemPatch,
    PlanItemWish,
    PlanStepWish,
)
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.identity.errors import ORGANISATION_UNKNOWN
from mingjing.kernel.errors import NOT_FOUND
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.wire import ConstructionPlanId, PlanItemId, fails
from mingjing.law.days import day_of
from mingjing.registry.forbidden.errors import FORBIDDEN_HERE
from mingjing.registry.places.errors import HALF_POINT
from mingjing.registry.record import Narrowed
from mingjing.territory.errors import DIVISION_UNKNOWN
from mingjing.territory.queries import path_of

router = APIRouter(tags=["planning"])
Reader = Annotated[Caller, requires(Action.PLANNING_READ)]
Planner = Annotated[Caller, requires(Action.PLANNING_WRITE)]
Approver = Annotated[Caller, requires(Action.PLANNING_APPROVE)]
_PLAN = (DIVISION_UNKNOWN, ORGANISATION_UNKNOWN, PERIOD_REVERSED)
_ITEM = (NOT_FOUND, DIVISION_UNKNOWN, HALF_POINT, FORBIDDEN_HERE, PLAN_CLOSED, REASON_MISSING, ITEM_OUTSIDE)


@router.get(
    "/construction-plans", openapi_extra=fails(DIVISION_UNKNOWN), summary="Construction plans, by title"
)
def list_construction_plans(
    store: Store,
    caller: Reader,
    q: Annotated[str, Query(max_length=100, examples=["guihua"])] = "",
    under: Annotated[str | None, Query(max_length=12, examples=["420115"])] = None,
    organisation: Annotated[str | None, Query(max_length=32, examples=["or_k2x9p4q7m1aa"])] = None,
    state: Annotated[PlanState | None, Query(examples=["submitted"])] = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[ConstructionPlan]:
    with store.reading() as session:
        wanted = Narrowed(path_of(session, under) if under else "", organisation, q)
        page = queries.plans(session, caller.scope(Action.PLANNING_READ), wanted, limit, after, state)
        items = present(session, page.items, day_of(store.clock.now_us()))
    return PageBody(items=items, total=page.total, next=page.next)


@router.post(
    "/construction-plans",
    openapi_extra=fails(NOT_FOUND, *_PLAN),
    status_code=201,
    summary="Enter a construction plan",
)
def enter_construction_plan(
    store: Store, caller: Planner, wish: ConstructionPlanWish
) -> ConstructionPlanWhole:
    with store.transaction() as tx:
        row = service.enter(tx, caller.actor, caller.scope(Action.PLANNING_WRITE), wish)
        return whole(tx.session, row, day_of(tx.now_us()))


@router.get("/construction-plans/{construction_plan}", summary="One construction plan with its items")
def get_construction_plan(
    store: Store, caller: Reader, construction_plan: ConstructionPlanId
) -> ConstructionPlanWhole:
    with store.reading() as session:
        row = queries.plan(session, caller.scope(Action.PLANNING_READ), construction_plan)
        return whole(session, row, day_of(store.clock.now_us()))


@router.patch(
    "/construction-plans/{construction_plan}",
    openapi_extra=fails(*_PLAN, PLAN_CLOSED, ITEM_OUTSIDE),
    summary="Change a construction plan that is not submitted",
)
def change_construction_plan(
    store: Store, caller: Planner, construction_plan: ConstructionPlanId, patch: ConstructionPlanPatch
) -> ConstructionPlanWhole:
    with store.transaction() as tx:
        scope = caller.scope(Action.PLANNING_WRITE)
        row = service.change(tx, caller.actor, scope, construction_plan, patch)
        return whole(tx.session, row, day_of(tx.now_us()))


@router.post(
    "/construction-plans/{construction_plan}/items",
    openapi_extra=fails(*_ITEM),
    status_code=201,
    summary="Add an item to a construction plan",
)
def add_plan_item(
    store: Store, caller: Planner, construction_plan: ConstructionPlanId, wish: PlanItemWish
) -> ConstructionPlanWhole:
    with store.transaction() as tx:
        scope, sees = caller.scope(Action.PLANNING_WRITE), caller.scope(Action.REGISTER_READ)
        service.add(tx, caller.actor, scope, sees, construction_plan, wish)
        return whole(tx.session, queries.plan(tx.session, scope, construction_plan), day_of(tx.now_us()))


@router.patch(
    "/construction-plans/{construction_plan}/items/{plan_item}",
    openapi_extra=fails(*_ITEM, TOO_MANY_DONE),
    summary="Change an item, or enter how far it has come",
)
def change_plan_item(
    store: Store,
    caller: Planner,
    construction_plan: ConstructionPlanId,
    plan_item: PlanItemId,
    patch: PlanItemPatch,
) -> ConstructionPlanWhole:
    with store.transaction() as tx:
        scope, sees = caller.scope(Action.PLANNING_WRITE), caller.scope(Action.REGISTER_READ)
        service.change_item(tx, caller.actor, scope, sees, construction_plan, plan_item, patch)
        return whole(tx.session, queries.plan(tx.session, scope, construction_plan), day_of(tx.now_us()))


@router.get(
    "/construction-plans/{construction_plan}/overlaps",
    summary="What a plan shares with cameras that are there: to be reused, or duplicate",
)
def get_overlaps(store: Store, caller: Reader, construction_plan: ConstructionPlanId) -> OverlapCheck:
    with store.reading() as session:
        row = queries.plan(session, caller.scope(Action.PLANNING_READ), construction_plan)
        return checked(session, caller.scope(Action.REGISTER_READ), row, day_of(store.clock.now_us()))


@router.post(
    "/construction-plans/{construction_plan}/steps",
    openapi_extra=fails(
        PLAN_STEP, PLAN_EMPTY, OVERLAP_UNDECIDED, HALF_POINT, FORBIDDEN_HERE, ITEM_PROHIBITED
    ),
    summary="Submit a construction plan, or take it back",
)
def step_construction_plan(
    store: Store, caller: Planner, construction_plan: ConstructionPlanId, wish: PlanStepWish
) -> ConstructionPlanWhole:
    with store.transaction() as tx:
        scope, sees = caller.scope(Action.PLANNING_WRITE), caller.scope(Action.REGISTER_READ)
        row = service.step(tx, caller.actor, scope, sees, construction_plan, wish)
        return whole(tx.session, row, day_of(tx.now_us()))


@router.post(
    "/construction-plans/{construction_plan}/decision",
    openapi_extra=fails(
        PLAN_STEP, OWN_PLAN, NOT_OF_TERRITORY, REASON_MISSING, ITEM_PROHIBITED, ITEM_SUSPECTED
    ),
    summary="Approve a construction plan, or return it with a reason",
)
def decide_construction_plan(
    store: Store, caller: Approver, construction_plan: ConstructionPlanId, wish: PlanDecision
) -> ConstructionPlanWhole:
    with store.transaction() as tx:
        scope = caller.scope(Action.PLANNING_APPROVE)
        row = service.decide(tx, caller.actor, scope, construction_plan, caller.organisation, wish)
        return whole(tx.session, row, day_of(tx.now_us()))


@router.get(
    "/construction-plans/{construction_plan}/changes",
    summary="What was changed on a construction plan, newest first",
)
def construction_plan_changes(
    store: Store, caller: Reader, construction_plan: ConstructionPlanId
) -> list[RecordChange]:
    with store.reading() as session:
        queries.plan(session, caller.scope(Action.PLANNING_READ), construction_plan)
        return [RecordChange.model_validate(row) for row in changes(session, service.KIND, construction_plan)]
