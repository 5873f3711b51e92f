"""Places where no camera may be, what is suspected, rounds, consents."""

from collections.abc import Iterator
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
from mingjing.registry.record import Narrowed

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


def forbid(county: County) -> Iterator[None]:
    """Places where no camera may be, one in some twenty entered over a camera that stands there, with their rounds;
    a secret unit's neighbourhood with a consent that covers one camera of it."""
    for number, (channel, place, longitude, latitude) in enumerate(
        county.dice.sample(county.cameras, min(county.size.forbidden, len(county.cameras)))
    ):
        with county.site.database.transaction() as tx:
            if number == 0:
                _neighbourhood(county, tx, channel, place, longitude, latitude)
            else:
                away = 0.0 if number % 20 == 1 else county.dice.uniform(0.0001, 0.0004)
                _zone(county, tx, place, longitude + away, latitude + away / 2)
        yield


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


def decide(county: County) -> Iterator[None]:
    """Some of what was suspected has been decided, some waits; sign checks of some places."""
    with county.site.database.reading() as session:
        found = decisions.decisions(session, _HANDLE, Narrowed(), 500, None, state="waiting")
        asked = [one.id for one in found.items]
    for identifier in asked:
        turn = county.dice.random()
        if turn < 0.5:
            continue
        state = "allowed" if turn < 0.8 else "masked" if turn < 0.93 else "prohibited"
        with county.site.database.transaction() as tx:
            wish = DecisionWish.model_validate({"state": state, "reason": "到现场核实画面后判定"})
            decision.decide(tx, CHECKER, _HANDLE, identifier, wish)
        yield
    for place in county.places[: county.size.forbidden // 4]:
        with county.site.database.transaction() as tx:
            sign = RoundWish(kind="sign_check", subject_kind="place", subject=place.id, cycle_days=365)
            rounds.open_round(tx, CLERK, _HANDLE, sign)
        yield
