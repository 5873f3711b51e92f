"""A county for the demo: units, places, systems and their filings in all states of life, the same for a seed.

Everything goes through the services that people use, with dates around today, so that lists, deadlines and findings show
what they show in use: filed in time, due in days, overdue, returned, forgotten. Names are made up.
"""

import io
import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from PIL import Image, ImageDraw

from mingjing.audit.service import Actor
from mingjing.devices.virtual.painting import font
from mingjing.governance.decisions import queries as decisions
from mingjing.governance.decisions import service as decision
from mingjing.governance.decisions.schema import DecisionWish
from mingjing.governance.filing import queries as filings
from mingjing.governance.filing import service as filing
from mingjing.governance.filing.schema import FilingPatch, FilingStepWish
from mingjing.governance.orders import service as orders
from mingjing.governance.orders.schema import ContractWish, OrderWish
from mingjing.governance.planning import queries as plans
from mingjing.governance.planning import service as planning
from mingjing.governance.planning.schema import (
    ConstructionPlanWish,
    PlanDecision,
    PlanItemPatch,
    PlanItemWish,
    PlanStepWish,
)
from mingjing.governance.projects import service as projects
from mingjing.governance.projects.schema import AcceptancePatch, ProjectWish
from mingjing.governance.projects.sight import whole_sight
from mingjing.governance.rounds import service as rounds
from mingjing.governance.rounds.queries import of_subject
from mingjing.governance.rounds.schema import ResultWish, RoundWish
from mingjing.governance.staff import service as people
from mingjing.governance.staff.schema import AgreementWish, StaffWish
from mingjing.governance.submission import documents
from mingjing.governance.submission.kinds import blank_picture
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.identity.service.organisations import add_organisation
from mingjing.kernel.db import Database, Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.law.days import day_of
from mingjing.registry.dossiers import service as dossiers
from mingjing.registry.dossiers.pictures import keep
from mingjing.registry.dossiers.queries import of_system
from mingjing.registry.dossiers.schema import DossierPatch
from mingjing.registry.forbidden import service as forbidden
from mingjing.registry.forbidden.schema import ConsentWish, ForbiddenPlaceWish
from mingjing.registry.places import service as places
from mingjing.registry.places.queries import positions as positions_of
from mingjing.registry.places.schema import PlaceWish
from mingjing.registry.record import Narrowed
from mingjing.registry.schema import CameraWish
from mingjing.registry.service import register as register_camera
from mingjing.registry.site import CameraSite
from mingjing.registry.systems import queries as register
from mingjing.registry.systems import service as systems
from mingjing.registry.systems.schema import SystemPatch, SystemWish

CLERK: Final = Actor("system", "county-clerk", "演示 demo")
CHECKER: Final = Actor("system", "county-checker", "演示复核 demo")
_WRITE: Final = system_scope(Action.REGISTER_WRITE)
_CAMERA: Final = system_scope(Action.CAMERA_WRITE)
_FILE: Final = system_scope(Action.FILING_WRITE)
_PLAN: Final = system_scope(Action.PLANNING_WRITE)
_APPROVE: Final = system_scope(Action.PLANNING_APPROVE)
_SEES: Final = system_scope(Action.REGISTER_READ)
_BUILD: Final = system_scope(Action.PROJECT_WRITE)
_SCAN: Final = blank_picture()
"""What stands for a scanned document."""
_HANDLE: Final = system_scope(Action.COMPLIANCE_HANDLE)
_ROOMS: Final = (
    ("更衣室", "intimate_facility"),
    ("卫生间", "intimate_facility"),
    ("值班休息室", "staff_rest_room"),
    ("宿舍", "dormitory_room"),
    ("营业柜台", "client_data_area"),
    ("试衣间", "fitting_room"),
    ("举报箱", "ballot_report_box"),
    ("居民楼窗前", "dwelling_facing"),
)
_ORDER: Final = system_scope(Action.ORDER_WRITE)
_STAFF: Final = system_scope(Action.STAFF_WRITE)
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
_FAULTS: Final = (
    ("picture", "画面模糊，疑似镜头起雾"),
    ("power", "停电后未恢复"),
    ("network", "光纤被挖断"),
    ("storage", "硬盘报警"),
)
_REGIMES: Final = {"n33_non_public": "non_public", "n9_other_public": "art9"}


_PROGRESS: Final = (("done", 8), ("done", 8), ("under_way", 2), ("under_way", 1), ("dropped", 0))
"""Of the approved plan's first items; what comes after them is not begun."""
_DOCUMENTS: Final = (
    ("design", "设计文件"), ("construction", "施工记录"), ("acceptance", "验收文件"), ("inspection", "检验报告"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each."""

    units: int = 60
    places: int = 300
    systems: int = 120
    cameras: int = 2000
    forbidden: int = 60


@dataclass(frozen=True, slots=True)
class Site:
    """Where the county is made. It ends early, and for good, once `stopping` is set."""

    database: Database
    cameras: CameraSite
    division: str
    stopping: threading.Event


def settle(site: Site, seed: int = 1, size: Size | None = None) -> bool:
    """Make the county in a register that has no system yet; returns whether it was made."""
    with site.database.reading() as session:
        if register.standing(session):
            return False
    county = _County(site, random.Random(seed), size or Size())  # noqa: S311 - the same for a seed
    county.units()
    steps = (
        county.places, county.systems, county.cameras, county.forbidden, county.decided, county.filings, county.plans,
        county.projects, county.upkeep,
    )  # fmt: skip
    for step in steps:
        for _ in step():
            if site.stopping.is_set():
                return True
    return True


@dataclass(frozen=True, slots=True)
class _Place:
    id: str
    name: str
    unit: str
    category: str
    national: str
    point: tuple[float, float]
    positions: tuple[tuple[str, str], ...]


class _County:
    def __init__(self, site: Site, dice: random.Random, size: Size) -> None:
        self._site, self._database, self._division = site, site.database, site.division
        self._dice, self._size = dice, size
        self._units: list[str] = []
        self._places: list[_Place] = []
        self._systems: list[tuple[str, _Place, date]] = []
        self._building: list[tuple[str, _Place]] = []
        self._government = ""
        self._items: list[str] = []
        self._cameras: list[tuple[str, _Place, float, float]] = []
        self._governments: list[str] = []
        self._companies: list[str] = []

    def units(self) -> None:
        with self._database.transaction() as tx:
            for number in range(self._size.units):
                town = TOWNS[number % len(TOWNS)]
                what, kind = _UNITS[number // len(TOWNS) % len(_UNITS)]
                unit = add_organisation(tx, CLERK, f"{town}{what}", None, {"kind": kind}).id
                self._units.append(unit)
                {"government": self._governments, "maintenance": self._companies}.get(kind, []).append(unit)
            # Who approves plans belongs to their territory.
            self._government = add_organisation(
                tx, CLERK, "区人民政府（演示）", None, {"kind": "government", "division": self._division}
            ).id

    def places(self) -> Iterator[None]:
        for number in range(self._size.places):
            kind = _KINDS[number % len(_KINDS)]
            town = TOWNS[number // len(_KINDS) % len(TOWNS)]
            round_ = number // (len(_KINDS) * len(TOWNS)) + 1
            name = f"{town}{kind[0].format(n=round_)}" + (
                f"（{round_}）" if round_ > 1 and "{n}" not in kind[0] else ""
            )
            with self._database.transaction() as tx:
                self._place(tx, name, kind)
            yield

    def _place(self, tx: Transaction, name: str, kind: tuple[str, str, str, str, tuple[str, ...]]) -> None:
        _, category, subcategory, national, positions = kind
        longitude = _CENTRE[0] + self._dice.uniform(-0.25, 0.25)
        latitude = _CENTRE[1] + self._dice.uniform(-0.2, 0.2)
        unit = self._dice.choice(self._units)
        wish: dict[str, Any] = {
            "name": name, "division": self._division, "organisation": unit, "category": category,
            "subcategory": subcategory, "national_class": national,
            "address": f"{name[:2]}大道 {self._dice.randrange(1, 300)} 号",
            "longitude": round(longitude, 6), "latitude": round(latitude, 6),
            "counter_terror_target": subcategory in {"station", "water"} and self._dice.random() < 0.3,
            "positions": [
                {"kind": _position(position), "name": position}
                # One place in ten has nobody who entered its positions yet.
                for position in (positions if self._dice.random() < 0.9 else ())
            ],
        }  # fmt: skip
        row = places.enter(tx, CLERK, _WRITE, PlaceWish.model_validate(wish))
        held = tuple((one.id, one.name) for one, _ in positions_of(tx.session, [row.id]).get(row.id, ()))
        point = (longitude, latitude)
        self._places.append(_Place(row.id, name, unit, category, national, point, held))

    def systems(self) -> Iterator[None]:
        for place in self._dice.sample(self._places, self._size.systems):
            with self._database.transaction() as tx:
                self._system(tx, place)
            yield

    def _system(self, tx: Transaction, place: _Place) -> None:
        today = day_of(tx.now_us())
        in_use = self._in_use(today)
        regime = _REGIMES.get(place.national, "art7")
        funding = "government_built" if place.national == "n7_1_road_square" else "other"
        unit = place.unit
        road = place.national == "n7_1_road_square"
        entitled = self._dice.choice(self._governments) if road and self._governments else unit
        wish = {
            "name": f"{place.name}视频系统", "division": self._division, "organisation": unit, "place": place.id,
            # One in twenty was entered without knowing what binds it.
            "regime": "" if self._dice.random() < 0.05 else regime,
            "category": place.category, "purposes": ["public_safety"], "funding": funding,
            "maintainer": unit if self._dice.random() < 0.85 else None,
            # One in ten was built by somebody who was not entitled to.
            "building_unit": entitled if self._dice.random() < 0.9 else self._dice.choice(self._units),
            "duty_basis": "物业服务合同" if regime == "art9" and self._dice.random() < 0.8 else "",
            "entrusted_operator": self._company() if self._dice.random() < 0.1 else None,
            "retention_days": self._dice.choice((30, 30, 30, 60, 90)),
            "address": f"{place.name}内", "network": "private", "in_use": in_use,
        }  # fmt: skip
        row = systems.enter(tx, CLERK, _WRITE, SystemWish.model_validate(wish))
        if in_use is None:
            self._building.append((row.id, place))
        else:
            self._systems.append((row.id, place, in_use))

    def cameras(self) -> Iterator[None]:
        """Cameras that stand in the register and are not connected: nothing is asked of their addresses."""
        for number in range(self._size.cameras if self._systems else 0):
            system, place, in_use = self._systems[number % len(self._systems)]
            turn = number // len(self._systems)
            # Nine in ten positions are covered; what is beyond them looks at the same places again.
            covers = turn < len(place.positions) and self._dice.random() < 0.9
            with self._database.transaction() as tx:
                self._camera(tx, number, system, place, place.positions[turn] if covers else None, in_use)
            yield

    def _camera(
        self,
        tx: Transaction,
        number: int,
        system: str,
        place: _Place,
        position: tuple[str, str] | None,
        in_use: date,
    ) -> None:
        where = position[1] if position else f"{self._dice.choice(('东', '南', '西', '北'))}侧 {number}"
        if self._dice.random() < 0.01:
            where = f"{self._dice.choice(('更衣室外', '宿舍楼道', '卫生间门口', '包间走廊'))} {number}"
        address = f"rtsp://10.{64 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}:554/main"
        wish = {
            "name": f"{place.name}{where}", "division": self._division, "organisation": place.unit, "enabled": False,
            "note": "演示：仅在册 / demo: in the register only", "streams": [{"kind": "main", "url": address}],
        }  # fmt: skip
        made = register_camera(tx, CLERK, _CAMERA, CameraWish.model_validate(wish), self._site.cameras)
        checked = day_of(tx.now_us()) - timedelta(days=self._dice.randrange(1, 420))
        dossier: dict[str, Any] = {
            "system": system, "position": position[0] if position else None, "in_use": in_use,
            "code": f"{self._division}00011320{number + 1:06d}" if self._dice.random() < 0.95 else None,
            "longitude": round(place.point[0] + self._dice.uniform(-0.001, 0.001), 6),
            "latitude": round(place.point[1] + self._dice.uniform(-0.001, 0.001), 6),
            "height_m": self._dice.choice((3.0, 3.5, 4.5, 6.0)), "view_angle": 90.0, "view_m": 40.0,
            "azimuth": float(self._dice.randrange(0, 360)) if self._dice.random() < 0.9 else None,
            "sign_checked": max(checked, in_use) if self._dice.random() < 0.92 else None,
            "pickup": self._dice.random() < 0.02,
        }  # fmt: skip
        dossier |= self._members(place, where, number, in_use)
        self._cameras.append((made.row.id, place, dossier["longitude"], dossier["latitude"]))
        dossiers.change(tx, CLERK, _WRITE, made.row.id, DossierPatch.model_validate(dossier))
        self._proofs(tx, made.row.id, dossier)

    def _proofs(self, tx: Transaction, channel: str, dossier: dict[str, Any]) -> None:
        """Photos of signs and baseline pictures as a county has them after some years: most, not all, and a few of cameras
        that were moved since. The pictures are painted, the same for every camera, and say so."""
        if self._site.cameras.files is None:
            return
        folder = self._site.cameras.pictures
        if dossier["sign_checked"] is not None and self._dice.random() < 0.8:
            sign = _painted("公共安全视频监控区域", (16, 72, 150))
            dossiers.keep_sign_photo(tx, CLERK, _WRITE, channel, keep(folder, sign), len(sign))
        if self._dice.random() < 0.7:
            view = _painted("演示：基准画面", (70, 80, 88))
            dossiers.keep_baseline(tx, CLERK, _WRITE, channel, keep(folder, view), len(view))
            if dossier["azimuth"] is not None and self._dice.random() < 0.05:
                turned = {"azimuth": (dossier["azimuth"] + 40) % 360, "move_reason": "立杆改造"}
                dossiers.change(tx, CLERK, _WRITE, channel, DossierPatch.model_validate(turned))

    def _members(self, place: _Place, where: str, number: int, in_use: date) -> dict[str, Any]:
        """The rest of a dossier: whole for two in three, for the others with holes where clerks leave them."""
        turns = self._dice.random() < 0.15
        sign = self._dice.choices(("present", "worn", "absent"), (90, 7, 3))[0]
        found: dict[str, Any] = {
            "common_name": where, "point_type": "1" if place.national == "n7_1_road_square" else "3",
            "owner": f"{place.name}", "platform_code": f"{self._division}00002000000001", "management_unit": place.name,
            "department": "治安", "keeper": self._dice.choice(("王敏", "李志强", "陈静", "周伟")),
            "keeper_phone": f"027-8190 {number % 10_000:04d}", "contractor": "江夏智安工程公司",
            "maintenance_unit": "江夏智安运维公司", "police_organ": f"{place.name[:2]}派出所", "manufacturer": "演示厂商",
            "model": "D-200", "camera_type": self._dice.choice(("1", "4", "5") if turns else ("2", "3")),
            "imaging": "1", "functions": "5", "encoding": "h265", "resolution": "2560x1440", "light": "2",
            "address": f"{place.name}{where}", "landmarks": place.name, "room": "2" if "厅" in where else "1",
            "direction": self._dice.choice(("1", "2", "3", "4")), "tilt": 15.0, "height_type": "离地",
            "pole": f"{self._division}-{number:05d}", "capture_part": f"{1_010_100 + number % 90:07d}",
            "access_network": "视频专网", "ip_address": f"10.{64 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}",
            "mac": f"02:00:00:{number >> 16 & 255:02X}:{number >> 8 & 255:02X}:{number & 255:02X}", "installed": in_use,
            "device_state": "1", "retention_days": self._dice.choice((30, 30, 30, 90)),
            "sign_text": "公共安全视频监控区域", "sign_place": f"{where}立柱", "sign_state": sign,
        }  # fmt: skip
        if turns and self._dice.random() < 0.7:
            found |= {"home_preset": "1", "return_seconds": self._dice.choice((60, 120, 300, 900))}
        if self._dice.random() < 0.35:
            for name in self._dice.sample(
                ("pole", "capture_part", "mac", "contractor", "landmarks", "keeper"), 2
            ):
                del found[name]
        return found

    def plans(self) -> Iterator[None]:
        """A plan of each state; some items stand where cameras already look."""
        for state in ("approved", "submitted", "returned", "draft"):
            with self._database.transaction() as tx:
                self._plan(tx, state)
            yield

    def _plan(self, tx: Transaction, state: str) -> None:
        today = day_of(tx.now_us())
        year = today.year + (0 if state == "approved" else 1)
        name = {
            "approved": f"公共安全视频建设规划（{year}年度）", "submitted": f"公共安全视频建设规划（{year}年度）",
            "returned": "校园周边补点规划", "draft": "桥梁隧道补点规划",
        }[state]  # fmt: skip
        made = planning.enter(
            tx, CLERK, _PLAN,
            ConstructionPlanWish(
                name=name, division=self._division, organisation=self._government, since=date(year, 1, 1),
                until=date(year, 12, 31),
            ),
        )  # fmt: skip
        for place in self._dice.sample(self._places, min(8, len(self._places))):
            # What chance puts into a forbidden place is refused, and not planned.
            with suppress(MingjingError):
                planning.add(tx, CLERK, _PLAN, _SEES, made.id, self._item(place, today))
        if state == "draft":
            return
        items = plans.items(tx.session, [made.id])[made.id]
        # What overlaps says why before the plan is submitted.
        for one in items:
            if one.overlapping and not one.reuse:
                patch = PlanItemPatch(reuse="build", reuse_reason="已有摄像机朝向不同，夜间无补光")
                planning.change_item(tx, CLERK, _PLAN, _SEES, made.id, one.id, patch)
        planning.step(tx, CLERK, _PLAN, _SEES, made.id, PlanStepWish(to="submitted"))
        if state == "submitted":
            return
        decision = PlanDecision(
            to="approved" if state == "approved" else "returned",
            reason="同意，按年度组织实施" if state == "approved" else "预算依据不足，请补充",
        )
        planning.decide(tx, CHECKER, _APPROVE, made.id, self._government, decision)
        if state == "approved":
            for one, (progress, done) in zip(items, _PROGRESS, strict=False):
                patch = PlanItemPatch.model_validate(
                    {"progress": progress, "cameras_done": min(done, one.cameras)}
                )
                planning.change_item(tx, CLERK, _PLAN, _SEES, made.id, one.id, patch)
            self._items = [one.id for one in items]

    def _item(self, place: _Place, today: date) -> PlanItemWish:
        located = self._dice.random() < 0.85
        directed = located and self._dice.random() < 0.7
        reuse = self._dice.random() < 0.25
        wish: dict[str, Any] = {
            "name": f"{place.name}{self._dice.choice(('门前', '东侧路口', '停车场', '围墙外'))}", "place": place.id,
            "cameras": self._dice.randrange(2, 9), "purpose": "补齐关键部位覆盖",
            "budget_yuan": self._dice.randrange(3, 40) * 10_000,
            "due": today + timedelta(days=self._dice.randrange(-60, 300)),
            "longitude": round(place.point[0], 6) if located else None,
            "latitude": round(place.point[1], 6) if located else None,
            "azimuth": float(self._dice.randrange(0, 360)) if directed else None,
            "view_angle": 90.0 if directed else None, "view_m": 60.0 if directed else None,
            "reuse": "reuse" if reuse else "", "reuse_reason": "接入场所已有摄像机" if reuse else "",
        }  # fmt: skip
        return PlanItemWish.model_validate(wish)

    def projects(self) -> Iterator[None]:
        """Projects that deliver what is being built, and some of what has long been in use: in step and late, accepted,
        to be cured, not passed, put to use without it."""
        used = [(system, place, in_use) for system, place, in_use in self._systems[:8]]
        building = [(system, place, None) for system, place in self._building[:6]]
        for number, (system, place, in_use) in enumerate([*building, *used]):
            with self._database.transaction() as tx:
                self._project(tx, number, system, place, in_use)
            yield

    def _project(self, tx: Transaction, number: int, system: str, place: _Place, in_use: date | None) -> None:
        today = day_of(tx.now_us())
        end = min(in_use or today, today)
        design, construction = end - timedelta(days=240), end - timedelta(days=150)
        late = timedelta(days=self._dice.choice((0, 0, 0, 9, 25)))
        wish: dict[str, Any] = {
            "name": f"{place.name}视频建设项目", "kind": self._dice.choice(("new", "new", "rebuilt", "extended")),
            "division": self._division, "organisation": self._dice.choice(self._units), "system": system,
            "places": [place.id], "funding": self._dice.choice(("government_built", "government_built", "other")),
            "plan_item": self._items[number] if number < min(4, len(self._items)) else None,
            "main_works": f"{place.name}改扩建工程" if self._dice.random() < 0.75 else "",
            "designer": self._dice.choice(self._units), "contractor": self._dice.choice(self._units),
            "contract": f"JX-{end.year}-{number + 1:03d}", "main_design": design, "main_construction": construction,
            "main_acceptance": end - timedelta(days=5) if in_use else end + timedelta(days=40),
            "main_use": in_use, "video_design": design, "video_construction": construction + late,
        }  # fmt: skip
        made = projects.enter(tx, CLERK, _BUILD, whole_sight(), ProjectWish.model_validate(wish))
        turn = number % 5
        if turn == 0:
            return
        conclusion = ("", "passed", "basically_passed", "not_passed", "passed")[turn]
        concluded = end - timedelta(days=8)
        defect = {"what": "后勤通道夜间图像过暗", "cure": "加装补光灯"}
        acceptance = {
            "standards": ["GB 50348-2018", "GB 37300-2018", "GB/T 28181"], "conclusion": conclusion,
            "concluded": concluded, "trial_from": concluded - timedelta(days=self._dice.choice((20, 31, 35))),
            "trial_until": concluded - timedelta(days=1), "report_lab": "演示检验所",
            "report_number": f"JY-{number:03d}", "report_date": concluded - timedelta(days=2),
            "members": [
                {"name": "周工", "unit": "演示协会", "expert": True, "party": "technical"},
                {"name": "吴工", "unit": "演示设计院", "expert": self._dice.random() < 0.7, "party": "construction"},
            ],
            "checks": [
                {"item": "picture_day", "result": "passed", "value": "4"},
                {"item": "picture_night", "result": "passed" if turn != 3 else "failed", "value": "4" if turn != 3 else "2"},
            ],
            "defects": [] if conclusion == "passed" else [
                defect if number % 2 else defect | {"cured": concluded + timedelta(days=3),
                                                    "retested": concluded + timedelta(days=5), "retest": "passed"},
            ],
            "documents": [
                {"group": group, "title": f"{place.name}{title}", "sha256": f"{self._dice.getrandbits(256):064x}"}
                for group, title in _DOCUMENTS[: self._dice.choice((3, 4, 4))]
            ],
        }  # fmt: skip
        projects.accept(tx, CLERK, _BUILD, made.id, AcceptancePatch.model_validate(acceptance))

    def forbidden(self) -> Iterator[None]:
        """Places where no camera may be, one in some twenty entered over a camera that stands there, with their rounds;
        a secret unit's neighbourhood with a consent that covers one camera of it."""
        for number, (channel, place, longitude, latitude) in enumerate(
            self._dice.sample(self._cameras, min(self._size.forbidden, len(self._cameras)))
        ):
            with self._database.transaction() as tx:
                if number == 0:
                    self._neighbourhood(tx, channel, place, longitude, latitude)
                else:
                    away = 0.0 if number % 20 == 1 else self._dice.uniform(0.0001, 0.0004)
                    self._zone(tx, place, longitude + away, latitude + away / 2)
            yield

    def _zone(self, tx: Transaction, place: _Place, longitude: float, latitude: float) -> None:
        today = day_of(tx.now_us())
        name, kind = self._dice.choice(_ROOMS)
        days = {"since": today, "until": today + timedelta(days=3)} if kind == "ballot_report_box" else {}
        wish = {
            "name": f"{place.name}{name}", "kind": kind, "division": self._division, "organisation": place.unit,
            "place": place.id, "longitude": round(longitude, 6), "latitude": round(latitude, 6), "radius_m": 6.0,
        }  # fmt: skip
        row = forbidden.enter(tx, CLERK, _WRITE, ForbiddenPlaceWish.model_validate(wish | days))
        owed = of_subject(tx.session, "forbidden_check", row.id)
        if owed is None:
            return
        turn = self._dice.random()
        checked = today - timedelta(days=0 if turn < 0.6 else 1 if turn < 0.85 else 4)
        result: dict[str, Any] = {"day": checked, "outcome": "nothing"}
        if turn > 0.95:
            result |= {"outcome": "found", "note": "墙插内发现来历不明的摄像头"}
        rounds.enter_result(tx, CLERK, _HANDLE, owed.id, ResultWish.model_validate(result))

    def _neighbourhood(
        self, tx: Transaction, channel: str, place: _Place, longitude: float, latitude: float
    ) -> None:
        wish = {
            "name": "某涉密单位周边", "kind": "secret_neighbour", "division": self._division, "organisation": place.unit,
            "longitude": longitude, "latitude": latitude, "radius_m": 150.0,
        }  # fmt: skip
        zone = forbidden.enter(tx, CLERK, _WRITE, ForbiddenPlaceWish.model_validate(wish))
        consent = {
            "zone": zone.id, "name": "关于同意安装公共视频的复函", "number": "复〔2015〕12号", "given": date(2015, 5, 20),
            "cameras": [channel], "points": "大门外道路一个点位，不朝向院内",
        }  # fmt: skip
        forbidden.enter_consent(tx, CLERK, _WRITE, ConsentWish.model_validate(consent))

    def decided(self) -> Iterator[None]:
        """Some of what was suspected has been decided, some waits; sign checks of some places."""
        with self._database.reading() as session:
            found = decisions.decisions(session, _HANDLE, Narrowed(), 500, None, state="waiting")
            asked = [one.id for one in found.items]
        for identifier in asked:
            turn = self._dice.random()
            if turn < 0.5:
                continue
            state = "allowed" if turn < 0.8 else "masked" if turn < 0.93 else "prohibited"
            with self._database.transaction() as tx:
                wish = DecisionWish.model_validate({"state": state, "reason": "到现场核实画面后判定"})
                decision.decide(tx, CHECKER, _HANDLE, identifier, wish)
            yield
        for place in self._places[: self._size.forbidden // 4]:
            with self._database.transaction() as tx:
                sign = RoundWish(kind="sign_check", subject_kind="place", subject=place.id, cycle_days=365)
                rounds.open_round(tx, CLERK, _HANDLE, sign)
            yield

    def filings(self) -> Iterator[None]:
        """Filings of what stands there by now, in all states; then some systems change, and owe a change filing."""
        for system, _, in_use in self._systems:
            with self._database.transaction() as tx:
                today = day_of(tx.now_us())
                for one in filings.filings(tx.session, _FILE, 5, None, system=system).items:
                    if one.due < today - timedelta(days=60) or self._dice.random() < 0.4:
                        self._file(tx, system, one.id, one.trigger, one.due, today)
                patch: dict[str, Any] = {}
                if in_use.year < today.year and self._dice.random() < 0.04:
                    patch["dismantle_planned"] = today + timedelta(days=self._dice.randrange(5, 50))
                if self._dice.random() < 0.15:
                    patch["retention_days"] = 180
                if patch:
                    systems.change(tx, CLERK, _WRITE, system, SystemPatch.model_validate(patch))
            yield

    def upkeep(self) -> Iterator[None]:
        """A contract for each dozen of systems, fault orders in all states, people at their posts, agreements."""
        for number, (system, place, _) in enumerate(self._systems):
            with self._database.transaction() as tx:
                today = day_of(tx.now_us())
                if number % 12 == 0:
                    part = [one for one, _, _ in self._systems[number : number + 12]]
                    self._contract(tx, place, part, today)
                if self._dice.random() < 0.15:
                    self._order(tx, system)
                if self._dice.random() < 0.4:
                    self._post(tx, system, place, today)
                row = register.known(tx.session, [system])[0]
                # One in four of those entrusted has no agreement.
                if row.entrusted_operator and self._dice.random() < 0.75:
                    until = today + timedelta(days=self._dice.choice((-20, 12, 200, 300)))
                    body = {
                        "name": f"{place.name}安全保密协议", "division": self._division, "organisation": place.unit,
                        "contractor": row.entrusted_operator, "work": "operation", "contract": f"HT-{number + 1:03d}",
                        "systems": [system], "signed": today - timedelta(days=100), "until": until,
                    }  # fmt: skip
                    people.enter_agreement(tx, CLERK, _STAFF, AgreementWish.model_validate(body))
            yield

    def _contract(self, tx: Transaction, place: _Place, part: Sequence[str], today: date) -> None:
        body = {
            "name": f"{place.name[:2]}片区视频运维合同", "division": self._division, "organisation": place.unit,
            "maintainer": self._company(), "systems": list(part), "since": date(today.year, 1, 1),
            "until": date(today.year, 12, 31), "response_hours": 2, "repair_hours": 24, "contact": "刘工",
        }  # fmt: skip
        orders.enter_contract(tx, CLERK, _ORDER, ContractWish.model_validate(body))

    def _order(self, tx: Transaction, system: str) -> None:
        cause, description = self._dice.choice(_FAULTS)
        wish = OrderWish.model_validate({"system": system, "cause": cause, "description": description})
        made = orders.open_by_hand(tx, CLERK, _ORDER, wish)
        for to in ("responded", "repaired", "confirmed")[: self._dice.randrange(0, 4)]:
            orders.step(tx, CHECKER if to == "confirmed" else CLERK, _ORDER, made.id, to, "")

    def _post(self, tx: Transaction, system: str, place: _Place, today: date) -> None:
        vetted = today - timedelta(days=self._dice.randrange(30, 900))
        body = {
            "name": f"{self._dice.choice('赵钱孙李周吴郑王')}某", "division": self._division, "organisation": place.unit,
            "post": self._dice.choice(("watch", "watch", "manage")), "system": system, "vetted": vetted,
            "pledged": vetted if self._dice.random() < 0.9 else None,
            "trained": today - timedelta(days=self._dice.randrange(1, 420)) if self._dice.random() < 0.9 else None,
        }  # fmt: skip
        people.enter_staff(tx, CLERK, _STAFF, StaffWish.model_validate(body))

    def _company(self) -> str:
        return self._dice.choice(self._companies or self._units)

    def _in_use(self, today: date) -> date | None:
        """Some are being built, some entered into use in these weeks, most long ago."""
        turn = self._dice.random()
        if turn < 0.1:
            return None
        days = self._dice.randrange(0, 45) if turn < 0.35 else self._dice.randrange(60, 3600)
        return today - timedelta(days=days)

    def _file(
        self, tx: Transaction, system: str, identifier: str, trigger: date, due: date, today: date
    ) -> None:
        """Fill in the form and bring the filing as far as chance wants; few were late, few were forgotten."""
        if self._dice.random() < 0.06:
            return
        submitted = trigger + timedelta(days=self._dice.randrange(1, 31))
        if self._dice.random() < 0.05:
            submitted = due + timedelta(days=self._dice.randrange(1, 30))
        submitted = min(submitted, today)
        form = {
            "cameras": len(of_system(tx.session, system)), "legal_representative": "张建国",
            "responsible_person": "李志强", "responsible_phone": "027-8190 0000",
            "handler": "王敏", "credit_code": "12420115MB0X000000", "device_types": "半球、枪机", "declared_by": "李志强",
            "resolution": "1920×1080", "audio": "no", "medium": "硬盘录像机", "police_connection": "no",
        }  # fmt: skip
        filing.fill(tx, CLERK, _FILE, identifier, FilingPatch.model_validate({"content": form}))
        documents.attach(tx, CLERK, _FILE, identifier, "licence", "营业执照.png", _SCAN)
        if due.day % 3:
            documents.attach(tx, CLERK, _FILE, identifier, "authorisation", "授权书.png", _SCAN)
            documents.attach(tx, CLERK, _FILE, identifier, "handler_id", "经办人证件.png", _SCAN)
        filing.step(tx, CLERK, _FILE, identifier, FilingStepWish(to="checking"))
        if self._dice.random() < 0.08:
            return
        filing.step(tx, CHECKER, _FILE, identifier, FilingStepWish(to="submitted", day=submitted))
        turn = self._dice.random()
        if turn < 0.08:
            return
        decided = min(submitted + timedelta(days=self._dice.randrange(1, 10)), today)
        if turn < 0.14:
            back = FilingStepWish(to="returned", day=decided, note="缺建设位置外廓")
            filing.step(tx, CHECKER, _FILE, identifier, back)
            return
        number = f"{self._division}-{submitted.year}-{self._dice.randrange(1, 100_000):05d}"
        outcome = FilingStepWish(to="accepted", day=decided, official_number=number)
        filing.step(tx, CHECKER, _FILE, identifier, outcome)


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
