"""What can be done with projects and their acceptance, and what is refused of a system that was not accepted."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from mingjing.audit.history import changed
from mingjing.audit.service import Actor, Object
from mingjing.governance.decisions.queries import of_subjects
from mingjing.governance.planning.queries import visible_item
from mingjing.governance.planning.spots import check_spot
from mingjing.governance.projects import queries
from mingjing.governance.projects.errors import (
    CHECK_UNKNOWN,
    CONCLUSION_INCOMPLETE,
    NOT_ACCEPTED,
    NOT_TO_HAND_OVER,
    NOT_YET,
    PROHIBITED,
    STAGES_CROSSED,
    TRIAL_REVERSED,
)
from mingjing.governance.projects.events import ProjectChanged
from mingjing.governance.projects.facts import accepted, brings, facts_of, main_days, video_days
from mingjing.governance.projects.model import AcceptanceRow, ProjectRow
from mingjing.governance.projects.rules import crossed
from mingjing.governance.projects.schema import AcceptancePatch, ProjectPatch, ProjectWish
from mingjing.governance.projects.sight import Sight
from mingjing.identity.queries import organisation_path
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.ids import new_id
from mingjing.law.checklists import acceptance as checklist
from mingjing.law.citing import citations
from mingjing.law.days import day_of
from mingjing.law.rule import Court, State
from mingjing.law.rules import rules
from mingjing.law.sets import shipped
from mingjing.law.words import STAGES
from mingjing.registry import record
from mingjing.registry.places.queries import place
from mingjing.registry.systems.events import SystemChanged
from mingjing.registry.systems.queries import known, video_system

KIND: Final = "project"
KEPT: Final = (
    "name", "division", "organisation", "kind", "system", "plan_item", "funding", "places", "longitude", "latitude",
    "main_works", "designer", "contractor", "inspector", "contract", "main_design", "main_construction",
    "main_acceptance", "main_use", "video_design", "video_construction", "video_use", "note",
)  # fmt: skip
ACCEPTANCE: Final = (
    "standards", "trial_from", "trial_until", "report_lab", "report_number", "report_date", "checks", "members",
    "opinions", "conclusion", "concluded", "defects", "documents", "handed_over",
)  # fmt: skip
_PLACED: Final = frozenset({"name", "division", "organisation"})
_UNITS: Final = ("designer", "contractor", "inspector")
_EMPTY: Final = {"places": [], "funding": "", "main_works": "", "contract": "", "note": ""}
_EMPTY_ACCEPTANCE: Final[dict[str, Any]] = {
    "standards": [], "report_lab": "", "report_number": "", "checks": [], "members": [], "conclusion": "",
    "opinions": {"construction": "", "technical": "", "document": ""}, "defects": [], "documents": [],
}  # fmt: skip
_OF_ACCEPTANCE: Final = frozenset({"checks", "members", "opinions", "defects", "documents"})
"""Members that are kept as JSON."""
_CLEARED: Final = frozenset(
    {"system", "plan_item", "longitude", "latitude", *_UNITS}
    | {name for name in KEPT if name.startswith(("main_", "video_")) and name != "main_works"}
)
"""Members that an explicit null empties."""


def enter(tx: Transaction, actor: Actor, scope: Scope, sight: Sight, wish: ProjectWish) -> ProjectRow:
    """Enter a project. Raises DIV-004, AUTH-025, PLC-003, FRB-001, PRJ-001, -007; REQ-404 for what lies outside the
    scopes."""
    row = ProjectRow(id=new_id("pj"), created_us=tx.now_us(), changed_us=tx.now_us(), ended_us=None)
    record.named(row, wish.name)
    record.placed(tx, scope, row, wish.division, wish.organisation)
    _fill(tx, sight, row, wish.model_dump(exclude=set(_PLACED)))
    tx.session.add(row)
    tx.session.flush()
    changed(tx, actor, Object(KIND, row.id), "enter", {}, record.members(row, KEPT), {"name": row.name})
    tx.publish(ProjectChanged(row.id))
    return row


def change(
    tx: Transaction, actor: Actor, scope: Scope, sight: Sight, identifier: str, patch: ProjectPatch
) -> ProjectRow:
    """Change a project; what is absent stays. Raises as `enter` does, PRJ-008."""
    row = queries.project(tx.session, scope, identifier)
    before = record.members(row, KEPT)
    given = patch.model_dump(exclude_unset=True)
    if given.get("name"):
        record.named(row, given["name"])
    if given.get("division") or given.get("organisation"):
        unit = given.get("organisation") or row.organisation
        record.placed(tx, scope, row, given.get("division") or row.division, unit)
    if given.pop("ended", None):
        row.ended_us = tx.now_us()
    _fill(tx, sight, row, {name: value for name, value in given.items() if name not in _PLACED})
    row.changed_us = tx.now_us()
    tx.session.flush()
    after = record.members(row, KEPT) | ({"ended": True} if row.ended_us is not None else {})
    if changed(tx, actor, Object(KIND, row.id), "change", before, after, {"name": row.name}):
        tx.publish(ProjectChanged(row.id))
    return row


def accept(
    tx: Transaction, actor: Actor, scope: Scope, identifier: str, patch: AcceptancePatch
) -> ProjectRow:
    """Enter what an acceptance found; what is absent stays. Raises PRJ-003 to -007, REQ-404."""
    row = queries.project(tx.session, scope, identifier)
    found = tx.session.get(AcceptanceRow, row.id)
    before = _shown(found) if found is not None else {}
    if found is None:
        found = AcceptanceRow(
            project=row.id, trial_from=None, trial_until=None, report_date=None, concluded=None, handed_over=None,
            **_EMPTY_ACCEPTANCE,
        )  # fmt: skip
        tx.session.add(found)
    plain = patch.model_dump(mode="json")
    for name in sorted(patch.model_fields_set):
        value = plain[name] if name in _OF_ACCEPTANCE else getattr(patch, name)
        setattr(found, name, _EMPTY_ACCEPTANCE.get(name) if value is None else value)
    _check_acceptance(tx, found)
    found.changed_us = tx.now_us()
    tx.session.flush()
    if changed(tx, actor, Object(KIND, row.id), "accept", before, _shown(found), {"name": row.name}):
        tx.publish(ProjectChanged(row.id))
    return row


def guard_use(tx: Transaction, event: SystemChanged) -> None:
    """A system's day of use was set: refused where a project brings it into use and its acceptance does not stand by
    that day (HB361, article 10; `law.rules.building.acc_01` says which systems that binds). Raises PRJ-002."""
    if "in_use" not in event.members:
        return
    (system,) = known(tx.session, [event.system])
    if system.in_use is None:
        return
    court = Court(shipped(), day_of(tx.now_us()))
    rows = {row.id: row for row in queries.known(tx.session, queries.delivering(tx.session, [system.id]))}
    bringing = [row.id for row in rows.values() if brings(row, system.in_use)]
    for facts in facts_of(tx.session, bringing):
        used = replace(facts, video=dict(facts.video) | {"use": system.in_use})
        for found in court.judge(rules()["ACC-01"], used):
            if found.key == "" and found.state is State.BROKEN:
                basis = citations(shipped(), "ACC-01", found.sets)
                raise MingjingError(
                    NOT_ACCEPTED, project=rows[facts.id].name, day=str(system.in_use),
                    basis="、".join(one.zh for one in basis), basis_en="; ".join(one.en for one in basis),
                )  # fmt: skip


def _fill(tx: Transaction, sight: Sight, row: ProjectRow, given: dict[str, Any]) -> None:
    for name in _UNITS:
        if given.get(name):
            organisation_path(tx.session, given[name])
    if given.get("system"):
        video_system(tx.session, sight.registers, given["system"])
    for one in given.get("places") or ():
        place(tx.session, sight.registers, one)
    if given.get("plan_item"):
        visible_item(tx.session, sight.plans, given["plan_item"])
    for name, value in given.items():
        if value is not None or name in _CLEARED:
            setattr(row, name, value)
        elif name in _EMPTY:
            setattr(row, name, _EMPTY[name])
    today = day_of(tx.now_us())
    if given.get("video_construction") or given.get("video_use"):
        _refuse_prohibited(tx, row)
    if {"longitude", "latitude"} & set(given):
        check_spot(tx.session, today, row.division_path, row.longitude, row.latitude)
    if row.video_use is not None and row.video_use > today:
        raise MingjingError(NOT_YET, day=str(row.video_use))
    for track in (main_days(row), video_days(row, None, None)):
        fault = crossed(track)
        if fault is not None:
            stage, earlier, later = fault
            raise MingjingError(
                STAGES_CROSSED,
                zh=STAGES[stage].zh,
                en=STAGES[stage].en,
                earlier=str(earlier),
                later=str(later),
            )


def _refuse_prohibited(tx: Transaction, row: ProjectRow) -> None:
    """What a person has decided to be prohibited is neither built nor put to use (HB361, article 8). Raises PRJ-008."""
    said = of_subjects(tx.session, KIND, [row.id]).get(row.id)
    if said is not None and said.state == "prohibited":
        raise MingjingError(PROHIBITED, project=row.name, reason=said.reason)


def _check_acceptance(tx: Transaction, found: AcceptanceRow) -> None:
    known_items = {one.id for one in checklist()}
    for one in found.checks:
        if one["item"] not in known_items:
            raise MingjingError(CHECK_UNKNOWN, item=one["item"])
    if found.trial_from and found.trial_until and found.trial_until < found.trial_from:
        raise MingjingError(TRIAL_REVERSED, since=str(found.trial_from), until=str(found.trial_until))
    if found.conclusion and found.concluded is None:
        raise MingjingError(CONCLUSION_INCOMPLETE, zh="验收结论的日期", en="The day of the conclusion")
    if found.conclusion in {"basically_passed", "not_passed"} and not found.defects:
        raise MingjingError(
            CONCLUSION_INCOMPLETE,
            zh="存在的问题（结论为基本通过或不通过时）",
            en="What is wrong, where it did not simply pass,",
        )
    today = day_of(tx.now_us())
    retests = [date.fromisoformat(one["retested"]) for one in found.defects if one.get("retested")]
    for day in (found.concluded, found.handed_over, *retests):
        if day is not None and day > today:
            raise MingjingError(NOT_YET, day=str(day))
    stands = accepted(found)
    if found.handed_over is not None and (stands is None or found.handed_over < stands):
        raise MingjingError(NOT_TO_HAND_OVER)


def _shown(found: AcceptanceRow) -> dict[str, Any]:
    members = {name: getattr(found, name) for name in ACCEPTANCE}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in members.items()}
