"""Planning, building and acceptance: HB361, articles 6 and 10; SC799, articles 6 and 11.

That a trial run lasts 30 days and that experts are half of those who accept are figures of building standards which the
orders refer to; they stand in the clauses, and no clause of a standard is quoted.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, get_args

from mingjing.law.facts import ArchiveGroup, PlanFacts, ProjectFacts, Stage
from mingjing.law.rule import Severity, State, Verdict, rule
from mingjing.law.words import STAGES

GROUPS: Final = get_args(ArchiveGroup)


def _begun(subject: ProjectFacts) -> date | None:
    """The first day on which anything of its video system was done."""
    return min(subject.video.values(), default=None)


def _used(subject: ProjectFacts) -> date | None:
    return subject.video.get("use")


def _concluded(subject: ProjectFacts) -> date | None:
    return subject.concluded


@rule(
    "PLAN-01",
    kind="project",
    severity=Severity.WARNING,
    title=("政府投资的项目列入批准的规划", "What government builds stands in an approved plan"),
    message=(
        "项目由政府投资建设，但没有对应的已批准规划条目。",
        "Government builds the project, and it implements no item of an approved plan.",
    ),
    remedy=("请关联规划条目，或将其报批列入规划。", "Name the plan item, or have one approved."),
    dated=_begun,
)
def plan_01(subject: ProjectFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """A project that government builds implements an item of an approved plan."""
    if subject.funding == "government_built":
        yield Verdict(State.MET if subject.planned else State.BROKEN)


@rule(
    "PLAN-02",
    kind="plan",
    severity=Severity.WARNING,
    title=("充分利用已有资源，不重复建设", "What is there is used, and nothing is built twice"),
    message=(
        "条目“{item}”与 {cameras} 台已有摄像机视场重叠，最多 {overlap}%，未说明利旧或另建的理由。",
        "The item “{item}” shares ground with {cameras} cameras that are there, up to {overlap} per cent, and nothing is "
        "said of reuse.",
    ),
    remedy=("请决定利旧，或写明另建的理由。", "Decide on reuse, or say why it is built beside them."),
)
def plan_02(subject: PlanFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """From `overlap_percent` on, what is planned is reused or justified. The cameras asked are those within `distance_m`
    metres; a camera planned without its direction is taken to look all round, `reach_m` metres far."""
    for item in subject.items:
        needed = item.overlap >= figures["overlap_percent"]
        facts: dict[str, str | int] = {"item": item.name, "cameras": item.cameras, "overlap": item.overlap}
        yield Verdict(State.BROKEN if needed and not item.decided else State.MET, key=item.id, facts=facts)


@rule(
    "SIM-01",
    kind="project",
    severity=Severity.VIOLATION,
    title=(
        "与主体工程同时设计、施工、验收、投用",
        "Designed, built, accepted and put to use together with the main works",
    ),
    message=(
        "{stage_zh}：主体工程 {main}，视频系统 {video}，{behind_zh}。",
        "{stage_en}: main works {main}, video system {video}, {behind_en}.",
    ),
    remedy=(
        "请使视频系统赶上主体工程的进度，并说明原因。",
        "Bring the video system up with the main works, and say why it is behind.",
    ),
    dated=_begun,
)
def sim_01(subject: ProjectFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """Each stage of the video system is no later than that of the main works. A stage that the main works have not
    reached waits until their day."""
    if not subject.with_main_works:
        return
    for stage in get_args(Stage):
        main, video = subject.main.get(stage), subject.video.get(stage)
        if main is None:
            continue
        name = STAGES[stage]
        late = days_late(main, video, today)
        facts: dict[str, str | int] = {
            "stage_zh": name.zh, "stage_en": name.en, "main": str(main), "video": str(video or "—"),
            "behind_zh": f"晚 {late} 天" if late else "尚未到期", "behind_en": f"{late} days late" if late else "not due yet",
        }  # fmt: skip
        if video is not None and video <= min(main, today):
            state = State.MET
        else:
            state = State.BROKEN if late and main <= today else State.PENDING
        yield Verdict(state, key=stage, due=main, facts=facts)


def days_late(main: date, video: date | None, today: date) -> int:
    """By how many days a stage of the video system is later than that of the main works; one that has not come is late
    by what has passed until today."""
    return max(((video or max(today, main)) - main).days, 0)


@rule(
    "ACC-01",
    kind="project",
    severity=Severity.BLOCKS,
    title=("验收通过后投入使用", "Put to use after it was accepted"),
    message=(
        "于 {used} 投入使用，验收通过日期：{accepted}；试运行 {trial} 天。",
        "Put to use on {used}; accepted: {accepted}; trial run: {trial} days.",
    ),
    remedy=(
        "请先完成竣工验收；基本通过的，整改并复验全部问题。",
        "Have it accepted first; where it basically passed, cure every defect and test it again.",
    ),
    dated=_used,
)
def acc_01(subject: ProjectFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:
    """What a project delivers is put to use no earlier than its acceptance stands; a trial run shorter than `trial_days`
    is a warning.

    It binds what a project of the register delivers. A system that no project delivers, above all one in use before the
    order, is not asked for an acceptance here; nor is one that was in use before its project began: that project
    rebuilds or extends it, and its own day of use is the project's.
    """
    used = subject.video.get("use")
    trial = subject.trial_days
    facts: dict[str, str | int] = {
        "used": str(used or "—"), "accepted": str(subject.accepted or "—"), "trial": "—" if trial is None else trial,
    }  # fmt: skip
    if used is not None and used <= today:
        accepted = subject.accepted is not None and subject.accepted <= used
        yield Verdict(State.MET if accepted else State.BROKEN, facts=facts)
    if subject.concluded is None:
        return
    held = State.MET if (trial or 0) >= figures["trial_days"] else State.BROKEN
    state = State.UNKNOWN if trial is None else held
    yield Verdict(state, key="trial", facts=facts, severity=Severity.WARNING)


@rule(
    "ACC-02",
    kind="project",
    severity=Severity.WARNING,
    title=("验收组成合规、档案齐全", "Who accepts is competent, and the archive is whole"),
    message=(
        "专家 {experts}/{members} 人，档案 {groups}/4 类。",
        "{experts} experts of {members} members, {groups} of 4 groups of documents.",
    ),
    remedy=("请补齐验收组成员或档案。", "Complete the members or the archive."),
    dated=_concluded,
)
def acc_02(subject: ProjectFacts, figures: Mapping[str, int], today: date) -> Iterator[Verdict]:  # noqa: ARG001  a rule
    """Once a conclusion is drawn: technical experts are at least `experts_percent` per cent of the members, and with
    `archive` each of the four groups of documents (design, construction, inspection, acceptance) holds one."""
    if subject.concluded is None:
        return
    there = len(subject.archive & set(GROUPS))
    facts = {"experts": subject.experts, "members": subject.members, "groups": there}
    if "experts_percent" in figures:
        enough = subject.members > 0 and subject.experts * 100 >= figures["experts_percent"] * subject.members
        yield Verdict(State.MET if enough else State.BROKEN, key="experts", facts=facts)
    if figures.get("archive"):
        yield Verdict(State.MET if there == len(GROUPS) else State.BROKEN, key="archive", facts=facts)
