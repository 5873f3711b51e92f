"""The members of a dossier (一机一档) as data: what each is called, of which kind, in which group, whether the collection
template demands it. Forms, tables and completeness are made from this list; columns and wire say the types.

Anchors are names of GB/T 28181-2022. A camera's user name and password are members of templates and of no dossier here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from mingjing.law.device_words import Words, device_vocabulary

Group = Literal["identity", "duty", "device", "position", "network", "life", "recording", "sign"]
Kind = Literal["text", "code", "codes", "number", "integer", "day", "flag", "reference"]


@dataclass(frozen=True, slots=True)
class Member:
    """One member. `words` names its list of codes; `hint` says what to enter where the name does not."""

    field: str
    group: Group
    kind: Kind
    zh: str
    en: str
    mandatory: bool = False
    anchor: str = ""
    words: str = ""
    hint: str = ""
    hint_en: str = ""


def _text(field: str, group: Group, zh: str, en: str, anchor: str = "", *, must: bool = False) -> Member:
    return Member(field, group, "text", zh, en, must, anchor)


def _code(
    field: str, group: Group, zh: str, en: str, anchor: str = "", *, must: bool = False, several: bool = False
) -> Member:
    return Member(field, group, "codes" if several else "code", zh, en, must, anchor, field)


MEMBERS: Final = (
    Member("code", "identity", "text", "设备编码", "Device code", True, "DeviceID",
           hint="20 位，第 11–13 位为 131 或 132", hint_en="20 digits, the 11th to 13th are 131 or 132"),
    _text("former_code", "identity", "原设备编码", "Former code"),
    _text("common_name", "identity", "点位俗称", "What people call it", "PoCommonName"),
    _code("point_type", "identity", "监控点位类型", "Kind of point", "PoType", must=True),
    Member("grassroots_code", "identity", "text", "基层组织编码", "Grass-roots code", anchor="GrassrootsCode",
           hint="没有填 000000", hint_en="000000 where there is none"),
    _text("police_block", "identity", "警区", "Police block", "Block"),
    _text("parent_device", "identity", "父设备编码", "Parent device", "ParentID"),
    _text("business_group", "identity", "业务分组/虚拟组织", "Business group", "BusinessGroupID"),
    _text("industry", "identity", "国民经济行业", "Industry", "IndustrialClassification"),
    Member("secret", "identity", "flag", "涉密", "Secret", anchor="Secrecy"),
    Member("system", "duty", "reference", "所属系统", "Video system", True,
           hint="系统的编号或者名称", hint_en="identifier or name of the system"),
    Member("position", "duty", "reference", "关键部位", "Key position",
           hint="部位编号，或者“场所/部位”", hint_en="identifier of the position, or place/position"),
    _text("owner", "duty", "建设单位/设备归属", "Building unit or owner", must=True),
    _text("platform_code", "duty", "平台归属代码", "Code of its platform", must=True),
    _text("management_unit", "duty", "管理单位", "Managing unit", "ManagementUnit", must=True),
    _text("department", "duty", "所属部门/行业", "Department or trade", must=True),
    _text("keeper", "duty", "管理员姓名", "Who looks after it", must=True),
    _text("keeper_phone", "duty", "联系电话", "Telephone", "ContactInfo", must=True),
    _text("contractor", "duty", "承建单位", "Contractor", must=True),
    _text("maintenance_unit", "duty", "维护单位", "Maintaining unit", must=True),
    _text("police_organ", "duty", "所属辖区公安机关", "Police organ of the place", must=True),
    _text("manufacturer", "device", "设备厂商", "Manufacturer", "Manufacturer", must=True),
    _text("model", "device", "型号", "Model", "Model"),
    _text("firmware", "device", "固件版本", "Firmware"),
    _text("serial_number", "device", "序列号", "Serial number"),
    _code("camera_type", "device", "摄像机类型", "Kind of camera", "PTZType", must=True),
    _code("imaging", "device", "成像", "Imaging", "PhotoelectricImagingType", several=True),
    _code("functions", "device", "功能类型", "Functions", "FunctionType", must=True, several=True),
    _code("encoding", "device", "编码格式", "Encoding", "EncodeType", must=True),
    Member("resolution", "device", "text", "分辨率", "Resolution", True, "Resolution",
           hint="如 1920x1080", hint_en="such as 1920x1080"),
    _text("stream_numbers", "device", "码流", "Streams", "StreamNumberList"),
    _code("light", "device", "补光", "Light", "SupplyLightType"),
    Member("pickup", "device", "flag", "拾音器", "Microphone"),
    Member("pickup_basis", "device", "text", "采集声音的依据", "Basis for sound",
           hint="采集声音的必填", hint_en="wanted where sound is picked up"),
    _text("lens", "device", "镜头类型", "Lens"),
    _code("security_level", "device", "安全等级", "Security class", "SecurityLevelCode"),
    _text("certificate", "device", "国密证书号", "Certificate number"),
    _code("mobile_type", "device", "移动设备类型", "Kind of mobile device", "MobileDeviceType"),
    _text("home_preset", "device", "守望位", "Home position"),
    Member("return_seconds", "device", "integer", "守望返回时间（秒）", "Returns home after, seconds"),
    _text("address", "position", "安装地址", "Address", "Address", must=True),
    Member("longitude", "position", "number", "经度", "Longitude", True, "Longitude",
           hint="WGS-84", hint_en="WGS-84"),
    Member("latitude", "position", "number", "纬度", "Latitude", True, "Latitude",
           hint="WGS-84", hint_en="WGS-84"),
    _text("landmarks", "position", "周边标志", "Landmarks", must=True),
    _code("room", "position", "室内外", "In or outdoors", "RoomType", must=True),
    _code("direction", "position", "监控方位", "Direction", "DirectionType", must=True),
    Member("azimuth", "position", "number", "方位角（°）", "Azimuth, degrees", True,
           hint="自北顺时针", hint_en="clockwise from north"),
    Member("tilt", "position", "number", "俯仰角（°）", "Tilt, degrees",
           hint="水平为 0，向下为正", hint_en="0 is level, down is positive"),
    Member("view_angle", "position", "number", "水平视场角（°）", "Horizontal angle, degrees",
           anchor="HorizontalFieldAngle"),
    Member("view_angle_vertical", "position", "number", "竖直视场角（°）", "Vertical angle, degrees",
           anchor="VerticalFieldAngle"),
    Member("view_m", "position", "number", "可视距离（米）", "Sees as far as, metres", anchor="MaxViewDistance"),
    Member("height_m", "position", "number", "安装高度（米）", "Height, metres", True),
    _text("height_type", "position", "高度类型", "Kind of height", must=True),
    Member("pole", "position", "text", "立杆编号", "Pole number", True,
           hint="没有立杆填“无”", hint_en="无 (none) where there is no pole"),
    _text("mounting", "position", "安装类型", "Mounting"),
    Member("capture_part", "position", "text", "采集区域/部位类型", "Area that is captured", True,
           "CapturePositionType", hint="7 位数字（附录 O）", hint_en="7 digits (Annex O)"),
    _code("place_types", "position", "位置类型", "Kinds of place", "PositionType", several=True),
    Member("networked", "network", "flag", "联网", "Connected"),
    _text("access_network", "network", "接入网络", "Network", must=True),
    _text("ip_address", "network", "IPv4 地址", "IPv4 address", "IPAddress", must=True),
    _text("ipv6_address", "network", "IPv6 地址", "IPv6 address"),
    Member("port", "network", "integer", "端口", "Port", anchor="Port"),
    Member("mac", "network", "text", "MAC 地址", "MAC address", True, "MAC",
           hint="如 00:1A:2B:3C:4D:5E", hint_en="such as 00:1A:2B:3C:4D:5E"),
    _text("access_method", "network", "接入方式", "Way of access"),
    _text("protocol", "network", "连接协议", "Protocol"),
    _text("channel_number", "network", "通道号", "Channel number"),
    _text("encoder", "network", "关联编码器", "Encoder"),
    Member("installed", "life", "day", "安装时间", "Installed", True, "InstallTime"),
    Member("in_use", "life", "day", "投入使用日期", "Entry into use", True),
    Member("scrapped", "life", "day", "报废时间", "Scrapped"),
    _code("device_state", "life", "设备状态", "State of the device", must=True),
    Member("retention_days", "recording", "integer", "录像保存天数", "Recordings kept, days", True,
           "RecordSaveDays"),
    _text("storage_code", "recording", "存储设备编码", "Storage device"),
    _text("storage_channel", "recording", "存储通道号", "Storage channel"),
    _text("storage_kind", "recording", "存储类型", "Kind of storage"),
    _text("edge_buffer", "recording", "前端缓存", "Buffer in the camera"),
    _text("sign_text", "sign", "标识文字", "Text of the sign"),
    _text("sign_place", "sign", "标识位置", "Where the sign is"),
    _code("sign_state", "sign", "标识状况", "Condition of the sign"),
    Member("sign_checked", "sign", "day", "标识上次检查", "Sign last checked", True),
)  # fmt: skip
"""In the order of forms and tables."""
BY_FIELD: Final[Mapping[str, Member]] = MappingProxyType({one.field: one for one in MEMBERS})
FIELDS: Final = tuple(BY_FIELD)
MANDATORY: Final = tuple(one.field for one in MEMBERS if one.mandatory)
"""Marked in the collection template of 73 columns, and what our own rules read."""
VIEW: Final = ("longitude", "latitude", "azimuth", "tilt", "view_angle")
"""Where it stands and looks: to change one of them in use is to move the camera (HB361, article 9)."""


def words_of(member: Member) -> Words:
    """The codes that a member takes, with what they are called; none where it takes none."""
    return device_vocabulary()[member.words] if member.words else {}
