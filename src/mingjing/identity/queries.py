"""Reads of accounts, organisations, sessions and tokens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mingjing.identity.actions import Action
from mingjing.identity.caller import alive
from mingjing.identity.errors import ORGANISATION_UNKNOWN
from mingjing.identity.model import ApiToken, Approval, Organisation, RoleAssignment, SignInSession, User
from mingjing.identity.roles import ROLES
from mingjing.identity.scope import Reach
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.paging import Page, cut, position


def users(session: Session, text: str | None, limit: int, after: str | None) -> Page[User]:
    """Accounts by name, those whose account or name contains `text`."""
    conditions = []
    if text:
        conditions.append(
            or_(
                User.account.contains(text.casefold(), autoescape=True),
                User.name.contains(text, autoescape=True),
            )
        )
    total = session.execute(select(func.count()).select_from(User).where(*conditions)).scalar_one()
    last = position(after)
    if last is not None:
        conditions.append(User.account > last)
    rows = session.scalars(select(User).where(*conditions).order_by(User.account).limit(limit + 1)).all()
    return cut(rows, limit, total, lambda row: row.account)


def user(session: Session, user_id: str) -> User:
    """One account. Raises REQ-404."""
    found = session.get(User, user_id)
    if found is None:
        raise MingjingError(NOT_FOUND)
    return found


def user_by_account(session: Session, account: str) -> User | None:
    """The account of that name."""
    return session.scalars(select(User).where(User.account == account.casefold())).first()


def assignments(session: Session, user_ids: Sequence[str]) -> dict[str, list[RoleAssignment]]:
    """Roles of these accounts."""
    found: dict[str, list[RoleAssignment]] = {one: [] for one in user_ids}
    rows = session.scalars(
        select(RoleAssignment).where(RoleAssignment.user.in_(user_ids)).order_by(RoleAssignment.role)
    )
    for row in rows:
        found[row.user].append(row)
    return found


def is_administrator(session: Session, user: str) -> bool:
    """Whether an account holds the role of one of the three administrators."""
    return any(ROLES[one.role].administers for one in assignments(session, [user])[user] if one.role in ROLES)


def second_person(session: Session, asker: str, concerned: str) -> bool:
    """Whether an administrator exists besides these two.

    Disabled ones count: whoever wants to act alone could disable the others first.
    """
    codes = [role.code for role in ROLES.values() if role.administers]
    others = select(RoleAssignment.user).where(
        RoleAssignment.role.in_(codes), RoleAssignment.user.not_in([asker, concerned])
    )
    return session.scalars(others.limit(1)).first() is not None


def approvals(session: Session) -> Sequence[Approval]:
    """The newest two hundred things that took two persons."""
    return session.scalars(select(Approval).order_by(Approval.asked_us.desc(), Approval.id).limit(200)).all()


def names(session: Session, user_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Account and name of each of these people."""
    wanted = set(user_ids)
    rows = session.execute(select(User.id, User.account, User.name).where(User.id.in_(wanted)))
    return {row.id: (row.account, row.name) for row in rows}


def organisations(session: Session) -> Sequence[Organisation]:
    """Every unit, parents before children."""
    return session.scalars(select(Organisation).order_by(Organisation.path)).all()


def organisation_names(session: Session, identifiers: Sequence[str]) -> dict[str, str]:
    """Names of units that are there, by identifier."""
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(list(identifiers)))
    return {row.id: row.name for row in session.execute(query)}


def unit_paths(session: Session, identifiers: Sequence[str]) -> dict[str, str]:
    """Materialised paths of units that are there, by identifier."""
    query = select(Organisation.id, Organisation.path).where(Organisation.id.in_(list(identifiers)))
    return {row.id: row.path for row in session.execute(query)}


def units(session: Session, identifiers: Iterable[str]) -> dict[str, Organisation]:
    """Units by their identifiers, for the program's own work."""
    wanted = set(identifiers)
    return {row.id: row for row in session.scalars(select(Organisation).where(Organisation.id.in_(wanted)))}


def organisation(session: Session, identifier: str) -> Organisation:
    """One unit. Raises REQ-404."""
    found = session.get(Organisation, identifier)
    if found is None:
        raise MingjingError(NOT_FOUND)
    return found


@dataclass(frozen=True, slots=True)
class Entitled:
    """Somebody who may do an action somewhere by their roles."""

    user: str
    unit_path: str
    reaches: tuple[Reach, ...]

    def covers(self, division_path: str, organisation_path: str) -> bool:
        return any(reach.covers(division_path, organisation_path) for reach in self.reaches)


def entitled(session: Session, action: Action) -> list[Entitled]:
    """Everybody whose roles allow an action, with where, for the program's own work."""
    codes = [role.code for role in ROLES.values() if action in role.actions]
    rows = session.execute(
        select(User.id, Organisation.path, RoleAssignment.division_path, RoleAssignment.organisation_path)
        .join(Organisation, Organisation.id == User.organisation)
        .join(RoleAssignment, RoleAssignment.user == User.id)
        .where(User.enabled.is_(True), RoleAssignment.role.in_(codes))
        .order_by(User.id)
    )
    found: dict[str, tuple[str, list[Reach]]] = {}
    for user, unit_path, division_path, organisation_path in rows:
        found.setdefault(user, (unit_path, []))[1].append(Reach(division_path, organisation_path))
    return [Entitled(user, path, tuple(reaches)) for user, (path, reaches) in found.items()]


def county_organ(session: Session, division: str) -> Organisation | None:
    """The public security organ of county level that answers for a county or functional zone: the one entered first;
    None where none is registered."""
    return session.scalars(
        select(Organisation)
        .where(
            Organisation.kind == "public_security",
            Organisation.level == "county",
            Organisation.division == division,
            Organisation.ended_us.is_(None),
        )
        .order_by(Organisation.created_us, Organisation.id)
        .limit(1)
    ).first()


def organisation_path(session: Session, organisation: str) -> str:
    """The materialised path of a unit, which scopes compare. Raises AUTH-025."""
    found = session.get(Organisation, organisation)
    if found is None:
        raise MingjingError(ORGANISATION_UNKNOWN, organisation=organisation[:40])
    return found.path


def sessions(session: Session, user_id: str, now_us: int, idle_us: int) -> list[SignInSession]:
    """Open sessions of an account, newest first."""
    rows = session.scalars(
        select(SignInSession)
        .where(SignInSession.user == user_id, SignInSession.ended_us.is_(None))
        .order_by(SignInSession.created_us.desc())
    )
    return [row for row in rows if alive(row, now_us, idle_us)]


def session_holds(session: Session, session_id: str, now_us: int, idle_us: int) -> bool:
    """Whether a sign-in session is still open, by its identifier."""
    row = session.get(SignInSession, session_id)
    return row is not None and alive(row, now_us, idle_us)


def tokens(session: Session, owner: str | None) -> Sequence[ApiToken]:
    """Tokens of one owner, or of everybody, newest first."""
    query = select(ApiToken).order_by(ApiToken.created_us.desc())
    return session.scalars(query if owner is None else query.where(ApiToken.owner == owner)).all()


def holders(session: Session, user: str) -> list[str]:
    """Sessions and tokens of a person that are open: whatever they watch, they watch as one of these."""
    open_sessions = session.scalars(
        select(SignInSession.id).where(SignInSession.user == user, SignInSession.ended_us.is_(None))
    )
    open_tokens = session.scalars(
        select(ApiToken.id).where(ApiToken.owner == user, ApiToken.revoked_us.is_(None))
    )
    return [*open_sessions, *open_tokens]
