"""Maintenance: HB361, article 12."""

from collections.abc import Iterator, Mapping
from datetime import date

from mingjing.kernel.errors import Text
from mingjing.law.facts import SystemFacts
from mingjing.law.rule import Severity, State, Verdict, rule

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
