"""Rules of filings: their states, what a complete form holds, which organ they go to. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from mingjing.kernel.errors import Text

State = Literal["preparing", "checking", "submitted", "returned", "accepted", "refused", "withdrawn"]

STEPS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "preparing": frozenset({"checking", "withdrawn"}),
        "checking": frozenset({"preparing", "submitted", "withdrawn"}),
        "submitted": frozenset({"returned", "accepted", "refused"}),
        "returned": frozenset({"checking", "withdrawn"}),
        "accepted": frozenset(),
        "refused": frozenset({"checking", "withdrawn"}),
        "withdrawn": frozenset(),
    }
)
"""Where a filing may go from each state."""
RULE_OF: Final[Mapping[str, str]] = MappingProxyType(
    {"initial": "FILE-01", "legacy": "FILE-02", "change": "FILE-03", "dismantling": "DISM-02"}
)
"""The rule that says when a filing of a kind is due."""
OPEN: Final = frozenset({"preparing", "checking", "submitted", "returned", "refused"})
OWED: Final = OPEN - {"submitted"}
"""In our own hands: the organ has not got it, or has given it back."""
DECISIONS: Final = frozenset({"returned", "accepted", "refused"})
"""What the organ says."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the checklist: a member of the form, its group, and the article that asks for it."""

    name: str
    group: str
    title: Text
    article: str
    mandatory: bool = True


def _item(name: str, group: str, zh: str, en: str, article: str = "SC799 14") -> Item:
    return Item(name, group, Text(zh, en), article)


def _further(name: str, group: str, zh: str, en: str) -> Item:
    return Item(name, group, Text(zh, en), "SC799 14", mandatory=False)


ITEMS: Final = (
    _item("unit_name", "unit", "单位名称", "Name of the unit"),
    _item("credit_code", "unit", "统一社会信用代码", "Unified social credit code"),
    _item("legal_representative", "unit", "法定代表人", "Legal representative"),
    _item("responsible_person", "unit", "负责人", "Responsible person"),
    _item("responsible_phone", "unit", "负责人电话", "Telephone of the responsible person"),
    _item("handler", "unit", "经办人", "Handler"),
    _further("industry", "unit", "所属行业（GB/T 4754）", "Industry (GB/T 4754)"),
    _further("security_contact", "unit", "安全联系人", "Security contact"),
    _further("security_phone", "unit", "安全联系人电话", "Telephone of the security contact"),
    _item("system_name", "system", "系统名称", "Name of the system"),
    _item("in_use", "system", "投入使用日期", "Day of entry into use"),
    _further("design_unit", "system", "设计单位", "Design unit"),
    _further("construction_unit", "system", "施工单位", "Construction unit"),
    _further("accepted_on", "system", "验收日期", "Day of acceptance"),
    _further("agreement", "system", "委托运营协议编号", "Agreement with the entrusted operator"),
    _further("police_connection", "system", "是否接入公安平台", "Connected to the police platform"),
    _further("protection_level", "system", "网络安全保护等级", "Level of protection (MLPS)"),
    _further("watch_room", "system", "监控室地址", "Address of the watch room"),
    _further("staff", "system", "监控值守人数", "Staff of the watch room"),
    _item("address", "location", "建设位置", "Location"),
    _further("secret_consent", "location", "涉密单位是否同意", "Consent of secret units"),
    _item("cameras", "devices", "设备数量", "Number of devices"),
    _item("device_types", "devices", "设备类型", "Types of devices"),
    _further("resolution", "devices", "分辨率", "Resolution"),
    _further("audio", "devices", "是否采集声音", "Sound is recorded"),
    _further(
        "declared_capture",
        "devices",
        "申报的人脸、车辆抓拍功能",
        "Declared functions of face or vehicle capture",
    ),
    _further("edge_storage", "devices", "是否前端存储", "Storage in the devices"),
    _item("retention_days", "retention", "存储期限（天）", "Retention, days"),
    _further("medium", "retention", "存储介质", "Medium"),
    _further("capacity", "retention", "容量核算", "How the capacity was calculated"),
    _further("key_target", "retention", "是否重点目标（90 日）", "Key target (90 days)"),
    _item("declared_by", "process", "真实性声明人", "Who declares that it is true"),
)
"""Bold in SC799, article 14: basics of the unit, location, number and type of devices, retention. The order's own form
was not found; the rest is what notices of police organs ask for, and the further ones complete the basic information
form where they apply."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checklist says of one item."""

    item: Item
    state: Literal["done", "missing", "mismatch", "open"]
    """`open`: nothing stands there, and nothing has to."""
    filed: Any
    measured: Any = None


def check(content: Mapping[str, Any], measured: Mapping[str, Any]) -> list[Checked]:
    """The checklist of a form: what is missing, and what differs from what the register and the recorder measure."""
    found = []
    for item in ITEMS:
        value, fact = content.get(item.name), measured.get(item.name)
        if value in (None, ""):
            found.append(Checked(item, "missing" if item.mandatory else "open", None, fact))
        elif fact is not None and fact != value:
            found.append(Checked(item, "mismatch", value, fact))
        else:
            found.append(Checked(item, "done", value, fact))
    return found


def county_of(codes: Sequence[str]) -> str | None:
    """The county-level division among those above a place, topmost first; None where the place lies above a county."""
    return next((code for code in codes if len(code) == 6 and not code.endswith("00")), None)
