"""Tables of organisations, accounts, roles, grants, sessions, tokens, approvals and sign-in attempts."""

from typing import Any, Literal

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Id, IdKey, OptionalUs, PathText, Sequence64, Us
from mingjing.law.facts import Assistance, Function, OrganLevel, UnitKind


class Organisation(Base):
    """A unit (单位). `path` is the identifiers from the top, each followed by `/`; texts are empty where nobody has
    said."""

    __tablename__ = "organisations"

    id: Mapped[IdKey]
    name: Mapped[str] = mapped_column(String(100))
    parent: Mapped[str | None] = mapped_column(String(32), ForeignKey("organisations.id"))
    path: Mapped[str] = mapped_column(PathText, unique=True)
    kind: Mapped[UnitKind] = mapped_column(String(16), default="other")
    level: Mapped[OrganLevel] = mapped_column(String(12), default="")
    """Of a public security organ."""
    function: Mapped[Function] = mapped_column(String(24), default="")
    """Of a department: its part in HB361, article 5."""
    assistance: Mapped[Assistance] = mapped_column(String(12), default="")
    """Of an assisting unit: what it supplies."""
    credit_code: Mapped[str] = mapped_column(String(18), default="", index=True)
    """GB 32100; empty for a part of a unit that has none of its own."""
    division: Mapped[str | None] = mapped_column(String(12))
    """Where it has its seat; of an organ and of a department, the territory that it answers for."""
    division_path: Mapped[str] = mapped_column(PathText, default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    legal_representative: Mapped[str] = mapped_column(String(100), default="")
    responsible_person: Mapped[str] = mapped_column(String(100), default="")
    responsible_phone: Mapped[str] = mapped_column(String(40), default="")
    security_contact: Mapped[str] = mapped_column(String(100), default="")
    security_phone: Mapped[str] = mapped_column(String(40), default="")
    created_us: Mapped[Us]
    ended_us: Mapped[OptionalUs]
    """When it ceased to be; the row stays."""


class User(Base):
    """An account. `account` is case-folded."""

    __tablename__ = "users"

    id: Mapped[IdKey]
    account: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    organisation: Mapped[str] = mapped_column(String(32), ForeignKey("organisations.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool]
    enabled: Mapped[bool]
    demo: Mapped[bool]
    totp_sealed: Mapped[str | None] = mapped_column(Text)
    totp_pending_sealed: Mapped[str | None] = mapped_column(Text)
    totp_last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    reset_us: Mapped[OptionalUs]
    """When somebody else last gave the account a password."""
    reset_by: Mapped[str | None] = mapped_column(String(200))
    created_us: Mapped[Us]
    last_sign_in_us: Mapped[OptionalUs]


class RoleAssignment(Base):
    """A person holds a role in a territory subtree and an organisation subtree; "" is everywhere."""

    __tablename__ = "role_assignments"

    id: Mapped[IdKey]
    user: Mapped[str] = mapped_column(String(32), ForeignKey("users.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    division_path: Mapped[str] = mapped_column(PathText)
    organisation_path: Mapped[str] = mapped_column(PathText)
    granted_by: Mapped[Id]
    granted_us: Mapped[Us]


class Grant(Base):
    """A right for a time, written by sharing, retrieval and approvals: one channel, or a subtree."""

    __tablename__ = "grants"
    __table_args__ = (Index("ix_grants_user_until_us", "user", "until_us"),)

    id: Mapped[IdKey]
    user: Mapped[str] = mapped_column(String(32), ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str | None] = mapped_column(String(32))
    division_path: Mapped[str | None] = mapped_column(PathText)
    organisation_path: Mapped[str] = mapped_column(PathText)
    from_us: Mapped[Us]
    until_us: Mapped[Us]
    basis: Mapped[str] = mapped_column(String(200))
    granted_by: Mapped[Id]
    granted_us: Mapped[Us]
    withdrawn_us: Mapped[OptionalUs]


class SignInSession(Base):
    """A signed-in browser. Of the cookie only the digest is kept."""

    __tablename__ = "sessions"

    id: Mapped[IdKey]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user: Mapped[str] = mapped_column(String(32), ForeignKey("users.id"), index=True)
    source: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(200))
    created_us: Mapped[Us]
    seen_us: Mapped[Us]
    expires_us: Mapped[Us]
    ended_us: Mapped[OptionalUs]
    proved_us: Mapped[OptionalUs]
    """When the person last proved in it again who they are."""


class ApiToken(Base):
    """A token for another program: some of its owner's actions, until a day."""

    __tablename__ = "tokens"

    id: Mapped[IdKey]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    owner: Mapped[str] = mapped_column(String(32), ForeignKey("users.id"), index=True)
    actions: Mapped[str] = mapped_column(Text)
    """Action names separated by blanks."""
    created_us: Mapped[Us]
    expires_us: Mapped[Us]
    last_used_us: Mapped[OptionalUs]
    revoked_us: Mapped[OptionalUs]


class RecoveryCode(Base):
    """A code that stands in once for the second factor; only its digest is kept."""

    __tablename__ = "recovery_codes"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(String(32), ForeignKey("users.id"), index=True)
    used_us: Mapped[OptionalUs]


class KnownDevice(Base):
    """A browser in which a person has signed in before: guessing elsewhere does not lock it out."""

    __tablename__ = "known_devices"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(String(32), ForeignKey("users.id"), index=True)
    created_us: Mapped[Us]
    seen_us: Mapped[Us]


class SignInAttempt(Base):
    """A try that did not succeed, or has not yet. `account` is a digest: the name may be a mistyped password."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_account_at_us", "account", "at_us"),
        Index("ix_sign_in_attempts_source_at_us", "source", "at_us"),
    )

    id: Mapped[Sequence64]
    account: Mapped[str] = mapped_column(String(64))
    """Digest of the account, and of the device where it is a known one."""
    source: Mapped[str] = mapped_column(String(64))
    at_us: Mapped[Us]


class Approval(Base):
    """What one administrator asks for and another carries out: a reset, or a change among the administrators."""

    __tablename__ = "approvals"

    id: Mapped[IdKey]
    act: Mapped[Literal["reset", "roles"]] = mapped_column(String(16))
    user: Mapped[str] = mapped_column(String(32), ForeignKey("users.id"), index=True)
    drop_factor: Mapped[bool]
    roles: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(300))
    part_sealed: Mapped[str | None] = mapped_column(Text)
    """The first half of the one-time password, until it is used or no longer wanted."""
    asked_by: Mapped[str] = mapped_column(String(32), ForeignKey("users.id"))
    asked_us: Mapped[Us]
    until_us: Mapped[Us]
    state: Mapped[Literal["open", "approved", "refused"]] = mapped_column(String(16))
    """An open one past `until_us` has lapsed."""
    decided_by: Mapped[str | None] = mapped_column(String(32), ForeignKey("users.id"))
    decided_us: Mapped[OptionalUs]
