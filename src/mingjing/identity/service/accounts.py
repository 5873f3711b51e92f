"""Accounts, their roles, one-time passwords, and organisations.

An administrator never chooses a person's password (ASVS 6.4.6): it is random, shown once, and must be changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from mingjing.audit.service import Actor, Object, record
from mingjing.identity.errors import (
    ACCOUNT_TAKEN,
    LAST_SECURITY_ADMIN,
    ORGANISATION_UNKNOWN,
    OWN_RIGHTS,
    ROLE_UNKNOWN,
    ROLES_CLASH,
)
from mingjing.identity.model import Organisation, RecoveryCode, RoleAssignment, User
from mingjing.identity.passwords import OneTime
from mingjing.identity.roles import ROLES, clash
from mingjing.identity.service.sign_in import end_sessions
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

    Raises AUTH-020 (taken), AUTH-021 (role), AUTH-022 (administrators), AUTH-025 (organisation), DIV-004.
    """
    folded = account.casefold()
    if tx.session.scalars(select(User.id).where(User.account == folded)).first() is not None:
        raise MingjingError(ACCOUNT_TAKEN, account=folded)
    _organisation(tx, organisation)
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
    _assign(tx, actor, user.id, roles)
    return user


def change_user(tx: Transaction, actor: Actor, user: str, changes: Changes) -> User:
    """Change an account. Disabling it ends its sessions.

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
        _organisation(tx, changes.organisation)
        facts["organisation"] = [row.organisation, changes.organisation]
        row.organisation = changes.organisation
    if changes.enabled is not None and changes.enabled != row.enabled:
        facts["enabled"] = changes.enabled
        row.enabled = changes.enabled
    if facts:
        record(tx, actor, "user.change", Object("user", user), facts)
    if changes.enabled is False:
        end_sessions(tx, actor, user, "account_disabled")
    if changes.roles is not None:
        _assign(tx, actor, user, changes.roles)
    tx.session.flush()
    _one_security_admin_remains(tx)
    if changes.roles is not None or "enabled" in facts:
        tx.publish(RightsChanged(user))
    return row


def reset_password(tx: Transaction, actor: Actor, first: OneTime, user: str) -> None:
    """Give `first` as one-time password, take the second factor away and end the sessions.

    Raises REQ-404, AUTH-023 for one's own: a session left open must not become a new password.
    """
    row = _user(tx, user)
    if actor.id == user:
        raise MingjingError(OWN_RIGHTS)
    row.password_hash = first.hash
    row.must_change_password = True
    row.totp_sealed = row.totp_pending_sealed = None
    tx.session.execute(delete(RecoveryCode).where(RecoveryCode.user == user))
    record(tx, actor, "password.reset", Object("user", user))
    end_sessions(tx, actor, user, "password_reset")


def add_organisation(tx: Transaction, actor: Actor, name: str, parent: str | None) -> Organisation:
    """Add a unit, below `parent` or at the top. Raises AUTH-025 where there is no such parent."""
    above = _organisation(tx, parent) if parent is not None else None
    made_id = new_id("or")
    made = Organisation(
        id=made_id,
        name=name,
        parent=parent,
        path=f"{above.path if above else ''}{made_id}/",
        created_us=tx.now_us(),
    )
    tx.session.add(made)
    tx.session.flush()
    record(tx, actor, "organisation.add", Object("organisation", made.id), {"name": name, "parent": parent})
    return made


def _assign(tx: Transaction, actor: Actor, user: str, wishes: Sequence[RoleWish]) -> None:
    for wish in wishes:
        if wish.role not in ROLES:
            raise MingjingError(ROLE_UNKNOWN, role=wish.role[:40])
    both = clash({wish.role for wish in wishes})
    if both is not None:
        first, second = (ROLES[code].name for code in both)
        raise MingjingError(ROLES_CLASH, first=f"{first.zh} {first.en}", second=f"{second.zh} {second.en}")
    tx.session.execute(delete(RoleAssignment).where(RoleAssignment.user == user))
    facts = []
    for wish in wishes:
        division_path = path_of(tx.session, wish.division) if wish.division is not None else ""
        unit = None if wish.organisation is None else _organisation(tx, wish.organisation)
        organisation_path = unit.path if unit else ""
        tx.session.add(
            RoleAssignment(
                id=new_id("ra"),
                user=user,
                role=wish.role,
                division_path=division_path,
                organisation_path=organisation_path,
                granted_by=actor.id[:32],
                granted_us=tx.now_us(),
            )
        )
        facts.append({"role": wish.role, "division": division_path, "organisation": organisation_path})
    tx.session.flush()
    record(tx, actor, "user.assign", Object("user", user), {"roles": facts})


def _one_security_admin_remains(tx: Transaction) -> None:
    remaining = tx.session.scalars(
        select(User.id)
        .join(RoleAssignment, RoleAssignment.user == User.id)
        .where(User.enabled.is_(True), RoleAssignment.role == "security_admin")
        .limit(1)
    ).first()
    if remaining is None:
        raise MingjingError(LAST_SECURITY_ADMIN)


def _user(tx: Transaction, user: str) -> User:
    # Locked: of two changes at once, the second must see what the first has assigned.
    row = tx.session.get(User, user, with_for_update=True)
    if row is None:
        raise MingjingError(NOT_FOUND)
    return row


def _organisation(tx: Transaction, organisation: str) -> Organisation:
    row = tx.session.get(Organisation, organisation)
    if row is None:
        raise MingjingError(ORGANISATION_UNKNOWN, organisation=organisation[:40])
    return row
