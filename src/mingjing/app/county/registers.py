"""Units, places, systems and cameras with their dossiers, right and wrong ones."""

import io
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from PIL import Image, ImageDraw

from mingjing.app.county.ground import CLERK, County, Place
from mingjing.devices.virtual.painting import font
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.identity.service.organisations import add_organisation
from mingjing.kernel.db import Transaction
from mingjing.law.days import day_of
from mingjing.registry.dossiers import service as dossiers
from mingjing.registry.dossiers.schema import DossierPatch
from mingjing.registry.places import service as places
from mingjing.registry.places.queries import positions as positions_of
from mingjing.registry.places.schema import PlaceWish
from mingjing.registry.schema import CameraWish
from mingjing.registry.service import register as register_camera
from mingjing.registry.systems import service as systems
from mingjing.registry.systems.schema import SystemWish

_WRITE: Final = system_scope(Action.REGISTER_WRITE)
_CAMERA: Final = system_scope(Action.CAMERA_WRITE)
_CENTRE: Final = (114.3213, 30.3755)
TOWNS: Final = (
    "纸坊",
    "流芳",
    "五里界",
    "郑店",
    "乌龙泉",
    "金口",
    "安山",
    "法泗",
    "湖泗",
    "山坡",
    "舒安",
    "大桥",
)
_KINDS: Final[Sequence[tuple[str, str, str, str, tuple[str, ...]]]] = (
    (
        "第{n}小学",
        "education_health_heritage",
        "school",
        "n7_2_1_crowded",
        ("大门", "后勤门通道", "食堂主通道", "操场"),
    ),
    ("中心幼儿园", "education_health_heritage", "kindergarten", "n7_2_1_crowded", ("大门", "活动室走廊")),
    ("卫生院", "education_health_heritage", "medical", "n7_2_1_crowded", ("门诊大厅", "急诊通道", "药库")),
    ("客运站", "transport", "station", "n7_2_2_hub", ("进站口", "候车厅", "发车区")),
    ("大桥", "transport", "bridge", "n7_1_road_square", ("南桥头", "北桥头")),
    ("人民广场", "commerce_leisure", "square", "n7_1_road_square", ("东入口", "西入口", "中心区")),
    ("购物中心", "commerce_leisure", "trade", "n7_2_1_crowded", ("主入口", "地下车库入口", "中庭")),
    ("体育馆", "commerce_leisure", "sports", "n7_2_1_crowded", ("检票口", "看台通道")),
    ("自来水厂", "energy_water_utility", "water", "n33_non_public", ("厂门", "加药间", "清水池")),
    ("加油站", "hazardous_goods_pathogens", "hazmat_sale", "n33_non_public", ("加油区", "储罐区")),
    (
        "农商银行营业部",
        "state_media_finance",
        "financial",
        "n7_2_1_crowded",
        ("大门", "营业大厅", "金库通道"),
    ),
    ("花园小区", "residential", "entrance", "n9_other_public", ("南门", "北门", "中心路")),
)
_UNITS: Final = (
    ("街道办事处", "government"),
    ("教育总支", "operator"),
    ("卫生院", "operator"),
    ("建设公司", "maintenance"),
    ("物业公司", "operator"),
)
_REGIMES: Final = {"n33_non_public": "non_public", "n9_other_public": "art9"}


def enter_units(county: County, tx: Transaction, _: None) -> None:
    for number in range(county.size.units):
        town = TOWNS[number % len(TOWNS)]
        what, kind = _UNITS[number // len(TOWNS) % len(_UNITS)]
        county.enter_unit(add_organisation(tx, CLERK, f"{town}{what}", None, {"kind": kind}).id, kind)
    # Who approves plans belongs to their territory.
    government = {"kind": "government", "division": county.site.division}
    made = add_organisation(tx, CLERK, "区人民政府（演示）", None, government)
    county.enter_unit(made.id, "government")


def places_to_be(county: County) -> Sequence[int]:
    return range(county.size.places)


def enter_place(county: County, tx: Transaction, number: int) -> None:
    kind = _KINDS[number % len(_KINDS)]
    town = TOWNS[number // len(_KINDS) % len(TOWNS)]
    round_ = number // (len(_KINDS) * len(TOWNS)) + 1
    name = f"{town}{kind[0].format(n=round_)}" + (
        f"（{round_}）" if round_ > 1 and "{n}" not in kind[0] else ""
    )
    _place(county, tx, name, kind)


def _place(
    county: County, tx: Transaction, name: str, kind: tuple[str, str, str, str, tuple[str, ...]]
) -> None:
    _, category, subcategory, national, positions = kind
    longitude = round(_CENTRE[0] + county.dice.uniform(-0.25, 0.25), 6)
    latitude = round(_CENTRE[1] + county.dice.uniform(-0.2, 0.2), 6)
    unit = county.dice.choice(county.units)
    wish: dict[str, Any] = {
        "name": name, "division": county.site.division, "organisation": unit, "category": category,
        "subcategory": subcategory, "national_class": national,
        "address": f"{name[:2]}大道 {county.dice.randrange(1, 300)} 号",
        "longitude": longitude, "latitude": latitude,
        "counter_terror_target": subcategory in {"station", "water"} and county.dice.random() < 0.3,
        "positions": [
            {"kind": _position(position), "name": position}
            # One place in ten has nobody who entered its positions yet.
            for position in (positions if county.dice.random() < 0.9 else ())
        ],
    }  # fmt: skip
    row = places.enter(tx, CLERK, _WRITE, PlaceWish.model_validate(wish))
    held = tuple((one.id, one.name) for one, _ in positions_of(tx.session, [row.id]).get(row.id, ()))
    point = (longitude, latitude)
    county.enter_place(Place(row.id, name, unit, category, national, point, held))


def places_with_system(county: County) -> Sequence[Place]:
    return county.dice.sample(county.places, county.size.systems)


def enter_system(county: County, tx: Transaction, place: Place) -> None:
    today = day_of(tx.now_us())
    in_use = _in_use(county, today)
    regime = _REGIMES.get(place.national, "art7")
    funding = "government_built" if place.national == "n7_1_road_square" else "other"
    unit = place.unit
    road = place.national == "n7_1_road_square"
    entitled = county.dice.choice(county.governments) if road and county.governments else unit
    wish = {
        "name": f"{place.name}视频系统", "division": county.site.division, "organisation": unit, "place": place.id,
        # One in twenty was entered without knowing what binds it.
        "regime": "" if county.dice.random() < 0.05 else regime,
        "category": place.category, "purposes": ["public_safety"], "funding": funding,
        "maintainer": unit if county.dice.random() < 0.85 else None,
        # One in ten was built by somebody who was not entitled to.
        "building_unit": entitled if county.dice.random() < 0.9 else county.dice.choice(county.units),
        "duty_basis": "物业服务合同" if regime == "art9" and county.dice.random() < 0.8 else "",
        "entrusted_operator": county.company() if county.dice.random() < 0.1 else None,
        "retention_days": county.dice.choice((30, 30, 30, 60, 90)),
        "address": f"{place.name}内", "network": "private", "in_use": in_use,
    }  # fmt: skip
    row = systems.enter(tx, CLERK, _WRITE, SystemWish.model_validate(wish))
    county.enter_system(row.id, place, in_use)


def cameras_to_be(county: County) -> Sequence[int]:
    return range(county.size.cameras if county.systems else 0)


def enter_camera(county: County, tx: Transaction, number: int) -> None:
    """A camera that stands in the register and is not connected: nothing is asked of its address."""
    system, place, in_use = county.systems[number % len(county.systems)]
    turn = number // len(county.systems)
    # Nine in ten positions are covered; what is beyond them looks at the same places again.
    covers = turn < len(place.positions) and county.dice.random() < 0.9
    _camera(county, tx, number, system, place, place.positions[turn] if covers else None, in_use)


def _camera(
    county: County,
    tx: Transaction,
    number: int,
    system: str,
    place: Place,
    position: tuple[str, str] | None,
    in_use: date,
) -> None:
    where = position[1] if position else f"{county.dice.choice(('东', '南', '西', '北'))}侧 {number}"
    if county.dice.random() < 0.01:
        where = f"{county.dice.choice(('更衣室外', '宿舍楼道', '卫生间门口', '包间走廊'))} {number}"
    address = f"rtsp://10.{64 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}:554/main"
    wish = {
        "name": f"{place.name}{where}", "division": county.site.division, "organisation": place.unit, "enabled": False,
        "note": "演示：仅在册 / demo: in the register only", "streams": [{"kind": "main", "url": address}],
    }  # fmt: skip
    made = register_camera(tx, CLERK, _CAMERA, CameraWish.model_validate(wish), county.site.cameras)
    checked = day_of(tx.now_us()) - timedelta(days=county.dice.randrange(1, 420))
    dossier: dict[str, Any] = {
        "system": system, "position": position[0] if position else None, "in_use": in_use,
        "code": f"{county.site.division}00011320{number + 1:06d}" if county.dice.random() < 0.95 else None,
        "longitude": round(place.point[0] + county.dice.uniform(-0.001, 0.001), 6),
        "latitude": round(place.point[1] + county.dice.uniform(-0.001, 0.001), 6),
        "height_m": county.dice.choice((3.0, 3.5, 4.5, 6.0)), "view_angle": 90.0, "view_m": 40.0,
        "azimuth": float(county.dice.randrange(0, 360)) if county.dice.random() < 0.9 else None,
        "sign_checked": max(checked, in_use) if county.dice.random() < 0.92 else None,
        "pickup": county.dice.random() < 0.02,
    }  # fmt: skip
    dossier |= _members(county, place, where, number, in_use)
    county.enter_camera(made.row.id, place, dossier["longitude"], dossier["latitude"])
    dossiers.change(tx, CLERK, _WRITE, made.row.id, DossierPatch.model_validate(dossier))
    _proofs(county, tx, made.row.id, dossier)


def _proofs(county: County, tx: Transaction, channel: str, dossier: dict[str, Any]) -> None:
    """Photos of signs and baseline pictures as a county has them after some years: most, not all, and a few of cameras
    that were moved since. The pictures are painted, the same for every camera, and say so."""
    files = county.site.files
    if dossier["sign_checked"] is not None and county.dice.random() < 0.8:
        sign = _painted("公共安全视频监控区域", (16, 72, 150))
        dossiers.keep_sign_photo(tx, CLERK, _WRITE, channel, files.keep(sign), len(sign))
    if county.dice.random() < 0.7:
        view = _painted("演示：基准画面", (70, 80, 88))
        dossiers.keep_baseline(tx, CLERK, _WRITE, channel, files.keep(view), len(view))
        if dossier["azimuth"] is not None and county.dice.random() < 0.05:
            turned = {"azimuth": (dossier["azimuth"] + 40) % 360, "move_reason": "立杆改造"}
            dossiers.change(tx, CLERK, _WRITE, channel, DossierPatch.model_validate(turned))


def _members(county: County, place: Place, where: str, number: int, in_use: date) -> dict[str, Any]:
    """The rest of a dossier: whole for two in three, for the others with holes where clerks leave them."""
    turns = county.dice.random() < 0.15
    sign = county.dice.choices(("present", "worn", "absent"), (90, 7, 3))[0]
    found: dict[str, Any] = {
        "common_name": where, "point_type": "1" if place.national == "n7_1_road_square" else "3",
        "owner": f"{place.name}", "platform_code": f"{county.site.division}00002000000001", "management_unit": place.name,
        "department": "治安", "keeper": county.dice.choice(("王敏", "李志强", "陈静", "周伟")),
        "keeper_phone": f"027-8190 {number % 10_000:04d}", "contractor": "江夏智安工程公司",
        "maintenance_unit": "江夏智安运维公司", "police_organ": f"{place.name[:2]}派出所", "manufacturer": "演示厂商",
        "model": "D-200", "camera_type": county.dice.choice(("1", "4", "5") if turns else ("2", "3")),
        "imaging": "1", "functions": "5", "encoding": "h265", "resolution": "2560x1440", "light": "2",
        "address": f"{place.name}{where}", "landmarks": place.name, "room": "2" if "厅" in where else "1",
        "direction": county.dice.choice(("1", "2", "3", "4")), "tilt": 15.0, "height_type": "离地",
        "pole": f"{county.site.division}-{number:05d}", "capture_part": f"{1_010_100 + number % 90:07d}",
        "access_network": "视频专网", "ip_address": f"10.{64 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}",
        "mac": f"02:00:00:{number >> 16 & 255:02X}:{number >> 8 & 255:02X}:{number & 255:02X}", "installed": in_use,
        "device_state": "1", "retention_days": county.dice.choice((30, 30, 30, 90)),
        "sign_text": "公共安全视频监控区域", "sign_place": f"{where}立柱", "sign_state": sign,
    }  # fmt: skip
    if turns and county.dice.random() < 0.7:
        found |= {"home_preset": "1", "return_seconds": county.dice.choice((60, 120, 300, 900))}
    if county.dice.random() < 0.35:
        for name in county.dice.sample(
            ("pole", "capture_part", "mac", "contractor", "landmarks", "keeper"), 2
        ):
            del found[name]
    return found


def _in_use(county: County, today: date) -> date | None:
    """Some are being built, some entered into use in these weeks, most long ago."""
    turn = county.dice.random()
    if turn < 0.1:
        return None
    days = county.dice.randrange(0, 45) if turn < 0.35 else county.dice.randrange(60, 3600)
    return today - timedelta(days=days)


def _position(name: str) -> str:
    if any(word in name for word in ("门", "口", "桥头")) and "通道" not in name:
        return "entrance"
    return "main_passage" if any(word in name for word in ("通道", "走廊", "路", "大厅")) else "vital_part"


@cache
def _painted(text: str, colour: tuple[int, int, int]) -> bytes:
    """A plain card as a JPEG."""
    card = Image.new("RGB", (640, 360), colour)
    ImageDraw.Draw(card).text((320, 180), text, font=font(40), fill=(255, 255, 255), anchor="mm")
    out = io.BytesIO()
    card.save(out, "JPEG", quality=80)
    return out.getvalue()
