"""What kinds and states of filings are called on paper."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from mingjing.kernel.errors import Text

Language = Literal["zh", "en"]
KINDS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "initial": Text("初次备案", "Initial filing"),
        "legacy": Text("存量备案", "Filing of a system in use before the order"),
        "change": Text("变更备案", "Filing of a change"),
        "dismantling": Text("拆除备案", "Filing of a dismantling"),
    }
)
STATES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "preparing": Text("准备中", "Being prepared"),
        "checking": Text("待复核", "Being checked"),
        "submitted": Text("已提交", "Submitted"),
        "returned": Text("退回补正", "Returned for correction"),
        "accepted": Text("已登记备案编号", "Official number recorded"),
        "refused": Text("不予备案", "Refused"),
        "withdrawn": Text("已撤回", "Withdrawn"),
    }
)
GROUPS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "unit": Text("单位基本情况", "Unit"),
        "system": Text("系统情况", "System"),
        "location": Text("建设位置", "Location"),
        "devices": Text("设备数量及类型", "Devices: number and types"),
        "retention": Text("存储期限", "Retention"),
        "process": Text("办理情况", "Process"),
    }
)
ANSWERS: Final[Mapping[str, Text]] = MappingProxyType({"yes": Text("是", "Yes"), "no": Text("否", "No")})
NOT_SAID: Final = Text("未填", "Not stated")
LACKING: Final = Text(
    "以下字符没有字形，须补充字体（paper.fonts）：", "No font shows these characters (paper.fonts):"
)


def said(text: Text, language: Language) -> str:
    """A text in one language."""
    return text.zh if language == "zh" else text.en
