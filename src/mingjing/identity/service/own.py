"""What a person does with their own account: password and second factor."""

from dataclasses import dataclass

from sqlalchemy import delete

from mingjing.audit.service import Object, record
from mingjing.identity import second_factor
from mingjing.identity.caller import Caller
from mingjing.identity.errors import (
    CODE_WANTED,
    FACTOR_ABSENT,
    FACTOR_CODES_WRONG,
    FACTOR_DEMANDED,
    OLD_PASSWORD_WRONG,
    PASSWORD_WEAK,
    STEP_UP_REFUSED,
)
from mingjing.identity.model import RecoveryCode, SignInSession, User
from mingjing.identity.passwords import accept
from mingjing.identity.service.sign_in import (
    Desk,
    book_own,
    end_sessions,
    factor_holds,
    strike_out,
    verified,
)
from mingjing.identity.service.tokens import end_tokens
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.secrets import Secret


@dataclass(frozen=True, slots=True)
class PasswordWish:
    """The old password, the new one, and a code where there is a second factor; with or without one's tokens."""

    old: str
    new: str
    code: str | None = None
    end_tokens: bool = False


def change_password(desk: Desk, caller: Caller, wish: PasswordWish, device: str | None) -> None:
    """Change one's own password and end one's other sessions. Tries are limited as at the door.

    Raises AUTH-011 where the old one is wrong, AUTH-010 where the new one is weak or the same, AUTH-004 where a code
    is wanted, AUTH-015 where it is wrong, AUTH-005, AUTH-009.
    """
    with desk.database.transaction() as tx:
        user = tx.session.get_one(User, caller.user)
        attempt = book_own(tx, desk.settings, user, caller.source, device)
        kept = user.password_hash
    if not verified(desk, kept, wish.old, attempt, known=True):
        with desk.database.transaction() as tx:
            record(tx, caller.actor, "password.refuse", Object("user", caller.user), {"at": "password"})
        raise MingjingError(OLD_PASSWORD_WRONG)
    try:
        _fit(user, wish)
    except MingjingError:
        # The password was right and no code was tried: there was nothing to guess from.
        with desk.database.transaction() as tx:
            strike_out(tx, attempt)
        raise
    fresh = desk.passwords.hash(wish.new)
    with desk.database.transaction() as tx:
        row = tx.session.get_one(User, caller.user, with_for_update=True)
        if row.password_hash != kept:
            # Somebody else has changed it while we hashed: an administrator's reset stands.
            raise MingjingError(OLD_PASSWORD_WRONG)
        held = factor_holds(tx, desk, row, wish.code)
        if held:
            strike_out(tx, attempt)
            row.password_hash = fresh
            row.must_change_password = False
            record(tx, caller.actor, "password.change", Object("user", row.id))
            end_sessions(tx, caller.actor, row.id, "password_changed", keep=caller.session)
            if wish.end_tokens:
                end_tokens(tx, caller.actor, row.id)
        else:
            record(tx, caller.actor, "password.refuse", Object("user", row.id), {"at": "code"})
    if not held:
        raise MingjingError(STEP_UP_REFUSED)


def _fit(user: User, wish: PasswordWish) -> None:
    if user.totp_sealed is not None and not wish.code:
        raise MingjingError(CODE_WANTED)
    if wish.new == wish.old:
        raise MingjingError(
            PASSWORD_WEAK, why_zh="新密码与原密码相同。", why_en="The new password is the old one."
        )
    accept(wish.new, [user.account, user.name])


def begin_factor(tx: Transaction, desk: Desk, caller: Caller) -> tuple[str, str]:
    """A fresh secret and its otpauth address; nothing is in force until `confirm_factor`."""
    secret = second_factor.new_secret()
    row = tx.session.get_one(User, caller.user)
    row.totp_pending_sealed = desk.sealer.seal(Secret(secret), f"totp:{row.id}")
    record(tx, caller.actor, "factor.begin", Object("user", row.id))
    return secret, second_factor.address(secret, row.account)


def confirm_factor(tx: Transaction, desk: Desk, caller: Caller, codes: tuple[str, str]) -> list[str]:
    """Put the second factor in force after two consecutive codes; return the recovery codes, shown once.

    Raises AUTH-013 where none was begun, AUTH-012 where the codes are wrong.
    """
    row = tx.session.get_one(User, caller.user)
    if row.totp_pending_sealed is None:
        raise MingjingError(FACTOR_ABSENT)
    secret = desk.sealer.open(row.totp_pending_sealed, f"totp:{row.id}").reveal()
    step = second_factor.consecutive_step(secret, codes, tx.now_us())
    if step is None:
        raise MingjingError(FACTOR_CODES_WRONG)
    row.totp_sealed, row.totp_pending_sealed, row.totp_last_step = row.totp_pending_sealed, None, step
    fresh = second_factor.recovery_codes()
    tx.session.execute(delete(RecoveryCode).where(RecoveryCode.user == row.id))
    tx.session.add_all(RecoveryCode(digest=second_factor.digest(code), user=row.id) for code in fresh)
    record(tx, caller.actor, "factor.confirm", Object("user", row.id))
    _prove_anew(tx, caller)
    return fresh


def drop_factor(tx: Transaction, desk: Desk, caller: Caller) -> None:
    """Take one's own second factor away. Raises AUTH-017 where the site demands one."""
    if second_factor.demands(desk.settings, caller.administers):
        raise MingjingError(FACTOR_DEMANDED)
    row = tx.session.get_one(User, caller.user)
    row.totp_sealed = row.totp_pending_sealed = None
    tx.session.execute(delete(RecoveryCode).where(RecoveryCode.user == row.id))
    record(tx, caller.actor, "factor.drop", Object("user", row.id))
    _prove_anew(tx, caller)


def _prove_anew(tx: Transaction, caller: Caller) -> None:
    """What was proved, was proved by the factors of before; sessions elsewhere stand on them too."""
    end_sessions(tx, caller.actor, caller.user, "factor_changed", keep=caller.session)
    tx.session.get_one(SignInSession, caller.session).proved_us = None
