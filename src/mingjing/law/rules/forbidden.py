"""Where no camera may be, and where one only may with consent: HB361, article 8; SC799, articles 8, 10 and 13."""

from collections.abc import Iterator, Mapping
from datetime import date

from mingjing.law.days import days_left
from mingjing.law.facts import CameraFacts, RoundFacts
from mingjing.law.rule import Severity, State, Verdict, rule
from mingjing.law.words import CONDITIONAL_KINDS, FORBIDDEN_KINDS


def _named(kind: str) -> dict[str, str | int]:
    """The kind of a place for a message, in both languages. Its name is not told: who sees the camera may not see it."""
    return {"kind_zh": FORBIDDEN_KINDS[kind].zh, "kind_en": FORBIDDEN_KINDS[kind].en}


def _in_use(subject: CameraFacts, today: date) -> bool:
    return subject.in_use is not None and subject.in_use <= today


def _suspected(subject: CameraFacts, _: date) -> bool:
    return bool(subject.suspected)


def _sound_known(subject: CameraFacts, _: date) -> bool:
    return subject.pickup is not None or subject.heard


def _in_a_place(subject: CameraFacts, _: date) -> bool:
    return bool(subject.inside)


@rule(
    "FORB-01",
    kind="camera",
    severity=Severity.BLOCKS,
    title=("不在禁止安装的场所内", "Not inside a forbidden place"),
    message=(
        "位于禁止安装的场所内：{kind_zh}。",
        "It stands inside a forbidden place: {kind_en}.",
    ),
    remedy=(
        "请立即停用并移出；位置登记有误的，更正位置。",
        "Stop using it and take it away at once; where its position is wrong, correct that.",
    ),
    reads=("inside", "placed"),
)
def forb_01(subject: CameraFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:
    """It lies in no place of the kinds that `figures` names, while that place is one."""
    hits = [zone for zone in subject.inside if zone.kind not in CONDITIONAL_KINDS and zone.holds(today)]
    for zone in hits:
        if zone.kind in figures:
            yield Verdict(State.BROKEN, key=zone.id, facts=_named(zone.kind))
    if subject.placed and not hits:
        yield Verdict(State.MET)


@rule(
    "FORB-02",
    kind="camera",
    severity=Severity.WARNING,
    title=("疑似朝向禁装场所的已由人判定", "A person has decided where a forbidden place is suspected"),
    message=(
        "疑似拍摄到禁止安装的场所（{kind_zh}），{state_zh}。",
        "It may look into a forbidden place ({kind_en}): {state_en}.",
    ),
    remedy=(
        "请判定是否属禁装；判定须遮挡的，设置隐私遮挡并确认；属禁装的，停用。",
        "Decide on it; where a mask is the condition, set and confirm it; where it is prohibited, stop using the camera.",
    ),
    binds=_suspected,
    reads=("suspected", "decision", "in_use"),
)
def forb_02(subject: CameraFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:
    """Waiting is a warning; a mask that nobody confirmed, and use of what was prohibited, are violations."""
    grounds = [one for one in subject.suspected if one.kind in figures and one.holds(today)]
    if not grounds:
        return
    said = subject.decision
    facts = _named(grounds[0].kind)
    if said is None or said.state in {"waiting", "lapsed"}:
        yield Verdict(State.UNKNOWN, facts=facts | {"state_zh": "待判定", "state_en": "a decision is due"})
    elif said.state == "masked" and said.mask_confirmed is None:
        told = {
            "state_zh": "须设的隐私遮挡尚未确认",
            "state_en": "the mask that is its condition is not confirmed",
        }
        yield Verdict(State.BROKEN, facts=facts | told, severity=Severity.VIOLATION)
    elif said.state == "prohibited" and _in_use(subject, today):
        told = {
            "state_zh": "已判定属禁装，仍在使用",
            "state_en": "it was decided to be prohibited and is in use",
        }
        yield Verdict(State.BROKEN, facts=facts | told, severity=Severity.VIOLATION)
    else:
        yield Verdict(State.MET)


@rule(
    "FORB-03",
    kind="camera",
    severity=Severity.WARNING,
    title=("采集声音的写明依据", "Sound is picked up on a stated basis"),
    message=("{what_zh}，但未写明依据。", "{what_en}, and no basis is stated."),
    remedy=("请写明依据，或关闭声音采集。", "State the basis, or switch the sound off."),
    binds=_sound_known,
    reads=("pickup", "heard", "pickup_basis"),
)
def forb_03(subject: CameraFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """Where it is known whether sound is picked up, it is not, or its basis is stated. What is heard in the recordings
    counts whatever the dossier says."""
    told = {
        "what_zh": "录像中有声音" if subject.heard else "采集声音",
        "what_en": "Its recordings carry sound" if subject.heard else "It picks up sound",
    }
    sound = subject.heard or subject.pickup
    yield Verdict(State.BROKEN if sound and not subject.pickup_basis else State.MET, facts=told)


@rule(
    "FORB-04",
    kind="round",
    severity=Severity.VIOLATION,
    title=("禁装场所日常检查，发现即报告", "Forbidden places are checked, and finds reported at once"),
    message=(
        "{what_zh}（{day}）。",
        "{what_en} ({day}).",
    ),
    remedy=(
        "请检查并登记结果；发现摄像设备的，立即向公安机关报告。",
        "Make the check and enter its result; where a device was found, report it to the police at once.",
    ),
)
def forb_04(subject: RoundFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """The next check is not overdue, and everything that was found was reported. The days between two checks are the
    round's own; `cycle_days` is what it begins with."""
    if subject.kind != "forbidden_check":
        return
    if subject.until is None or subject.next_due <= subject.until:
        overdue = today > subject.next_due
        told = {
            "what_zh": "检查逾期" if overdue else "检查到期",
            "what_en": "A check is overdue" if overdue else "A check is due",
        }
        state = State.BROKEN if overdue else State.PENDING if today == subject.next_due else State.MET
        yield Verdict(state, due=subject.next_due, facts=told | {"day": str(subject.next_due)})
    for find in subject.finds:
        told = {
            "what_zh": "检查发现未向公安机关报告",
            "what_en": "What a check found was not reported to the police",
        }
        state = State.BROKEN if find.reported is None else State.MET
        yield Verdict(state, key=find.id, due=find.day, facts=told | {"day": str(find.day)})


@rule(
    "SECR-01",
    kind="camera",
    severity=Severity.VIOLATION,
    title=("涉密单位周边安装前已征得同意", "A secret unit consented before installing in its neighbourhood"),
    message=(
        "位于涉密单位周边，没有安装前取得且在有效期内的同意。",
        "It stands in the neighbourhood of a secret unit without a consent that was given before and is in force.",
    ),
    remedy=(
        "请征得该单位同意并登记；未同意的不得安装，已安装的停用。",
        "Ask the unit for its consent and enter it; without it nothing is installed, and what is there is stopped.",
    ),
    binds=_in_a_place,
    reads=("inside", "consents", "in_use"),
)
def secr_01(subject: CameraFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """For each such neighbourhood a consent in force was given before the day of use. One that came later is for a
    person to judge. Before use it blocks, after it is a violation."""
    for zone in subject.inside:
        if zone.kind != "secret_neighbour" or not zone.holds(today):
            continue
        valid = [
            one.given
            for one in subject.consents
            if one.zone == zone.id and (one.until is None or today <= one.until)
        ]
        if any(subject.in_use is None or given < subject.in_use for given in valid):
            yield Verdict(State.MET, key=zone.id)
        elif valid:
            yield Verdict(State.UNKNOWN, key=zone.id, severity=Severity.WARNING)
        else:
            severity = Severity.VIOLATION if _in_use(subject, today) else Severity.BLOCKS
            yield Verdict(State.BROKEN, key=zone.id, severity=severity)


@rule(
    "SIGN-02",
    kind="round",
    severity=Severity.WARNING,
    title=("标识检查按周期进行", "Sign checks are made in their cycle"),
    message=("标识检查应于 {day} 前完成。", "The sign check is due by {day}."),
    remedy=("请到现场检查标识并登记结果。", "Check the signs on the spot and enter the result."),
)
def sign_02(subject: RoundFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:
    """The next sign check is made in time; it is due from `ahead_days` days before. The cycle is the unit's own."""
    if subject.kind != "sign_check":
        return
    left = days_left(subject.next_due, today)
    state = State.BROKEN if left < 0 else State.PENDING if left <= figures["ahead_days"] else State.MET
    yield Verdict(state, due=subject.next_due, facts={"day": str(subject.next_due)})
