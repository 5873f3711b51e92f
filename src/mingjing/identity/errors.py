"""How sign-in, accounts and permissions fail."""

from mingjing.kernel.errors import define

_ASK = ("如有疑问，请联系安全管理员。", "If in doubt, ask the security administrator.")
_AGAIN = ("请修改后重试。", "Correct it and try again.")

SIGN_IN_REFUSED = define(
    "AUTH-001",
    401,
    title=("登录未成功", "Sign-in refused"),
    detail=(
        "账号、密码或验证码不正确，或账号已停用。",
        "The account, password or code is wrong, or the account is disabled.",
    ),
    remedy=(
        "请核对后重试；多次失败将暂时锁定。",
        "Check them and try again; repeated failures lock the account for a while.",
    ),
)
NOT_SIGNED_IN = define(
    "AUTH-002",
    401,
    title=("尚未登录", "Not signed in"),
    detail=("此操作需要登录，或登录已失效。", "This needs you to be signed in, or your session has ended."),
    remedy=("请重新登录。", "Sign in again."),
)
NOT_ALLOWED = define(
    "AUTH-003",
    403,
    title=("没有权限", "Not permitted"),
    detail=("您的角色不包含权限 {action}。", "Your roles do not include the permission {action}."),
    remedy=("如需此权限，请联系安全管理员。", "If you need it, ask the security administrator."),
)
CODE_WANTED = define(
    "AUTH-004",
    428,
    title=("需要动态验证码", "A one-time code is wanted"),
    detail=("此账号启用了两步验证。", "This account uses a second factor."),
    remedy=(
        "请输入验证器上的六位数字，或一个恢复码。",
        "Enter the six digits of your authenticator, or a recovery code.",
    ),
)
LOCKED = define(
    "AUTH-005",
    423,
    title=("暂时锁定", "Locked for a while"),
    detail=("该账号尝试次数过多，暂停登录。", "There were too many tries on this account."),
    remedy=(
        "请稍后再试；曾登录过的设备不受影响。",
        "Try again later; a device that signed in before is not affected.",
    ),
)
PASSWORD_MUST_CHANGE = define(
    "AUTH-006",
    403,
    title=("请先修改密码", "Change the password first"),
    detail=("一次性密码必须先行修改。", "A one-time password has to be changed before anything else."),
    remedy=("请设置新密码。", "Set a new password."),
)
CSRF_BAD = define(
    "AUTH-007",
    403,
    title=("请求来源校验失败", "The request did not come from the console"),
    detail=("缺少或错误的 X-CSRF-Token。", "The X-CSRF-Token is missing or wrong."),
    remedy=("请刷新页面后重试。", "Reload the page and try again."),
)
TOO_MANY = define(
    "AUTH-008",
    429,
    title=("尝试过于频繁", "Too many tries"),
    detail=("来自此网络地址的登录尝试过多。", "There were too many sign-in tries from this network address."),
    remedy=("请在 {retry_after_s} 秒后重试。", "Try again in {retry_after_s} seconds."),
)
BUSY = define(
    "AUTH-009",
    503,
    title=("登录繁忙", "Sign-in is busy"),
    detail=("同时登录的人数过多。", "Too many people are signing in at this moment."),
    remedy=("请稍候几秒重试。", "Try again in a few seconds."),
)
PASSWORD_WEAK = define(
    "AUTH-010",
    422,
    title=("密码不符合要求", "The password is not acceptable"),
    detail=("{why_zh}", "{why_en}"),
    remedy=(
        "请使用至少 12 个字符、不易猜到的密码；几个不相关的词很好记。",
        "Use at least 12 characters that are hard to guess; several unrelated words are easy to remember.",
    ),
)
OLD_PASSWORD_WRONG = define(
    "AUTH-011",
    422,
    title=("原密码不正确", "The old password is wrong"),
    detail=("原密码不正确。", "The old password is wrong."),
    remedy=_AGAIN,
)
FACTOR_CODES_WRONG = define(
    "AUTH-012",
    422,
    title=("验证码不正确", "The codes are wrong"),
    detail=(
        "需要验证器上相继出现的两个验证码。",
        "Two codes that follow each other on the authenticator are wanted.",
    ),
    remedy=(
        "请检查手机时间，等新码出现后重试。",
        "Check the phone's clock, wait for a new code and try again.",
    ),
)
FACTOR_ABSENT = define(
    "AUTH-013",
    409,
    title=("尚未开始绑定", "No second factor was begun"),
    detail=("没有待确认的两步验证。", "There is no second factor to confirm."),
    remedy=("请重新获取二维码。", "Ask for a new secret first."),
)
STEP_UP_WANTED = define(
    "AUTH-014",
    403,
    title=("请再次验证身份", "Prove again who you are"),
    detail=(
        "此操作较为敏感，需要再次输入密码；启用了两步验证的，还需验证码。",
        "This act is sensitive: it wants your password again, and a code where you use a second factor.",
    ),
    remedy=(
        "请输入密码确认，数分钟内有效；操作尚未执行。",
        "Enter the password; the proof holds for some minutes. Nothing was done yet.",
    ),
)
STEP_UP_REFUSED = define(
    "AUTH-015",
    422,
    title=("验证未通过", "The proof was not accepted"),
    detail=("密码或验证码不正确。", "The password or the code is wrong."),
    remedy=(
        "请核对后重试；多次失败将暂时锁定。",
        "Check them and try again; repeated failures lock the account for a while.",
    ),
)
FACTOR_WANTED = define(
    "AUTH-016",
    403,
    title=("请先绑定两步验证", "Set up the second factor first"),
    detail=(
        "您的职责要求两步验证，绑定之前不能办理其他事项。",
        "What you are responsible for demands a second factor; until it is set up, nothing else opens.",
    ),
    remedy=(
        "请用手机验证器扫描二维码，并输入相继两个验证码。",
        "Scan the code with an authenticator and enter two codes that follow each other.",
    ),
)
FACTOR_DEMANDED = define(
    "AUTH-017",
    409,
    title=("两步验证不可取消", "The second factor must stay"),
    detail=(
        "本系统要求您使用两步验证，可以更换，不能取消。",
        "This site demands a second factor of you: it can be replaced, not dropped.",
    ),
    remedy=("如已更换手机，请重新绑定。", "If you have a new phone, set it up anew."),
)
ACCOUNT_TAKEN = define(
    "AUTH-020",
    409,
    title=("账号已存在", "The account exists already"),
    detail=("账号 {account} 已被使用。", "The account {account} is taken."),
    remedy=("请换一个账号名。", "Choose another name."),
)
ROLE_UNKNOWN = define(
    "AUTH-021",
    422,
    title=("角色不存在", "No such role"),
    detail=("角色 {role} 不存在。", "There is no role {role}."),
    remedy=("请从角色列表中选择。", "Choose one from the list of roles."),
)
ROLES_CLASH = define(
    "AUTH-022",
    409,
    title=("三员不得兼任", "The administrators must be different persons"),
    detail=(
        "同一人不得同时担任 {first} 与 {second}。",
        "One person must not be {first} and {second} at once.",
    ),
    remedy=("请为另一人设立账号。", "Give the other role to another person."),
)
OWN_RIGHTS = define(
    "AUTH-023",
    403,
    title=("不得更改自己的权限", "Not one's own rights"),
    detail=(
        "任何人不得更改自己的角色、停用自己或重置自己的密码。",
        "Nobody changes their own roles, disables themselves or resets their own password.",
    ),
    remedy=(
        "请由另一名安全管理员办理；知道原密码时可自行修改密码。",
        "Ask another security administrator; who knows the old password can change it.",
    ),
)
LAST_SECURITY_ADMIN = define(
    "AUTH-024",
    409,
    title=("须保留安全管理员", "A security administrator must remain"),
    detail=("这是最后一名可用的安全管理员。", "This is the last security administrator."),
    remedy=("请先设立另一名安全管理员。", "Appoint another one first."),
)
ORGANISATION_UNKNOWN = define(
    "AUTH-025",
    422,
    title=("单位不存在", "No such organisation"),
    detail=("单位 {organisation} 不存在。", "There is no organisation {organisation}."),
    remedy=("请从单位列表中选择。", "Choose one from the list of organisations."),
)
TOKEN_TOO_WIDE = define(
    "AUTH-026",
    403,
    title=("令牌超出本人权限", "The token would exceed its owner"),
    detail=(
        "本人没有权限 {action}，不能授予令牌。",
        "You do not hold {action} and cannot give it to a token.",
    ),
    remedy=_ASK,
)
TOKEN_TOO_LONG = define(
    "AUTH-027",
    422,
    title=("令牌有效期无效", "The token's expiry is not valid"),
    detail=(
        "有效期须在现在之后、{days} 天之内。",
        "The expiry lies in the future, at most {days} days ahead.",
    ),
    remedy=_AGAIN,
)
TOKEN_NOT_HERE = define(
    "AUTH-028",
    403,
    title=("令牌不能办理此事", "Not with a token"),
    detail=("此操作只能由本人登录后办理。", "This is done by a person who is signed in, not by a token."),
    remedy=("请在控制台办理。", "Use the console."),
)
SECOND_PERSON = define(
    "AUTH-030",
    409,
    title=("须两人办理", "This takes two persons"),
    detail=(
        "设立、变更管理员，重置管理员密码，以及取消他人的两步验证，须由另一名管理员确认。",
        "Making or changing an administrator, resetting an administrator's password, and dropping somebody's second "
        "factor want the confirmation of another administrator.",
    ),
    remedy=(
        "请提交申请，由申请人和当事人以外的管理员确认。",
        "Ask for it; an administrator other than you and the person concerned confirms it.",
    ),
)
NOT_THE_SECOND = define(
    "AUTH-031",
    403,
    title=("须由他人确认", "Another person must confirm"),
    detail=(
        "申请人和当事人不能确认此申请。",
        "Neither the one who asked nor the one concerned confirms it.",
    ),
    remedy=("请另一名管理员办理。", "Have another administrator do it."),
)
APPROVAL_OVER = define(
    "AUTH-032",
    409,
    title=("申请已办结", "No longer open"),
    detail=(
        "此申请已确认、已拒绝或已过期。",
        "It was confirmed, refused, or has lapsed.",
    ),
    remedy=("如仍需要，请重新申请。", "If it is still wanted, ask anew."),
)
UNIT_INCOMPLETE = define(
    "AUTH-033",
    422,
    title=("单位资料与类型不符", "What is said of the unit does not fit its kind"),
    detail=("{zh}", "{en}"),
    remedy=(
        "公安机关须有级别和区划，主管部门须有职能，协助单位须有服务类型；其他单位不填这些项目。",
        "A public security organ has a level and a division, a department a function, an assisting unit a service; "
        "other units have none of these.",
    ),
)
CREDIT_CODE_BAD = define(
    "AUTH-034",
    422,
    title=("统一社会信用代码有误", "The credit code is not valid"),
    detail=(
        "{code} 不是有效的统一社会信用代码：长度、字符或校验码不符。",
        "{code} is no unified social credit code: its length, its characters or its check digit are wrong.",
    ),
    remedy=(
        "请按证照核对 18 位代码；其中不含 I、O、S、V、Z。",
        "Check the 18 characters against the certificate; I, O, S, V and Z are not among them.",
    ),
)
CREDIT_CODE_TAKEN = define(
    "AUTH-035",
    409,
    title=("该信用代码已登记", "The credit code is taken"),
    detail=(
        "统一社会信用代码 {code} 已由“{name}”使用。",
        "The credit code {code} belongs to {name} already.",
    ),
    remedy=(
        "请在原单位上变更；内设机构没有自己的代码时留空。",
        "Change that unit; leave it empty for a part of a unit that has no code of its own.",
    ),
)
ORGANISATION_ENDED = define(
    "AUTH-036",
    409,
    title=("单位已终止", "The unit has ended"),
    detail=("单位“{name}”已终止。", "The unit {name} has ended."),
    remedy=("请选择现有单位。", "Choose a unit that stands."),
)
