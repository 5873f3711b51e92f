"""What goes over the wire for sign-in, accounts, sessions, tokens, roles, organisations and divisions."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, model_validator

from mingjing.identity.actions import Action
from mingjing.kernel.text import Line, Name
from mingjing.kernel.wire import EXAMPLE_US, Told, Wanted, example
from mingjing.law.facts import Assistance, Function, OrganLevel, UnitKind
from mingjing.territory.rules import CODE, Kind

Code = Annotated[str, Field(max_length=40)]
Person = Annotated[Line, Field(max_length=100)]
Phone = Annotated[str, Field(max_length=40, pattern=r"^[0-9+ ()\-]*$")]
CreditCode = Annotated[str, Field(max_length=18, examples=["11420115MB1234567Q"])]
DivisionCode = Annotated[str, Field(pattern=f"^{CODE}$", examples=["420115"])]


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


class Contacts(Told):
    """Who speaks for a unit."""

    model_config = example(
        legal_representative="张某", responsible_person="李某", responsible_phone="027-81900000",
        security_contact="王某", security_phone="027-81900001",
    )  # fmt: skip

    legal_representative: str
    responsible_person: str
    responsible_phone: str
    security_contact: str
    security_phone: str


class Organisation(Told):
    """A unit; `path` is the identifiers from the top, `contacts` null where they are not for the caller."""

    model_config = example(
        id="or_k2x9p4q7m1aa", name="江夏区公安分局", parent=None, path="or_k2x9p4q7m1aa/", kind="public_security",
        level="county", function="", assistance="", credit_code="11420115MB1234567Q", division="420115",
        address="纸坊大街 1 号", ended_us=None,
    )  # fmt: skip

    id: str
    name: str
    parent: str | None
    path: str
    kind: UnitKind
    level: OrganLevel
    function: Function
    assistance: Assistance
    credit_code: str
    division: str | None
    address: str
    ended_us: int | None
    contacts: Contacts | None


class ContactsWish(Wanted):
    """Who speaks for a unit; absent members stay, null empties."""

    model_config = example(responsible_person="李某", responsible_phone="027-81900000")

    legal_representative: Person | None = None
    responsible_person: Person | None = None
    responsible_phone: Phone | None = None
    security_contact: Person | None = None
    security_phone: Phone | None = None


class _UnitMembers(Wanted):
    kind: UnitKind | None = None
    level: OrganLevel | None = Field(default=None, description="Of a public security organ")
    function: Function | None = Field(default=None, description="Of a department: HB361, article 5")
    assistance: Assistance | None = Field(default=None, description="Of an assisting unit")
    credit_code: CreditCode | None = Field(default=None, description="GB 32100")
    division: DivisionCode | None = None
    address: Line | None = None
    contacts: ContactsWish | None = None


class OrganisationWish(_UnitMembers):
    """A new unit."""

    model_config = example(
        name="纸坊派出所", parent="or_k2x9p4q7m1aa", kind="public_security", level="station", division="420115",
        credit_code="",
    )  # fmt: skip

    name: Name
    parent: str | None = Field(default=None, max_length=32)


class OrganisationPatch(_UnitMembers):
    """What shall change of a unit; absent members stay, null empties."""

    model_config = example(contacts={"responsible_phone": "027-81900000"}, ended=False)

    name: Name | None = None
    ended: bool | None = Field(default=None, description="Whether it has ceased to be")


class Division(Told):
    """An administrative division or functional zone; `leaf` says that nothing in force lies below it."""

    model_config = example(
        code="420304", name="郧阳区", parent="420300", path="420000/420300/420304/", kind="administrative",
        civil_code="420304", valid_from="2014-09-09", valid_to=None, successor=None, leaf=False,
    )  # fmt: skip

    code: str
    name: str
    parent: str | None
    path: str
    kind: Kind
    civil_code: str = Field(
        description="The administrative code for GB/T 28181: its own, or the one that stands for a functional zone"
    )
    valid_from: date | None = Field(description="The first day in force; null where nobody has said")
    valid_to: date | None = Field(description="The first day in force no more")
    successor: str | None
    leaf: bool


class DivisionWish(Wanted):
    """A division to enter. What lies above it follows from the code where it is not said."""

    model_config = example(code="420115001", name="纸坊街道")

    code: DivisionCode
    name: Name
    parent: DivisionCode | None = None
    kind: Kind | None = None
    civil_code: DivisionCode | None = Field(
        default=None, description="For a functional zone: the administrative code that stands for it"
    )
    valid_from: date | None = None
    valid_to: date | None = None
    successor: DivisionCode | None = None


class DivisionPatch(Wanted):
    """Another name, or the end of a division: what is kept there goes over to the successor."""

    model_config = example(name="纸坊街道办事处")

    name: Name | None = None
    ended: date | None = Field(default=None, description="The first day in force no more; absent: today")
    successor: DivisionCode | None = None


class DivisionMove(Wanted):
    """Where a division shall lie, or the code that it shall have, or both."""

    model_config = example(code="420304", name="郧阳区", since="2014-09-09")

    parent: DivisionCode | None = None
    code: DivisionCode | None = None
    name: Name | None = None
    since: date | None = Field(default=None, description="The first day of the new code; absent: today")

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.parent is None and self.code is None:
            raise ValueError("须填写 parent 或 code / parent or code has to be given")
        return self


class DivisionsLoaded(Told):
    """What came of a table: its rows, how many were new, how many got another name."""

    model_config = example(rows=121, entered=118, renamed=2)

    rows: int
    entered: int
    renamed: int


class RegisterChange(Told):
    """One change of a division or unit."""

    model_config = example(
        at_us=EXAMPLE_US, who="us_k3v7q2m5x4ab", who_name="王敏", what="rename", before={"name": "郧县"},
        after={"name": "郧阳区"},
    )  # fmt: skip

    at_us: int
    who: str
    who_name: str
    what: str
    before: dict[str, Any]
    after: dict[str, Any]


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


class Organisations(Told):
    items: list[Organisation]


class Divisions(Told):
    items: list[Division]


class Tokens(Told):
    items: list[Token]
