"""Who may do what: 8.1.4.1 identity, 8.1.4.2 access, 8.1.5 the three administrators. Pure."""

from mingjing.cli.mlps3.facts import Account, Clause, Facts, Judged, met, not_met, partly
from mingjing.identity.passwords import SHORTEST
from mingjing.identity.roles import ROLES, clash
from mingjing.kernel.clock import DAY_US
from mingjing.kernel.errors import Text

STALE_DAYS = 90
IDLE_MINUTES = 30
"""The standard names no figure; this is what is commonly accepted."""
IDLE_MINUTES_MOST = 240
TRIES, TRIES_MOST = 10, 30
"""A quarter of an hour: accepted, and beyond question too many."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
ADMINISTRATORS = tuple(role.code for role in ROLES.values() if role.administers)


def enabled(facts: Facts) -> list[Account]:
    return [one for one in facts.accounts if one.enabled]


def administrators(facts: Facts) -> list[Account]:
    return [one for one in enabled(facts) if one.roles & set(ADMINISTRATORS)]


def _named(found: list[Account]) -> str:
    most = 8
    return ", ".join(one.account for one in found[:most]) + (" …" if len(found) > most else "")


def _passwords(facts: Facts) -> Judged:
    held = facts.settings.identity
    return partly(
        Text(
            f"账号唯一（{len(facts.accounts)} 个）；口令 ≥ {SHORTEST} 字符并拒绝易猜口令；"
            f"Argon2id {held.argon2_memory_kib // 1024} MiB × {held.argon2_passes}。"
            "字符种类与定期更换不强制（尚无 mlps3 配置档）",
            f"accounts are unique ({len(facts.accounts)}); passwords have ≥ {SHORTEST} characters, guessable ones are "
            f"refused; Argon2id {held.argon2_memory_kib // 1024} MiB × {held.argon2_passes}. Kinds of characters and "
            "periodic change are not enforced (a profile mlps3 is not built yet)",
        ),
        Text(
            "以制度规定更换周期，并按期执行",
            "Rule by a written policy when passwords are changed, and keep to it",
        ),
    )


def _failures(facts: Facts) -> Judged:
    held = facts.settings.identity
    tries, idle = held.tries_per_quarter_hour, held.session_idle_minutes
    seen = Text(
        f"tries_per_quarter_hour = {tries}，tries_per_day = {held.tries_per_day}，"
        f"session_idle_minutes = {idle}，session_hours = {held.session_hours}",
        f"tries_per_quarter_hour = {tries}, tries_per_day = {held.tries_per_day}, "
        f"session_idle_minutes = {idle}, session_hours = {held.session_hours}",
    )
    wanted = f"identity.tries_per_quarter_hour ≤ {TRIES}, identity.session_idle_minutes ≤ {IDLE_MINUTES}"
    remedy = Text(f"设 {wanted}", f"Set {wanted}")
    if tries > TRIES_MOST or idle > IDLE_MINUTES_MOST:
        return not_met(seen, remedy)
    if tries > TRIES or idle > IDLE_MINUTES:
        return partly(seen, remedy)
    return met(seen.zh, seen.en)


def _sign_in_transport(facts: Facts) -> Judged:
    server = facts.settings.server
    if server.secure:
        return met(
            "server.secure：控制台在 TLS 之后，Cookie 带 __Host-", "server.secure: TLS, __Host- cookies"
        )
    if server.host in LOOPBACK:
        return met(f"仅本机可达：{server.host}", f"reachable from this machine alone: {server.host}")
    return not_met(
        Text(f"{server.host}:{server.port} 未经 TLS", f"{server.host}:{server.port} without TLS"),
        Text("前置 TLS 代理并设 server.secure", "Put a TLS proxy in front and set server.secure"),
    )


def _factors(facts: Facts) -> Judged:
    wanted = facts.settings.identity.second_factor
    theirs, everybody = administrators(facts), enabled(facts)
    having = sum(one.second_factor for one in theirs)
    seen = Text(
        f"second_factor = {wanted}；三员 {having}/{len(theirs)} 已启用，"
        f"全部账号 {sum(one.second_factor for one in everybody)}/{len(everybody)}（TOTP，密钥加密保存）",
        f"second_factor = {wanted}; set up by {having}/{len(theirs)} administrators, "
        f"{sum(one.second_factor for one in everybody)}/{len(everybody)} of all accounts (TOTP, sealed)",
    )
    if wanted == "off":
        return not_met(seen, Text("设 identity.second_factor = all", "Set identity.second_factor = all"))
    if wanted == "administrators":
        return partly(
            seen,
            Text(
                "仅对三员强制；设 identity.second_factor = all 覆盖全部账号",
                "Demanded of the administrators alone; identity.second_factor = all covers everybody",
            ),
        )
    return met(seen.zh, seen.en)


def _assigned(facts: Facts) -> Judged:
    idle = [one for one in enabled(facts) if not one.roles]
    if not idle:
        count = len(enabled(facts))
        return met(
            f"{count} 个启用账号均有角色，限于区划与单位",
            f"{count} enabled accounts hold roles, each in a place",
        )
    return partly(
        Text(
            f"{len(idle)} 个启用账号没有角色：{_named(idle)}",
            f"{len(idle)} accounts have no role: {_named(idle)}",
        ),
        Text("授予角色或停用", "Give them a role, or disable them"),
    )


def _default_accounts(facts: Facts) -> Judged:
    demo = [one for one in enabled(facts) if one.demo]
    if demo:
        return not_met(
            Text(f"演示账号已启用：{_named(demo)}", f"demo accounts are enabled: {_named(demo)}"),
            Text("停用：mingjing user disable 账号", "Disable them: mingjing user disable ACCOUNT"),
        )
    first = [one for one in enabled(facts) if one.account == "admin"]
    if not first:
        return met(
            "无演示账号，首个账号 admin 不存在或已停用",
            "no demo account, and the first account, admin, is gone or disabled",
        )
    waits = any(one.must_change_password for one in first)
    return partly(
        Text(
            f"首个账号 admin 仍启用；初始口令为随机一次性，{'尚未更换' if waits else '已更换'}",
            "the first account, admin, is still enabled; its password was random and one-time, and "
            + ("has not been changed yet" if waits else "has been changed"),
        ),
        Text("为每人建立账号后停用 admin", "Open an account for each person, then disable admin"),
    )


def _stale(facts: Facts) -> Judged:
    old = [one for one in enabled(facts) if facts.now_us - one.active_us > STALE_DAYS * DAY_US]
    if old:
        return not_met(
            Text(
                f"{len(old)} 个启用账号 {STALE_DAYS} 天未登录：{_named(old)}",
                f"{len(old)} enabled accounts unused for {STALE_DAYS} days: {_named(old)}",
            ),
            Text("停用：mingjing user disable 账号", "Disable them: mingjing user disable ACCOUNT"),
        )
    most = facts.settings.identity.sessions_per_user
    return met(
        f"无 {STALE_DAYS} 天未登录的启用账号；每账号至多 {most} 个会话，共用账号由制度禁止",
        f"no enabled account is unused for {STALE_DAYS} days; {most} sessions an account at most; "
        "that none is shared is for a written policy",
    )


def _separated(facts: Facts) -> Judged:
    active = enabled(facts)
    missing = [code for code in ADMINISTRATORS if not any(code in one.roles for one in active)]
    both = [one for one in active if clash(set(one.roles & set(ROLES)))]
    if both:
        return not_met(
            Text(f"一人兼任两员：{_named(both)}", f"one person holds two of the three: {_named(both)}"),
            Text("收回其中一个角色", "Take one of the two roles away"),
        )
    if missing:
        lacking = ", ".join(missing)
        roles = ", ".join(ROLES[code].name.zh for code in missing)
        return not_met(
            Text(f"三员不全，缺：{roles}", f"not all of the three administrators exist; missing: {lacking}"),
            Text(
                f"mingjing user add 账号 --role {missing[0]}",
                f"mingjing user add ACCOUNT --role {missing[0]}",
            ),
        )
    mixed = [one for one in administrators(facts) if len(one.roles) > 1]
    if mixed:
        return partly(
            Text(
                f"三员齐备，但兼有业务角色：{_named(mixed)}",
                f"all three exist; with other roles: {_named(mixed)}",
            ),
            Text("收回三员的业务角色", "Take the other roles away from the administrators"),
        )
    return met("三员齐备，无人兼任", "all three administrators exist, and none holds another role")


def _policy(facts: Facts) -> Judged:
    count = sum("security_admin" in one.roles for one in enabled(facts))
    if not count:
        return not_met(
            Text("没有启用的安全管理员", "no enabled security administrator"),
            Text(
                "mingjing user add 账号 --role security_admin",
                "mingjing user add ACCOUNT --role security_admin",
            ),
        )
    return met(
        f"控制台上权限只由安全管理员（{count} 名）授予；涉及三员须两人",
        f"in the console rights are given by security administrators ({count}) alone; among administrators by two persons",
    )


def _granularity(_: Facts) -> Judged:
    return met(
        "每次按账号、动作、通道、区划与单位判定；数据库不对用户开放",
        "judged at each act by account, action, channel, division and unit; no user reaches the database",
    )


def _labels(facts: Facts) -> Judged:
    return partly(
        Text(
            f"{facts.cameras} 路通道均标有区划与单位并据此判定；敏感级别标记尚未实现",
            f"{facts.cameras} channels carry division and unit, and access is judged by them; "
            "labels of sensitivity are not built yet",
        ),
        Text(
            "敏感点位以单独的单位或区划隔离", "Set sensitive places apart in a unit or division of their own"
        ),
    )


def _administrator(number: str, name: Text, code: str, asks: Text) -> Clause:
    """One of the three administrators, and what is asked of that one."""
    role = ROLES[code]

    def judge(facts: Facts) -> Judged:
        held = [one for one in enabled(facts) if code in one.roles]
        if held:
            return met(f"{role.name.zh} {len(held)} 名", f"{role.name.en}: {len(held)}")
        return not_met(
            Text(f"没有启用的{role.name.zh}", f"no enabled {role.name.en.lower()}"),
            Text(f"mingjing user add 账号 --role {code}", f"mingjing user add ACCOUNT --role {code}"),
        )

    return Clause(number, name, asks, judge)


IDENTITY = (
    Clause(
        "8.1.4.1 a",
        Text("身份鉴别：标识与口令", "Identity: accounts and passwords"),
        Text(
            "账号是否唯一，口令是否够强并定期更换？",
            "Are accounts unique, passwords strong and changed in time?",
        ),
        _passwords,
    ),
    Clause(
        "8.1.4.1 b",
        Text("身份鉴别：失败与超时", "Identity: failures and time-outs"),
        Text(
            "登录失败是否受限，空闲会话是否退出？", "Are failed sign-ins bounded, and do idle sessions end?"
        ),
        _failures,
        ("S5",),
    ),
    Clause(
        "8.1.4.1 c",
        Text("身份鉴别：传输保护", "Identity: protected transport"),
        Text("远程登录时口令是否不会被窃听？", "Can nobody overhear a password on its way?"),
        _sign_in_transport,
        ("S7",),
    ),
    Clause(
        "8.1.4.1 d",
        Text("身份鉴别：双因素", "Identity: two factors"),
        Text(
            "是否用两种鉴别方式，其一基于密码技术？",
            "Do people prove themselves twice, once by cryptography?",
        ),
        _factors,
    ),
)

ACCESS = (
    Clause(
        "8.1.4.2 a",
        Text("访问控制：账号与权限", "Access: accounts and rights"),
        Text("每个账号是否都有分配的权限？", "Has every account its assigned rights?"),
        _assigned,
        ("S3",),
    ),
    Clause(
        "8.1.4.2 b",
        Text("访问控制：默认账号", "Access: default accounts"),
        Text("默认账号与默认口令是否已消除？", "Are default accounts and passwords gone?"),
        _default_accounts,
    ),
    Clause(
        "8.1.4.2 c",
        Text("访问控制：多余与共用账号", "Access: stale and shared accounts"),
        Text("不再使用的账号是否停用，有无共用？", "Are unused accounts disabled, and is none shared?"),
        _stale,
    ),
    Clause(
        "8.1.4.2 d",
        Text("访问控制：权限分离", "Access: separation"),
        Text(
            "三员是否齐备，且无人兼任？", "Do the three administrators exist, and does nobody hold two roles?"
        ),
        _separated,
    ),
    Clause(
        "8.1.4.2 e",
        Text("访问控制：策略配置", "Access: who sets the policy"),
        Text("访问规则是否只由获授权者制定？", "Are the rules of access set by those authorised alone?"),
        _policy,
        ("S2",),
    ),
    Clause(
        "8.1.4.2 f",
        Text("访问控制：粒度", "Access: granularity"),
        Text(
            "是否细到每个用户与每个对象，撤权即时？",
            "Down to each user and object, and at once when withdrawn?",
        ),
        _granularity,
        ("S2", "S6"),
    ),
    Clause(
        "8.1.4.2 g",
        Text("访问控制：安全标记", "Access: labels"),
        Text(
            "重要对象是否带标记，并按标记放行？", "Do important objects carry labels that decide who gets in?"
        ),
        _labels,
    ),
)

ADMINISTRATION = (
    _administrator(
        "8.1.5.1",
        Text("管理中心：系统管理", "Management centre: system"),
        "system_admin",
        Text("系统是否由专门的人管理？", "Is the system managed by persons of its own?"),
    ),
    _administrator(
        "8.1.5.2",
        Text("管理中心：审计管理", "Management centre: audit"),
        "audit_admin",
        Text("日志是否由专门的人查阅？", "Is the journal looked through by persons of its own?"),
    ),
    _administrator(
        "8.1.5.3",
        Text("管理中心：安全管理", "Management centre: security"),
        "security_admin",
        Text("账号与权限是否由专门的人管理？", "Are accounts and rights managed by persons of their own?"),
    ),
)
