"""Judging: what follows from one change at a time is what a judgement of everything says, for any history."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from mingjing.audit.service import Actor
from mingjing.governance.compliance.events import FindingsChanged
from mingjing.governance.compliance.lookers import Lookers
from mingjing.governance.compliance.model import FindingRow, JudgementRow, TallyRow
from mingjing.governance.compliance.service import judge_everything
from mingjing.governance.decisions import service as decisions
from mingjing.governance.decisions.model import DecisionRow
from mingjing.governance.decisions.schema import DecisionWish
from mingjing.governance.filing import service as filing
from mingjing.governance.filing.model import FilingRow
from mingjing.governance.filing.rules import STEPS
from mingjing.governance.filing.schema import FilingPatch, FilingStepWish
from mingjing.governance.planning import service as planning
from mingjing.governance.planning.schema import (
    ConstructionPlanWish,
    PlanDecision,
    PlanItemWish,
    PlanStepWish,
)
from mingjing.governance.projects import service as projects
from mingjing.governance.projects.schema import AcceptancePatch, ProjectPatch, ProjectWish
from mingjing.governance.projects.sight import whole_sight
from mingjing.governance.room import GovernanceRoom
from mingjing.governance.rounds import service as rounds
from mingjing.governance.rounds.model import RoundRow
from mingjing.governance.rounds.schema import ResultWish
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.kernel.db import Database, Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.law.days import day_of
from mingjing.registry.dossiers import service as dossiers
from mingjing.registry.dossiers.schema import DossierPatch
from mingjing.registry.forbidden import service as forbidden
from mingjing.registry.forbidden.schema import ConsentWish, ForbiddenPlacePatch, ForbiddenPlaceWish
from mingjing.registry.places import service as places
from mingjing.registry.places.model import KeyPositionRow
from mingjing.registry.places.schema import PlacePatch, PlaceWish
from mingjing.registry.service import remove
from mingjing.registry.systems import service as systems
from mingjing.registry.systems.schema import SystemPatch, SystemWish
from mingjing.territory.events import DivisionMoved
from tests.law.office import FORM
from tests.places import ACTOR, JIANGXIA, POLICE, SCHOOL, WUCHANG, Town, town

OTHER = Actor("user", "us_bbbbbbbbbbbb", "王某", "10.0.0.8", "se_2")
WRITE = system_scope(Action.REGISTER_WRITE)
DAY_US = 24 * 3_600_000_000


class History:
    """Something happens, decided by a seed."""

    def __init__(self, at: Town, seed: int) -> None:
        self.at, self.dice = at, random.Random(seed)  # noqa: S311 - a seed is a history
        self.systems: list[str] = []
        self.places: list[str] = []
        self.cameras: list[str] = []
        self.plans: list[str] = []
        self.items: list[str] = []
        self.projects: list[str] = []
        self.zones: list[str] = []
        self.count = 0

    def step(self) -> None:
        acts: list[Callable[[Transaction], None]] = [
            self._enter_system, self._change_system, self._change_system, self._enter_place, self._change_place,
            self._dossier, self._dossier, self._dossier, self._file, self._file, self._remove_camera,
            self._plan, self._project, self._project, self._forbid,
            self._forbid, self._change_zone, self._consent, self._decide, self._decide, self._make_round,
        ]  # fmt: skip
        act = self.dice.choice(acts)
        if self.dice.random() < 0.25:
            self.count += 1
            streams = [{"kind": "main", "url": f"rtsp://10.4.1.{self.count}/main"}]
            name = self.dice.choice(["摄像机", "摄像机", "更衣室"])
            self.cameras.append(self.at.add(f"{name}{self.count}", streams=streams).row.id)
        try:
            with self.at.database.transaction() as tx:
                act(tx)
        except MingjingError:
            return  # a refusal changes nothing

    def a_day_later(self) -> None:
        clock: Any = self.at.database.clock
        clock.advance(self.dice.randrange(1, 40) * DAY_US)
        judge_everything(self.at.database)

    def _unit(self) -> str | None:
        return self.dice.choice([SCHOOL, POLICE, None])

    def _members(self, tx: Transaction) -> dict[str, Any]:
        today = day_of(tx.now_us())
        return {
            "regime": self.dice.choice(["", "art7", "art9", "non_public"]),
            "category": self.dice.choice(["", "transport", "residential"]),
            "purposes": self.dice.choice([[], ["public_safety"]]),
            "funding": self.dice.choice(["", "government_built", "government_leased", "other"]),
            "maintainer": self._unit(), "building_unit": self._unit(),
            "in_use": self.dice.choice([None, today, today - timedelta(days=self.dice.randrange(0, 900))]),
        }  # fmt: skip

    def _enter_system(self, tx: Transaction) -> None:
        body = {"name": f"系统{len(self.systems)}", "division": JIANGXIA, "organisation": SCHOOL}
        wish = SystemWish.model_validate(body | self._members(tx))
        self.systems.append(systems.enter(tx, ACTOR, WRITE, wish).id)

    def _change_system(self, tx: Transaction) -> None:
        if self.systems:
            members = self._members(tx)
            given = dict(self.dice.sample(sorted(members.items()), self.dice.randrange(1, 4)))
            if self.dice.random() < 0.2:
                given["division"] = self.dice.choice([JIANGXIA, WUCHANG])
            if self.dice.random() < 0.3:
                given["dismantle_planned"] = day_of(tx.now_us()) + timedelta(days=self.dice.randrange(1, 60))
            patch = SystemPatch.model_validate(given)
            systems.change(tx, ACTOR, WRITE, self.dice.choice(self.systems), patch)

    def _positions(self) -> list[dict[str, str]]:
        return [{"kind": "entrance", "name": f"门{n}"} for n in range(self.dice.randrange(0, 3))]

    def _enter_place(self, tx: Transaction) -> None:
        body = {"name": f"场所{len(self.places)}", "division": JIANGXIA, "organisation": SCHOOL}
        body |= {"category": "residential", "positions": self._positions()}  # type: ignore[dict-item]
        self.places.append(places.enter(tx, ACTOR, WRITE, PlaceWish.model_validate(body)).id)

    def _change_place(self, tx: Transaction) -> None:
        if self.places:
            patch = PlacePatch.model_validate({"positions": self._positions(), "division": WUCHANG})
            places.change(tx, ACTOR, WRITE, self.dice.choice(self.places), patch)

    def _dossier(self, tx: Transaction) -> None:
        if self.cameras:
            today = day_of(tx.now_us())
            positions = list(tx.session.scalars(select(KeyPositionRow.id).order_by(KeyPositionRow.id)))
            given = {
                "system": self.dice.choice([*self.systems, None]), "position": self.dice.choice([*positions, None]),
                "in_use": self.dice.choice([None, today, today]), "height_m": self.dice.choice([None, 4.0]),
                "sign_checked": self.dice.choice([None, today - timedelta(days=self.dice.randrange(0, 400))]),
                "longitude": self._near(114.32), "latitude": self._near(30.35), "view_m": 30.0, "move_reason": "调整",
                "azimuth": self.dice.choice([None, 0.0, 90.0, 180.0]), "room": self.dice.choice([None, "1", "2"]),
                "pickup": self.dice.choice([None, True, False]),
            }  # fmt: skip
            patch = DossierPatch.model_validate(given)
            dossiers.change(tx, ACTOR, WRITE, self.dice.choice(self.cameras), patch)

    def _file(self, tx: Transaction) -> None:
        rows = tx.session.scalars(select(FilingRow).order_by(FilingRow.number)).all()
        if rows:
            row = self.dice.choice(rows)
            to = self.dice.choice([*sorted(STEPS[row.state]), "checking"])
            if to == "checking":
                filing.fill(tx, ACTOR, WRITE, row.id, FilingPatch.model_validate({"content": FORM}))
            wish = FilingStepWish.model_validate({"to": to, "official_number": "X-1"})
            filing.step(tx, self.dice.choice([ACTOR, OTHER]), WRITE, row.id, wish)

    def _near(self, degrees: float) -> float:
        """Within some fifty metres."""
        return degrees + self.dice.randrange(-5, 6) * 0.0001

    def _forbid(self, tx: Transaction) -> None:
        today = day_of(tx.now_us())
        until = today + timedelta(days=self.dice.randrange(0, 40))
        kinds = ["intimate_facility", "dwelling_facing", "secret_neighbour", "ballot_report_box"]
        wish = {
            "name": f"禁装{len(self.zones)}", "kind": self.dice.choice(kinds), "division": JIANGXIA, "organisation": SCHOOL,
            "longitude": self._near(114.32), "latitude": self._near(30.35), "radius_m": 6.0,
            "since": self.dice.choice([None, today, until]), "until": self.dice.choice([None, until]),
        }  # fmt: skip
        self.zones.append(forbidden.enter(tx, ACTOR, WRITE, ForbiddenPlaceWish.model_validate(wish)).id)

    def _change_zone(self, tx: Transaction) -> None:
        if self.zones and self.dice.random() < 0.5:
            forbidden.end(tx, ACTOR, WRITE, self.zones.pop(), "不再使用")
        elif self.zones:
            patch = {"longitude": self._near(114.32), "kind": "other_privacy", "radius_m": 20.0}
            forbidden.change(tx, ACTOR, WRITE, self.zones[-1], ForbiddenPlacePatch.model_validate(patch))

    def _consent(self, tx: Transaction) -> None:
        if self.zones:
            given = day_of(tx.now_us()) - timedelta(days=self.dice.randrange(0, 5))
            wish = {"zone": self.dice.choice(self.zones), "name": "复函", "given": given}
            forbidden.enter_consent(tx, ACTOR, WRITE, ConsentWish.model_validate(wish))

    def _decide(self, tx: Transaction) -> None:
        asked = list(
            tx.session.scalars(select(DecisionRow.id).order_by(DecisionRow.created_us, DecisionRow.name))
        )
        if asked:
            wish = {"state": self.dice.choice(["allowed", "masked", "prohibited"]), "reason": "看过"}
            decisions.decide(tx, ACTOR, WRITE, self.dice.choice(asked), DecisionWish.model_validate(wish))

    def _make_round(self, tx: Transaction) -> None:
        owed = list(tx.session.scalars(select(RoundRow.id).order_by(RoundRow.created_us, RoundRow.name)))
        if owed:
            wish = {"outcome": self.dice.choice(["nothing", "found"]), "note": "x"}
            rounds.enter_result(tx, ACTOR, WRITE, self.dice.choice(owed), ResultWish.model_validate(wish))

    def _plan(self, tx: Transaction) -> None:
        if self.plans and self.dice.random() < 0.5:
            made = self.dice.choice(self.plans)
            to = self.dice.choice(["submitted", "draft"])
            if self.dice.random() < 0.5:
                planning.step(tx, ACTOR, WRITE, WRITE, made, PlanStepWish.model_validate({"to": to}))
            else:
                planning.decide(tx, OTHER, WRITE, made, POLICE, PlanDecision(to="approved"))
            return
        body = {"name": f"规划{len(self.plans)}", "division": JIANGXIA, "organisation": SCHOOL}
        days = {"since": "2026-01-01", "until": "2026-12-31"}
        made = planning.enter(tx, ACTOR, WRITE, ConstructionPlanWish.model_validate(body | days)).id
        spot = {"longitude": 114.32, "latitude": 30.37, "name": "街口"}
        item = planning.add(tx, ACTOR, WRITE, WRITE, made, PlanItemWish.model_validate(spot))
        self.plans.append(made)
        self.items.append(item.id)

    def _project(self, tx: Transaction) -> None:
        today = day_of(tx.now_us())
        given = {
            "funding": self.dice.choice(["government_built", "other"]), "main_works": self.dice.choice(["", "教学楼"]),
            "system": self.dice.choice([*self.systems, None]), "plan_item": self.dice.choice([*self.items, None]),
            "main_design": today - timedelta(days=self.dice.randrange(0, 30)),
            "video_use": self.dice.choice([None, today]),
        }  # fmt: skip
        if self.projects and self.dice.random() < 0.7:
            identifier = self.dice.choice(self.projects)
            if self.dice.random() < 0.5:
                accept = {"conclusion": self.dice.choice(["", "passed"]), "concluded": today}
                projects.accept(tx, ACTOR, WRITE, identifier, AcceptancePatch.model_validate(accept))
            else:
                patch = ProjectPatch.model_validate(given)
                projects.change(tx, ACTOR, WRITE, whole_sight(), identifier, patch)
            return
        body = {"name": "项目", "kind": "new", "division": JIANGXIA, "organisation": SCHOOL}
        wish = ProjectWish.model_validate(body | given)
        self.projects.append(projects.enter(tx, ACTOR, WRITE, whole_sight(), wish).id)

    def _remove_camera(self, tx: Transaction) -> None:
        if self.cameras and self.dice.random() < 0.3:
            remove(tx, ACTOR, WRITE, self.cameras.pop(), "keep", "拆除")


def _held(database: Database) -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    with database.reading() as session:
        findings = {
            (row.rule, row.subject, row.key, row.subject_name, row.division_path, row.verdict, row.severity, row.due,
             tuple(sorted(row.facts.items())), tuple(row.sets), row.carried)
            for row in session.scalars(select(FindingRow).where(FindingRow.state != "cured"))
        }  # fmt: skip
        tallies = {
            (row.rule, row.division_path, row.organisation_path, row.category, row.met, row.pending, row.broken,
             row.unknown, row.late)
            for row in session.scalars(select(TallyRow))
            if row.met or row.pending or row.broken or row.unknown or row.late
        }  # fmt: skip
    return findings, tallies


@pytest.fixture
def at(empty_database: Database) -> Town:
    made = town(empty_database)
    GovernanceRoom(empty_database).wire(empty_database.bus)
    return made


@pytest.mark.parametrize("seed", range(3))
def test_one_change_at_a_time_says_what_a_judgement_of_everything_says(at: Town, seed: int) -> None:
    history = History(at, seed)
    for number in range(60):
        history.step()
        if number % 12 == 11:
            history.a_day_later()
            history.step()
    followed = _held(at.database)
    with at.database.transaction() as tx:
        for table in (FindingRow, JudgementRow, TallyRow):
            tx.session.execute(delete(table))
    judge_everything(at.database)
    assert _held(at.database) == followed
    assert len(followed[0]) > 3


def test_what_children_look_at_is_judged_as_the_parent_would(
    at: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = History(at, 11)
    for _ in range(60):
        history.step()
    clock: Any = at.database.clock
    clock.advance(40 * DAY_US)
    before = _held(at.database)
    with monkeypatch.context() as alone:
        alone.setattr(Lookers, "_by_parent", None)  # the children answer for every part
        count = judge_everything(at.database, lookers=Lookers(at.database, 2, shared_from=0))
    through_children = _held(at.database)
    assert through_children != before
    with at.database.transaction() as tx:
        for table in (FindingRow, JudgementRow, TallyRow):
            tx.session.execute(delete(table))
    assert judge_everything(at.database, lookers=Lookers(at.database, 0)) == count
    assert _held(at.database) == through_children


def test_what_breaks_again_is_the_same_finding_and_what_stays_is_not_touched(at: Town) -> None:
    with at.database.transaction() as tx:
        body = {"name": "系统", "division": JIANGXIA, "organisation": SCHOOL, "regime": "art7"}
        system = systems.enter(tx, ACTOR, WRITE, SystemWish.model_validate(body)).id

    def scope_finding() -> FindingRow:
        with at.database.reading() as session:
            where = (FindingRow.subject == system, FindingRow.rule == "SCOPE-01")
            return session.scalars(select(FindingRow).where(*where)).one()

    def purposes(*names: str) -> None:
        with at.database.transaction() as tx:
            systems.change(tx, ACTOR, WRITE, system, SystemPatch.model_validate({"purposes": list(names)}))

    first = scope_finding()
    clock: Any = at.database.clock
    clock.advance(DAY_US)
    judge_everything(at.database)
    assert scope_finding().changed_us == first.changed_us
    purposes("public_safety")
    assert scope_finding().state == "cured"
    purposes()
    again = scope_finding()
    assert (again.id, again.state, again.times) == (first.id, "open", 2)


def test_a_night_ends_when_the_program_does_and_goes_on_the_next_time(at: Town) -> None:
    for number in range(3):
        at.add(f"摄像机{number}", streams=[{"kind": "main", "url": f"rtsp://10.4.1.{number + 1}/main"}])
    assert judge_everything(at.database, lambda: True) == 0
    assert judge_everything(at.database) == 3


def test_what_moves_while_a_night_judges_is_judged_once_more(at: Town) -> None:
    room = GovernanceRoom(at.database)
    room.wire(at.database.bus)
    moved: list[str] = []

    def meanwhile(tx: Transaction, _: FindingsChanged) -> None:
        if not moved:
            moved.append("once")
            tx.publish(DivisionMoved("420000/x/", "420000/y/"))

    at.add()
    with at.database.transaction() as tx:
        tx.session.execute(delete(FindingRow))
        tx.session.execute(delete(JudgementRow))
    at.database.bus.within(FindingsChanged, meanwhile)
    assert [room.judge_if_new_day() for _ in range(3)] == [True, True, False]
