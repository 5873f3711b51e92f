"""Signing in and out.

A try is booked before the password is looked at and struck out when it succeeds, so that a crowd of simultaneous
tries cannot pass the limit. Hashing happens between two transactions: a slow hash must not hold the writer's lock.
An unknown account takes the same road, the same time and gives the same answer as a known one.
"""

import hashlib
import ipaddress
import re
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from mingjing.audit.service import Actor, Object, record
from mingjing.identity import known_device, second_factor
from mingjing.identity.caller import csrf_token, digest
from mingjing.identity.errors import CODE_WANTED, LOCKED, SIGN_IN_REFUSED, TOO_MANY
from mingjing.identity.model import KnownDevice, RecoveryCode, SignInAttempt, SignInSession, User
from mingjing.identity.passwords import Passwords
from mingjing.identity.queries import is_administrator
from mingjing.identity.settings import IdentitySettings
from mingjing.kernel.clock import DAY_US, HOUR_US, MINUTE_US
from mingjing.kernel.db import Database, Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.ids import new_id
from mingjing.kernel.secrets import Sealer

_WINDOW_US = 15 * MINUTE_US
_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


@dataclass(frozen=True, slots=True)
class Desk:
    """What signing in needs besides a transaction."""

    database: Database
    passwords: Passwords
    sealer: Sealer
    settings: IdentitySettings


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody shows at the door."""

    account: str
    password: str
    code: str | None
    source: str
    agent: str
    device: str | None
    """The known-device cookie, if the browser has one."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A fresh session: its cookie and the device's, neither of which is kept."""

    session: str
    user: str
    cookie: str
    csrf: str
    device: str
    expires_us: int


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """Said when a session ended: whatever it holds open must close."""

    user: str
    session: str


def sign_in(desk: Desk, wish: Wish) -> Entered:
    """Check account, password and second factor, and open a session.

    Raises AUTH-001 (refused), AUTH-004 (a code is wanted), AUTH-005 (account locked), AUTH-008 (source locked),
    AUTH-009 (busy).
    """
    account = wish.account.strip().casefold()
    with desk.database.transaction() as tx:
        key = _key(tx, account, wish.device)
        attempt, refusal = _book(tx, desk.settings, key, wish.source)
        user = tx.session.scalars(select(User).where(User.account == account)).first()
        kept = user.password_hash if user is not None and user.enabled else None
    if refusal is not None:
        raise refusal
    right = verified(desk, kept, wish.password, attempt, known=key.known_device)
    with desk.database.transaction() as tx:
        # Read again: the account may have been disabled while we hashed. Locked: a code opens once.
        user = tx.session.scalars(select(User).where(User.account == account).with_for_update()).first()
        if not right or user is None or not user.enabled or user.password_hash != kept:
            _journal_failure(tx, user, account, wish, "password")
            failure = MingjingError(SIGN_IN_REFUSED)
        elif user.totp_sealed is not None and not wish.code:
            # Half-way is no failure, but stays booked until the code has come: codes are tried under the same limit.
            failure = MingjingError(CODE_WANTED)
        elif not factor_holds(tx, desk, user, wish.code):
            _journal_failure(tx, user, account, wish, "code")
            failure = MingjingError(SIGN_IN_REFUSED)
        else:
            strike_out(tx, attempt)
            return _enter(tx, desk, user, wish)
    raise failure


def sign_out(tx: Transaction, actor: Actor, session: str) -> None:
    """End one's own session."""
    end_session(tx, actor, session, "sign_out")


def end_session(tx: Transaction, actor: Actor, session: str, reason: str) -> bool:
    """End a session; False where it was not open."""
    row = tx.session.get(SignInSession, session)
    if row is None or row.ended_us is not None:
        return False
    row.ended_us = tx.now_us()
    record(tx, actor, "session.end", Object("session", row.id), {"user": row.user, "reason": reason})
    tx.publish(SessionEnded(row.user, row.id))
    return True


def end_sessions(tx: Transaction, actor: Actor, user: str, reason: str, keep: str | None = None) -> int:
    """End every open session of `user` except `keep`; return how many."""
    open_ids = tx.session.scalars(
        select(SignInSession.id).where(SignInSession.user == user, SignInSession.ended_us.is_(None))
    ).all()
    return sum(end_session(tx, actor, one, reason) for one in open_ids if one != keep)


def end_every_session(tx: Transaction, actor: Actor, reason: str) -> int:
    """End every open session of everybody; return how many."""
    open_ids = tx.session.scalars(select(SignInSession.id).where(SignInSession.ended_us.is_(None))).all()
    return sum(end_session(tx, actor, one, reason) for one in open_ids)


def forget_old_attempts(tx: Transaction) -> None:
    """Housekeeping: attempts older than a day no longer count."""
    tx.session.execute(delete(SignInAttempt).where(SignInAttempt.at_us < tx.now_us() - DAY_US))


@dataclass(frozen=True, slots=True)
class _Key:
    """Under what tries are counted: an account, or one known device of it."""

    digest: str
    known_device: bool


def book_own(tx: Transaction, settings: IdentitySettings, user: User, source: str, device: str | None) -> int:
    """Book a try at one's own password from inside a session. Raises AUTH-005.

    It counts as signing in from this browser does; from a browser that nobody signed in with, apart: who has stolen
    a session must not be able to lock its owner out.
    """
    key = _key(tx, user.account, device)
    if not key.known_device:
        key = _Key(_digest("own", user.id), True)
    attempt, refusal = _book(tx, settings, key, source)
    if refusal is not None:
        raise refusal
    return attempt


def verified(desk: Desk, kept: str | None, password: str, attempt: int, *, known: bool) -> bool:
    """Whether `password` is the one; `known` as for `Passwords.verify`.

    A try that nobody had time to look at (AUTH-009) does not count.
    """
    try:
        return desk.passwords.verify(kept, password, known=known)
    except MingjingError:
        with desk.database.transaction() as tx:
            strike_out(tx, attempt)
        raise


def strike_out(tx: Transaction, attempt: int) -> None:
    """Forget a try that succeeded, or was none."""
    tx.session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt))


def _book(
    tx: Transaction, settings: IdentitySettings, key: _Key, source: str
) -> tuple[int, MingjingError | None]:
    """Book a try; the refusal, if a limit is reached, is raised by the caller after the commit.

    A known device of the account is not slowed down for what others try from the same address.
    """
    tx.alone("sign-in attempts")
    now_us, source = tx.now_us(), neighbourhood(source)
    refusal = None if key.known_device else _source_refused(tx, settings, source, now_us)
    if refusal is not None:
        return 0, refusal
    for window_us, most in (
        (_WINDOW_US, settings.tries_per_quarter_hour),
        (DAY_US, settings.tries_per_day),
    ):
        oldest = _nth_newest(tx, key.digest, now_us - window_us, most)
        if oldest is not None:
            return 0, MingjingError(LOCKED, until_us=oldest + window_us)
    row = SignInAttempt(account=key.digest, source=source, at_us=now_us)
    tx.session.add(row)
    tx.session.flush()
    return row.id, None


def neighbourhood(source: str) -> str:
    """Under what the tries of an address are counted: one IPv4 address, but 64 bits of IPv6, within which a single
    customer may change the address with every try."""
    try:
        found = ipaddress.ip_address(source)
    except ValueError:
        return source[:64]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))


def _source_refused(
    tx: Transaction, settings: IdentitySettings, source: str, now_us: int
) -> MingjingError | None:
    from_source = _count(tx, SignInAttempt.source == source, now_us - DAY_US)
    if from_source < settings.source_tries_per_day:
        return None
    newest = tx.session.execute(
        select(func.max(SignInAttempt.at_us)).where(SignInAttempt.source == source)
    ).scalar_one()
    # The delay grows with every further try, to an hour at most.
    wait_us = min(HOUR_US, 10_000_000 * (from_source - settings.source_tries_per_day + 1))
    if now_us - newest >= wait_us:
        return None
    return MingjingError(TOO_MANY, retry_after_s=(wait_us - (now_us - newest)) // 1_000_000 + 1)


def _count(tx: Transaction, condition: object, since_us: int) -> int:
    query = select(func.count()).select_from(SignInAttempt)
    return tx.session.execute(query.where(condition, SignInAttempt.at_us > since_us)).scalar_one()  # type: ignore[arg-type]


def _nth_newest(tx: Transaction, key: str, since_us: int, nth: int) -> int | None:
    """When the try was made that must leave the window before another is let in."""
    return tx.session.execute(
        select(SignInAttempt.at_us)
        .where(SignInAttempt.account == key, SignInAttempt.at_us > since_us)
        .order_by(SignInAttempt.at_us.desc(), SignInAttempt.id.desc())
        .offset(nth - 1)
        .limit(1)
    ).scalar_one_or_none()


def _key(tx: Transaction, account: str, device: str | None) -> _Key:
    """Tries from a known device of the account are counted apart, so that strangers do not lock its owner out."""
    if device:
        known = tx.session.get(KnownDevice, digest(device))
        owner = tx.session.get(User, known.user) if known else None
        if known is not None and owner is not None and owner.account == account:
            return _Key(_digest(account, known.digest), True)
    return _Key(_digest(account), False)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def factor_holds(tx: Transaction, desk: Desk, user: User, code: str | None) -> bool:
    """Whether `code` opens, now and once; true where there is no second factor. `user` is locked by the caller."""
    if user.totp_sealed is None:
        return True
    given = (code or "").strip()
    secret = desk.sealer.open(user.totp_sealed, f"totp:{user.id}").reveal()
    step = second_factor.accepted_step(secret, given, tx.now_us(), user.totp_last_step)
    if step is not None:
        user.totp_last_step = step
        return True
    recovery = tx.session.get(RecoveryCode, second_factor.digest(given))
    if recovery is None or recovery.user != user.id or recovery.used_us is not None:
        return False
    recovery.used_us = tx.now_us()
    return True


def _enter(tx: Transaction, desk: Desk, user: User, wish: Wish) -> Entered:
    now_us = tx.now_us()
    cookie = secrets.token_urlsafe(32)
    row = SignInSession(
        id=new_id("se"),
        digest=digest(cookie),
        user=user.id,
        source=wish.source[:64],
        agent=wish.agent[:200],
        created_us=now_us,
        seen_us=now_us,
        expires_us=now_us + desk.settings.session_hours * HOUR_US,
    )
    if user.totp_sealed is None and second_factor.demands(
        desk.settings, is_administrator(tx.session, user.id)
    ):
        # Nothing opens before the factor is set up, and nothing but the password could be asked for.
        row.proved_us = now_us
    tx.session.add(row)
    tx.session.flush()
    actor = Actor("user", user.id, user.name, wish.source, row.id)
    record(tx, actor, "session.open", Object("session", row.id), {"account": user.account})
    user.last_sign_in_us = now_us
    _end_the_oldest(tx, actor, user.id, desk.settings.sessions_per_user)
    device = _device(tx, desk.sealer, user.id, wish.device)
    return Entered(row.id, user.id, cookie, csrf_token(cookie), device, row.expires_us)


def _end_the_oldest(tx: Transaction, actor: Actor, user: str, most: int) -> None:
    open_ids = tx.session.scalars(
        select(SignInSession.id)
        .where(
            SignInSession.user == user,
            SignInSession.ended_us.is_(None),
            SignInSession.expires_us > tx.now_us(),
        )
        .order_by(SignInSession.created_us.desc(), SignInSession.id)
    ).all()
    for one in open_ids[most:]:
        end_session(tx, actor, one, "too_many_sessions")


def _device(tx: Transaction, sealer: Sealer, user: str, device: str | None) -> str:
    if device and known_device.person(sealer, device) == user:
        seen = update(KnownDevice).where(KnownDevice.digest == digest(device), KnownDevice.user == user)
        if tx.session.execute(seen.values(seen_us=tx.now_us())).rowcount:  # type: ignore[attr-defined]
            return device
    fresh = known_device.made(sealer, user)
    tx.session.add(KnownDevice(digest=digest(fresh), user=user, created_us=tx.now_us(), seen_us=tx.now_us()))
    return fresh


def _journal_failure(tx: Transaction, user: User | None, account: str, wish: Wish, at: str) -> None:
    # What stands in the account field may be a password typed into the wrong box: only plausible names are kept.
    shown = account if _ACCOUNT.fullmatch(account) and account != wish.password else "?"
    who = (
        Actor("user", user.id, user.name, wish.source) if user else Actor("nobody", "nobody", "", wish.source)
    )
    record(tx, who, "session.refuse", Object("account", shown), {"at": at})
