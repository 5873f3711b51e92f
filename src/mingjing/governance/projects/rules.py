"""Rules of projects: the four stages beside those of the main works, and when an acceptance stands. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, get_args

from mingjing.kernel.errors import Text
from mingjing.law.facts import Stage
from mingjing.law.rules.building import days_late
from mingjing.law.words import STAGES

STAGE_ORDER: Final[tuple[Stage, ...]] = get_args(Stage)
StageState = Literal["met", "late", "waiting", "open", "alone"]


@dataclass(frozen=True, slots=True)
class StagePair:
    """One stage of the main works beside the same of the video system."""

    stage: Stage
    main: date | None
    video: date | None
    state: StageState
    """`met`: no later; `late`; `waiting`: the main works' day has not come; `open`: the main works have no day for it;
    `alone`: there are no main works to keep step with."""
    days_late: int
    words: Text


def stages(
    main: Mapping[Stage, date], video: Mapping[Stage, date], today: date, *, with_main_works: bool
) -> list[StagePair]:
    """The four pairs in their order, each explained."""
    return [_pair(stage, main.get(stage), video.get(stage), today, with_main_works) for stage in STAGE_ORDER]


def _pair(
    stage: Stage, main: date | None, video: date | None, today: date, with_main_works: bool
) -> StagePair:
    name = STAGES[stage]
    if not with_main_works:
        words = Text(
            f"{name.zh}：单独建设，无主体工程", f"{name.en}: built on its own, there are no main works"
        )
        return StagePair(stage, main, video, "alone", 0, words)
    if main is None:
        words = Text(f"{name.zh}：主体工程尚无日期", f"{name.en}: the main works have no day for it yet")
        return StagePair(stage, main, video, "open", 0, words)
    late = days_late(main, video, today)
    if video is not None and video <= min(main, today):
        words = Text(
            f"{name.zh}：视频系统 {video}，不晚于主体工程 {main}",
            f"{name.en}: the video system on {video}, no later than the main works on {main}",
        )
        return StagePair(stage, main, video, "met", 0, words)
    if late and main <= today:
        words = Text(
            f"{name.zh}：主体工程 {main}，视频系统 {video or '至今未完成'}，晚 {late} 天",
            f"{name.en}: the main works on {main}, the video system {f'on {video}' if video else 'not until today'}, "
            f"{late} days late",
        )
        return StagePair(stage, main, video, "late", late, words)
    words = Text(
        f"{name.zh}：主体工程定于 {main}，视频系统须不晚于该日",
        f"{name.en}: the main works are due on {main}, the video system no later than that",
    )
    return StagePair(stage, main, video, "waiting", late, words)


def accepted_on(conclusion: str, concluded: date | None, defects: Iterable[Mapping[str, Any]]) -> date | None:
    """The day from which an acceptance stands: passed; or basically passed, with every defect cured and tested again,
    the last of those days. None where it does not."""
    if concluded is None or conclusion not in {"passed", "basically_passed"}:
        return None
    found = list(defects)
    if any(one.get("retest") != "passed" or not one.get("retested") for one in found):
        return None
    if conclusion == "basically_passed" and not found:
        return None
    return max([concluded, *(date.fromisoformat(one["retested"]) for one in found)])


def crossed(track: Mapping[Stage, date]) -> tuple[Stage, date, date] | None:
    """The first stage whose day lies before that of a stage that precedes it, with both days."""
    last: date | None = None
    for stage in STAGE_ORDER:
        day = track.get(stage)
        if day is None:
            continue
        if last is not None and day < last:
            return stage, last, day
        last = day
    return None


def expert_share(members: Sequence[Mapping[str, Any]]) -> int:
    """Technical experts among the members, per cent, rounded down."""
    return sum(bool(one.get("expert")) for one in members) * 100 // len(members) if members else 0
