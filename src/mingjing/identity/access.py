"""The declaration that every route carries: the action it needs, or the reason why it is public.

`web.surface` refuses to start a program in which a route carries none. The check hangs on the routed handler, so no
spelling of a path goes around it.
"""

import hmac
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import HTTPConnection

from mingjing.identity import caller as callers
from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.identity.denials import Denials
from mingjing.identity.errors import (
    CSRF_BAD,
    FACTOR_WANTED,
    NOT_ALLOWED,
    NOT_SIGNED_IN,
    PASSWORD_MUST_CHANGE,
    STEP_UP_WANTED,
    TOKEN_NOT_HERE,
)
from mingjing.identity.model import SignInSession
from mingjing.identity.second_factor import demands
from mingjing.identity.settings import IdentitySettings
from mingjing.kernel.clock import MINUTE_US
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError

COOKIE = "mingjing_session"
DEVICE_COOKIE = "mingjing_device"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Gate:
    """What the check needs to know; `app.py` puts one on the program's state."""

    database: Database
    settings: IdentitySettings
    secure: bool
    """Whether the console is served over HTTPS."""
    denials: Denials = field(default_factory=Denials)

    @property
    def cookie(self) -> str:
        return f"__Host-{COOKIE}" if self.secure else COOKIE

    @property
    def device_cookie(self) -> str:
        return f"__Host-{DEVICE_COOKIE}" if self.secure else DEVICE_COOKIE

    @property
    def idle_us(self) -> int:
        return self.settings.session_idle_minutes * MINUTE_US

    def must_enrol(self, found: Caller) -> bool:
        """Whether a person has to set up a second factor before anything else. Tokens have none to set up."""
        return not found.token and not found.second_factor and demands(self.settings, found.administers)

    def proof_until_us(self, found: Caller) -> int:
        """Until when the person's last proof in this session holds; 0 where it does not."""
        age_us = self.database.clock.now_us() - found.proved_us
        lasts_us = self.settings.step_up_minutes * MINUTE_US
        return found.proved_us + lasts_us if 0 <= age_us < lasts_us else 0


@dataclass(frozen=True, slots=True)
class Public:
    """A route that asks nobody who they are, and why."""

    reason: str

    def __call__(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Required:
    """A route that needs `action`.

    Calling it resolves the caller or raises AUTH-002, -003, -006, -007, -014, -016, -028.
    """

    action: Action
    persons_only: bool = False
    before_password_change: bool = False
    before_enrolment: bool = False
    step_up: bool = False
    unproved: str = ""
    """Why a route of a guarded action wants no step-up."""

    def __call__(self, connection: HTTPConnection) -> Caller:
        found = resolve(connection)
        if found is None:
            raise MingjingError(NOT_SIGNED_IN)
        if self.persons_only and found.token:
            raise MingjingError(TOKEN_NOT_HERE)
        if found.must_change_password and not self.before_password_change:
            raise MingjingError(PASSWORD_MUST_CHANGE)
        at = gate(connection)
        if at.must_enrol(found) and not (self.before_enrolment or self.before_password_change):
            raise MingjingError(FACTOR_WANTED)
        if not found.may(self.action):
            _journal_denial(connection, found, self.action)
            raise MingjingError(NOT_ALLOWED, action=self.action.value)
        if self.step_up and not found.token and not at.proof_until_us(found):
            raise MingjingError(STEP_UP_WANTED, second_factor=found.second_factor)
        return found


def requires(
    action: Action,
    *,
    persons_only: bool = False,
    before_password_change: bool = False,
    before_enrolment: bool = False,
    step_up: bool = False,
    unproved: str = "",
) -> Any:
    """The dependency that declares and enforces a permission: `caller: Annotated[Caller, requires(Action.X)]`.

    `persons_only` refuses tokens; `before_password_change` lets in a person who still has a one-time password,
    `before_enrolment` one who has yet to set up the second factor. `step_up` demands that a person has just proved
    again who they are (a token was made by one who had); `unproved` says why a guarded action goes without.
    """
    return Depends(
        Required(action, persons_only, before_password_change, before_enrolment, step_up, unproved)
    )


def public(reason: str) -> Any:
    """The dependency that declares a route open to everybody, with the reason."""
    return Depends(Public(reason))


def gate(connection: HTTPConnection) -> Gate:
    """The gate of the running program."""
    found = connection.app.state.gate
    if not isinstance(found, Gate):
        raise TypeError("the program has no gate")
    return found


def _database(connection: HTTPConnection) -> Database:
    return gate(connection).database


Store = Annotated[Database, Depends(_database)]
"""The database of the running program, as a route's argument."""


def source(connection: HTTPConnection) -> str:
    """The network address of the peer. Forwarded headers are the server's affair and only from listed proxies."""
    return connection.client.host if connection.client else ""


def resolve(connection: HTTPConnection) -> Caller | None:
    """Who is calling, None where nobody is signed in. Raises AUTH-007 for a write by cookie without its token."""
    at = gate(connection)
    header = connection.headers.get("authorization", "")
    now_us = at.database.clock.now_us()
    if header[:7].lower() == "bearer ":
        with at.database.reading() as session:
            return callers.by_token(session, header[7:].strip(), source(connection), now_us)
    cookie = connection.cookies.get(at.cookie)
    if not cookie:
        return None
    with at.database.reading() as session:
        found = callers.by_cookie(session, cookie, source(connection), now_us, at.idle_us)
        row = session.get(SignInSession, found.session) if found else None
        touch = row is not None and callers.stale(row, now_us)
    if found is None:
        return None
    if connection.scope["type"] == "http" and connection.scope["method"] not in _SAFE:
        given = connection.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(given.encode(), callers.csrf_token(cookie).encode()):
            raise MingjingError(CSRF_BAD)
    if touch:
        _touch(at.database, found.session)
    return found


def _touch(database: Database, session_id: str) -> None:
    with database.transaction() as tx:
        row = tx.session.get(SignInSession, session_id)
        if row is not None and row.ended_us is None:
            row.seen_us = max(row.seen_us, tx.now_us())


def _journal_denial(connection: HTTPConnection, found: Caller, action: Action) -> None:
    at = gate(connection)
    method = connection.scope.get("method", "WEBSOCKET")
    at.denials.refused(at.database, found.actor, action, method, connection.url.path)
