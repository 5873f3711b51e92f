"""Places that have to be covered: HB361, article 7."""

from collections.abc import Iterator, Mapping
from datetime import date

from mingjing.law.facts import PlaceFacts
from mingjing.law.rule import Severity, State, Verdict, rule


@rule(
    "COV-01",
    kind="place",
    severity=Severity.VIOLATION,
    title=("必装场所的关键部位有摄像机覆盖", "Key positions of required places are covered"),
    message=(
        "关键部位“{position}”没有在用摄像机覆盖。",
        "No camera in use covers the key position “{position}”.",
    ),
    remedy=("请复用已有摄像机，或列入建设规划。", "Reuse a camera that is there, or put it into the plan."),
)
def cov_01(subject: PlaceFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """Each key position is covered by at least one camera in use. A place whose positions nobody has entered is
    unknown, not good. That all three kinds of position are required where there are any is our stricter reading."""
    if not subject.positions:
        yield Verdict(State.UNKNOWN, facts={"position": "—"})
    for position in subject.positions:
        state = State.MET if position.cameras else State.BROKEN
        yield Verdict(state, key=position.id, facts={"position": position.name})
