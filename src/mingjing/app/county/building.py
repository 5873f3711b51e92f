"""Construction plans in all states, projects in step and late."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, Final

from mingjing.app.county.ground import CHECKER, CLERK, County, Place
from mingjing.governance.decisions import queries as decisions
from mingjing.governance.decisions import service as decision
from mingjing.governance.decisions.schema import DecisionWish
from mingjing.governance.planning import queries as plans
from mingjing.governance.planning import service as planning
from mingjing.governance.planning.schema import (
    ConstructionPlanWish,
    PlanDecision,
    PlanItemPatch,
    PlanItemWish,
    PlanStepWish,
)
from mingjing.governance.projects import archive
from mingjing.governance.projects import service as projects
from mingjing.governance.projects.schema import AcceptancePatch, ProjectWish
from mingjing.governance.projects.sight import whole_sight
from mingjing.governance.submission.kinds import blank_picture
from mingjing.governance.uploads import kept
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.law.days import day_of

_PLAN: Final = system_scope(Action.PLANNING_WRITE)
_APPROVE: Final = system_scope(Action.PLANNING_APPROVE)
_HANDLE: Final = system_scope(Action.COMPLIANCE_HANDLE)
_SEES: Final = system_scope(Action.REGISTER_READ)
_BUILD: Final = system_scope(Action.PROJECT_WRITE)
PLANS: Final = ("approved", "submitted", "returned", "draft")
_PROGRESS: Final = (("done", 8), ("done", 8), ("under_way", 2), ("under_way", 1), ("dropped", 0))
"""Of the approved plan's first items; what comes after them is not begun."""
_DOCUMENTS: Final = (
    ("design", "设计文件"), ("construction", "施工记录"), ("acceptance", "验收文件"), ("inspection", "检验报告"),
)  # fmt: skip


def make_plan(county: County, tx: Transaction, state: str) -> None:
    """A plan that has come to a state; some items stand where cameras already look."""
    today = day_of(tx.now_us())
    year = today.year + (0 if state == "approved" else 1)
    name = {
        "approved": f"公共安全视频建设规划（{year}年度）", "submitted": f"公共安全视频建设规划（{year}年度）",
        "returned": "校园周边补点规划", "draft": "桥梁隧道补点规划",
    }[state]  # fmt: skip
    made = planning.enter(
        tx, CLERK, _PLAN,
        ConstructionPlanWish(
            name=name, division=county.site.division, organisation=county.government, since=date(year, 1, 1),
            until=date(year, 12, 31),
        ),
    )  # fmt: skip
    for place in county.dice.sample(county.places, min(8, len(county.places))):
        # What chance puts into a forbidden place is refused, and not planned.
        with suppress(MingjingError):
            planning.add(tx, CLERK, _PLAN, _SEES, made.id, _item(county, place, today))
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
    _decide_suspected(tx, [one.id for one in items])
    planning.decide(tx, CHECKER, _APPROVE, made.id, county.government, decision)
    if state == "approved":
        for one, (progress, done) in zip(items, _PROGRESS, strict=False):
            patch = PlanItemPatch.model_validate(
                {"progress": progress, "cameras_done": min(done, one.cameras)}
            )
            planning.change_item(tx, CLERK, _PLAN, _SEES, made.id, one.id, patch)
        county.enter_items([one.id for one in items])


def _decide_suspected(tx: Transaction, items: Sequence[str]) -> None:
    """What may look into a forbidden place was decided on before the plan was: a mask is the condition."""
    for row in decisions.of_subjects(tx.session, "plan_item", items).values():
        wish = DecisionWish(state="masked", reason="朝向道路，画面中的门窗设遮挡")
        decision.decide(tx, CHECKER, _HANDLE, row.id, wish)


def _item(county: County, place: Place, today: date) -> PlanItemWish:
    located = county.dice.random() < 0.85
    directed = located and county.dice.random() < 0.7
    reuse = county.dice.random() < 0.25
    wish: dict[str, Any] = {
        "name": f"{place.name}{county.dice.choice(('门前', '东侧路口', '停车场', '围墙外'))}", "place": place.id,
        "cameras": county.dice.randrange(2, 9), "purpose": "补齐关键部位覆盖",
        "budget_yuan": county.dice.randrange(3, 40) * 10_000,
        "due": today + timedelta(days=county.dice.randrange(-60, 300)),
        "longitude": round(place.point[0], 6) if located else None,
        "latitude": round(place.point[1], 6) if located else None,
        "azimuth": float(county.dice.randrange(0, 360)) if directed else None,
        "view_angle": 90.0 if directed else None, "view_m": 60.0 if directed else None,
        "reuse": "reuse" if reuse else "", "reuse_reason": "接入场所已有摄像机" if reuse else "",
    }  # fmt: skip
    return PlanItemWish.model_validate(wish)


Delivery = tuple[str, Place, date | None]
"""A system, its place, and since when it is in use."""


def deliveries(county: County) -> Sequence[tuple[int, Delivery]]:
    """What is being built, and some of what has long been in use."""
    building = [(system, place, None) for system, place in county.building[:6]]
    return list(enumerate([*building, *county.systems[:8]]))


def make_project(county: County, tx: Transaction, numbered: tuple[int, Delivery]) -> None:
    """The project that delivers a system: in step or late, accepted, to be cured, not passed, put to use without it."""
    number, (system, place, in_use) = numbered
    today = day_of(tx.now_us())
    end = min(in_use or today, today)
    design, construction = end - timedelta(days=240), end - timedelta(days=150)
    late = timedelta(days=county.dice.choice((0, 0, 0, 9, 25)))
    wish: dict[str, Any] = {
        "name": f"{place.name}视频建设项目", "kind": county.dice.choice(("new", "new", "rebuilt", "extended")),
        "division": county.site.division, "organisation": county.dice.choice(county.units), "system": system,
        "places": [place.id], "funding": county.dice.choice(("government_built", "government_built", "other")),
        "plan_item": county.items[number] if number < min(4, len(county.items)) else None,
        "main_works": f"{place.name}改扩建工程" if county.dice.random() < 0.75 else "",
        "designer": county.dice.choice(county.units), "contractor": county.dice.choice(county.units),
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
        "concluded": concluded, "trial_from": concluded - timedelta(days=county.dice.choice((20, 31, 35))),
        "trial_until": concluded - timedelta(days=1), "report_lab": "演示检验所",
        "report_number": f"JY-{number:03d}", "report_date": concluded - timedelta(days=2),
        "members": [
            {"name": "周工", "unit": "演示协会", "expert": True, "party": "technical"},
            {"name": "吴工", "unit": "演示设计院", "expert": county.dice.random() < 0.7, "party": "construction"},
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
            {"group": group, "title": f"{place.name}{title}", "sha256": digest}
            for (group, title), digest in zip(_DOCUMENTS, _archive(county, tx, made.id), strict=False)
        ],
    }  # fmt: skip
    projects.accept(tx, CLERK, _BUILD, made.id, AcceptancePatch.model_validate(acceptance))


def _archive(county: County, tx: Transaction, project: str) -> list[str]:
    """Digests of three or four files; the first is kept here, the others by the unit."""
    scan = kept(county.site.files, blank_picture())
    archive.keep(tx, CLERK, _BUILD, project, "设计文件.png", scan)
    others = county.dice.choice((2, 3, 3))
    return [scan.sha256, *(f"{county.dice.getrandbits(256):064x}" for _ in range(others))]
