"""Filing and dismantling: HB361, article 11; SC799, article 14."""

from collections.abc import Iterator, Mapping
from datetime import date

from mingjing.law.days import last_day, window_before
from mingjing.law.facts import FilingFact, SystemFacts
from mingjing.law.rule import Severity, State, Verdict, rule


def filed(subject: SystemFacts, *kinds: str) -> FilingFact | None:
    """The first filing of a kind that the organ has got."""
    got = [one for one in subject.filings if one.kind in kinds and one.submitted is not None]
    return min(got, key=lambda one: one.submitted or date.max, default=None)


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
    facts = {"in_use": str(subject.in_use), "due": str(due)}
    done = filed(subject, "initial", "legacy")
    if done is not None and done.submitted is not None:
        state = State.MET if done.submitted <= due else State.BROKEN
        yield Verdict(state, due=due, facts=facts | {"submitted": str(done.submitted)})
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
    facts = {"in_use": str(subject.in_use), "due": str(due)}
    done = filed(subject, "initial", "legacy")
    if done is not None and done.submitted is not None:
        state = State.MET if done.submitted <= due else State.BROKEN
        yield Verdict(state, due=due, facts=facts | {"submitted": str(done.submitted)})
    else:
        yield Verdict(State.PENDING if today <= due else State.BROKEN, due=due, facts=facts)


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
    facts = {"planned": str(window.end), "first": str(window.first), "last": str(last)}
    done = filed(subject, "dismantling")
    if done is None or done.submitted is None:
        state = State.PENDING if today < window.end else State.BROKEN
        yield Verdict(state, due=last, facts=facts, severity=Severity.BLOCKS)
        return
    where = window.place(done.submitted)
    state = State.MET if where == "within" else State.UNKNOWN if where == "before" else State.BROKEN
    severity = Severity.WARNING if where == "before" else Severity.VIOLATION
    yield Verdict(state, due=last, facts=facts | {"submitted": str(done.submitted)}, severity=severity)
