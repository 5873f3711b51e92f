"""Who is calling, resolved from a session cookie or a token, with everything that they may do and where."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mingjing.audit.service import Actor
from mingjing.identity.actions import Action
from mingjing.identity.model import ApiToken, Grant, RoleAssignment, SignInSession, User
from mingjing.identity.roles import ROLES
from mingjing.identity.scope import Reach, Scope, mint
from mingjing.kernel.clock import MINUTE_US

TOKEN_PREFIX = "mj_"  # noqa: S105 - a prefix, not a token
OWN_ONLY = frozenset({Action.OWN})


@dataclass(frozen=True, slots=True)
class Lent:
    """A grant in force: an action on one channel or in a subtree."""

    action: Action
    channel: str | None
    reach: Reach | None
    until_us: int


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or token at the moment of a request. Rights are read anew for each request."""

    user: str
    account: str
    name: str
    organisation: str
    must_change_password: bool
    roles: tuple[str, ...]
    held: tuple[tuple[str, Reach], ...]
    """Roles with where they hold."""
    lent: tuple[Lent, ...]
    source: str
    session: str = ""
    token: str = ""
    limited_to: frozenset[Action] | None = None
    """The actions of a token; None for a person."""
    expires_us: int = 0
    second_factor: bool = False
    """Whether the person's account has one in force."""
    proved_us: int = 0
    """When the person last proved in this session who they are; 0 where never."""

    @property
    def administers(self) -> bool:
        """Whether the person is one of the three administrators."""
        return any(ROLES[role].administers for role in self.roles)

    @property
    def actor(self) -> Actor:
        """The caller as the journal names them."""
        if self.token:
            return Actor("token", self.user, self.name, self.source, self.token)
        return Actor("user", self.user, self.name, self.source, self.session)

    @property
    def permissions(self) -> frozenset[Action]:
        """Every action that the caller may do somewhere."""
        held: set[Action] = {Action.OWN}
        for role, _ in self.held:
            held |= ROLES[role].actions
        held |= {lent.action for lent in self.lent}
        return frozenset(held if self.limited_to is None else held & self.limited_to)

    def may(self, action: Action) -> bool:
        """Whether the caller may do `action` at least somewhere."""
        return action in self.permissions

    def scope(self, action: Action) -> Scope:
        """Where the caller may do `action`; empty where nowhere."""
        if not self.may(action):
            return mint(action, self.user, ())
        reaches = [reach for role, reach in self.held if action in ROLES[role].actions]
        channels: list[str] = []
        for lent in self.lent:
            if lent.action != action:
                continue
            if lent.channel is not None:
                channels.append(lent.channel)
            elif lent.reach is not None:
                reaches.append(lent.reach)
        return mint(action, self.user, reaches, channels)


def holds_until_us(
    caller: Caller, action: Action, division_path: str, organisation_path: str, channel: str
) -> int | None:
    """When the right to do `action` on a channel there runs out: with the session or token, or with the last grant
    that gives it, whichever is earlier. None where nothing ends it."""
    expires_us = caller.expires_us or None
    for role, reach in caller.held:
        if action in ROLES[role].actions and reach.covers(division_path, organisation_path):
            return expires_us
    ends = [
        lent.until_us
        for lent in caller.lent
        if lent.action == action
        and (
            lent.channel == channel
            if lent.reach is None
            else lent.reach.covers(division_path, organisation_path)
        )
    ]
    if not ends:
        return expires_us
    return max(ends) if expires_us is None else min(expires_us, max(ends))


def by_cookie(session: Session, cookie: str, source: str, now_us: int, idle_us: int) -> Caller | None:
    """The caller of a session cookie, None where it is unknown, ended, idle for too long, or of a disabled account."""
    row = session.scalars(select(SignInSession).where(SignInSession.digest == digest(cookie))).first()
    if row is None or not alive(row, now_us, idle_us):
        return None
    user = session.get(User, row.user)
    if user is None or not user.enabled:
        return None
    return _caller(
        session,
        user,
        source,
        now_us,
        session_id=row.id,
        expires_us=row.expires_us,
        proved_us=row.proved_us or 0,
    )


def by_token(session: Session, token: str, source: str, now_us: int) -> Caller | None:
    """The caller of an API token, None where it is unknown, revoked or expired, or its owner disabled."""
    if not token.startswith(TOKEN_PREFIX):
        return None
    row = session.scalars(select(ApiToken).where(ApiToken.digest == digest(token))).first()
    if row is None or row.revoked_us is not None or row.expires_us <= now_us:
        return None
    user = session.get(User, row.owner)
    if user is None or not user.enabled:
        return None
    limits = frozenset(Action(name) for name in row.actions.split() if name in set(Action))
    return _caller(
        session, user, source, now_us, token_id=row.id, limited_to=limits, expires_us=row.expires_us
    )


def by_user(session: Session, user: str, now_us: int) -> Caller | None:
    """The caller that `user` would be now: for tickets and sockets that outlive the request."""
    row = session.get(User, user)
    if row is None or not row.enabled:
        return None
    return _caller(session, row, "", now_us)


def alive(row: SignInSession, now_us: int, idle_us: int) -> bool:
    """Whether a session still holds."""
    return row.ended_us is None and now_us < row.expires_us and now_us - row.seen_us < idle_us


def stale(row: SignInSession, now_us: int) -> bool:
    """Whether `seen_us` is old enough to be worth a write."""
    return now_us - row.seen_us >= MINUTE_US


def digest(value: str) -> str:
    """What is kept of a random value of 256 bits; it needs no slow hash."""
    return hashlib.sha256(value.encode()).hexdigest()


def csrf_token(cookie: str) -> str:
    """The CSRF token that belongs to a session cookie; it cannot be turned back into it."""
    return hmac.new(cookie.encode(), b"mingjing csrf", hashlib.sha256).hexdigest()


def _caller(
    session: Session,
    user: User,
    source: str,
    now_us: int,
    *,
    session_id: str = "",
    token_id: str = "",
    limited_to: frozenset[Action] | None = None,
    expires_us: int = 0,
    proved_us: int = 0,
) -> Caller:
    assigned = session.scalars(
        select(RoleAssignment).where(RoleAssignment.user == user.id).order_by(RoleAssignment.role)
    ).all()
    held = tuple(
        (one.role, Reach(one.division_path, one.organisation_path)) for one in assigned if one.role in ROLES
    )
    return Caller(
        user=user.id,
        account=user.account,
        name=user.name,
        organisation=user.organisation,
        must_change_password=user.must_change_password,
        roles=tuple(dict.fromkeys(role for role, _ in held)),
        held=held,
        lent=tuple(_lent(session, user.id, now_us)),
        source=source,
        session=session_id,
        token=token_id,
        limited_to=limited_to,
        expires_us=expires_us,
        second_factor=user.totp_sealed is not None,
        proved_us=proved_us,
    )


def _lent(session: Session, user: str, now_us: int) -> Iterable[Lent]:
    rows = session.scalars(
        select(Grant).where(
            Grant.user == user,
            Grant.from_us <= now_us,
            Grant.until_us > now_us,
            Grant.withdrawn_us.is_(None),
        )
    )
    for row in rows:
        if row.action not in set(Action):
            continue
        reach = None if row.division_path is None else Reach(row.division_path, row.organisation_path)
        yield Lent(Action(row.action), row.channel, reach, row.until_us)
