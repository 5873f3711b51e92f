"""What is kept: 8.1.4.3 audit, 8.1.4.7 integrity at rest, 8.1.4.9 backups, 8.1.4.10 remains, 8.1.4.11 persons. Pure."""

from mingjing.backup.room import late
from mingjing.backup.rules import DRILL_EVERY_US
from mingjing.cli.mlps3.facts import Clause, Facts, Judged, met, not_met, partly, theirs
from mingjing.cli.moments import shown
from mingjing.kernel.clock import DAY_US
from mingjing.kernel.errors import Text

JOURNAL_DAYS = 180
"""Six months: 网络安全法 asks for no less."""
YOUNG_US = DAY_US
"""An installation of so little age need not have been backed up."""
DRILL_LATE_US = DRILL_EVERY_US + 5 * DAY_US

_VERIFY = Text(
    "mingjing verify journal 指出第一处；查明原因", "mingjing verify journal names the first; find out why"
)


def broken(facts: Facts) -> Text | None:
    """What is wrong with the journal's chain; None where it is whole."""
    found = facts.journal
    if found.broken_seq is not None:
        return Text(
            f"日志链自第 {found.broken_seq} 条起不成立（{found.problem}）",
            f"the journal's chain breaks at entry {found.broken_seq} ({found.problem})",
        )
    if found.problem:
        return Text(f"日志链无法校验：{found.problem}", f"the chain could not be followed: {found.problem}")
    return None


def _whole(facts: Facts) -> Text:
    found = facts.journal
    return Text(
        f"日志 {found.entries} 条，链完整，检查点 {found.checkpoints} 个",
        f"the journal's {found.entries} entries hold as a chain, with {found.checkpoints} checkpoints",
    )


def _audited(facts: Facts) -> Judged:
    if not facts.journal.entries:
        return not_met(
            Text("日志中没有记录", "the journal has no entry"),
            Text("启动系统：mingjing serve", "Start the system: mingjing serve"),
        )
    return met(
        f"{facts.journal.entries} 条；登录、调阅、导出、改动、拒绝均记录，覆盖每个账号",
        f"{facts.journal.entries} entries: sign-in, viewing, export, change and refusal, for every account",
    )


def _dated(facts: Facts) -> Judged:
    if facts.clock_doubts:
        doubts = ", ".join(facts.clock_doubts)
        return not_met(
            Text(f"时钟不可信：{doubts}", f"the clock is in doubt: {doubts}"),
            Text("校准时钟，再运行 mingjing clock confirm", "Set the clock, then: mingjing clock confirm"),
        )
    if not facts.synchronised:
        return partly(
            Text(
                "每条含时间、主体、来源、类型、对象、结果；本机未发现授时服务",
                "each entry has time, subject, source, act, object, result; no time service was found here",
            ),
            Text("运行 chrony，并指向本单位的时钟源", "Run chrony against a clock of your own"),
        )
    return met(
        "每条含时间、主体、来源、类型、对象、结果；有授时服务，时钟可信",
        "each entry has time, subject, source, act, object, result; a time service runs, the clock is believed",
    )


def _protected(facts: Facts) -> Judged:
    wrong = broken(facts)
    if wrong is not None:
        return not_met(wrong, _VERIFY)
    copies = _local_copy(facts)
    if copies.verdict.name == "NOT_MET":
        return copies
    whole = _whole(facts)
    return partly(
        Text(
            f"{whole.zh}，随数据库每日备份（{facts.backups.count} 份）；机外见证尚未实现",
            f"{whole.en}; backed up daily with the database ({facts.backups.count} copies); "
            "a witness off the box is not built yet",
        ),
        Text(
            "定期把 checkpoints.jsonl 抄送到审计管理员掌握的另一台机器",
            "Copy checkpoints.jsonl regularly to another machine, in the audit administrator's hands",
        ),
    )


def _kept(facts: Facts) -> Judged:
    first = facts.journal.first_us
    if first is None or broken(facts) is not None:
        return not_met(broken(facts) or Text("日志缺第 1 条", "the journal has no entry 1"), _VERIFY)
    days = (facts.now_us - first) // DAY_US
    if days >= JOURNAL_DAYS:
        return met(f"留存 {days} 天（≥ {JOURNAL_DAYS}）", f"{days} days are kept (≥ {JOURNAL_DAYS})")
    if first - facts.installed_us > YOUNG_US:
        return partly(
            Text(
                f"只有 {days} 天：日志自 {shown(first)} 重新开始，而系统建于 {shown(facts.installed_us)}",
                f"only {days} days: the journal began anew at {shown(first)}, the installation is of "
                f"{shown(facts.installed_us)}",
            ),
            Text("从备份中保全此前的日志", "Keep the journal before that from a backup"),
        )
    until = shown(first + JOURNAL_DAYS * DAY_US)
    return met(
        f"自建立起全部 {days} 天；数据库拒绝删改，{until} 满六个月",
        f"all {days} days since the beginning; the database refuses to delete, six months are full at {until}",
    )


def _uninterrupted(_: Facts) -> Judged:
    return met(
        "无关闭日志的设置；日志与操作同一事务，写不下日志则操作不发生",
        "no setting turns it off; an act and its entry are one transaction: where none can be written, nothing is done",
    )


def _intact(facts: Facts) -> Judged:
    wrong = broken(facts)
    if wrong is not None:
        return not_met(wrong, _VERIFY)
    whole = _whole(facts)
    return met(
        f"{whole.zh}；录像每个片段带 SHA-256，mingjing verify recordings --depth hash",
        f"{whole.en}; each recorded fragment has its SHA-256: mingjing verify recordings --depth hash",
    )


def _local_copy(facts: Facts) -> Judged:
    copies, now = facts.backups, facts.now_us
    if not facts.settings.backup.enabled:
        return not_met(
            Text("备份已关闭", "backups are switched off"),
            Text("设 backup.enabled = true", "Set backup.enabled = true"),
        )
    make = Text("运行 mingjing backup now，并看告警", "Run mingjing backup now, and look at the alarms")
    if copies.newest_us is None:
        none = Text("还没有备份", "there is no backup yet")
        return (partly if now - facts.installed_us < YOUNG_US else not_met)(none, make)
    hours = (now - copies.newest_us) // (DAY_US // 24)
    seen = Text(
        f"{copies.count} 份，最近 {hours} 小时前", f"{copies.count} copies, the newest {hours} hours old"
    )
    if copies.faults:
        faults = "; ".join(copies.faults)
        return not_met(Text(f"{seen.zh}，已损坏：{faults}", f"{seen.en}, damaged: {faults}"), make)
    if late(copies.newest_us, now):
        return not_met(seen, make)
    if copies.drill_us is None or now - copies.drill_us > DRILL_LATE_US:
        last = "无" if copies.drill_us is None else shown(copies.drill_us)
        return partly(
            Text(
                f"{seen.zh}；最近恢复演练：{last}",
                f"{seen.en}; last drill: {'none' if last == '无' else last}",
            ),
            Text("mingjing backup drill", "mingjing backup drill"),
        )
    tried = (now - copies.drill_us) // DAY_US
    return met(f"{seen.zh}；{tried} 天前恢复演练成功", f"{seen.en}; a drill held {tried} days ago")


def _remote_copy(facts: Facts) -> Judged:
    remedy = Text(
        "backup.directory 指向异地存储；录像的异地副本由使用单位安排",
        "Point backup.directory at storage elsewhere; copies of recordings elsewhere are yours to arrange",
    )
    if not facts.backups.elsewhere:
        return not_met(
            Text(
                "备份与数据同盘；对象锁副本与录像异地副本尚未实现",
                "backups share the disk of the data; object-locked copies and remote copies of recordings are not "
                "built yet",
            ),
            remedy,
        )
    return partly(
        Text(
            "备份在另一磁盘（每日，非实时）；对象锁副本与录像异地副本尚未实现",
            "backups are on another disk (daily, not at once); object-locked copies and remote copies of "
            "recordings are not built yet",
        ),
        remedy,
    )


def _redundancy(facts: Facts) -> Judged:
    kind = "PostgreSQL" if facts.settings.database_url().startswith("postgresql") else "SQLite"
    return theirs(
        Text(
            f"集群与自动接管尚未实现（R20）；单机进程终止后自动恢复，数据库 {kind}",
            f"a cluster that takes over by itself is not built yet (R20); one machine starts again by itself; {kind}",
        ),
        Text(
            "由虚拟化平台或备机提供热冗余",
            "Give redundancy by the virtualisation platform or a spare machine",
        ),
    )


def _remains(facts: Facts) -> Judged:
    if facts.plain_volumes:
        return partly(
            Text(
                f"删除即解除链接，未覆写；未发现加密卷：{', '.join(facts.plain_volumes)}",
                f"deleted files are unlinked, not overwritten; no volume encryption found: "
                f"{', '.join(facts.plain_volumes)}",
            ),
            Text(
                "使用加密卷（退役时销毁密钥），或退役前擦除磁盘",
                "Use encrypted volumes (destroy the key at the end), or wipe disks before they leave",
            ),
        )
    return met(
        "数据与录像均在加密卷上，销毁卷密钥即不可恢复；会话结束即失效",
        "data and recordings are on encrypted volumes: without the key nothing remains; ended sessions are void",
    )


def _collected(_: Facts) -> Judged:
    return theirs(
        Text(
            "系统按计划的天数到期删除；采集范围与告知由使用单位决定，隐私遮挡尚未实现",
            "recordings go when their plan's days are over; what is filmed and who is told is yours to decide; "
            "privacy masks are not built yet",
        ),
        Text(
            "评估点位必要性，设置告知牌与保存天数",
            "Justify each camera, put up signs, set the days that are kept",
        ),
    )


def _used(_: Facts) -> Judged:
    return met(
        "调阅与导出逐次判权并入日志；控制台画面带本人水印；导出须写理由",
        "each view and export is judged and journalled; the console's pictures carry the viewer's name; exports give a reason",
    )


def _central(facts: Facts) -> Judged:
    return partly(
        Text(
            f"告警与 /metrics 可集中采集；syslog、OTLP 外送尚未实现；授时服务：{'有' if facts.synchronised else '未发现'}",
            "alarms and /metrics can be collected; export by syslog or OTLP is not built yet; time service: "
            + ("found" if facts.synchronised else "not found"),
        ),
        Text(
            "log.form = json，由采集程序收取标准错误输出；日志以 API 令牌定期取走",
            "log.form = json and a collector of standard error; fetch the journal with an API token",
        ),
    )


AUDIT = (
    Clause(
        "8.1.4.3 a",
        Text("安全审计：覆盖", "Audit: coverage"),
        Text("是否记录每个用户的重要行为？", "Is what matters recorded for every user?"),
        _audited,
    ),
    Clause(
        "8.1.4.3 b",
        Text("安全审计：内容与时间", "Audit: content and time"),
        Text(
            "每条是否写明何时、何人、何事、结果？", "Does each entry say when, who, what, and how it ended?"
        ),
        _dated,
        ("R8",),
    ),
    Clause(
        "8.1.4.3 c",
        Text("安全审计：保护与备份", "Audit: protection and backup"),
        Text("日志是否防删改，并定期备份？", "Is the journal safe from deletion and change, and backed up?"),
        _protected,
        ("S4",),
    ),
    Clause(
        "8.1.4.3 c",
        Text("安全审计：留存六个月", "Audit: kept for six months"),
        Text("日志是否留存不少于六个月？", "Is the journal kept for at least six months?"),
        _kept,
    ),
    Clause(
        "8.1.4.3 d",
        Text("安全审计：不可中断", "Audit: not to be stopped"),
        Text("审计能否被擅自停止？", "Can nobody stop the auditing without leave?"),
        _uninterrupted,
    ),
)

KEEPING = (
    Clause(
        "8.1.4.9 a",
        Text("数据备份恢复：本地", "Backup: local"),
        Text("重要数据能否在本地备份并恢复？", "Are important data backed up, and do they come back?"),
        _local_copy,
        ("R15",),
    ),
    Clause(
        "8.1.4.9 b",
        Text("数据备份恢复：异地", "Backup: elsewhere"),
        Text("是否实时备份到异地？", "Is a copy made elsewhere, as data arise?"),
        _remote_copy,
    ),
    Clause(
        "8.1.4.9 c",
        Text("数据备份恢复：热冗余", "Backup: hot redundancy"),
        Text("一台失效时，另一台是否立即接替？", "Does another machine take over at once?"),
        _redundancy,
        ("R23",),
    ),
    Clause(
        "8.1.4.10",
        Text("剩余信息保护", "What remains after release"),
        Text(
            "释放的存储中是否不留鉴别信息与敏感数据？",
            "Does storage that is given up hold nothing sensitive?",
        ),
        _remains,
    ),
    Clause(
        "8.1.4.11 a",
        Text("个人信息保护：采集", "Personal data: collecting"),
        Text("是否只采集必要的个人信息？", "Is only what is needed collected?"),
        _collected,
        ("R16",),
    ),
    Clause(
        "8.1.4.11 b",
        Text("个人信息保护：使用", "Personal data: use"),
        Text("未经授权能否查看或使用？", "Can nobody look at or use it without leave?"),
        _used,
        ("S2", "S6"),
    ),
)

INTACT = Clause(
    "8.1.4.7 b",
    Text("数据完整性：存储", "Integrity: at rest"),
    Text("视频与审计数据被改动能否发现？", "Is it noticed when video or the journal was changed on disk?"),
    _intact,
    ("R17",),
)

CENTRAL = Clause(
    "8.1.5.4",
    Text("管理中心：集中管控", "Management centre: central collection"),
    Text("运行状态、日志与时钟是否集中管理？", "Are state, logs and time managed from one place?"),
    _central,
)
