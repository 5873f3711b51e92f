"""The first start: one organisation, one administrator with a one-time password, and demo accounts on request.

There is no default password anywhere, and nothing here happens twice.
"""

from dataclasses import dataclass

from sqlalchemy import select

from mingjing.audit.service import SYSTEM
from mingjing.identity.model import Organisation, User
from mingjing.identity.passwords import Passwords
from mingjing.identity.roles import ROLES
from mingjing.identity.service.accounts import RoleWish, add_user
from mingjing.identity.service.organisations import add_organisation
from mingjing.kernel.db import Transaction

FIRST_ROLES = ("security_admin", "operator_admin")
"""The first person appoints the others and runs the site; the journal is never theirs."""


@dataclass(frozen=True, slots=True)
class FreshAccount:
    """An account whose one-time password is printed once."""

    account: str
    password: str
    roles: tuple[str, ...]


def ensure_first_administrator(tx: Transaction, passwords: Passwords) -> FreshAccount | None:
    """Where there is no account at all, make `admin`; None otherwise."""
    if tx.session.scalars(select(User.id).limit(1)).first() is not None:
        return None
    organisation = _first_organisation(tx)
    first = passwords.one_time()
    add_user(
        tx,
        SYSTEM,
        first,
        account="admin",
        name="管理员",
        organisation=organisation.id,
        roles=[RoleWish(role) for role in FIRST_ROLES],
    )
    return FreshAccount("admin", first.text, FIRST_ROLES)


def ensure_demo_accounts(tx: Transaction, passwords: Passwords) -> list[FreshAccount]:
    """One account a role, named `demo-<role>`, for those that are missing; marked as demo."""
    organisation = _first_organisation(tx)
    made = []
    for role in ROLES.values():
        account = demo_account(role.code)
        if tx.session.scalars(select(User.id).where(User.account == account)).first() is not None:
            continue
        first = passwords.one_time()
        user = add_user(
            tx,
            SYSTEM,
            first,
            account=account,
            name=f"演示{role.name.zh}",
            organisation=organisation.id,
            roles=[RoleWish(role.code)],
            demo=True,
        )
        # A visitor of the demo tries every role; a change at each first sign-in would be in the way.
        user.must_change_password = False
        made.append(FreshAccount(account, first.text, (role.code,)))
    return made


def demo_account(role: str) -> str:
    """What the demo's account of a role is called."""
    return f"demo-{role.replace('_', '-')}"


def _first_organisation(tx: Transaction) -> Organisation:
    first = tx.session.scalars(select(Organisation).order_by(Organisation.created_us).limit(1)).first()
    return first or add_organisation(tx, SYSTEM, "本单位", None)
