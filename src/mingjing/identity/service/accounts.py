"""Accounts, their roles and one-time passwords.

An administrator never chooses a person's password (ASVS 6.4.6): it is random, shown once, and must be changed.
Who the administrators are, and their passwords, is no one person's affair: where there is a second one besides the
one who acts and the one concerned, it goes by `approvals`. The machine's owner at its shell acts alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from mingjing.audit.service import Actor, Object, record
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
from mingjing.identity.model import Organisation, RecoveryCode, RoleAssignment, User
from mingjing.identity.passwords import OneTime
from mingjing.identity.queries import assignments, is_administrator, second_person
from mingjing.identity.roles import ROLES, clash
from mingjing.identity.service.sign_in import end_sessions
from mingjing.identity.service.tokens import end_tokens
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.ids import new_id
from mingjing.territory.queries import path_of


@dataclass(frozen=True, slots=True)
class RoleWish:
    """A role and where it shall hold; None is everywhere."""

    role: str
    division: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class RightsChanged:
    """Said when what a person may do has changed: sockets and tickets of theirs are to be looked at anew."""

    user: str


@dataclass(frozen=True, slots=True)
class AccountHeard:
    """Said of what every administrator should hear at once: a reset, and what two persons do."""

    event: str
    user: str
    account: str
    name: str
    by_name: str


@dataclass(frozen=True, slots=True)
class Held:
    """A role with the subtrees where it holds."""

    role: str
    division_path: str
    organisation_path: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What shall change of an account; None leaves it as it is."""

    name: str | None = None
    organisation: str | None = None
    enabled: bool | None = None
    roles: Sequence[RoleWish] | None = None


def add_user(
    tx: Transaction,
    actor: Actor,
    first: OneTime,
    *,
    account: str,
    name: str,
    organisation: str,
    roles: Sequence[RoleWish],
    demo: bool = False,
) -> User:
    """Open an account with `first` as its one-time password, hashed before the transaction began.

    Raises AUTH-020 (taken), AUTH-021 (role), AUTH-022 (administrators), AUTH-025 and -036 (organisation), AUTH-030
    (an administrator is made by two), DIV-004.
    """
    folded = account.casefold()
    if tx.session.scalars(select(User.id).where(User.account == folded)).first() is not None:
        raise MingjingError(ACCOUNT_TAKEN, account=folded)
    standing_unit(tx, organisation)
    user = User(
        id=new_id("us"),
        account=folded,
        name=name,
        organisation=organisation,
        password_hash=first.hash,
        must_change_password=True,
        enabled=True,
        demo=demo,
        totp_last_step=0,
        created_us=tx.now_us(),
    )
    tx.session.add(user)
    tx.session.flush()
    record(tx, actor, "user.add", Object("user", user.id), {"account": folded, "name": name, "demo": demo})
    held = resolved(tx, roles)
    alone_may_assign(tx, actor, user.id, held)
    assign(tx, actor, user.id, held)
    return user


def change_user(tx: Transaction, actor: Actor, user: str, changes: Changes) -> User:
    """Change an account. Disabling it ends its sessions and revokes its tokens.

    Raises REQ-404, AUTH-023 (one's own rights), AUTH-024 (the last security administrator), and those of `add_user`.
    """
    row = _user(tx, user)
    if actor.id == user and (changes.roles is not None or changes.enabled is False):
        raise MingjingError(OWN_RIGHTS)
    facts: dict[str, object] = {}
    if changes.name is not None and changes.name != row.name:
        facts["name"] = [row.name, changes.name]
        row.name = changes.name
    if changes.organisation is not None and changes.organisation != row.organisation:
        standing_unit(tx, changes.organisation)
        facts["organisation"] = [row.organisation, changes.organisation]
        row.organisation = changes.organisation
    if changes.enabled is not None and changes.enabled != row.enabled:
        facts["enabled"] = changes.enabled
        row.enabled = changes.enabled
    if facts:
        record(tx, actor, "user.change", Object("user", user), facts)
    if changes.enabled is False:
        end_sessions(tx, actor, user, "account_disabled")
        end_tokens(tx, actor, user)
    if changes.roles is not None:
        held = resolved(tx, changes.roles)
        alone_may_assign(tx, actor, user, held)
        assign(tx, actor, user, held)
    tx.session.flush()
    one_security_admin_remains(tx)
    if changes.roles is not None or "enabled" in facts:
        tx.publish(RightsChanged(user))
    return row


def reset_password(
    tx: Transaction, actor: Actor, first: OneTime, user: str, *, drop_factor: bool = False
) -> None:
    """Give `first` as one-time password and end sessions and tokens; the second factor stays unless it is dropped.

    Raises REQ-404, AUTH-023 for one's own (a session left open must not become a new password), AUTH-030 for an
    administrator's, and where a factor is dropped.
    """
    _user(tx, user)
    if actor.id == user:
        raise MingjingError(OWN_RIGHTS)
    if drop_factor or is_administrator(tx.session, user):
        _refuse_alone(tx, actor, user, "reset")
    carry_out_reset(tx, actor, first, user, drop_factor=drop_factor, by=actor.name)


def carry_out_reset(
    tx: Transaction, actor: Actor, first: OneTime, user: str, *, drop_factor: bool, by: str
) -> None:
    """The reset itself, once whoever must agree has agreed; `by` names them to the person concerned."""
    row = _user(tx, user)
    row.password_hash = first.hash
    row.must_change_password = True
    row.reset_us, row.reset_by = tx.now_us(), by[:200]
    if drop_factor:
        row.totp_sealed = row.totp_pending_sealed = None
        tx.session.execute(delete(RecoveryCode).where(RecoveryCode.user == user))
    record(tx, actor, "password.reset", Object("user", user), {"drop_factor": drop_factor, "by": by[:200]})
    end_sessions(tx, actor, user, "password_reset")
    end_tokens(tx, actor, user)
    tx.publish(AccountHeard("reset", row.id, row.account, row.name, by))


def resolved(tx: Transaction, wishes: Sequence[RoleWish]) -> list[Held]:
    """What is wished for, with its places. Raises AUTH-021, AUTH-022, AUTH-025, DIV-004."""
    for wish in wishes:
        if wish.role not in ROLES:
            raise MingjingError(ROLE_UNKNOWN, role=wish.role[:40])
    both = clash({wish.role for wish in wishes})
    if both is not None:
        first, second = (ROLES[code].name for code in both)
        raise MingjingError(ROLES_CLASH, first=f"{first.zh} {first.en}", second=f"{second.zh} {second.en}")
    found = []
    for wish in wishes:
        division_path = path_of(tx.session, wish.division) if wish.division is not None else ""
        unit = None if wish.organisation is None else _organisation(tx, wish.organisation)
        found.append(Held(wish.role, division_path, unit.path if unit else ""))
    return found


def alone_may_assign(tx: Transaction, actor: Actor, user: str, held: Sequence[Held]) -> None:
    """Refuse to one person what changes who the administrators are. Raises AUTH-030."""
    before = {
        Held(one.role, one.division_path, one.organisation_path)
        for one in assignments(tx.session, [user])[user]
    }
    if any(ROLES[one.role].administers for one in before ^ set(held) if one.role in ROLES):
        _refuse_alone(tx, actor, user, "roles")


def assign(tx: Transaction, actor: Actor, user: str, held: Sequence[Held]) -> None:
    """Give an account these roles and no others."""
    tx.session.execute(delete(RoleAssignment).where(RoleAssignment.user == user))
    for one in held:
        tx.session.add(
            RoleAssignment(
                id=new_id("ra"),
                user=user,
                role=one.role,
                division_path=one.division_path,
                organisation_path=one.organisation_path,
                granted_by=actor.id[:32],
                granted_us=tx.now_us(),
            )
        )
    tx.session.flush()
    facts = [
        {"role": one.role, "division": one.division_path, "organisation": one.organisation_path}
        for one in held
    ]
    record(tx, actor, "user.assign", Object("user", user), {"roles": facts})


def one_security_admin_remains(tx: Transaction) -> None:
    """Raises AUTH-024 where the last one would be gone."""
    remaining = tx.session.scalars(
        select(User.id)
        .join(RoleAssignment, RoleAssignment.user == User.id)
        .where(User.enabled.is_(True), RoleAssignment.role == "security_admin")
        .limit(1)
    ).first()
    if remaining is None:
        raise MingjingError(LAST_SECURITY_ADMIN)


def _refuse_alone(tx: Transaction, actor: Actor, user: str, act: str) -> None:
    if actor.kind == "user" and second_person(tx.session, actor.id, user):
        raise MingjingError(SECOND_PERSON, act=act)


def _user(tx: Transaction, user: str) -> User:
    # Locked: of two changes at once, the second must see what the first has assigned.
    row = tx.session.get(User, user, with_for_update=True)
    if row is None:
        raise MingjingError(NOT_FOUND)
    return row


def standing_unit(tx: Transaction, organisation: str) -> Organisation:
    """A unit to which something new may belong. Raises AUTH-025, AUTH-036."""
    row = _organisation(tx, organisation)
    if row.ended_us is not None:
        raise MingjingError(ORGANISATION_ENDED, name=row.name)
    return row


def _organisation(tx: Transaction, organisation: str) -> Organisation:
    row = tx.session.get(Organisation, organisation)
    if row is None:
        raise MingjingError(ORGANISATION_UNKNOWN, organisation=organisation[:40])
    return row
