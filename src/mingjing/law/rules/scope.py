"""What a system is: HB361, articles 3 and 7; SC799, articles 2, 7 and 9."""

from collections.abc import Iterator, Mapping
from datetime import date

from mingjing.law.facts import SystemFacts
from mingjing.law.rule import Severity, State, Verdict, rule
from mingjing.law.words import UNIT_KINDS


@rule(
    "SCOPE-01",
    kind="system",
    severity=Severity.WARNING,
    title=("管理类别与用途已登记", "Regime and purpose are registered"),
    message=("系统未登记管理类别或用途。", "The system's regime or purpose is not registered."),
    remedy=("请补登管理类别与用途。", "Register the regime and the purpose."),
)
def scope_01(subject: SystemFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """Regime and at least one purpose are set."""
    yield Verdict(State.MET if subject.regime and subject.purposes else State.BROKEN)


GOVERNMENT = frozenset({"government", "department", "public_security"})
ROADS = "n7_1_road_square"


@rule(
    "SCOPE-02",
    kind="system",
    severity=Severity.VIOLATION,
    title=("建设单位有权建设", "Who built it was entitled to"),
    message=(
        "建设单位（{installer_zh}）无权在该类公共场所建设，或者依据未登记。",
        "The unit that built it ({installer_en}) is not entitled to in such a public place, or on what basis is not "
        "registered.",
    ),
    remedy=(
        "请登记建设单位、场所类别与安全防范义务的依据；确属无权建设的停止使用并报告公安机关。",
        "Register the building unit, the class of the place and the basis of the security duty; stop what was built "
        "without entitlement, and report it to the public security organ.",
    ),
)
def scope_02(subject: SystemFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """Article 7: roads and squares by government, the other places by government or by who runs them. Article 9: by who
    has a security duty there, whose basis is registered."""
    kind = UNIT_KINDS.get(subject.installer_kind)
    facts = {"installer_zh": kind.zh if kind else "—", "installer_en": kind.en if kind else "—"}
    if subject.regime == "art9":
        yield Verdict(State.MET if subject.duty_basis else State.UNKNOWN, facts=facts)
        return
    runs_it = bool(subject.building_unit) and subject.building_unit == subject.using_unit
    if subject.installer_kind in GOVERNMENT:
        state = State.MET
    elif not subject.building_unit or not subject.national_class:
        state = State.UNKNOWN
    elif subject.national_class == ROADS:
        state = State.BROKEN
    else:
        state = State.MET if runs_it or subject.installer_kind == "operator" else State.BROKEN
    yield Verdict(state, facts=facts)
