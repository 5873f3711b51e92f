"""Dossiers as they go over the wire."""

import re
from collections.abc import Callable
from datetime import date
from ipaddress import ip_address
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from mingjing.kernel.text import Line, line
from mingjing.kernel.wire import EXAMPLE_US, Day, Reference, Told, Wanted, example
from mingjing.law.device_words import (
    CAMERA_TYPES,
    DEVICE_STATES,
    DIRECTIONS,
    ENCODINGS,
    FUNCTIONS,
    IMAGINGS,
    LIGHTS,
    MOBILE_TYPES,
    PLACE_TYPES,
    POINT_TYPES,
    ROOMS,
    SECURITY_LEVELS,
    SIGN_STATES,
    Words,
)
from mingjing.registry.dossiers.members import FIELDS, Group, Kind
from mingjing.registry.places.schema import Latitude, Longitude


def one_of(words: Words) -> Callable[[str], str]:
    """A code of a list, or nothing. Raises ValueError that names the list."""

    def check(text: str) -> str:
        if text and text not in words:
            raise ValueError(f"应为 {'、'.join(words)} 之一 / must be one of {', '.join(words)}")
        return text

    return check


def some_of(words: Words) -> Callable[[str], str]:
    """Codes of a list joined by `/`, each once, in the order of the list. Raises ValueError."""
    known = one_of(words)

    def check(text: str) -> str:
        chosen = {known(code.strip()) for code in text.split("/")} - {""}
        return "/".join(code for code in words if code in chosen)

    return check


def address_of(version: Literal[4, 6]) -> Callable[[str], str]:
    """An IP address of a version, or nothing. Raises ValueError."""

    def check(text: str) -> str:
        try:
            fits = not text or ip_address(text).version == version
        except ValueError:
            fits = False
        if not fits:
            raise ValueError(f"不是 IPv{version} 地址 / is no IPv{version} address")
        return text

    return check


def shaped(pattern: str, zh: str, en: str) -> Callable[[str], str]:
    """A text of a form, or nothing. Raises ValueError that says the form."""
    form = re.compile(pattern)

    def check(text: str) -> str:
        if text and form.fullmatch(text) is None:
            raise ValueError(f"{zh} / {en}")
        return text

    return check


Words20 = Annotated[str, AfterValidator(line), Field(max_length=20)]
Words40 = Annotated[str, AfterValidator(line), Field(max_length=40)]
Words100 = Annotated[str, AfterValidator(line), Field(max_length=100)]
Words300 = Annotated[str, AfterValidator(line), Field(max_length=300)]
Resolution = Annotated[
    str, AfterValidator(shaped(r"[0-9]{2,5}x[0-9]{2,5}", "应形如 1920x1080", "must be such as 1920x1080"))
]
Mac = Annotated[
    str,
    AfterValidator(
        shaped(
            r"[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}",
            "应形如 00:1A:2B:3C:4D:5E",
            "must be such as 00:1A:2B:3C:4D:5E",
        )
    ),
]
CapturePart = Annotated[str, AfterValidator(shaped(r"[0-9]{7}", "应为 7 位数字", "must be 7 digits"))]

_SHOWN: Final = {
    "system": "sy_k2x9p4q7m1aa", "position": "kp_k2x9p4q7m1aa", "code": "42011500001320000001",
    "longitude": 114.322, "latitude": 30.349, "height_m": 4.5, "azimuth": 135.0, "view_angle": 90.0, "view_m": 60.0,
    "in_use": "2026-10-18", "sign_checked": "2026-10-18", "point_type": "3", "camera_type": "3", "room": "2",
    "imaging": "1", "functions": "5", "encoding": "h265", "resolution": "2560x1440", "mac": "00:1A:2B:3C:4D:5E",
    "retention_days": 30, "sign_text": "公共安全视频监控区域", "sign_state": "present",
}  # fmt: skip


class DossierPatch(Wanted):
    """What shall change; absent members stay, null empties."""

    model_config = example(**_SHOWN)

    code: Annotated[str, Field(max_length=20, examples=["42011500001320000001"])] | None = None
    former_code: Words20 | None = None
    common_name: Words100 | None = None
    point_type: Annotated[str, AfterValidator(one_of(POINT_TYPES))] | None = None
    grassroots_code: Annotated[str, AfterValidator(line), Field(max_length=12)] | None = None
    police_block: Words100 | None = None
    parent_device: Words20 | None = None
    business_group: Annotated[str, AfterValidator(line), Field(max_length=64)] | None = None
    industry: Words100 | None = None
    secret: bool | None = None
    system: Reference | None = None
    position: Reference | None = None
    owner: Words100 | None = None
    platform_code: Words20 | None = None
    management_unit: Words100 | None = None
    department: Words100 | None = None
    keeper: Words100 | None = None
    keeper_phone: Words40 | None = None
    contractor: Words100 | None = None
    maintenance_unit: Words100 | None = None
    police_organ: Words100 | None = None
    manufacturer: Words100 | None = None
    model: Words100 | None = None
    firmware: Words100 | None = None
    serial_number: Words100 | None = None
    camera_type: Annotated[str, AfterValidator(one_of(CAMERA_TYPES))] | None = None
    imaging: Annotated[str, AfterValidator(some_of(IMAGINGS))] | None = None
    functions: Annotated[str, AfterValidator(some_of(FUNCTIONS))] | None = None
    encoding: Annotated[str, AfterValidator(one_of(ENCODINGS))] | None = None
    resolution: Resolution | None = None
    stream_numbers: Words40 | None = None
    light: Annotated[str, AfterValidator(one_of(LIGHTS))] | None = None
    pickup: bool | None = None
    pickup_basis: Words300 | None = None
    lens: Words100 | None = None
    security_level: Annotated[str, AfterValidator(one_of(SECURITY_LEVELS))] | None = None
    certificate: Words100 | None = None
    mobile_type: Annotated[str, AfterValidator(one_of(MOBILE_TYPES))] | None = None
    home_preset: Words100 | None = None
    return_seconds: Annotated[int, Field(ge=1, le=86_400)] | None = None
    address: Words300 | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    landmarks: Words300 | None = None
    room: Annotated[str, AfterValidator(one_of(ROOMS))] | None = None
    direction: Annotated[str, AfterValidator(one_of(DIRECTIONS))] | None = None
    azimuth: Annotated[float, Field(ge=0, lt=360)] | None = None
    tilt: Annotated[float, Field(ge=-90, le=90)] | None = None
    view_angle: Annotated[float, Field(gt=0, le=360)] | None = None
    view_angle_vertical: Annotated[float, Field(gt=0, le=360)] | None = None
    view_m: Annotated[float, Field(gt=0, le=10_000)] | None = None
    height_m: Annotated[float, Field(ge=0, le=1000)] | None = None
    height_type: Words100 | None = None
    pole: Words40 | None = None
    mounting: Words100 | None = None
    capture_part: CapturePart | None = None
    place_types: Annotated[str, AfterValidator(some_of(PLACE_TYPES))] | None = None
    networked: bool | None = None
    access_network: Words100 | None = None
    ip_address: Annotated[str, AfterValidator(address_of(4))] | None = None
    ipv6_address: Annotated[str, AfterValidator(address_of(6))] | None = None
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    mac: Mac | None = None
    access_method: Words100 | None = None
    protocol: Words100 | None = None
    channel_number: Words100 | None = None
    encoder: Words100 | None = None
    installed: Day | None = None
    in_use: Day | None = None
    scrapped: Day | None = None
    device_state: Annotated[str, AfterValidator(one_of(DEVICE_STATES))] | None = None
    retention_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    storage_code: Words40 | None = None
    storage_channel: Words100 | None = None
    storage_kind: Words100 | None = None
    edge_buffer: Words100 | None = None
    sign_text: Words300 | None = None
    sign_place: Words300 | None = None
    sign_state: Annotated[str, AfterValidator(one_of(SIGN_STATES))] | None = None
    sign_checked: Day | None = None
    move_reason: Line | None = Field(
        default=None, description="Owed where a camera in use comes to stand or look elsewhere"
    )


class Measured(Told):
    """What the platform knows of a member by itself, beside what is filed."""

    model_config = example(value="h265", source="stream")

    value: str | int
    source: Literal["stream", "register", "plan", "system", "address"]


class Baseline(Told):
    """The picture that shows a camera's view as it shall be, and how far the dossier has gone from it since."""

    model_config = example(
        id="pi_k2x9p4q7m1aa", at_us=EXAMPLE_US, who_name="王敏", shift_m=0.0, turn_degrees=0.0
    )

    id: str
    at_us: int
    who_name: str
    shift_m: float | None = Field(
        description="From where it stood then; null where one of both is not entered"
    )
    turn_degrees: float | None = Field(description="Of azimuth or tilt, the greater")


class Dossier(Told):
    model_config = example(
        camera="ch_k2x9p4q7m1aa", complete=80, missing=["code"], moved=None, sign_photo=False, sign_due="2027-10-18",
        measured={"encoding": {"value": "h265", "source": "stream"}},
        **dict.fromkeys(FIELDS) | _SHOWN,
    )  # fmt: skip

    camera: str
    code: str | None
    former_code: str | None
    common_name: str | None
    point_type: str | None
    grassroots_code: str | None
    police_block: str | None
    parent_device: str | None
    business_group: str | None
    industry: str | None
    secret: bool | None
    system: str | None
    position: str | None
    owner: str | None
    platform_code: str | None
    management_unit: str | None
    department: str | None
    keeper: str | None
    keeper_phone: str | None
    contractor: str | None
    maintenance_unit: str | None
    police_organ: str | None
    manufacturer: str | None
    model: str | None
    firmware: str | None
    serial_number: str | None
    camera_type: str | None
    imaging: str | None
    functions: str | None
    encoding: str | None
    resolution: str | None
    stream_numbers: str | None
    light: str | None
    pickup: bool | None
    pickup_basis: str | None
    lens: str | None
    security_level: str | None
    certificate: str | None
    mobile_type: str | None
    home_preset: str | None
    return_seconds: int | None
    address: str | None
    longitude: float | None
    latitude: float | None
    landmarks: str | None
    room: str | None
    direction: str | None
    azimuth: float | None
    tilt: float | None
    view_angle: float | None
    view_angle_vertical: float | None
    view_m: float | None
    height_m: float | None
    height_type: str | None
    pole: str | None
    mounting: str | None
    capture_part: str | None
    place_types: str | None
    networked: bool | None
    access_network: str | None
    ip_address: str | None
    ipv6_address: str | None
    port: int | None
    mac: str | None
    access_method: str | None
    protocol: str | None
    channel_number: str | None
    encoder: str | None
    installed: date | None
    in_use: date | None
    scrapped: date | None
    device_state: str | None
    retention_days: int | None
    storage_code: str | None
    storage_channel: str | None
    storage_kind: str | None
    edge_buffer: str | None
    sign_text: str | None
    sign_place: str | None
    sign_state: str | None
    sign_checked: date | None
    complete: int = Field(description="Of the mandatory members, per cent")
    missing: list[str] = Field(description="Mandatory members that are empty")
    measured: dict[str, Measured] = Field(description="By member, what the platform knows by itself")
    moved: date | None = Field(description="When it was last moved in use")
    baseline: Baseline | None
    sign_photo: bool
    sign_due: date | None = Field(description="When the sign is to be checked next")


class MemberOut(Told):
    """One member of a dossier, for forms."""

    model_config = example(
        field="point_type", group="identity", kind="code", zh="监控点位类型", en="Kind of point", mandatory=True,
        anchor="PoType", words="point_type", hint="", hint_en="",
    )  # fmt: skip

    field: str
    group: Group
    kind: Kind
    zh: str
    en: str
    mandatory: bool
    anchor: str = Field(description="Its name in GB/T 28181-2022; empty where it has none")
    words: str = Field(description="The list of the vocabulary that its codes are of")
    hint: str
    hint_en: str


class SignCheckWish(Wanted):
    """What a check of the sign on the spot found."""

    model_config = example(
        day="2026-11-20", state="present", text="公共安全视频监控区域", place="校门右侧立柱"
    )

    day: Day
    state: Literal["present", "worn", "absent"]
    text: Words300 | None = None
    place: Words300 | None = None


class SignCheck(Told):
    model_config = example(
        day="2026-11-20", state="present", text="公共安全视频监控区域", place="校门右侧立柱", who_name="王敏",
        at_us=EXAMPLE_US,
    )  # fmt: skip

    day: date
    state: Literal["present", "worn", "absent"]
    text: str
    place: str
    who_name: str
    at_us: int


def plain(members: dict[str, Any]) -> dict[str, Any]:
    """Members as they are kept: an empty text is no text."""
    return {name: None if value == "" else value for name, value in members.items()}
