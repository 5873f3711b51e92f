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
