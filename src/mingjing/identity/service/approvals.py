"""What takes two persons: one administrator asks, another carries it out, and neither is the one concerned.

Of a reset each of the two holds half of the one-time password, so that neither can sign in as the person.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import select

from mingjing.audit.service import Object, record
from mingjing.identity.caller import Caller
from mingjing.identity.errors import APPROVAL_OVER, NOT_THE_SECOND, OWN_RIGHTS
from mingjing.identity.model import Approval, User
from mingjing.identity.passwords import OneTime, half
from mingjing.identity.service.accounts import (
    AccountHeard,
    RightsChanged,
    RoleWish,
    assign,
    carry_out_reset,
    one_security_admin_remains,
    resolved,
)
from mingjing.kernel.clock import DAY_US
from mingjing.kernel.db import Database, Transaction
from mingjing.kernel.errors import CONFLICT, NOT_FOUND, MingjingError
from mingjing.kernel.ids import new_id
from mingjing.kernel.secrets import Sealer, Secret

LASTS_US = DAY_US


@dataclass(frozen=True, slots=True)
class Ask:
    """A reset (`roles` None), or the roles that an account shall have."""

    user: str
    reason: str
    drop_factor: bool = False
    roles: Sequence[RoleWish] | None = None


def ask(tx: Transaction, sealer: Sealer, caller: Caller, wish: Ask) -> tuple[Approval, str | None]:
    """Ask for it; of a reset also return the first half of the one-time password, shown once.

    Raises REQ-404, AUTH-023 for one's own, REQ-409 where it was asked already, and those of `resolved`.
    """
    user = tx.session.get(User, wish.user, with_for_update=True)
    if user is None:
        raise MingjingError(NOT_FOUND)
    if user.id == caller.user:
        raise MingjingError(OWN_RIGHTS)
    if wish.roles is not None:
        resolved(tx, wish.roles)
    act: Literal["reset", "roles"] = "reset" if wish.roles is None else "roles"
    waiting = select(Approval).where(Approval.user == user.id, Approval.act == act, Approval.state == "open")
    if any(is_open(one, tx.now_us()) for one in tx.session.scalars(waiting)):
        raise MingjingError(
            CONFLICT,
            what_zh="此账号已有待确认的同类申请。",
            what_en="The same was asked for this account already.",
        )
    part = half() if wish.roles is None else None
    made_id = new_id("ap")
    row = Approval(
        id=made_id,
        act=act,
        user=user.id,
        drop_factor=wish.drop_factor,
        roles=None if wish.roles is None else [asdict(one) for one in wish.roles],
        reason=wish.reason,
        part_sealed=sealer.seal(Secret(part), _purpose(made_id)) if part else None,
        asked_by=caller.user,
        asked_us=tx.now_us(),
        until_us=tx.now_us() + LASTS_US,
        state="open",
    )
    tx.session.add(row)
    tx.session.flush()
    facts = {
        "user": user.id,
        "act": act,
        "drop_factor": wish.drop_factor,
        "roles": row.roles,
        "reason": wish.reason,
    }
    record(tx, caller.actor, "approval.ask", Object("approval", row.id), facts)
    _tell(tx, caller, "asked", user)
    return row, part


def first_part(database: Database, sealer: Sealer, approval: str) -> str | None:
    """What the asker was shown of a reset that is still open; None for anything else. For `approve` alone."""
    with database.reading() as session:
        row = session.get(Approval, approval)
    if row is None or row.part_sealed is None:
        return None
    return sealer.open(row.part_sealed, _purpose(row.id)).reveal()


def approve(tx: Transaction, caller: Caller, approval: str, first: OneTime | None) -> Approval:
    """Be the second person: it is carried out at once; `first` is the joined one-time password of a reset.

    Raises REQ-404, AUTH-031 where the caller asked for it or is concerned, AUTH-032 where it is no longer open, and
    those of the act.
    """
    row = _open(tx, approval)
    if caller.user in {row.asked_by, row.user}:
        raise MingjingError(NOT_THE_SECOND)
    user = tx.session.get_one(User, row.user, with_for_update=True)
    facts = {"user": user.id, "act": row.act, "asked_by": row.asked_by}
    record(tx, caller.actor, "approval.approve", Object("approval", row.id), facts)
    if row.roles is not None:
        assign(tx, caller.actor, user.id, resolved(tx, [RoleWish(**one) for one in row.roles]))
        one_security_admin_remains(tx)
        tx.publish(RightsChanged(user.id))
    elif first is None:
        # Its halves were not read before: somebody else has decided meanwhile.
        raise MingjingError(APPROVAL_OVER)
    else:
        asker = tx.session.get_one(User, row.asked_by)
        carry_out_reset(
            tx,
            caller.actor,
            first,
            user.id,
            drop_factor=row.drop_factor,
            by=f"{asker.name}、{caller.name}",
        )
    _decide(tx, caller, row, "approved")
    _tell(tx, caller, "approved", user)
    return row


def refuse(tx: Transaction, caller: Caller, approval: str) -> Approval:
    """Refuse it, or take back what one has asked for. Raises REQ-404, AUTH-031 for the one concerned, AUTH-032."""
    row = _open(tx, approval)
    if caller.user == row.user:
        raise MingjingError(NOT_THE_SECOND)
    record(
        tx, caller.actor, "approval.refuse", Object("approval", row.id), {"user": row.user, "act": row.act}
    )
    _decide(tx, caller, row, "refused")
    _tell(tx, caller, "refused", tx.session.get_one(User, row.user))
    return row


def is_open(row: Approval, now_us: int) -> bool:
    """Whether it still waits for a second person."""
    return row.state == "open" and now_us < row.until_us


def _open(tx: Transaction, approval: str) -> Approval:
    # Locked: two decisions at once must not both count.
    row = tx.session.get(Approval, approval, with_for_update=True)
    if row is None:
        raise MingjingError(NOT_FOUND)
    if not is_open(row, tx.now_us()):
        raise MingjingError(APPROVAL_OVER)
    return row


def _decide(tx: Transaction, caller: Caller, row: Approval, state: Literal["approved", "refused"]) -> None:
    row.state, row.decided_by, row.decided_us = state, caller.user, tx.now_us()
    row.part_sealed = None
    tx.session.flush()


def _tell(tx: Transaction, caller: Caller, event: str, user: User) -> None:
    tx.publish(AccountHeard(event, user.id, user.account, user.name, caller.name))


def _purpose(approval: str) -> str:
    return f"approval:{approval}"
