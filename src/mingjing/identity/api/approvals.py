"""What takes two persons: asking, and being the second."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter
from sqlalchemy.orm import Session

from mingjing.identity import queries
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.api.desk import AtDesk
from mingjing.identity.api.schema import Approval, ApprovalDone, Approvals, ApprovalWish, RoleAsked
from mingjing.identity.caller import Caller
from mingjing.identity.errors import (
    APPROVAL_OVER,
    LAST_SECURITY_ADMIN,
    NOT_THE_SECOND,
    ORGANISATION_UNKNOWN,
    OWN_RIGHTS,
    ROLE_UNKNOWN,
    ROLES_CLASH,
)
from mingjing.identity.model import Approval as ApprovalRow
from mingjing.identity.passwords import half
from mingjing.identity.service import approvals
from mingjing.identity.service.accounts import RoleWish
from mingjing.kernel.errors import CONFLICT, NOT_FOUND
from mingjing.kernel.wire import ApprovalId, fails
from mingjing.territory.errors import DIVISION_UNKNOWN

router = APIRouter(tags=["approvals"])
ROLES_REFUSED = (ROLE_UNKNOWN, ROLES_CLASH, ORGANISATION_UNKNOWN, DIVISION_UNKNOWN)
"""Of roles that are wished for; of those approved, what has changed since they were asked for."""

Asker = Annotated[Caller, requires(Action.USER_WRITE, persons_only=True, step_up=True)]
Reader = Annotated[Caller, requires(Action.USER_CONFIRM, persons_only=True)]
Second = Annotated[Caller, requires(Action.USER_CONFIRM, persons_only=True, step_up=True)]
Refuser = Annotated[
    Caller, requires(Action.USER_CONFIRM, persons_only=True, unproved="nothing changes by a refusal")
]


@router.get("/approvals", summary="What takes two persons: open and decided, newest first")
def list_approvals(store: Store, caller: Reader) -> Approvals:
    with store.reading() as session:
        rows = queries.approvals(session)
        return Approvals(items=_shown(session, rows, caller, store.clock.now_us()))


@router.post(
    "/approvals",
    openapi_extra=fails(NOT_FOUND, CONFLICT, OWN_RIGHTS, *ROLES_REFUSED),
    status_code=201,
    summary="Ask another administrator to carry something out",
)
def ask_approval(desk: AtDesk, store: Store, caller: Asker, wish: ApprovalWish) -> ApprovalDone:
    # The act says which members count: roles are only looked at where roles are asked for.
    roles = None
    if wish.act == "roles":
        roles = [RoleWish(one.role, one.division, one.organisation) for one in wish.roles or []]
    drop_factor = wish.act == "reset" and wish.drop_factor
    with store.transaction() as tx:
        asked = approvals.Ask(wish.user, wish.reason, drop_factor, roles)
        row, part = approvals.ask(tx, desk.sealer, caller, asked)
        shown = _shown(tx.session, [row], caller, tx.now_us())[0]
    return ApprovalDone(approval=shown, part=part)


@router.post(
    "/approvals/{approval}/approve",
    openapi_extra=fails(NOT_THE_SECOND, APPROVAL_OVER, LAST_SECURITY_ADMIN, *ROLES_REFUSED),
    summary="Be the second person: it is carried out at once",
)
def approve(desk: AtDesk, store: Store, caller: Second, approval: ApprovalId) -> ApprovalDone:
    # The hash is slow, and is made before the transaction; who may not approve has learnt nothing by it.
    asked, given = approvals.first_part(store, desk.sealer, approval), half()
    first = desk.passwords.one_time(f"{asked}-{given}") if asked else None
    with store.transaction() as tx:
        row = approvals.approve(tx, caller, approval, first)
        shown = _shown(tx.session, [row], caller, tx.now_us())[0]
    return ApprovalDone(approval=shown, part=given if first else None)


@router.post(
    "/approvals/{approval}/refuse",
    openapi_extra=fails(NOT_THE_SECOND, APPROVAL_OVER),
    summary="Refuse it, or take back what one asked for",
)
def refuse(store: Store, caller: Refuser, approval: ApprovalId) -> ApprovalDone:
    with store.transaction() as tx:
        row = approvals.refuse(tx, caller, approval)
        return ApprovalDone(approval=_shown(tx.session, [row], caller, tx.now_us())[0], part=None)


def _shown(session: Session, rows: Sequence[ApprovalRow], caller: Caller, now_us: int) -> list[Approval]:
    named = queries.names(
        session, [one for row in rows for one in (row.user, row.asked_by, row.decided_by) if one]
    )
    return [_one(row, named, caller, now_us) for row in rows]


def _one(row: ApprovalRow, named: dict[str, tuple[str, str]], caller: Caller, now_us: int) -> Approval:
    still = approvals.is_open(row, now_us)
    account, name = named[row.user]
    return Approval(
        id=row.id,
        act=row.act,
        user=row.user,
        account=account,
        name=name,
        drop_factor=row.drop_factor,
        roles=None if row.roles is None else [RoleAsked(**one) for one in row.roles],
        reason=row.reason,
        asked_by=row.asked_by,
        asked_by_name=named[row.asked_by][1],
        asked_us=row.asked_us,
        until_us=row.until_us,
        state="expired" if row.state == "open" and not still else row.state,
        decided_by_name=named[row.decided_by][1] if row.decided_by else None,
        decided_us=row.decided_us,
        mine=row.asked_by == caller.user,
        may_approve=still and caller.user not in {row.asked_by, row.user},
    )
