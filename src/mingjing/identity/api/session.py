"""Signing in, who am I, signing out."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response, status

from mingjing.identity import known_device
from mingjing.identity.access import Store, gate, public, requires, source
from mingjing.identity.actions import Action
from mingjing.identity.api.desk import AtDesk, Portal, desk_of, portal
from mingjing.identity.api.schema import Me, PasswordReset, Proof, Proved, Session, SignIn
from mingjing.identity.caller import Caller, by_user, csrf_token
from mingjing.identity.errors import (
    BUSY,
    CODE_WANTED,
    LOCKED,
    NOT_SIGNED_IN,
    SIGN_IN_REFUSED,
    STEP_UP_REFUSED,
    TOO_MANY,
)
from mingjing.identity.model import Organisation, SignInSession, User
from mingjing.identity.passwords import AT_ONCE
from mingjing.identity.service.sign_in import Entered, Wish, sign_in, sign_out
from mingjing.identity.service.step_up import step_up
from mingjing.kernel.clock import DAY_US, SECOND_US
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.wire import fails

router = APIRouter(tags=["session"])

Person = Annotated[Caller, requires(Action.OWN, before_password_change=True)]
Prover = Annotated[Caller, requires(Action.OWN, persons_only=True, before_enrolment=True)]
RESET_TOLD_US = 30 * DAY_US


class Line:
    """Who is signing in at this moment: as many as the hashes take and let wait, a crowd is told at once.

    It is told on the loop, before it takes a thread or the database's writer, for which everybody else would wait.
    Persons on known devices have places of their own, one each, so that no crowd of strangers keeps them out.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._strangers = 0
        self._persons: set[str] = set()

    async def __call__(self, request: Request) -> AsyncIterator[None]:
        """A place until the answer is out. Raises AUTH-009."""
        cookie = request.cookies.get(gate(request).device_cookie)
        person = known_device.person(desk_of(request).sealer, cookie) if cookie else None
        with self.place(person):
            yield

    def has_place(self, person: str | None) -> bool:
        """Whether there is one now. On the loop only."""
        return self._of_his_own(person) or self._strangers < self._most

    @contextmanager
    def place(self, person: str | None) -> Iterator[None]:
        """A place for a person on a known device, or for a stranger. On the loop only. Raises AUTH-009."""
        if person is not None and self._of_his_own(person):
            self._persons.add(person)
            try:
                yield
            finally:
                self._persons.discard(person)
            return
        if self._strangers >= self._most:
            raise MingjingError(BUSY)
        self._strangers += 1
        try:
            yield
        finally:
            self._strangers -= 1

    def _of_his_own(self, person: str | None) -> bool:
        return person is not None and person not in self._persons and len(self._persons) < self._most


LINE = Line(AT_ONCE)


@router.post(
    "/session",
    openapi_extra=fails(SIGN_IN_REFUSED, NOT_SIGNED_IN, CODE_WANTED, LOCKED, TOO_MANY, BUSY),
    status_code=201,
    summary="Sign in",
    dependencies=[Depends(LINE), public("signing in")],
)
def open_session(request: Request, response: Response, desk: AtDesk, wish: SignIn) -> Session:
    at = gate(request)
    entered = sign_in(
        desk,
        Wish(
            account=wish.account,
            password=wish.password.get_secret_value(),
            code=wish.code,
            source=source(request),
            agent=request.headers.get("user-agent", ""),
            device=request.cookies.get(at.device_cookie),
        ),
    )
    life_s = max(1, (entered.expires_us - desk.database.clock.now_us()) // SECOND_US)
    response.set_cookie(
        at.cookie,
        entered.cookie,
        max_age=life_s,
        secure=at.secure,
        httponly=True,
        samesite="strict",
        path="/",
    )
    response.set_cookie(
        at.device_cookie,
        entered.device,
        max_age=365 * DAY_US // SECOND_US,
        secure=at.secure,
        httponly=True,
        samesite="strict",
        path="/",
    )
    caller = _fresh(desk.database, entered)
    return describe(desk.database, portal(request), caller, entered.csrf, request)


@router.post(
    "/session/step-up",
    openapi_extra=fails(STEP_UP_REFUSED, CODE_WANTED, LOCKED, TOO_MANY, BUSY),
    summary="Prove again who one is, for acts that want a fresh proof",
)
def prove(request: Request, desk: AtDesk, caller: Prover, proof: Proof) -> Proved:
    device = request.cookies.get(gate(request).device_cookie)
    return Proved(until_us=step_up(desk, caller, proof.password.get_secret_value(), proof.code, device))


@router.get("/session", summary="Who am I, and what may I do")
def read_session(request: Request, store: Store, caller: Person) -> Session:
    cookie = request.cookies.get(gate(request).cookie, "")
    return describe(store, portal(request), caller, csrf_token(cookie) if cookie else "", request)


@router.delete("/session", status_code=status.HTTP_204_NO_CONTENT, summary="Sign out")
def close_session(request: Request, response: Response, store: Store, caller: Person) -> None:
    with store.transaction() as tx:
        sign_out(tx, caller.actor, caller.session)
    response.delete_cookie(gate(request).cookie, path="/", secure=gate(request).secure, samesite="strict")


def describe(database: Database, at: Portal, caller: Caller, csrf: str, request: Request) -> Session:
    """The session as the console sees it."""
    barrier = gate(request)
    with database.reading() as session:
        user = session.get_one(User, caller.user)
        organisation = session.get_one(Organisation, user.organisation)
    return Session(
        user=Me(
            id=user.id,
            account=user.account,
            name=user.name,
            organisation=organisation.id,
            organisation_name=organisation.name,
            must_change_password=user.must_change_password,
            second_factor=user.totp_sealed is not None,
            must_enrol=barrier.must_enrol(caller),
            password_reset=_reset(user, database.clock.now_us()),
        ),
        roles=list(caller.roles),
        permissions=sorted(action.value for action in caller.permissions),
        csrf_token=csrf,
        expires_us=caller.expires_us,
        step_up_until_us=barrier.proof_until_us(caller),
        jurisdiction=at.jurisdiction,
        media_base=at.media_base(request),
        watermark=f"{user.name} · {organisation.name}",
    )


def _reset(user: User, now_us: int) -> PasswordReset | None:
    if user.reset_us is None or now_us - user.reset_us >= RESET_TOLD_US:
        return None
    return PasswordReset(at_us=user.reset_us, by_name=user.reset_by or "")


def _fresh(database: Database, entered: Entered) -> Caller:
    with database.reading() as session:
        found = by_user(session, entered.user, database.clock.now_us())
        opened = session.get(SignInSession, entered.session)
    if found is None:
        # Disabled between the two transactions: the session will be refused at its first use.
        raise MingjingError(NOT_SIGNED_IN)
    proved_us = (opened.proved_us or 0) if opened else 0
    return replace(found, session=entered.session, expires_us=entered.expires_us, proved_us=proved_us)
