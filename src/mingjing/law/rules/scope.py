"""What a system is: HB361, articles 3 and 7; SC799, articles 2, 7 and 9."""

from collections.abc import Iterator, Mapping
from datetime import date

from mingjing.law.facts import SystemFacts
from mingjing.law.rule import Severity, State, Verdict, rule


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
