"""Filing and dismantling: HB361, article 11; SC799, article 14."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from mingjing.kernel.errors import Text
from mingjing.law.days import last_day, window_before
from mingjing.law.facts import FilingFact, SystemFacts
from mingjing.law.rule import Severity, State, Verdict, rule

FILED_MEMBERS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "unit_name": Text("单位名称", "Name of the unit"),
        "credit_code": Text("统一社会信用代码", "Unified social credit code"),
        "legal_representative": Text("法定代表人", "Legal representative"),
        "responsible_person": Text("负责人", "Responsible person"),
        "responsible_phone": Text("负责人电话", "Telephone of the responsible person"),
        "address": Text("建设位置", "Location"),
        "cameras": Text("设备数量", "Number of devices"),
        "device_types": Text("设备类型", "Types of devices"),
        "retention_days": Text("存储期限（天）", "Retention, days"),
    }
)
"""What SC799, article 14 wants filed, and filed anew when it changes: basics of the unit, location, number and type of
devices, retention."""


def filed(subject: SystemFacts, *kinds: str) -> FilingFact | None:
    """The first filing of a kind that the organ has got."""
    got = [one for one in subject.filings if one.kind in kinds and one.submitted is not None]
    return min(got, key=lambda one: one.submitted or date.max, default=None)


def _done(one: FilingFact, submitted: date, due: date, facts: dict[str, str | int]) -> Verdict:
    """In time; or late, which is settled once the organ has accepted it, and until then still owed."""
    told = facts | {"submitted": str(submitted)}
    if submitted <= due:
        return Verdict(State.MET, due=due, facts=told)
    late = told | {"late": (submitted - due).days}
    return Verdict(State.LATE if one.accepted else State.BROKEN, due=due, facts=late)


def _in_use(subject: SystemFacts) -> date | None:
    return subject.in_use


def _dismantling(subject: SystemFacts) -> date | None:
    return subject.dismantle_planned


@rule(
    "FILE-01",
    kind="system",
    severity=Severity.VIOLATION,
    title=("投入使用后按期备案", "Filed in time after entry into use"),
    message=(
        "系统于 {in_use} 投入使用，应于 {due} 24:00 前备案。",
        "The system entered into use on {in_use} and has to be filed by {due}, 24:00.",
    ),
    remedy=("请办理初次备案。", "Prepare and submit the initial filing."),
    dated=_in_use,
)
def file_01(subject: SystemFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:
    """Filed within `days` days from entry into use."""
    if subject.in_use is None or today < subject.in_use:
        return
    due = last_day(subject.in_use, figures["days"])
    facts: dict[str, str | int] = {"in_use": str(subject.in_use), "due": str(due)}
    done = filed(subject, "initial", "legacy")
    if done is not None and done.submitted is not None:
        yield _done(done, done.submitted, due, facts)
    elif subject.dismantled is None or subject.dismantled > due:
        yield Verdict(State.PENDING if today <= due else State.BROKEN, due=due, facts=facts)


@rule(
    "FILE-02",
    kind="system",
    severity=Severity.VIOLATION,
    title=("既有系统在过渡期内备案", "A system from before the order is filed in its term"),
    message=(
        "系统于 {in_use} 投入使用，早于条例施行，应于 {due} 24:00 前备案。",
        "The system entered into use on {in_use}, before the order; it had to be filed by {due}, 24:00.",
    ),
    remedy=("请尽快办理备案。", "Prepare and submit the filing at once."),
)
def file_02(subject: SystemFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:
    """What was in use when the order came into force on day `since` (YYYYMMDD) is filed within `days` days from it."""
    since = date(figures["since"] // 10_000, figures["since"] // 100 % 100, figures["since"] % 100)
    if subject.in_use is None or subject.in_use >= since:
        return
    due = last_day(since, figures["days"])
    if subject.dismantled is not None and subject.dismantled <= due:
        return
    facts: dict[str, str | int] = {"in_use": str(subject.in_use), "due": str(due)}
    done = filed(subject, "initial", "legacy")
    if done is not None and done.submitted is not None:
        yield _done(done, done.submitted, due, facts)
    else:
        yield Verdict(State.PENDING if today <= due else State.BROKEN, due=due, facts=facts)


@rule(
    "FILE-03",
    kind="system",
    severity=Severity.VIOLATION,
    title=("备案事项变更后及时变更备案", "What was filed and has changed is filed anew"),
    message=(
        "备案事项“{member}”自 {since} 起与登记不符，应于 {due} 24:00 前办理变更备案。",
        "“{member_en}” has differed from what was filed since {since}; the change is filed by {due}, 24:00.",
    ),
    remedy=("请办理变更备案。", "Prepare and submit the change filing."),
)
def file_03(subject: SystemFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:
    """What was filed is filed anew within `days` days from the day on which it changed, our own term: the order says
    "promptly". A change that was filed is judged by its own day."""
    if filed(subject, "initial", "legacy") is None or subject.dismantled is not None:
        return
    told = False
    for one in subject.differences:
        due = last_day(one.since, figures["days"])
        name = FILED_MEMBERS[one.member]
        facts = {"member": name.zh, "member_en": name.en, "since": str(one.since), "due": str(due)}
        yield Verdict(State.PENDING if today <= due else State.BROKEN, key=one.member, due=due, facts=facts)
        told = True
    for change in subject.filings:
        if change.kind == "change" and change.submitted is not None and change.trigger is not None:
            due = last_day(change.trigger, figures["days"])
            facts = {"member": "—", "member_en": "—", "since": str(change.trigger), "due": str(due)}
            yield _done(change, change.submitted, due, {**facts})._replace(key=change.number)
            told = True
    if not told:
        yield Verdict(State.MET)


@rule(
    "FILE-04",
    kind="system",
    severity=Severity.VIOLATION,
    title=("备案内容与实测相符", "What was filed is what is measured"),
    message=(
        "备案的{member}为 {filed}，实测为 {measured}。",
        "Filed {member_en}: {filed}; measured: {measured}.",
    ),
    remedy=(
        "请查明原因：系统已变更的办理变更备案，录像未存足的恢复存储。",
        "Find out why: file the change where the system has changed, restore the storage where recordings fall short.",
    ),
)
def file_04(subject: SystemFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """The filed numbers hold: as many cameras as the register has, and not fewer than those that record; recordings that
    reach back as far as was filed. What no night has measured is unknown."""
    if filed(subject, "initial", "legacy") is None or subject.dismantled is not None:
        return
    for member, number in sorted(subject.filed.items()):
        state, measured = _truth(subject, member, number)
        name = FILED_MEMBERS[member]
        shown = "—" if measured is None else measured
        facts: dict[str, str | int] = {
            "member": name.zh,
            "member_en": name.en,
            "filed": number,
            "measured": shown,
        }
        yield Verdict(state, key=member, facts=facts)


def _truth(subject: SystemFacts, member: str, number: int) -> tuple[State, int | None]:
    """Whether a filed number holds, and what was measured."""
    measured = subject.measured
    if member == "cameras":
        found = max(subject.cameras, measured.recorded if measured else 0)
        return (State.MET if found == number else State.BROKEN), found
    if measured is None or (measured.kept_days is None and measured.grown_days is None):
        return State.UNKNOWN, None
    if measured.kept_days is not None and measured.kept_days < number:
        return State.BROKEN, measured.kept_days
    # Nothing was deleted yet of the youngest: whether it will be kept for so long, time tells.
    if measured.grown_days is not None and measured.grown_days < number:
        return State.UNKNOWN, measured.grown_days
    return State.MET, measured.kept_days if measured.kept_days is not None else measured.grown_days


@rule(
    "FILE-05",
    kind="system",
    severity=Severity.BLOCKS,
    title=("向系统所在地的备案机关备案", "Filed with the organ of the place"),
    message=(
        "备案机关所在区划 {organ} 与系统所在地不符。",
        "The organ's division {organ} is not that of the system.",
    ),
    remedy=(
        "请向系统所在地县级公安机关备案。",
        "File with the county-level public security organ of the place.",
    ),
)
def file_05(subject: SystemFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """Every filing goes to an organ whose division the system lies in; with `county` it is one of county level."""
    for number, one in enumerate(subject.filings):
        if one.submitted is None:
            continue
        within = f"/{one.organ_division}/" in f"/{subject.division_path}"
        county = len(one.organ_division) == 6 and not one.organ_division.endswith("00")
        right = within and (county or not figures.get("county"))
        yield Verdict(
            State.MET if right else State.BROKEN, key=str(number), facts={"organ": one.organ_division}
        )


@rule(
    "DISM-01",
    kind="system",
    severity=Severity.BLOCKS,
    title=("仍属应建范围的系统不得拆除", "What is still required is not dismantled"),
    message=(
        "系统计划于 {planned} 拆除，但仍登记为应当建设的类别。",
        "The system is to be dismantled on {planned}, yet it is still registered in a required category.",
    ),
    remedy=(
        "请核实类别；确已不属应建范围的先变更登记，否则取消拆除。",
        "Check the category: change it where the place is required no more, or else do not dismantle.",
    ),
    dated=_dismantling,
)
def dism_01(subject: SystemFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """Only a system that article 7 no longer requires may be dismantled."""
    if subject.dismantle_planned is not None:
        state = State.BROKEN if subject.category else State.MET
        yield Verdict(state, facts={"planned": str(subject.dismantle_planned)})


@rule(
    "DISM-02",
    kind="system",
    severity=Severity.WARNING,
    title=("拆除前备案", "Filed before dismantling"),
    message=(
        "系统计划于 {planned} 拆除，备案窗口为 {first} 至 {last}。",
        "The system is to be dismantled on {planned}; it is filed from {first} to {last}.",
    ),
    remedy=(
        "请在窗口内办理拆除备案；早于窗口的请重新确认。",
        "File the dismantling within the window; confirm again what was filed before it.",
    ),
    dated=_dismantling,
)
def dism_02(subject: SystemFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:
    """Filed within the `days` days before dismantling, a window; nothing is filed when the day comes: blocks."""
    if subject.dismantle_planned is None:
        return
    window = window_before(subject.dismantle_planned, figures["days"])
    last = last_day(window.end, -1)
    facts: dict[str, str | int] = {"planned": str(window.end), "first": str(window.first), "last": str(last)}
    done = filed(subject, "dismantling")
    if done is None or done.submitted is None:
        state = State.PENDING if today < window.end else State.BROKEN
        yield Verdict(state, due=last, facts=facts, severity=Severity.BLOCKS)
        return
    if window.place(done.submitted) == "before":
        told = facts | {"submitted": str(done.submitted)}
        yield Verdict(State.UNKNOWN, due=last, facts=told, severity=Severity.WARNING)
        return
    yield _done(done, done.submitted, last, facts)._replace(severity=Severity.VIOLATION)


@rule(
    "DISM-03",
    kind="system",
    severity=Severity.VIOLATION,
    title=("拆除设备先备案", "Nothing of a filed system is taken away without a filing"),
    message=(
        "摄像机“{camera}”自 {since} 起{zh}，未见拆除或者变更备案。",
        "The camera “{camera}” {en} since {since}, and no dismantling or change was filed.",
    ),
    remedy=(
        "请核实：确已拆除的补办备案，仍在使用的恢复视频。",
        "Find out: file what was taken away, restore the video of what is still in use.",
    ),
)
def dism_03(subject: SystemFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:
    """A camera of a filed system that left the register is filed as dismantled or as a change. One whose stream has been
    away for `days` days, our own figure, may have been taken away: a person finds out."""
    if filed(subject, "initial", "legacy") is None:
        return
    told = False
    for one in subject.lost:
        words = ("退出登记", "has left the register") if one.removed else ("无视频", "has given no video")
        facts = {"camera": one.name, "since": str(one.since), "zh": words[0], "en": words[1]}
        covered = any(
            filing.kind in {"dismantling", "change"}
            and filing.submitted is not None
            and filing.submitted >= one.since
            for filing in subject.filings
        )
        if covered:
            state = State.MET
        elif one.removed:
            state = State.BROKEN
        elif today > last_day(one.since, figures["days"]):
            state = State.UNKNOWN
        else:
            continue
        yield Verdict(state, key=one.id, facts=facts)
        told = True
    if not told:
        yield Verdict(State.MET)
