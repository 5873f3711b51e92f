"""What a person does with what is their own: password, second factor, sessions, views."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, status

from mingjing.audit import queries as journal
from mingjing.audit.schema import EntryOut, entry_out
from mingjing.identity import queries
from mingjing.identity.access import Store, gate, requires
from mingjing.identity.actions import Action
from mingjing.identity.api.desk import AtDesk
from mingjing.identity.api.schema import (
    Ended,
    FactorCodes,
    FactorRecovery,
    FactorSecret,
    OpenSession,
    OpenSessions,
    PasswordChange,
)
from mingjing.identity.caller import Caller
from mingjing.identity.errors import (
    BUSY,
    CODE_WANTED,
    FACTOR_ABSENT,
    FACTOR_CODES_WRONG,
    FACTOR_DEMANDED,
    LOCKED,
    OLD_PASSWORD_WRONG,
    PASSWORD_WEAK,
    STEP_UP_REFUSED,
)
from mingjing.identity.service import own
from mingjing.identity.service.sign_in import end_session, end_sessions
from mingjing.identity.service.tokens import end_tokens
from mingjing.kernel.clock import MINUTE_US
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.paging import After, Limit, PageBody
from mingjing.kernel.wire import SessionId, fails

router = APIRouter(tags=["own"])

Person = Annotated[Caller, requires(Action.OWN, persons_only=True)]
Fresh = Annotated[Caller, requires(Action.OWN, persons_only=True, before_password_change=True)]
Proven = Annotated[Caller, requires(Action.OWN, persons_only=True, before_enrolment=True, step_up=True)]

VIEWS = (
    "view.start",
    "view.end",
    "playback.start",
    "playback.end",
    "snapshot.take",
    "export.order",
    "export.take",
)


@router.post(
    "/session/password",
    openapi_extra=fails(OLD_PASSWORD_WRONG, CODE_WANTED, STEP_UP_REFUSED, PASSWORD_WEAK, LOCKED, BUSY),
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Change one's password",
)
def change_password(request: Request, desk: AtDesk, caller: Fresh, wish: PasswordChange) -> None:
    # Its own proof: the old password, and a code where there is a second factor, are in the request.
    wanted = own.PasswordWish(
        wish.old.get_secret_value(), wish.new.get_secret_value(), wish.code, wish.end_tokens
    )
    own.change_password(desk, caller, wanted, request.cookies.get(gate(request).device_cookie))


@router.post("/session/totp", status_code=201, summary="Begin a second factor")
def begin_factor(desk: AtDesk, store: Store, caller: Proven) -> FactorSecret:
    with store.transaction() as tx:
        secret, uri = own.begin_factor(tx, desk, caller)
    return FactorSecret(secret=secret, uri=uri)


@router.put(
    "/session/totp",
    openapi_extra=fails(FACTOR_ABSENT, FACTOR_CODES_WRONG),
    summary="Put the second factor in force with two consecutive codes",
)
def confirm_factor(desk: AtDesk, store: Store, caller: Proven, wish: FactorCodes) -> FactorRecovery:
    with store.transaction() as tx:
        return FactorRecovery(recovery=own.confirm_factor(tx, desk, caller, wish.codes))


@router.delete(
    "/session/totp",
    openapi_extra=fails(FACTOR_DEMANDED),
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Drop the second factor",
)
def drop_factor(desk: AtDesk, store: Store, caller: Proven) -> None:
    with store.transaction() as tx:
        own.drop_factor(tx, desk, caller)


@router.get("/me/sessions", summary="One's open sessions")
def my_sessions(desk: AtDesk, store: Store, caller: Person) -> OpenSessions:
    idle_us = desk.settings.session_idle_minutes * MINUTE_US
    with store.reading() as session:
        rows = queries.sessions(session, caller.user, store.clock.now_us(), idle_us)
    return OpenSessions(
        items=[
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
    )


@router.delete(
    "/me/sessions/{session_id}", status_code=status.HTTP_204_NO_CONTENT, summary="End one of one's sessions"
)
def end_my_session(desk: AtDesk, store: Store, caller: Person, session_id: SessionId) -> None:
    idle_us = desk.settings.session_idle_minutes * MINUTE_US
    with store.transaction() as tx:
        mine = queries.sessions(tx.session, caller.user, tx.now_us(), idle_us)
        if session_id not in {row.id for row in mine}:
            raise MingjingError(NOT_FOUND)
        end_session(tx, caller.actor, session_id, "ended_by_owner")


@router.delete("/me/sessions", summary="Sign oneself out everywhere but here; one's API tokens end too")
def end_my_sessions(store: Store, caller: Person) -> Ended:
    with store.transaction() as tx:
        sessions = end_sessions(tx, caller.actor, caller.user, "ended_by_owner", keep=caller.session)
        return Ended(sessions=sessions, tokens=end_tokens(tx, caller.actor, caller.user))


@router.get("/me/views", summary="What I have viewed, as the journal has it")
def my_views(
    store: Store,
    caller: Person,
    limit: Annotated[Limit, Query()] = 50,
    after: Annotated[After, Query()] = None,
) -> PageBody[EntryOut]:
    with store.reading() as session:
        page = journal.entries(session, journal.Filter(who=caller.user, actions=VIEWS), limit, after)
    return PageBody(items=[entry_out(row) for row in page.items], total=page.total, next=page.next)
