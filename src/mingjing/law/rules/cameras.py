"""Cameras: their sign, their dossier, their fixed place and view. HB361, article 9; SC799, articles 13 and 23; GB/T 28181
and GB/T 44297 for the dossier."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from mingjing.law.days import last_day
from mingjing.law.facts import CameraFacts
from mingjing.law.rule import Severity, State, Verdict, rule

STEERED: Final = frozenset({"1", "4", "5"})
"""`PTZType` of cameras that turn: dome, PTZ bullet, PTZ half-dome. Channels of multi-lens devices are views that stay."""


def _in_use(subject: CameraFacts, today: date) -> bool:
    return subject.in_use is not None and subject.in_use <= today


def _steered(subject: CameraFacts, today: date) -> bool:
    return subject.camera_type in STEERED and _in_use(subject, today)


@rule(
    "SIGN-01",
    kind="camera",
    severity=Severity.VIOLATION,
    title=("设有明显标识且按期检查", "A conspicuous sign that is checked in time"),
    message=(
        "标识未登记、缺失、破损，没有照片，或上次检查（{checked}）已逾期。",
        "No sign is registered, it is absent or damaged or has no photo, or its last check ({checked}) is overdue.",
    ),
    remedy=("请到现场检查标识，拍照并登记。", "Check the sign on the spot, take a photo, and register it."),
    binds=_in_use,
    reads=("sign_checked", "sign_state", "sign_photo"),
)
def sign_01(subject: CameraFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:
    """A camera in use has a sign that was found in order, by a check no older than `check_days`, our own cycle: the law
    sets none. A sign of which no photo is kept is not proved, and counts as unknown."""
    if subject.sign_checked is None:
        yield Verdict(State.BROKEN, facts={"checked": "—"})
        return
    due = last_day(subject.sign_checked, figures["check_days"])
    facts = {"checked": str(subject.sign_checked)}
    if today > due or subject.sign_state in {"worn", "absent"}:
        yield Verdict(State.BROKEN, due=due, facts=facts)
    else:
        yield Verdict(State.MET if subject.sign_photo else State.UNKNOWN, due=due, facts=facts)


@rule(
    "DOS-01",
    kind="camera",
    severity=Severity.WARNING,
    title=("一机一档必填项完整", "The dossier holds every mandatory member"),
    message=("档案缺 {count} 项必填项。", "The dossier lacks {count} mandatory members."),
    remedy=("请补齐一机一档。", "Complete the dossier."),
    reads=("missing",),
)
def dos_01(subject: CameraFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """No mandatory member is empty."""
    yield Verdict(State.BROKEN if subject.missing else State.MET, facts={"count": subject.missing})


@rule(
    "FIX-01",
    kind="camera",
    severity=Severity.VIOLATION,
    title=("位置固定，视场范围相对固定", "Its place is fixed, its view relatively fixed"),
    message=(
        "与基准画面（{kept}）登记的位置或方位不符，没有移位记录，或移位后未重新留存基准；没有基准画面时无法判断。",
        "It stands or looks elsewhere than its baseline picture ({kept}) says, without a recorded move or without a new "
        "baseline since; without a baseline picture nothing can be said.",
    ),
    remedy=(
        "请核对现场：属移位的写明理由登记，并重新留存基准画面；不属移位的恢复原位。",
        "Look at the spot: register a move with its reason and keep a new baseline, or put the camera back.",
    ),
    binds=_in_use,
    reads=("baseline", "moved"),
)
def fix_01(subject: CameraFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:
    """A camera in use stands within `metres` and looks within `degrees` of what its baseline picture was kept with. Where it
    was moved by a recorded change, there are `renew_days` to keep a new one: our own term.

    Judged from what is registered. That the picture itself shows another view is not measured.
    """
    kept = subject.baseline
    if kept is None:
        yield Verdict(State.UNKNOWN, facts={"kept": "—"})
        return
    facts = {"kept": str(kept.kept)}
    stays = (kept.shift_m or 0) <= figures["metres"] and (kept.turn_degrees or 0) <= figures["degrees"]
    if stays:
        yield Verdict(State.MET, facts=facts)
    elif subject.moved is None or subject.moved < kept.kept:
        yield Verdict(State.BROKEN, facts=facts)
    else:
        due = last_day(subject.moved, figures["renew_days"])
        yield Verdict(State.PENDING if today <= due else State.BROKEN, due=due, facts=facts)


@rule(
    "FIX-02",
    kind="camera",
    severity=Severity.WARNING,
    title=("云台摄像机自动返回守望位", "A camera that turns goes back home by itself"),
    message=(
        "未登记守望位或返回时间，或返回时间（{seconds} 秒）过长。",
        "No home position or time of return is registered, or the time ({seconds} s) is too long.",
    ),
    remedy=(
        "请在摄像机上设置守望位与返回时间，并登记。",
        "Set home position and time of return, and register them.",
    ),
    binds=_steered,
    reads=("home_preset", "return_seconds"),
)
def fix_02(subject: CameraFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """A camera in use that turns has a registered home position to which it returns within `return_seconds`: our own figure.

    Judged from what is registered. Whether it does return is not measured; of a camera whose kind is not registered
    nothing is said, its dossier lacks a mandatory member.
    """
    seconds = subject.return_seconds
    good = bool(subject.home_preset) and seconds is not None and seconds <= figures["return_seconds"]
    facts = {"seconds": seconds if seconds is not None else "—"}
    yield Verdict(State.MET if good else State.BROKEN, facts=facts)
