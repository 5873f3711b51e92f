"""Each rule from each of its sides: what it lets pass, what it waits for, what it holds against somebody."""

import random
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from mingjing.kernel.clock import HOUR_US
from mingjing.law.days import start_us
from mingjing.law.facts import (
    BaselineFact,
    CameraFacts,
    ConsentFact,
    Contractor,
    DecisionFact,
    Difference,
    FilingFact,
    FindFact,
    KeyPosition,
    LostCamera,
    Measurement,
    OrderFact,
    PlaceFacts,
    PlanFacts,
    PlanItemFact,
    ProjectFacts,
    RoundFacts,
    StaffFacts,
    Suspicion,
    SystemFacts,
    ZoneFact,
)
from mingjing.law.rule import Court, State
from mingjing.law.rules import rules
from mingjing.law.rules.upkeep import BUILDING, USING, maintainers
from mingjing.law.sets import shipped

HERE = "420000/420100/420115/"
TODAY = date(2026, 7, 20)
"""Before the reported revision, so that both orders judge by themselves."""


def _system(**members: Any) -> SystemFacts:
    plain: dict[str, Any] = {"id": "sy_1", "division_path": HERE, "regime": "art7"}
    return SystemFacts(**plain | members)


def _camera(**members: Any) -> CameraFacts:
    plain: dict[str, Any] = {
        "id": "ch_1",
        "division_path": HERE,
        "regime": "art7",
        "in_use": date(2026, 1, 5),
    }
    return CameraFacts(**plain | members)


def _kept(shift_m: float | None, turn_degrees: float | None) -> BaselineFact:
    return BaselineFact(date(2026, 2, 1), shift_m, turn_degrees)


def _zone(kind: Any, **dates: Any) -> ZoneFact:
    return ZoneFact("fp_1", kind, **dates)


def _round(next_due: date, **members: Any) -> RoundFacts:
    plain: dict[str, Any] = {
        "id": "rd_1",
        "division_path": HERE,
        "kind": "forbidden_check",
        "next_due": next_due,
    }
    return RoundFacts(**plain | members)


SUSPICION = Suspicion("name", "intimate_facility", "更衣")
SECRET = ZoneFact("fp_1", "secret_neighbour")


def _place(*positions: KeyPosition) -> PlaceFacts:
    return PlaceFacts("pc_1", HERE, positions)


def _filed(day: str, kind: Any = "initial", organ: str = "420115") -> tuple[FilingFact, ...]:
    return (FilingFact(kind, date.fromisoformat(day), organ),)


def _plan(overlap: int, decided: bool = False) -> PlanFacts:
    return PlanFacts("cp_1", HERE, (PlanItemFact("pi_1", "大门", overlap, 1, decided),))


def _project(**members: Any) -> ProjectFacts:
    """A project of the school, with main works; days are those of June 2026."""
    plain: dict[str, Any] = {
        "id": "pj_1",
        "division_path": HERE,
        "regime": "art7",
        "funding": "government_built",
        "with_main_works": True,
    }
    for track in ("main", "video"):
        if track in members:
            members[track] = {stage: date(2026, 6, day) for stage, day in members[track].items()}
    return ProjectFacts(**plain | members)


def _accepted(**members: Any) -> ProjectFacts:
    """A project whose acceptance was concluded on 1 June 2026."""
    plain: dict[str, Any] = {
        "concluded": date(2026, 6, 1), "accepted": date(2026, 6, 1), "trial_days": 30, "members": 6, "experts": 3,
        "archive": frozenset({"design", "construction", "inspection", "acceptance"}),
    }  # fmt: skip
    return _project(**plain | members)


def _got(day: str, kind: Any = "initial", trigger: date | None = None) -> FilingFact:
    return FilingFact(kind, date.fromisoformat(day), "420115", True, "BA-2026-0001", trigger)


OPENED_US = start_us(TODAY) + 12 * HOUR_US


def _order(responded: int | None = None, repaired: int | None = None) -> OrderFact:
    """A fault at noon of TODAY, to be responded to within 24 and repaired within 72 hours."""
    done = [None if one is None else OPENED_US + one * HOUR_US for one in (responded, repaired)]
    return OrderFact("WX-1", OPENED_US + 24 * HOUR_US, OPENED_US + 72 * HOUR_US, *done)


def _staff(**members: Any) -> StaffFacts:
    day = date(2026, 1, 5)
    plain: dict[str, Any] = {"id": "sf_1", "division_path": HERE, "regime": "art7"}
    return StaffFacts(**plain | dict.fromkeys(("vetted", "pledged", "trained"), day) | members)


FILED = _filed("2026-01-20")
CHANGED = date(2026, 6, 20)
"""D+30 is 20 July."""
DIFFERS = (Difference("retention_days", CHANGED),)
RECORDED = {"filed": {"cameras": 3, "retention_days": 30}, "cameras": 3, "filings": FILED}


def _lost(since: date, *, removed: bool = False) -> tuple[LostCamera, ...]:
    return (LostCamera("ch_1", "大门", since, removed),)


def _built(by: str = "", class_: str = "n7_2_1_crowded", **members: Any) -> SystemFacts:
    return _system(building_unit="b", using_unit="a", installer_kind=by, national_class=class_, **members)


USED = date(2026, 6, 15)
"""D+30 is 15 July."""
FREE = {"category": "", "dismantle_planned": date(2026, 8, 20)}
"""The window is 21 July to 19 August."""
CASES: list[tuple[str, Any, date, list[str]]] = [
    ("SCOPE-01", _system(purposes=frozenset({"public_safety"})), TODAY, ["met"]),
    ("SCOPE-01", _system(), TODAY, ["broken"]),
    ("SCOPE-01", _system(regime="", purposes=frozenset({"public_safety"})), TODAY, ["broken"]),
    ("COV-01", _place(KeyPosition("kp_1", "entrance", "大门", 1)), TODAY, ["met"]),
    ("COV-01", _place(KeyPosition("kp_1", "entrance", "大门", 0)), TODAY, ["broken"]),
    ("COV-01", _place(), TODAY, ["unknown"]),
    ("FILE-01", _system(in_use=None), TODAY, []),
    ("FILE-01", _system(in_use=USED), date(2026, 7, 15), ["pending"]),
    ("FILE-01", _system(in_use=USED), date(2026, 7, 16), ["broken"]),
    ("FILE-01", _system(in_use=USED, filings=_filed("2026-07-15")), TODAY, ["met"]),
    ("FILE-01", _system(in_use=USED, filings=_filed("2026-07-16")), TODAY, ["broken"]),
    ("FILE-01", _system(in_use=USED, filings=_filed("2026-07-01", "change")), TODAY, ["broken"]),
    ("FILE-01", _system(in_use=USED, dismantled=date(2026, 7, 1)), TODAY, []),
    ("FILE-01", _system(in_use=USED, regime="non_public"), TODAY, []),
    ("FILE-01", _system(in_use=date(2010, 1, 1)), TODAY, []),
    ("FILE-02", _system(in_use=date(2020, 1, 1)), date(2025, 6, 30), ["pending"]),
    ("FILE-02", _system(in_use=date(2020, 1, 1)), date(2025, 7, 1), ["broken"]),
    ("FILE-02", _system(in_use=date(2020, 1, 1), filings=_filed("2025-06-30", "legacy")), TODAY, ["met"]),
    ("FILE-02", _system(in_use=date(2020, 1, 1), filings=_filed("2025-07-01", "legacy")), TODAY, ["broken"]),
    ("FILE-02", _system(in_use=date(2020, 1, 1), dismantled=date(2025, 5, 1)), TODAY, []),
    ("FILE-02", _system(in_use=date(2025, 4, 1)), TODAY, []),
    ("FILE-02", _system(in_use=date(2020, 1, 1), regime="art9"), TODAY, []),
    ("FILE-01", _system(in_use=USED, filings=(_got("2026-07-16"),)), TODAY, ["late"]),
    ("FILE-01", _system(in_use=USED, filings=(_got("2026-07-15"),)), TODAY, ["met"]),
    ("FILE-02", _system(in_use=date(2020, 1, 1), filings=(_got("2025-07-01"),)), TODAY, ["late"]),
    ("FILE-03", _system(filings=FILED), TODAY, ["met"]),
    ("FILE-03", _system(filings=FILED, differences=DIFFERS), TODAY, ["pending"]),
    ("FILE-03", _system(filings=FILED, differences=DIFFERS), date(2026, 7, 21), ["broken"]),
    ("FILE-03", _system(differences=DIFFERS), TODAY, []),
    ("FILE-03", _system(filings=(*FILED, _got("2026-07-20", "change", CHANGED))), TODAY, ["met"]),
    ("FILE-03", _system(filings=(*FILED, _got("2026-07-21", "change", CHANGED))), TODAY, ["late"]),
    ("FILE-03", _system(filings=FILED, differences=DIFFERS, regime="art9"), TODAY, []),
    ("FILE-04", _system(**RECORDED), TODAY, ["met", "unknown"]),
    ("FILE-04", _system(**RECORDED, measured=Measurement(3, 30, None)), TODAY, ["met", "met"]),
    ("FILE-04", _system(**RECORDED, measured=Measurement(3, 29, None)), TODAY, ["met", "broken"]),
    ("FILE-04", _system(**RECORDED, measured=Measurement(3, 31, 12)), TODAY, ["met", "unknown"]),
    ("FILE-04", _system(**RECORDED, measured=Measurement(3, None, 45)), TODAY, ["met", "met"]),
    (
        "FILE-04",
        _system(**RECORDED | {"cameras": 4}, measured=Measurement(3, 30, 0)),
        TODAY,
        ["broken", "unknown"],
    ),
    ("FILE-04", _system(**RECORDED, measured=Measurement(4, 30, None)), TODAY, ["broken", "met"]),
    ("FILE-05", _system(filings=_filed("2026-07-01")), TODAY, ["met"]),
    ("FILE-05", _system(filings=_filed("2026-07-01", organ="420106")), TODAY, ["broken"]),
    ("FILE-05", _system(filings=_filed("2026-07-01", organ="420100")), TODAY, ["broken"]),
    ("FILE-05", _system(regime="art9", filings=_filed("2026-07-01", organ="420100")), TODAY, ["met"]),
    ("DISM-01", _system(**FREE), TODAY, ["met"]),
    ("DISM-01", _system(**FREE | {"category": "transport"}), TODAY, ["broken"]),
    ("DISM-01", _system(), TODAY, []),
    ("DISM-02", _system(**FREE), date(2026, 8, 19), ["pending"]),
    ("DISM-02", _system(**FREE), date(2026, 8, 20), ["broken"]),
    ("DISM-02", _system(**FREE, filings=_filed("2026-07-21", "dismantling")), TODAY, ["met"]),
    ("DISM-02", _system(**FREE, filings=_filed("2026-07-20", "dismantling")), TODAY, ["unknown"]),
    ("DISM-02", _system(**FREE, filings=_filed("2026-08-20", "dismantling")), TODAY, ["broken"]),
    ("DISM-02", _system(**FREE, filings=(_got("2026-08-20", "dismantling"),)), TODAY, ["late"]),
    ("DISM-03", _system(lost=_lost(CHANGED)), TODAY, []),
    ("DISM-03", _system(filings=FILED), TODAY, ["met"]),
    ("DISM-03", _system(filings=FILED, lost=_lost(CHANGED)), TODAY, ["met"]),
    ("DISM-03", _system(filings=FILED, lost=_lost(CHANGED)), date(2026, 7, 21), ["unknown"]),
    ("DISM-03", _system(filings=FILED, lost=_lost(CHANGED, removed=True)), CHANGED, ["broken"]),
    (
        "DISM-03",
        _system(filings=(*FILED, _got("2026-06-20", "change")), lost=_lost(CHANGED, removed=True)),
        TODAY,
        ["met"],
    ),
    ("SCOPE-02", _built("government", "n7_1_road_square"), TODAY, ["met"]),
    ("SCOPE-02", _built("operator", "n7_1_road_square"), TODAY, ["broken"]),
    ("SCOPE-02", _built("operator"), TODAY, ["met"]),
    ("SCOPE-02", _built("builder"), TODAY, ["broken"]),
    ("SCOPE-02", _built("other", ""), TODAY, ["unknown"]),
    ("SCOPE-02", _system(building_unit="a", using_unit="a", national_class="n7_2_2_hub"), TODAY, ["met"]),
    ("SCOPE-02", _system(regime="art9", duty_basis="物业服务合同"), TODAY, ["met"]),
    ("SCOPE-02", _system(regime="art9"), TODAY, ["unknown"]),
    ("SCOPE-02", _system(regime="non_public"), TODAY, []),
    ("MAINT-01", _system(funding="government_built", using_unit="a", maintainer="a"), TODAY, ["met"]),
    ("MAINT-01", _system(funding="government_built", building_unit="b", maintainer="b"), TODAY, ["broken"]),
    ("MAINT-01", _system(funding="government_leased", building_unit="b", maintainer="b"), TODAY, ["met"]),
    ("MAINT-01", _system(funding="other", using_unit="a", building_unit="b", maintainer="b"), TODAY, ["met"]),
    ("MAINT-01", _system(funding="other", using_unit="a"), TODAY, ["broken"]),
    ("MAINT-01", _system(), TODAY, ["unknown"]),
    ("SIGN-01", _camera(sign_checked=date(2025, 7, 20), sign_photo=True), TODAY, ["met"]),
    ("SIGN-01", _camera(sign_checked=date(2025, 7, 20)), TODAY, ["unknown"]),
    ("SIGN-01", _camera(sign_checked=date(2025, 7, 19), sign_photo=True), TODAY, ["broken"]),
    (
        "SIGN-01",
        _camera(sign_checked=date(2026, 7, 1), sign_photo=True, sign_state="worn"),
        TODAY,
        ["broken"],
    ),
    (
        "SIGN-01",
        _camera(sign_checked=date(2026, 7, 1), sign_photo=True, sign_state="present"),
        TODAY,
        ["met"],
    ),
    ("MAINT-02", _system(orders=(_order(),)), TODAY, ["pending"]),
    ("MAINT-02", _system(orders=(_order(),)), date(2026, 7, 22), ["broken"]),
    ("MAINT-02", _system(orders=(_order(responded=3),)), date(2026, 7, 22), ["pending"]),
    ("MAINT-02", _system(orders=(_order(responded=3),)), date(2026, 7, 24), ["broken"]),
    ("MAINT-02", _system(orders=(_order(responded=3, repaired=72),)), date(2026, 8, 1), ["met"]),
    ("MAINT-02", _system(orders=(_order(responded=3, repaired=73),)), date(2026, 8, 1), ["late"]),
    ("MAINT-02", _system(orders=(OrderFact("WX-1", None, None, None, None),)), TODAY, []),
    ("ACCS-02", _staff(), TODAY, ["met", "met", "met"]),
    ("ACCS-02", _staff(vetted=None, trained=date(2025, 7, 21)), TODAY, ["broken", "met", "pending"]),
    ("ACCS-02", _staff(trained=date(2025, 7, 19)), TODAY, ["met", "met", "broken"]),
    ("ACCS-02", _staff(regime="art9"), TODAY, []),
    ("ACCS-05", _system(), TODAY, []),
    ("ACCS-05", _system(contractor=Contractor("安防公司", None)), TODAY, ["broken"]),
    ("ACCS-05", _system(contractor=Contractor("安防公司", date(2026, 12, 31))), TODAY, ["met"]),
    ("ACCS-05", _system(contractor=Contractor("安防公司", date(2026, 8, 1))), TODAY, ["pending"]),
    ("ACCS-05", _system(contractor=Contractor("安防公司", date(2026, 7, 19))), TODAY, ["broken"]),
    ("SIGN-01", _camera(), TODAY, ["broken"]),
    ("SIGN-01", _camera(in_use=None), TODAY, []),
    ("FIX-01", _camera(baseline=_kept(0.4, 1.5)), TODAY, ["met"]),
    ("FIX-01", _camera(baseline=_kept(None, None)), TODAY, ["met"]),
    ("FIX-01", _camera(), TODAY, ["unknown"]),
    ("FIX-01", _camera(in_use=None), TODAY, []),
    ("FIX-01", _camera(baseline=_kept(1.5, 0)), TODAY, ["broken"]),
    ("FIX-01", _camera(baseline=_kept(0, 3)), TODAY, ["broken"]),
    ("FIX-01", _camera(baseline=_kept(0, 3), moved=date(2026, 1, 31)), TODAY, ["broken"]),
    ("FIX-01", _camera(baseline=_kept(0, 3), moved=date(2026, 6, 20)), TODAY, ["pending"]),
    ("FIX-01", _camera(baseline=_kept(0, 3), moved=date(2026, 6, 19)), TODAY, ["broken"]),
    ("FIX-02", _camera(camera_type="3"), TODAY, []),
    ("FIX-02", _camera(), TODAY, []),
    ("FIX-02", _camera(camera_type="1"), TODAY, ["broken"]),
    ("FIX-02", _camera(camera_type="1", home_preset="1", return_seconds=300), TODAY, ["met"]),
    ("FIX-02", _camera(camera_type="4", home_preset="1", return_seconds=301), TODAY, ["broken"]),
    ("FIX-02", _camera(camera_type="5", home_preset="", return_seconds=60), TODAY, ["broken"]),
    ("FIX-02", _camera(camera_type="5", in_use=date(2026, 8, 1)), TODAY, []),
    ("FORB-01", _camera(placed=True), TODAY, ["met"]),
    ("FORB-01", _camera(), TODAY, []),
    ("FORB-01", _camera(placed=True, inside=(_zone("intimate_facility"),)), TODAY, ["broken"]),
    ("FORB-01", _camera(placed=True, inside=(_zone("fitting_room"),)), TODAY, ["broken"]),
    ("FORB-01", _camera(placed=True, inside=(_zone("secret_neighbour"),)), TODAY, ["met"]),
    ("FORB-01", _camera(placed=True, inside=(_zone("ballot_report_box", until=TODAY),)), TODAY, ["broken"]),
    (
        "FORB-01",
        _camera(placed=True, inside=(_zone("ballot_report_box", until=date(2026, 7, 19)),)),
        TODAY,
        ["met"],
    ),
    (
        "FORB-01",
        _camera(placed=True, inside=(_zone("ballot_report_box", since=date(2026, 7, 21)),)),
        TODAY,
        ["met"],
    ),
    ("FORB-02", _camera(), TODAY, []),
    ("FORB-02", _camera(suspected=(SUSPICION,)), TODAY, ["unknown"]),
    ("FORB-02", _camera(suspected=(SUSPICION,), decision=DecisionFact("waiting")), TODAY, ["unknown"]),
    ("FORB-02", _camera(suspected=(SUSPICION,), decision=DecisionFact("allowed")), TODAY, ["met"]),
    ("FORB-02", _camera(suspected=(SUSPICION,), decision=DecisionFact("masked")), TODAY, ["broken"]),
    ("FORB-02", _camera(suspected=(SUSPICION,), decision=DecisionFact("masked", TODAY)), TODAY, ["met"]),
    ("FORB-02", _camera(suspected=(SUSPICION,), decision=DecisionFact("prohibited")), TODAY, ["broken"]),
    (
        "FORB-02",
        _camera(suspected=(SUSPICION,), decision=DecisionFact("prohibited"), in_use=None),
        TODAY,
        ["met"],
    ),
    ("FORB-03", _camera(), TODAY, []),
    ("FORB-03", _camera(pickup=False), TODAY, ["met"]),
    ("FORB-03", _camera(pickup=True), TODAY, ["broken"]),
    ("FORB-03", _camera(pickup=True, pickup_basis="监管要求"), TODAY, ["met"]),
    ("FORB-03", _camera(heard=True), TODAY, ["broken"]),
    ("FORB-03", _camera(pickup=False, heard=True), TODAY, ["broken"]),
    ("FORB-03", _camera(heard=True, pickup_basis="监管要求"), TODAY, ["met"]),
    ("FORB-04", _round(date(2026, 7, 21)), TODAY, ["met"]),
    ("FORB-04", _round(TODAY), TODAY, ["pending"]),
    ("FORB-04", _round(date(2026, 7, 19)), TODAY, ["broken"]),
    ("FORB-04", _round(date(2026, 7, 19), until=date(2026, 7, 18)), TODAY, []),
    ("FORB-04", _round(date(2026, 7, 19), kind="sign_check"), TODAY, []),
    ("FORB-04", _round(date(2026, 7, 21), finds=(FindFact("rr_1", TODAY),)), TODAY, ["met", "broken"]),
    ("FORB-04", _round(date(2026, 7, 21), finds=(FindFact("rr_1", TODAY, TODAY),)), TODAY, ["met", "met"]),
    ("SIGN-02", _round(date(2026, 8, 5), kind="sign_check"), TODAY, ["met"]),
    ("SIGN-02", _round(date(2026, 8, 4), kind="sign_check"), TODAY, ["pending"]),
    ("SIGN-02", _round(date(2026, 7, 19), kind="sign_check"), TODAY, ["broken"]),
    ("SIGN-02", _round(TODAY), TODAY, []),
    ("SECR-01", _camera(inside=(_zone("intimate_facility"),)), TODAY, []),
    ("SECR-01", _camera(inside=(SECRET,)), TODAY, ["broken"]),
    ("SECR-01", _camera(inside=(SECRET,), consents=(ConsentFact("fp_1", date(2026, 1, 4)),)), TODAY, ["met"]),
    (
        "SECR-01",
        _camera(inside=(SECRET,), consents=(ConsentFact("fp_1", date(2026, 1, 5)),)),
        TODAY,
        ["unknown"],
    ),
    (
        "SECR-01",
        _camera(inside=(SECRET,), consents=(ConsentFact("fp_1", date(2026, 1, 4), date(2026, 7, 19)),)),
        TODAY,
        ["broken"],
    ),
    (
        "SECR-01",
        _camera(inside=(SECRET,), consents=(ConsentFact("fp_2", date(2026, 1, 4)),)),
        TODAY,
        ["broken"],
    ),
    ("DOS-01", _camera(), TODAY, ["met"]),
    ("DOS-01", _camera(missing=1), TODAY, ["broken"]),
    ("PLAN-01", _project(planned=True), TODAY, ["met"]),
    ("PLAN-01", _project(), TODAY, ["broken"]),
    ("PLAN-01", _project(funding="other"), TODAY, []),
    ("PLAN-02", _plan(49), TODAY, ["met"]),
    ("PLAN-02", _plan(50), TODAY, ["broken"]),
    ("PLAN-02", _plan(100, decided=True), TODAY, ["met"]),
    ("SIM-01", _project(main={"design": 10}, video={"design": 10}), TODAY, ["met"]),
    ("SIM-01", _project(main={"design": 10}, video={"design": 11}), TODAY, ["broken"]),
    ("SIM-01", _project(main={"design": 10}), TODAY, ["broken"]),
    ("SIM-01", _project(video={"design": 10}), TODAY, []),
    ("SIM-01", _project(main={"design": 10}), date(2026, 6, 10), ["pending"]),
    ("SIM-01", _project(main={"design": 10}, video={"design": 9}), date(2026, 6, 8), ["pending"]),
    ("SIM-01", _project(main={"design": 10}, video={"design": 11}), date(2026, 6, 8), ["pending"]),
    (
        "SIM-01",
        _project(
            main={"design": 1, "construction": 5, "acceptance": 9}, video={"design": 1, "construction": 6}
        ),
        TODAY,
        ["met", "broken", "broken"],
    ),
    ("SIM-01", _project(with_main_works=False, main={"design": 1}), TODAY, []),
    ("SIM-01", _project(main={"design": 1}), TODAY, ["broken"]),
    ("ACC-01", _project(), TODAY, []),
    ("ACC-01", _project(video={"use": 2}), TODAY, ["broken"]),
    ("ACC-01", _project(video={"use": 2}), date(2026, 6, 1), []),
    ("ACC-01", _accepted(video={"use": 1}), TODAY, ["met", "met"]),
    ("ACC-01", _accepted(video={"use": 2}, accepted=date(2026, 6, 3)), TODAY, ["broken", "met"]),
    ("ACC-01", _accepted(video={"use": 2}, accepted=None), TODAY, ["broken", "met"]),
    ("ACC-01", _accepted(trial_days=29), TODAY, ["broken"]),
    ("ACC-01", _accepted(trial_days=None), TODAY, ["unknown"]),
    ("ACC-02", _project(), TODAY, []),
    ("ACC-02", _accepted(), TODAY, ["met", "met"]),
    ("ACC-02", _accepted(experts=2), TODAY, ["broken", "met"]),
    ("ACC-02", _accepted(members=0, experts=0), TODAY, ["broken", "met"]),
    ("ACC-02", _accepted(archive=frozenset({"design"})), TODAY, ["met", "broken"]),
    # State Council Order 799, article 11 does not bind other public places.
    ("ACC-02", _accepted(archive=frozenset(), regime="art9"), TODAY, ["met"]),
]


@pytest.mark.parametrize(("rule", "subject", "today", "expected"), CASES)
def test_a_rule_says_of_a_fact(rule: str, subject: Any, today: date, expected: list[str]) -> None:
    found = [one.state.value for one in Court(shipped(), today).judge(rules()[rule], subject)]
    assert found == expected


def test_every_rule_is_tried_from_the_side_that_passes_and_from_one_that_does_not() -> None:
    sides: Mapping[str, set[str]] = {
        rule: {state for name, _, _, expected in CASES if name == rule for state in expected}
        for rule in rules()
    }
    assert [rule for rule, seen in sides.items() if not {"met", "broken"} <= seen] == []


def test_a_court_that_remembers_says_what_one_that_has_just_opened_says() -> None:
    dice = random.Random(7)  # noqa: S311 - a seed is a mixture
    cameras = [subject for _, subject, _, _ in CASES if isinstance(subject, CameraFacts)]
    names = [one.name for one in fields(CameraFacts)]
    mixed = [CameraFacts(**{name: getattr(dice.choice(cameras), name) for name in names}) for _ in range(400)]
    court = Court(shipped(), TODAY, rules().values())
    for subject in [*mixed, *mixed]:
        fresh = Court(shipped(), TODAY)
        alone = [
            one for rule in rules().values() if rule.kind == "camera" for one in fresh.judge(rule, subject)
        ]
        found = court.judge_all("camera", subject)
        assert found == alone
        assert [one.text for one in found] == [one.text for one in alone]


def test_orders_that_agree_are_told_together_and_each_with_its_article() -> None:
    (found,) = Court(shipped(), date(2026, 7, 10)).judge(rules()["FILE-01"], _system(in_use=USED))
    assert (found.sets, found.carried, found.due) == (
        ("hubei-2013", "national-2025"),
        False,
        date(2026, 7, 15),
    )
    (found,) = Court(shipped(), TODAY).judge(rules()["FILE-01"], _system(in_use=USED, regime="art9"))
    assert found.sets == ("hubei-2013",)


def test_where_orders_differ_the_stricter_stands_with_its_own_article() -> None:
    # Order 361 takes any organ from county level up; Order 799 wants the county's.
    at_city = _system(filings=_filed("2026-07-01", organ="420100"))
    (found,) = Court(shipped(), TODAY).judge(rules()["FILE-05"], at_city)
    assert (found.state, found.sets) == (State.BROKEN, ("national-2025",))


def test_who_maintains_follows_from_who_paid() -> None:
    assert [maintainers(one)[0] for one in ("government_built", "government_leased", "other", "")] == [
        (USING,), (BUILDING,), (BUILDING, USING), (),
    ]  # fmt: skip
