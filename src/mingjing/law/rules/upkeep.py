"""Maintenance: HB361, article 12; SC799, article 15."""

from collections.abc import Iterator, Mapping
from datetime import date

from mingjing.kernel.errors import Text
from mingjing.law.days import day_of
from mingjing.law.facts import OrderFact, SystemFacts
from mingjing.law.rule import Severity, State, Verdict, rule

DAY_US = 86_400_000_000
BUILDING = "building_unit"
USING = "using_unit"


def maintainers(funding: str) -> tuple[tuple[str, ...], Text]:
    """Which unit of a system has to maintain it, and why; two where the contract chooses, none where funding is open."""
    if funding == "government_built":
        return (USING,), Text(
            "政府投资建设的系统，由管理和使用单位负责运行维护",
            "A system built by government is maintained by the unit that manages and uses it",
        )
    if funding == "government_leased":
        return (BUILDING,), Text(
            "政府承租的系统，由建设单位负责运行维护",
            "A system leased by government is maintained by the unit that built it",
        )
    if funding == "other":
        return (BUILDING, USING), Text(
            "非政府投资建设或者承租的系统，由建设单位或者使用单位负责运行维护，须写明其一",
            "A system neither built nor leased by government is maintained by the building or the using unit; which is stated",
        )
    return (), Text("资金来源未登记", "How it is funded is not registered")


@rule(
    "MAINT-01",
    kind="system",
    severity=Severity.VIOLATION,
    title=("运行维护责任单位已落实", "The unit that has to maintain it is named"),
    message=(
        "运行维护单位未登记，或与资金来源不符。",
        "No maintaining unit is named, or not the one that funding implies.",
    ),
    remedy=("请登记负责运行维护的单位。", "Name the unit that has to maintain the system."),
)
def maint_01(subject: SystemFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """The accountable unit is the one that funding implies."""
    roles, _ = maintainers(subject.funding)
    units = {BUILDING: subject.building_unit, USING: subject.using_unit}
    entitled = {units[role] for role in roles} - {""}
    if not roles:
        yield Verdict(State.UNKNOWN)
    else:
        yield Verdict(State.MET if subject.maintainer in entitled else State.BROKEN)


@rule(
    "MAINT-02",
    kind="system",
    severity=Severity.WARNING,
    title=("故障按时响应和修复", "Faults are responded to and repaired in time"),
    message=(
        "运维单 {number} 应于 {due} 前{zh}。",
        "The order {number} has to be {en} by {due}.",
    ),
    remedy=("请督促维护单位处理。", "Have the maintaining unit deal with it."),
)
def maint_02(subject: SystemFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """Each order is responded to and repaired within its terms, which were set when it was opened: by the contract, or
    by our own figures. What is done is judged to the second, what is not by the day. An outage of a system of article 7
    breaks a duty of law, of any other a contract."""
    severity = Severity.VIOLATION if subject.regime == "art7" else Severity.WARNING
    for one in subject.orders:
        verdict = _order(one, today)
        if verdict is not None:
            yield verdict._replace(key=one.number, severity=severity)


def _order(one: OrderFact, today: date) -> Verdict | None:
    if one.respond_by_us is None or one.repair_by_us is None:
        return None
    term_us, words = one.repair_by_us, ("修复", "repaired")
    if one.responded_us is None and one.repaired_us is None:
        term_us, words = one.respond_by_us, ("响应", "responded to")
    due = day_of(term_us)
    facts: dict[str, str | int] = {"number": one.number, "due": str(due), "zh": words[0], "en": words[1]}
    if one.repaired_us is not None:
        late_us = one.repaired_us - one.repair_by_us
        if late_us <= 0:
            return Verdict(State.MET, due=due, facts=facts)
        return Verdict(State.LATE, due=due, facts=facts | {"late": -(-late_us // DAY_US)})
    return Verdict(State.PENDING if today <= due else State.BROKEN, due=due, facts=facts)
