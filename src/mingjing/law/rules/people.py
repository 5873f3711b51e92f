"""People and contractors: SC799, articles 15, 16 and 19."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from mingjing.kernel.errors import Text
from mingjing.law.days import last_day
from mingjing.law.facts import StaffFacts, SystemFacts
from mingjing.law.rule import Severity, State, Verdict, rule

ASKED: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "vetted": Text("入职审查", "Vetting"),
        "pledged": Text("保密承诺", "Pledge of secrecy"),
        "trained": Text("岗位培训", "Training"),
    }
)


@rule(
    "ACCS-02",
    kind="staff",
    severity=Severity.VIOLATION,
    title=("监看、管理岗位人员经审查、承诺、培训", "Who watches or manages is vetted, pledged and trained"),
    message=("{zh}未登记，或者已于 {due} 到期。", "{en}: not registered, or over since {due}."),
    remedy=("请办理并登记；到期前不得上岗。", "Do it and register it; nobody takes up the post before."),
)
def accs_02(subject: StaffFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:
    """Vetted, pledged, trained, each with its day; training is good for `training_days` days and is recalled
    `notice_days` days before, our own cycle: the order sets none."""
    for name, text in ASKED.items():
        day: date | None = getattr(subject, name)
        facts = {"zh": text.zh, "en": text.en, "due": "—"}
        if day is None:
            yield Verdict(State.BROKEN, key=name, facts=facts)
        elif name == "trained":
            due = last_day(day, figures["training_days"])
            yield _until(due, figures["notice_days"], today, name, facts | {"due": str(due)})
        else:
            yield Verdict(State.MET, key=name, facts=facts)


@rule(
    "ACCS-05",
    kind="system",
    severity=Severity.VIOLATION,
    title=(
        "委托运营签订安全保密协议",
        "An entrusted operator is bound by a security and confidentiality agreement",
    ),
    message=(
        "受托单位“{contractor}”没有有效的安全保密协议（到期日：{due}）。",
        "The entrusted operator “{contractor}” has no agreement in force (ends: {due}).",
    ),
    remedy=(
        "请签订并登记协议；在此之前不得由其运营。",
        "Conclude the agreement and register it; until then it may not operate.",
    ),
)
def accs_05(subject: SystemFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:
    """Who operates a system for its using unit has an agreement in force, which is recalled `notice_days` days before its
    end."""
    if subject.contractor is None:
        return
    until = subject.contractor.agreed_until
    facts = {"contractor": subject.contractor.name, "due": str(until or "—")}
    if until is None:
        yield Verdict(State.BROKEN, facts=facts)
    else:
        yield _until(until, figures["notice_days"], today, "", facts)


def _until(due: date, notice_days: int, today: date, key: str, facts: Mapping[str, str]) -> Verdict:
    if today > due:
        return Verdict(State.BROKEN, key=key, due=due, facts=facts)
    state = State.PENDING if today >= last_day(due, -notice_days) else State.MET
    return Verdict(state, key=key, due=due, facts=facts)
