"""Rights for a time. Sharing, retrieval and approvals write here; every check reads here; withdrawal is one write."""

from dataclasses import dataclass

from mingjing.audit.service import Actor, Object, record
from mingjing.identity.actions import Action
from mingjing.identity.model import Grant
from mingjing.identity.service.accounts import RightsChanged
from mingjing.kernel.db import Transaction
from mingjing.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class GrantWish:
    """Who shall be allowed what, from when until when (microseconds UTC), and on what basis."""

    user: str
    action: Action
    from_us: int
    until_us: int
    basis: str
    channel: str | None = None
    division_path: str | None = None
    organisation_path: str = ""


def grant(tx: Transaction, actor: Actor, wish: GrantWish) -> Grant:
    """Lend a right. Exactly one of `channel` and `division_path` is given; ValueError otherwise."""
    if (wish.channel is None) == (wish.division_path is None):
        raise ValueError("a grant is for one channel or for one subtree")
    if wish.until_us <= wish.from_us:
        raise ValueError("a grant ends after it begins")
    row = Grant(
        id=new_id("gr"),
        user=wish.user,
        action=wish.action.value,
        channel=wish.channel,
        division_path=wish.division_path,
        organisation_path=wish.organisation_path,
        from_us=wish.from_us,
        until_us=wish.until_us,
        basis=wish.basis,
        granted_by=actor.id[:32],
        granted_us=tx.now_us(),
    )
    tx.session.add(row)
    tx.session.flush()
    facts = {
        "user": wish.user,
        "action": wish.action.value,
        "channel": wish.channel,
        "until_us": wish.until_us,
    }
    record(tx, actor, "grant.give", Object("grant", row.id), {**facts, "basis": wish.basis})
    tx.publish(RightsChanged(wish.user))
    return row


def withdraw(tx: Transaction, actor: Actor, grant_id: str, reason: str) -> bool:
    """Take a lent right back; False where it was not in force."""
    row = tx.session.get(Grant, grant_id)
    if row is None or row.withdrawn_us is not None:
        return False
    row.withdrawn_us = tx.now_us()
    record(tx, actor, "grant.withdraw", Object("grant", row.id), {"user": row.user, "reason": reason})
    tx.publish(RightsChanged(row.user))
    return True
