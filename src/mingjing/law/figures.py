"""What the figures of rule sets are called, with their number in its place."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mingjing.kernel.errors import Text
from mingjing.law.words import FORBIDDEN_KINDS

FIGURES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "FILE-01.days": Text("投入使用之日起 {value} 日内", "Within {value} days of entry into use"),
        "FILE-02.since": Text("自 {value} 施行", "In force since {value}"),
        "FILE-02.days": Text("施行之日起 {value} 日内", "Within {value} days of its entry into force"),
        "FILE-03.days": Text("变更之日起 {value} 日内", "Within {value} days of the change"),
        "FILE-05.county": Text("县级以上公安机关", "Public security organ of county level or above"),
        "DISM-02.days": Text("拆除前 {value} 日内", "Within the {value} days before dismantling"),
        "DISM-03.days": Text("无视频满 {value} 日", "No video for {value} days"),
        "MAINT-02.response_hours": Text("{value} 小时内响应", "Response within {value} hours"),
        "MAINT-02.repair_hours": Text("{value} 小时内修复", "Repair within {value} hours"),
        "SIGN-01.check_days": Text("每 {value} 日检查一次", "A check every {value} days"),
        "SIGN-02.ahead_days": Text("提前 {value} 日列入待办", "A to-do {value} days before"),
        "FIX-01.metres": Text("位移不超过 {value} 米", "Moved by no more than {value} m"),
        "FIX-01.degrees": Text("转向不超过 {value} 度", "Turned by no more than {value}°"),
        "FIX-01.renew_days": Text(
            "移动后 {value} 日内重留基准图", "A new baseline within {value} days of a move"
        ),
        "FIX-02.return_seconds": Text("{value} 秒内归位", "Home within {value} seconds"),
        "PLAN-02.distance_m": Text("{value} 米内比对", "Compared within {value} m"),
        "PLAN-02.overlap_percent": Text("视场重叠达 {value}%", "Fields of view shared by {value} %"),
        "PLAN-02.reach_m": Text(
            "可视距离未登记的按 {value} 米", "Reach, where none is registered: {value} m"
        ),
        "ACC-01.trial_days": Text("试运行不少于 {value} 日", "A trial run of {value} days or more"),
        "ACC-02.experts_percent": Text(
            "技术专家不少于 {value}%", "Technical experts: {value} % or more of those who accept"
        ),
        "ACC-02.archive": Text("验收档案四类齐全", "An archive with all four groups"),
        "FORB-04.cycle_days": Text("每 {value} 日巡查一次", "A round every {value} day"),
        "ACCS-02.training_days": Text("培训每 {value} 日一次", "Training every {value} days"),
        "ACCS-02.notice_days": Text("到期前 {value} 日提示", "A notice {value} days before"),
        "ACCS-05.notice_days": Text("到期前 {value} 日提示", "A notice {value} days before"),
    }
)
ITEM_OF: Final = frozenset({"FORB-01", "FORB-02"})
"""Rules whose figures are the items of the article that name each kind of place."""
ITEM: Final = Text("第{value}项：{kind}", "Item {value}: {kind}")
DATED: Final = frozenset({"FILE-02.since"})
"""Figures that are a day, as YYYYMMDD."""


def told(rule: str, name: str, value: int) -> Text:
    """One figure in words. Raises KeyError for one that has none."""
    if rule in ITEM_OF:
        kind = FORBIDDEN_KINDS[name]
        return Text(
            ITEM.zh.format(value="一二三四五六"[value - 1], kind=kind.zh),
            ITEM.en.format(value=value, kind=kind.en),
        )
    text = FIGURES[f"{rule}.{name}"]
    shown = (
        f"{value // 10_000}-{value // 100 % 100:02}-{value % 100:02}" if f"{rule}.{name}" in DATED else value
    )
    return Text(text.zh.format(value=shown), text.en.format(value=shown))
