"""What goes over the wire for sign-in, accounts, sessions, tokens, roles, organisations and divisions."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from mingjing.identity.actions import Action
from mingjing.kernel.text import Line, Name
from mingjing.kernel.wire import Told, Wanted, example

Code = Annotated[str, Field(max_length=40)]


class SignIn(Wanted):
    """Account, password, and the second factor's code where one is wanted."""

    model_config = Wanted.model_config | example(account="wangmin", password="…")

    account: str = Field(min_length=1, max_length=64)
    password: SecretStr = Field(min_length=1, max_length=129)
    code: Code | None = None


class PasswordReset(Told):
    """When somebody else gave the person a password, and who."""

    at_us: int
    by_name: str


class Me(Told):
    """The signed-in person."""

    id: str
    account: str
    name: str
    organisation: str
    organisation_name: str
    must_change_password: bool
    second_factor: bool
    must_enrol: bool
    password_reset: PasswordReset | None


class Session(Told):
    """Everything that the console must know to draw itself."""

    user: Me
    roles: list[str]
    permissions: list[str]
    csrf_token: str
    expires_us: int
    step_up_until_us: int
    jurisdiction: str
    media_base: str
    watermark: str


class Proof(Wanted):
    """The password again, and the second factor's code where there is one."""

    password: SecretStr = Field(min_length=1, max_length=129)
    code: Code | None = None


class Proved(Told):
    """Until when the proof holds."""

    until_us: int


class PasswordChange(Wanted):
    """One's own password; with `end_tokens`, one's API tokens end too."""

    old: SecretStr = Field(min_length=1, max_length=129)
    new: SecretStr = Field(min_length=1, max_length=129)
    code: Code | None = None
    end_tokens: bool = False


class Ended(Told):
    """How many sessions and API tokens were ended."""

    sessions: int
    tokens: int


class FactorSecret(Told):
    """A fresh TOTP secret, to be confirmed with two codes."""

    secret: str
    uri: str


class FactorCodes(Wanted):
    """Two consecutive codes."""

    codes: tuple[Code, Code]


class FactorRecovery(Told):
    """Recovery codes, shown once."""

    recovery: list[str]


class OpenSession(Told):
    """One open session of an account."""

    id: str
    source: str
    agent: str
    created_us: int
    seen_us: int
    expires_us: int
    current: bool


class OpenSessions(Told):
    """Open sessions, newest first."""

    items: list[OpenSession]


class RoleHeld(Wanted):
    """A role and where it holds; null is everywhere."""

    role: str = Field(max_length=32)
    division: str | None = Field(default=None, max_length=12)
    organisation: str | None = Field(default=None, max_length=32)


class User(Told):
    """An account as administrators see it."""

    id: str
    account: str
    name: str
    organisation: str
    enabled: bool
    demo: bool
    must_change_password: bool
    second_factor: bool
    created_us: int
    last_sign_in_us: int | None
    roles: list["RoleShown"]


class RoleShown(Told):
    """A role of an account, with the subtrees where it holds; "" is everywhere."""

    role: str
    division_path: str
    organisation_path: str


class UserWish(Wanted):
    """A new account."""

    model_config = Wanted.model_config | example(
        account="wangmin", name="王敏", organisation="or_k2x9p4q7m1aa", roles=[{"role": "duty_officer"}]
    )

    account: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$")
    name: Name
    organisation: str = Field(max_length=32)
    roles: list[RoleHeld] = Field(default=[], max_length=20)


class UserPatch(Wanted):
    """What shall change; absent members stay."""

    name: Name | None = None
    organisation: str | None = Field(default=None, max_length=32)
    enabled: bool | None = None
    roles: list[RoleHeld] | None = Field(default=None, max_length=20)


class UserMade(Told):
    """A new account with its one-time password, shown once."""

    user: User
    password: str


class ResetWish(Wanted):
    """A reset; it keeps the second factor unless that is to be dropped."""

    drop_factor: bool = False


class ApprovalWish(Wanted):
    """What another administrator is asked to carry out."""

    act: Literal["reset", "roles"]
    user: str = Field(max_length=32)
    reason: Line = Field(min_length=1)
    drop_factor: bool = False
    roles: list[RoleHeld] | None = Field(default=None, max_length=20)


class RoleAsked(Told):
    """A role and where it shall hold; null is everywhere."""

    role: str
    division: str | None
    organisation: str | None


class Approval(Told):
    """Something that takes two persons."""

    id: str
    act: Literal["reset", "roles"]
    user: str
    account: str
    name: str
    drop_factor: bool
    roles: list[RoleAsked] | None
    reason: str
    asked_by: str
    asked_by_name: str
    asked_us: int
    until_us: int
    state: Literal["open", "approved", "refused", "expired"]
    decided_by_name: str | None
    decided_us: int | None
    mine: bool
    may_approve: bool


class ApprovalDone(Told):
    """An approval, and of a reset the half of the one-time password that is the caller's to hand over, shown once."""

    approval: Approval
    part: str | None


class Approvals(Told):
    items: list[Approval]


class OneTimePassword(Told):
    """A one-time password, shown once."""

    password: str


class Role(Told):
    """A role as the program ships it."""

    code: str
    name: str
    name_en: str
    actions: list[str]
    administers: bool


class Organisation(Told):
    """A unit; `path` is the identifiers from the top."""

    id: str
    name: str
    parent: str | None
    path: str


class OrganisationWish(Wanted):
    """A new unit."""

    name: Name
    parent: str | None = Field(default=None, max_length=32)


class Division(Told):
    """An administrative division; `leaf` says that nothing lies below it."""

    code: str
    name: str
    parent: str | None
    path: str
    leaf: bool


class DivisionWish(Wanted):
    """A division to enter."""

    code: str = Field(pattern=r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$")
    name: Name


class TokenWish(Wanted):
    """A token for another program."""

    name: Name
    actions: list[Action] = Field(min_length=1, max_length=40)
    expires_us: int


class Token(Told):
    """A token without its text."""

    id: str
    name: str
    owner: str
    actions: list[str]
    created_us: int
    expires_us: int
    last_used_us: int | None
    revoked_us: int | None


class TokenMade(Told):
    """A token with its text, shown once."""

    token: Token
    text: str


class Roles(Told):
    items: list[Role]


class Organisations(Told):
    items: list[Organisation]


class Divisions(Told):
    items: list[Division]


class Tokens(Told):
    items: list[Token]
