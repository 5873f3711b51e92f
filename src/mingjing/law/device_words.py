"""What a camera's dossier says by code: closed lists of GB/T 28181 (2016 and 2022 editions) as public implementations
have them, and of practice where the standard leaves it open. Data only.

A device may declare what is none of our business (a function of capture): it is registered as declared, and nothing
here does it. Codes of which several may be given stand joined by `/`, as the standard writes them.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mingjing.kernel.errors import Text

Words = Mapping[str, Text]


def _coded(pairs: Mapping[str, tuple[str, str]]) -> Words:
    return MappingProxyType({code: Text(*pair) for code, pair in pairs.items()})


POINT_TYPES: Final = _coded(
    {
        "1": ("一类视频监控点", "Class 1: built by police or government on roads and public areas"),
        "2": ("二类视频监控点", "Class 2: other departments and units, public-facing"),
        "3": ("三类视频监控点", "Class 3: inside, social resources"),
        "4": ("公安内部视频监控点", "Inside police premises (older templates)"),
        "9": ("其他点位", "Other"),
    }
)
"""`PoType`."""
CAMERA_TYPES: Final = _coded(
    {
        "1": ("球机", "Dome"),
        "2": ("半球", "Half-dome"),
        "3": ("固定枪机", "Fixed bullet"),
        "4": ("遥控枪机", "PTZ bullet"),
        "5": ("遥控半球", "PTZ half-dome"),
        "6": ("多目设备的全景/拼接通道", "Multi-lens: panorama channel"),
        "7": ("多目设备的分割通道", "Multi-lens: split channel"),
    }
)
"""`PTZType`."""
IMAGINGS: Final = _coded(
    {
        "1": ("可见光成像", "Visible light"),
        "2": ("热成像", "Thermal"),
        "3": ("雷达成像", "Radar"),
        "4": ("X 光成像", "X-ray"),
        "5": ("深度光场成像", "Depth"),
        "9": ("其他", "Other"),
    }
)
"""`PhotoelectricImagingType`, several."""
ROOMS: Final = _coded({"1": ("室外", "Outdoors"), "2": ("室内", "Indoors")})
"""`RoomType`."""
LIGHTS: Final = _coded(
    {
        "1": ("无补光", "None"),
        "2": ("红外补光", "Infrared"),
        "3": ("白光补光", "White light"),
        "4": ("激光补光", "Laser"),
        "9": ("其他", "Other"),
    }
)
"""`SupplyLightType`."""
DIRECTIONS: Final = _coded(
    {
        "1": ("东", "East"),
        "2": ("西", "West"),
        "3": ("南", "South"),
        "4": ("北", "North"),
        "5": ("东南", "South-east"),
        "6": ("东北", "North-east"),
        "7": ("西南", "South-west"),
        "8": ("西北", "North-west"),
    }
)
"""`DirectionType`: where the optical axis points."""
MOBILE_TYPES: Final = _coded(
    {
        "1": ("移动机器人载", "Robot"),
        "2": ("执法记录仪", "Body-worn"),
        "3": ("移动单兵设备", "Carried by one person"),
        "4": ("车载设备", "Vehicle"),
        "5": ("无人机载", "Unmanned aircraft"),
        "9": ("其他", "Other"),
    }
)
"""`MobileDeviceType`; empty for a fixed camera."""
FUNCTIONS: Final = _coded(
    {
        "5": ("普通监控", "Plain camera"),
        "6": ("高空瞭望", "High lookout"),
        "01": ("设备声明：人脸采集", "Declared by the device: faces"),
        "02": ("设备声明：人员采集", "Declared by the device: persons"),
        "03": ("设备声明：机动车采集", "Declared by the device: motor vehicles"),
        "04": ("设备声明：非机动车采集", "Declared by the device: other vehicles"),
        "05": ("设备声明：物品采集", "Declared by the device: objects"),
        "99": ("其他", "Other"),
    }
)
"""`FunctionType`, several: 01 to 05 of the 2022 edition, 5 and 6 of the collection template before it. What a device
declares is registered; no capture is built."""
ENCODINGS: Final = _coded(
    {
        "h264": ("H.264", "H.264"),
        "h265": ("H.265", "H.265"),
        "svac": ("SVAC", "SVAC"),
        "mpeg4": ("MPEG-4", "MPEG-4"),
        "mjpeg": ("MJPEG", "MJPEG"),
        "other": ("其他", "Other"),
    }
)
"""`EncodeType`, by name."""
SECURITY_LEVELS: Final = _coded(
    {
        "none": ("无", "None"),
        "A": ("GB 35114 A 级", "GB 35114 class A"),
        "B": ("GB 35114 B 级", "GB 35114 class B"),
        "C": ("GB 35114 C 级", "GB 35114 class C"),
    }
)
"""`SecurityLevelCode`, by the classes of GB 35114."""
PLACE_TYPES: Final = _coded(
    {
        "1": ("省际检查站", "Checkpoint between provinces"),
        "2": ("党政机关", "Party and state organs"),
        "3": ("车站码头", "Stations and wharves"),
        "4": ("中心广场", "Central square"),
        "5": ("体育场馆", "Sports venue"),
        "6": ("商业中心", "Commercial centre"),
        "7": ("宗教场所", "Religious site"),
        "8": ("校园周边", "Around a campus"),
        "9": ("治安复杂区域", "Area of complex public order"),
        "10": ("交通干线", "Traffic artery"),
        "11": ("医院周边", "Around a hospital"),
        "12": ("金融机构周边", "Around a financial institution"),
        "13": ("危险物品场所周边", "Around dangerous goods"),
        "14": ("博物馆展览馆", "Museum, exhibition hall"),
        "15": ("重点水域航道", "Key waters and channels"),
        "96": ("市际检查站", "Checkpoint between cities"),
        "97": ("涉外场所", "Place concerning foreigners"),
        "98": ("边境沿线", "Along the border"),
        "99": ("旅游景区", "Scenic area"),
    }
)
"""`PositionType` of the 2016 edition with what later templates added, several."""
DEVICE_STATES: Final = _coded(
    {"1": ("在用", "In use"), "2": ("维修", "Under repair"), "3": ("拆除", "Removed")}
)
SIGN_STATES: Final = _coded(
    {
        "present": ("完好", "In order"),
        "worn": ("破损或者不清", "Damaged or illegible"),
        "absent": ("缺失", "Absent"),
    }
)
"""What a check on the spot found of the sign (HB361, article 9; SC799, article 13)."""


def device_vocabulary() -> dict[str, Words]:
    """Every list by the name that members of a dossier give for it."""
    return {
        "point_type": POINT_TYPES, "camera_type": CAMERA_TYPES, "imaging": IMAGINGS, "room": ROOMS, "light": LIGHTS,
        "direction": DIRECTIONS, "mobile_type": MOBILE_TYPES, "functions": FUNCTIONS, "encoding": ENCODINGS,
        "security_level": SECURITY_LEVELS, "place_types": PLACE_TYPES, "device_state": DEVICE_STATES,
        "sign_state": SIGN_STATES,
    }  # fmt: skip
