"""Accounts: open, change, reset, disable, and their sessions."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from mingjing.identity import queries
from mingjing.identity.access import Store, requires
from mingjing.identity.actions import Action
from mingjing.identity.api.desk import AtDesk
from mingjing.identity.api.schema import (
    Ended,
    OneTimePassword,
    OpenSession,
    OpenSessions,
    ResetWish,
    RoleHeld,
    RoleShown,
    User,
    UserMade,
    UserPatch,
    UserWish,
)
from mingjing.identity.caller import Caller
from mingjing.identity.errors import (
    ACCOUNT_TAKEN,
    LAST_SECURITY_ADMIN,
    ORGANISATION_ENDED,
    ORGANISATION_UNKNOWN,
    OWN_RIGHTS,
    ROLE_UNKNOWN,
    ROLES_CLASH,
    SECOND_PERSON,
)
from mingjing.identity.model import User as UserRow
from mingjing.identity.service import accounts
from mingjing.identity.service.accounts import Changes, RoleWish
from mingjing.identity.service.sign_in import end_sessions
from mingjing.identity.service.tokens import end_tokens
from mingjing.kernel.clock import MINUTE_US
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.wire import UserId, fails
from mingjing.territory.errors import DIVISION_UNKNOWN

router = APIRouter(tags=["accounts"])

Reader = Annotated[Caller, requires(Action.USER_READ)]
Writer = Annotated[Caller, requires(Action.USER_WRITE, persons_only=True, step_up=True)]
Ender = Annotated[
    Caller, requires(Action.USER_WRITE, persons_only=True, unproved="it only takes away, and must be quick")
]


@router.get("/users", summary="Accounts")
def list_users(
    store: Store,
    _: Reader,
    q: Annotated[str | None, Query(max_length=100, examples=["wang"])] = None,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[User]:
    with store.reading() as session:
        page = queries.users(session, q, limit, after)
        items = _shown(session, page.items)
    return PageBody(items=items, total=page.total, next=page.next)


@router.post(
    "/users",
    openapi_extra=fails(
        ACCOUNT_TAKEN,
        ROLE_UNKNOWN,
        ROLES_CLASH,
        ORGANISATION_UNKNOWN,
        ORGANISATION_ENDED,
        DIVISION_UNKNOWN,
        SECOND_PERSON,
    ),
    status_code=201,
    summary="Open an account; the answer holds its one-time password",
)
def add_user(desk: AtDesk, store: Store, caller: Writer, wish: UserWish) -> UserMade:
    first = desk.passwords.one_time()
    with store.transaction() as tx:
        row = accounts.add_user(
            tx,
            caller.actor,
            first,
            account=wish.account,
            name=wish.name,
            organisation=wish.organisation,
            roles=_wishes(wish.roles),
        )
        shown = _shown(tx.session, [row])[0]
    return UserMade(user=shown, password=first.text)


@router.get("/users/{user}", summary="One account")
def read_user(store: Store, _: Reader, user: UserId) -> User:
    with store.reading() as session:
        return _shown(session, [queries.user(session, user)])[0]


@router.patch(
    "/users/{user}",
    openapi_extra=fails(
        ROLE_UNKNOWN,
        ROLES_CLASH,
        ORGANISATION_UNKNOWN,
        ORGANISATION_ENDED,
        DIVISION_UNKNOWN,
        OWN_RIGHTS,
        LAST_SECURITY_ADMIN,
        SECOND_PERSON,
    ),
    summary="Change an account: name, organisation, roles, enabled",
)
def change_user(store: Store, caller: Writer, user: UserId, patch: UserPatch) -> User:
    changes = Changes(
        name=patch.name,
        organisation=patch.organisation,
        enabled=patch.enabled,
        roles=None if patch.roles is None else _wishes(patch.roles),
    )
    with store.transaction() as tx:
        row = accounts.change_user(tx, caller.actor, user, changes)
        return _shown(tx.session, [row])[0]


@router.post(
    "/users/{user}/password",
    openapi_extra=fails(OWN_RIGHTS, SECOND_PERSON),
    status_code=201,
    summary="Give a one-time password",
)
def reset_password(
    desk: AtDesk, store: Store, caller: Writer, user: UserId, wish: ResetWish | None = None
) -> OneTimePassword:
    first = desk.passwords.one_time()
    with store.transaction() as tx:
        drop_factor = wish is not None and wish.drop_factor
        accounts.reset_password(tx, caller.actor, first, user, drop_factor=drop_factor)
    return OneTimePassword(password=first.text)


@router.get("/users/{user}/sessions", summary="Open sessions of an account")
def user_sessions(desk: AtDesk, store: Store, caller: Reader, user: UserId) -> OpenSessions:
    idle_us = desk.settings.session_idle_minutes * MINUTE_US
    with store.reading() as session:
        rows = queries.sessions(session, queries.user(session, user).id, store.clock.now_us(), idle_us)
    items = [
        OpenSession(
            id=row.id,
            source=row.source,
            agent=row.agent,
            created_us=row.created_us,
            seen_us=row.seen_us,
            expires_us=row.expires_us,
            current=row.id == caller.session,
        )
        for row in rows
    ]
    return OpenSessions(items=items)


@router.delete("/users/{user}/sessions", summary="Sign an account out everywhere; its API tokens end too")
def end_user_sessions(store: Store, caller: Ender, user: UserId) -> Ended:
    with store.transaction() as tx:
        whose = queries.user(tx.session, user).id
        sessions = end_sessions(tx, caller.actor, whose, "ended_by_administrator")
        return Ended(sessions=sessions, tokens=end_tokens(tx, caller.actor, whose))


def _wishes(roles: Sequence[RoleHeld]) -> list[RoleWish]:
    return [RoleWish(one.role, one.division, one.organisation) for one in roles]


def _shown(session: Session, rows: Sequence[UserRow]) -> list[User]:
    held = queries.assignments(session, [row.id for row in rows])
    return [
        User(
            id=row.id,
            account=row.account,
            name=row.name,
            organisation=row.organisation,
            enabled=row.enabled,
            demo=row.demo,
            must_change_password=row.must_change_password,
            second_factor=row.totp_sealed is not None,
            created_us=row.created_us,
            last_sign_in_us=row.last_sign_in_us,
            roles=[
                RoleShown(
                    role=one.role,
                    division_path=one.division_path,
                    organisation_path=one.organisation_path,
                )
                for one in held[row.id]
            ],
        )
        for row in rows
    ]
