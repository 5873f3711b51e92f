"""Step-up: a person proves inside an open session that they are still the one who signed in.

The proof is the password, and a code where there is a second factor; it holds for this session and some minutes.
"""

from mingjing.audit.service import Object, record
from mingjing.identity.caller import Caller
from mingjing.identity.errors import CODE_WANTED, NOT_SIGNED_IN, STEP_UP_REFUSED
from mingjing.identity.model import SignInSession, User
from mingjing.identity.service.sign_in import Desk, book_own, factor_holds, strike_out, verified
from mingjing.kernel.clock import MINUTE_US
from mingjing.kernel.errors import MingjingError


def step_up(desk: Desk, caller: Caller, password: str, code: str | None, device: str | None) -> int:
    """Take the proof; return until when it holds.

    Raises AUTH-015 (wrong), AUTH-004 (a code is wanted), AUTH-005 (locked), AUTH-009 (busy), AUTH-002 where the
    session ended meanwhile.
    """
    with desk.database.transaction() as tx:
        kept = tx.session.get_one(User, caller.user).password_hash
        attempt = book_own(tx, desk.settings, tx.session.get_one(User, caller.user), caller.source, device)
    right = verified(desk, kept, password, attempt, known=True)
    with desk.database.transaction() as tx:
        # Locked: a code opens once.
        user = tx.session.get_one(User, caller.user, with_for_update=True)
        row = tx.session.get(SignInSession, caller.session, with_for_update=True)
        if row is None or row.ended_us is not None:
            failure = MingjingError(NOT_SIGNED_IN)
        elif not right or user.password_hash != kept:
            record(tx, caller.actor, "session.step_up_refuse", _session(caller), {"at": "password"})
            failure = MingjingError(STEP_UP_REFUSED)
        elif user.totp_sealed is not None and not code:
            failure = MingjingError(CODE_WANTED)
        elif not factor_holds(tx, desk, user, code):
            record(tx, caller.actor, "session.step_up_refuse", _session(caller), {"at": "code"})
            failure = MingjingError(STEP_UP_REFUSED)
        else:
            strike_out(tx, attempt)
            row.proved_us = tx.now_us()
            facts = {"second_factor": user.totp_sealed is not None}
            record(tx, caller.actor, "session.step_up", _session(caller), facts)
            return row.proved_us + desk.settings.step_up_minutes * MINUTE_US
    raise failure


def _session(caller: Caller) -> Object:
    return Object("session", caller.session)
