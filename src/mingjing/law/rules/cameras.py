"""Cameras: their sign and their dossier. HB361, article 9; SC799, article 13; GB/T 28181 and GB/T 44297 for the dossier."""

from collections.abc import Iterator, Mapping
from datetime import date

from mingjing.law.days import last_day
from mingjing.law.facts import CameraFacts
from mingjing.law.rule import Severity, State, Verdict, rule


@rule(
    "SIGN-01",
    kind="camera",
    severity=Severity.VIOLATION,
    title=("设有明显标识且按期检查", "A conspicuous sign that is checked in time"),
    message=(
        "标识未登记，或上次检查（{checked}）已逾期。",
        "No sign is registered, or its last check ({checked}) is overdue.",
    ),
    remedy=("请到现场检查标识并登记。", "Check the sign on the spot and register it."),
)
def sign_01(subject: CameraFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:
    """A camera in use has a sign whose last check is no older than `check_days`, our own cycle: the law sets none."""
    if subject.in_use is None or subject.in_use > today:
        return
    if subject.sign_checked is None:
        yield Verdict(State.BROKEN, facts={"checked": "—"})
        return
    due = last_day(subject.sign_checked, figures["check_days"])
    state = State.MET if today <= due else State.BROKEN
    yield Verdict(state, due=due, facts={"checked": str(subject.sign_checked)})


@rule(
    "DOS-01",
    kind="camera",
    severity=Severity.WARNING,
    title=("一机一档必填项完整", "The dossier holds every mandatory member"),
    message=("档案缺 {count} 项必填项。", "The dossier lacks {count} mandatory members."),
    remedy=("请补齐一机一档。", "Complete the dossier."),
)
def dos_01(subject: CameraFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """No mandatory member is empty."""
    yield Verdict(State.BROKEN if subject.missing else State.MET, facts={"count": len(subject.missing)})
