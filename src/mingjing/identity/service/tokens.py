"""API tokens: some of a person's actions, for another program, until a day."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from mingjing.audit.service import Actor, Object, record
from mingjing.identity.actions import Action
from mingjing.identity.caller import TOKEN_PREFIX, Caller, digest
from mingjing.identity.errors import TOKEN_TOO_LONG, TOKEN_TOO_WIDE
from mingjing.identity.model import ApiToken
from mingjing.kernel.clock import DAY_US
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.ids import new_id

NEVER = frozenset({Action.USER_WRITE, Action.TOKEN_WRITE})
"""What no token may do, whoever owns it: a token must not make accounts or further tokens."""


@dataclass(frozen=True, slots=True)
class TokenRevoked:
    """Said when a token was revoked: whatever it holds open must close."""

    owner: str
    token: str


def make_token(
    tx: Transaction, caller: Caller, *, name: str, actions: Sequence[Action], expires_us: int, days_most: int
) -> tuple[ApiToken, str]:
    """Make a token with some of one's own actions; return it with its text, which is shown once.

    Raises AUTH-026 for an action that the caller does not hold or no token may, AUTH-027 for the expiry.
    """
    for action in actions:
        if action in NEVER or not caller.may(action):
            raise MingjingError(TOKEN_TOO_WIDE, action=action.value)
    now_us = tx.now_us()
    if not now_us < expires_us <= now_us + days_most * DAY_US:
        raise MingjingError(TOKEN_TOO_LONG, days=days_most)
    text = TOKEN_PREFIX + secrets.token_urlsafe(32)
    wanted = sorted({action.value for action in actions} | {Action.OWN.value})
    row = ApiToken(
        id=new_id("tk"),
        digest=digest(text),
        name=name,
        owner=caller.user,
        actions=" ".join(wanted),
        created_us=now_us,
        expires_us=expires_us,
    )
    tx.session.add(row)
    tx.session.flush()
    record(tx, caller.actor, "token.make", Object("token", row.id), {"name": name, "actions": wanted})
    return row, text


def revoke_token(tx: Transaction, caller: Caller, token: str) -> None:
    """Revoke a token of one's own, or any with `user.write`. Raises REQ-404."""
    row = tx.session.get(ApiToken, token)
    if row is None or (row.owner != caller.user and not caller.may(Action.USER_WRITE)):
        raise MingjingError(NOT_FOUND)
    _revoke(tx, caller.actor, row)


def end_tokens(tx: Transaction, actor: Actor, owner: str) -> int:
    """Revoke every token of a person; return how many there were that still opened something."""
    rows = tx.session.scalars(
        select(ApiToken).where(ApiToken.owner == owner, ApiToken.revoked_us.is_(None))
    ).all()
    for row in rows:
        _revoke(tx, actor, row)
    return sum(row.expires_us > tx.now_us() for row in rows)


def _revoke(tx: Transaction, actor: Actor, row: ApiToken) -> None:
    if row.revoked_us is None:
        row.revoked_us = tx.now_us()
        record(tx, actor, "token.revoke", Object("token", row.id), {"owner": row.owner})
        tx.publish(TokenRevoked(row.owner, row.id))
