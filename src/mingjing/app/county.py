"""A county for the demo: units, places, systems and their filings in all states of life, the same for a seed.

Everything goes through the services that people use, with dates around today, so that lists, deadlines and findings show
what they show in use: filed in time, due in days, overdue, returned, forgotten. Names are made up.
"""

import random
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from mingjing.audit.service import Actor
from mingjing.governance.decisions import queries as decisions
from mingjing.governance.decisions import service as decision
from mingjing.governance.decisions.schema import DecisionWish
from mingjing.governance.filing import queries as filings
from mingjing.governance.filing import service as filing
from mingjing.governance.filing.schema import FilingPatch, FilingStepWish
from mingjing.governance.rounds import service as rounds
from mingjing.governance.rounds.queries import of_subject
from mingjing.governance.rounds.schema import ResultWish, RoundWish
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.identity.service.organisations import add_organisation
from mingjing.kernel.db import Database, Transaction
from mingjing.law.days import day_of
from mingjing.registry.dossiers import service as dossiers
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
_REGIMES: Final = {"n33_non_public": "non_public", "n9_other_public": "art9"}


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
    for step in (county.places, county.systems, county.cameras, county.forbidden, county.decided):
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
        self._cameras: list[tuple[str, _Place, float, float]] = []

    def units(self) -> None:
        with self._database.transaction() as tx:
            for number in range(self._size.units):
                town = TOWNS[number % len(TOWNS)]
                what = ("街道办事处", "教育总支", "卫生院", "建设公司", "物业公司")[number // len(TOWNS) % 5]
                self._units.append(add_organisation(tx, CLERK, f"{town}{what}", None).id)

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
        wish = {
            "name": f"{place.name}视频系统", "division": self._division, "organisation": unit, "place": place.id,
            # One in twenty was entered without knowing what binds it.
            "regime": "" if self._dice.random() < 0.05 else regime,
            "category": place.category, "purposes": ["public_safety"], "funding": funding,
            "maintainer": unit if self._dice.random() < 0.85 else None,
            "building_unit": self._dice.choice(self._units), "retention_days": self._dice.choice((30, 30, 30, 60, 90)),
            "address": f"{place.name}内", "network": "private", "in_use": in_use,
        }  # fmt: skip
        row = systems.enter(tx, CLERK, _WRITE, SystemWish.model_validate(wish))
        if in_use is not None:
            self._systems.append((row.id, place, in_use))
        for one in filings.filings(tx.session, _FILE, 5, None, system=row.id).items:
            if one.due < today - timedelta(days=60) or self._dice.random() < 0.4:
                self._file(tx, one.id, one.trigger, one.due, today)
        if in_use is not None and in_use.year < today.year and self._dice.random() < 0.04:
            planned = today + timedelta(days=self._dice.randrange(5, 50))
            systems.change(tx, CLERK, _WRITE, row.id, SystemPatch(dismantle_planned=planned))

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
        self._cameras.append((made.row.id, place, dossier["longitude"], dossier["latitude"]))
        dossiers.change(tx, CLERK, _WRITE, made.row.id, DossierPatch.model_validate(dossier))

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
            asked = [one.id for one in decisions.decisions(session, _HANDLE, Narrowed(), 500, None).items]
        for identifier in sorted(asked):
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

    def _in_use(self, today: date) -> date | None:
        """Some are being built, some entered into use in these weeks, most long ago."""
        turn = self._dice.random()
        if turn < 0.1:
            return None
        days = self._dice.randrange(0, 45) if turn < 0.35 else self._dice.randrange(60, 3600)
        return today - timedelta(days=days)

    def _file(self, tx: Transaction, identifier: str, trigger: date, due: date, today: date) -> None:
        """Fill in the form and bring the filing as far as chance wants; few were late, few were forgotten."""
        if self._dice.random() < 0.06:
            return
        submitted = trigger + timedelta(days=self._dice.randrange(1, 31))
        if self._dice.random() < 0.05:
            submitted = due + timedelta(days=self._dice.randrange(1, 30))
        submitted = min(submitted, today)
        form = {
            "legal_representative": "张建国", "responsible_person": "李志强", "responsible_phone": "027-8190 0000",
            "handler": "王敏", "credit_code": "12420115MB0X000000", "device_types": "半球、枪机", "declared_by": "李志强",
        }  # fmt: skip
        filing.fill(tx, CLERK, _FILE, identifier, FilingPatch.model_validate({"content": form}))
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
