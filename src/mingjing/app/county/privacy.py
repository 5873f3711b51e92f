"""Places where no camera may be, what is suspected, rounds, consents."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from mingjing.app.county.ground import CHECKER, CLERK, County, Place
from mingjing.governance.decisions import queries as decisions
from mingjing.governance.decisions import service as decision
from mingjing.governance.decisions.schema import DecisionWish
from mingjing.governance.rounds import service as rounds
from mingjing.governance.rounds.queries import of_subject
from mingjing.governance.rounds.schema import ResultWish, RoundWish
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.kernel.db import Transaction
from mingjing.law.days import day_of
from mingjing.registry.forbidden import service as forbidden
from mingjing.registry.forbidden.schema import ConsentWish, ForbiddenPlaceWish

_WRITE: Final = system_scope(Action.REGISTER_WRITE)
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


Spot = tuple[str, Place, float, float]
"""A camera, what it looks after, and where it stands."""


def spots(county: County) -> Sequence[tuple[int, Spot]]:
    """Cameras beside which nothing may be watched."""
    return list(
        enumerate(county.dice.sample(county.cameras, min(county.size.forbidden, len(county.cameras))))
    )


def forbid(county: County, tx: Transaction, numbered: tuple[int, Spot]) -> None:
    """A place where no camera may be, one in some twenty entered over a camera that stands there, with its rounds; the
    first is a secret unit's neighbourhood with a consent that covers one camera of it."""
    number, (channel, place, longitude, latitude) = numbered
    if number == 0:
        _neighbourhood(county, tx, channel, place, longitude, latitude)
    else:
        away = 0.0 if number % 20 == 1 else county.dice.uniform(0.0001, 0.0004)
        _zone(county, tx, place, longitude + away, latitude + away / 2)


def _zone(county: County, tx: Transaction, place: Place, longitude: float, latitude: float) -> None:
    today = day_of(tx.now_us())
    name, kind = county.dice.choice(_ROOMS)
    days = {"since": today, "until": today + timedelta(days=3)} if kind == "ballot_report_box" else {}
    wish = {
        "name": f"{place.name}{name}", "kind": kind, "division": county.site.division, "organisation": place.unit,
        "place": place.id, "longitude": round(longitude, 6), "latitude": round(latitude, 6), "radius_m": 6.0,
    }  # fmt: skip
    row = forbidden.enter(tx, CLERK, _WRITE, ForbiddenPlaceWish.model_validate(wish | days))
    owed = of_subject(tx.session, "forbidden_check", row.id)
    if owed is None:
        return
    turn = county.dice.random()
    checked = today - timedelta(days=0 if turn < 0.6 else 1 if turn < 0.85 else 4)
    result: dict[str, Any] = {"day": checked, "outcome": "nothing"}
    if turn > 0.95:
        result |= {"outcome": "found", "note": "墙插内发现来历不明的摄像头"}
    rounds.enter_result(tx, CLERK, _HANDLE, owed.id, ResultWish.model_validate(result))


def _neighbourhood(
    county: County, tx: Transaction, channel: str, place: Place, longitude: float, latitude: float
) -> None:
    wish = {
        "name": "某涉密单位周边", "kind": "secret_neighbour", "division": county.site.division, "organisation": place.unit,
        "longitude": longitude, "latitude": latitude, "radius_m": 150.0,
    }  # fmt: skip
    zone = forbidden.enter(tx, CLERK, _WRITE, ForbiddenPlaceWish.model_validate(wish))
    consent = {
        "zone": zone.id, "name": "关于同意安装公共视频的复函", "number": "复〔2015〕12号", "given": date(2015, 5, 20),
        "cameras": [channel], "points": "大门外道路一个点位，不朝向院内",
    }  # fmt: skip
    forbidden.enter_consent(tx, CLERK, _WRITE, ConsentWish.model_validate(consent))


def suspected(county: County) -> Sequence[str]:
    """Cameras of which a person was asked."""
    with county.site.database.reading() as session:
        asked = decisions.of_subjects(session, "camera", [channel for channel, *_ in county.cameras])
    return [channel for channel, *_ in county.cameras if channel in asked]


def decide(county: County, tx: Transaction, channel: str) -> None:
    """Some of what was suspected has been decided, some waits."""
    turn = county.dice.random()
    row = decisions.of_subjects(tx.session, "camera", [channel])[channel]
    if turn < 0.5 or row.state != "waiting":
        return
    state = "allowed" if turn < 0.8 else "masked" if turn < 0.93 else "prohibited"
    wish = DecisionWish.model_validate({"state": state, "reason": "到现场核实画面后判定"})
    decision.decide(tx, CHECKER, _HANDLE, row.id, wish)


def signed(county: County) -> Sequence[Place]:
    """Places whose signs are checked in a round."""
    return county.places[: county.size.forbidden // 4]


def check_sign(_: County, tx: Transaction, place: Place) -> None:
    wish = RoundWish(kind="sign_check", subject_kind="place", subject=place.id, cycle_days=365)
    rounds.open_round(tx, CLERK, _HANDLE, wish)
