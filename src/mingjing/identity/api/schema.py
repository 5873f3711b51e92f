"""What goes over the wire for sign-in, accounts, sessions, tokens and roles."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from mingjing.identity.actions import Action
from mingjing.kernel.text import Line, Name
from mingjing.kernel.wire import EXAMPLE_US, Told, Wanted, example

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

    model_config = example(
        id="us_k3v7q2m5x4ab",
        account="wangmin",
        name="王敏",
        organisation="or_k2x9p4q7m1aa",
        organisation_name="江夏分局",
        must_change_password=False,
        second_factor=True,
        must_enrol=False,
        password_reset=None,
    )

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

    model_config = example(
        roles=["duty_officer"],
        permissions=["camera.read", "own", "video.live", "video.playback"],
        csrf_token="5f0c9d…",
        expires_us=EXAMPLE_US,
        step_up_until_us=0,
        jurisdiction="武汉市江夏区",
        media_base="http://10.1.0.5:8361",
        watermark="王敏 · 江夏分局",
    )

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

    model_config = example(password="…", code="492039")

    password: SecretStr = Field(min_length=1, max_length=129)
    code: Code | None = None


class Proved(Told):
    """Until when the proof holds."""

    model_config = example(until_us=EXAMPLE_US)

    until_us: int


class PasswordChange(Wanted):
    """One's own password; with `end_tokens`, one's API tokens end too."""

    model_config = example(old="…", new="…")

    old: SecretStr = Field(min_length=1, max_length=129)
    new: SecretStr = Field(min_length=1, max_length=129)
    code: Code | None = None
    end_tokens: bool = False


class Ended(Told):
    """How many sessions and API tokens were ended."""

    model_config = example(sessions=2, tokens=1)

    sessions: int
    tokens: int


class FactorSecret(Told):
    """A fresh TOTP secret, to be confirmed with two codes."""

    model_config = example(
        secret="JBSWY3DPEHPK3PXP",
        uri="otpauth://totp/Mingjing:wangmin?secret=JBSWY3DPEHPK3PXP&issuer=Mingjing",
    )

    secret: str
    uri: str


class FactorCodes(Wanted):
    """Two consecutive codes."""

    model_config = example(codes=["492039", "118320"])

    codes: tuple[Code, Code]


class FactorRecovery(Told):
    """Recovery codes, shown once."""

    model_config = example(recovery=["k7dm-42xq", "p9wn-c3ta"])

    recovery: list[str]


class OpenSession(Told):
    """One open session of an account."""

    model_config = example(
        id="se_k3v7q2m5x4ab",
        source="10.1.0.23",
        agent="Mozilla/5.0",
        created_us=EXAMPLE_US,
        seen_us=EXAMPLE_US,
        expires_us=EXAMPLE_US + 43_200_000_000,
        current=True,
    )

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

    model_config = example(role="duty_officer", division="420115")

    role: str = Field(max_length=32)
    division: str | None = Field(default=None, max_length=12)
    organisation: str | None = Field(default=None, max_length=32)


class User(Told):
    """An account as administrators see it."""

    model_config = example(
        id="us_k3v7q2m5x4ab",
        account="wangmin",
        name="王敏",
        organisation="or_k2x9p4q7m1aa",
        enabled=True,
        demo=False,
        must_change_password=False,
        second_factor=True,
        created_us=EXAMPLE_US,
        last_sign_in_us=EXAMPLE_US,
    )

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

    model_config = example(role="duty_officer", division_path="420000/420100/420115/", organisation_path="")

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

    model_config = example(enabled=False)

    name: Name | None = None
    organisation: str | None = Field(default=None, max_length=32)
    enabled: bool | None = None
    roles: list[RoleHeld] | None = Field(default=None, max_length=20)


class UserMade(Told):
    """A new account with its one-time password, shown once."""

    model_config = example(password="mountain-lantern-river-42")

    user: User
    password: str


class ResetWish(Wanted):
    """A reset; it keeps the second factor unless that is to be dropped."""

    model_config = example(drop_factor=False)

    drop_factor: bool = False


class ApprovalWish(Wanted):
    """What another administrator is asked to carry out."""

    model_config = example(act="reset", user="us_k3v7q2m5x4ab", reason="忘记密码，已当面核实")

    act: Literal["reset", "roles"]
    user: str = Field(max_length=32)
    reason: Line = Field(min_length=1)
    drop_factor: bool = False
    roles: list[RoleHeld] | None = Field(default=None, max_length=20)


class RoleAsked(Told):
    """A role and where it shall hold; null is everywhere."""

    model_config = example(role="audit_administrator", division=None, organisation=None)

    role: str
    division: str | None
    organisation: str | None


class Approval(Told):
    """Something that takes two persons."""

    model_config = example(
        id="ap_k2x9p4q7m1aa",
        act="reset",
        user="us_k3v7q2m5x4ab",
        account="wangmin",
        name="王敏",
        drop_factor=False,
        roles=None,
        reason="忘记密码，已当面核实",
        asked_by="us_m5x4abk3v7q2",
        asked_by_name="李伟",
        asked_us=EXAMPLE_US,
        until_us=EXAMPLE_US + 86_400_000_000,
        state="open",
        decided_by_name=None,
        decided_us=None,
        mine=True,
        may_approve=False,
    )

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

    model_config = example(part=None)

    approval: Approval
    part: str | None


class Approvals(Told):
    items: list[Approval]


class OneTimePassword(Told):
    """A one-time password, shown once."""

    model_config = example(password="mountain-lantern-river-42")

    password: str


class Role(Told):
    """A role as the program ships it."""

    model_config = example(
        code="duty_officer",
        name="值班员",
        name_en="Duty officer",
        actions=["video.live", "video.playback"],
        administers=False,
    )

    code: str
    name: str
    name_en: str
    actions: list[str]
    administers: bool


class TokenWish(Wanted):
    """A token for another program."""

    model_config = example(
        name="报表系统", actions=["recording.read"], expires_us=EXAMPLE_US + 2_592_000_000_000
    )

    name: Name
    actions: list[Action] = Field(min_length=1, max_length=40)
    expires_us: int


class Token(Told):
    """A token without its text."""

    model_config = example(
        id="tk_k3v7q2m5x4ab",
        name="报表系统",
        owner="us_k3v7q2m5x4ab",
        owner_name="王小明",
        actions=["recording.read"],
        created_us=EXAMPLE_US,
        expires_us=EXAMPLE_US + 2_592_000_000_000,
        last_used_us=None,
        revoked_us=None,
    )

    id: str
    name: str
    owner: str
    owner_name: str
    actions: list[str]
    created_us: int
    expires_us: int
    last_used_us: int | None
    revoked_us: int | None


class TokenMade(Told):
    """A token with its text, shown once."""

    model_config = example(text="mj_…")

    token: Token
    text: str


class Roles(Told):
    items: list[Role]


class Tokens(Told):
    items: list[Token]
