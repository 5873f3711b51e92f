"""Projects as they are shown."""

from collections.abc import Sequence
from datetime import date
from typing import Any, get_args

from sqlalchemy.orm import Session

from mingjing.governance.decisions.queries import of_subjects
from mingjing.governance.planning import queries as planning
from mingjing.governance.projects.facts import accepted, main_days, trial_days, video_days
from mingjing.governance.projects.model import AcceptanceRow, ProjectRow
from mingjing.governance.projects.queries import acceptances, kept_files
from mingjing.governance.projects.rules import expert_share, stages
from mingjing.governance.projects.schema import (
    Acceptance,
    AcceptanceChecklist,
    ChecklistLine,
    Project,
    ProjectWhole,
    StageOut,
)
from mingjing.governance.projects.sight import Sight
from mingjing.law.checklists import SEEN, acceptance
from mingjing.law.facts import ArchiveGroup
from mingjing.registry.places.queries import visible
from mingjing.registry.systems.queries import known as systems


def present(session: Session, sight: Sight, rows: Sequence[ProjectRow], today: date) -> list[Project]:
    """Projects for the wire; what they refer to and the reader may not see is left out."""
    return [Project.model_validate(line) for line, _ in _lines(session, sight, rows, today)]


def whole(session: Session, sight: Sight, row: ProjectRow, today: date) -> ProjectWhole:
    """One project with its acceptance."""
    ((line, record),) = _lines(session, sight, [row], today)
    kept = kept_files(session, row.id)
    return ProjectWhole.model_validate(line | {"acceptance": _acceptance(record, kept) if record else None})


def checklist() -> AcceptanceChecklist:
    """The technical checklist."""
    return AcceptanceChecklist(
        items=[
            ChecklistLine(
                item=one.id, standard=one.standard, seen=one.seen, seen_words=SEEN[one.seen].zh,
                seen_words_en=SEEN[one.seen].en, title=one.title.zh, title_en=one.title.en, value=one.value.zh,
                value_en=one.value.en,
            )
            for one in acceptance()
        ]
    )  # fmt: skip


def _lines(
    session: Session, sight: Sight, rows: Sequence[ProjectRow], today: date
) -> list[tuple[dict[str, Any], AcceptanceRow | None]]:
    records = acceptances(session, [row.id for row in rows])
    delivered = {one.id: one for one in systems(session, [row.system for row in rows if row.system])}
    items = dict(planning.named(session, sight.plans, [row.plan_item for row in rows if row.plan_item]))
    said = of_subjects(session, "project", [row.id for row in rows])
    places = visible(session, sight.registers, [one for row in rows for one in row.places])
    found = []
    for row in rows:
        record, system, item = (
            records.get(row.id),
            delivered.get(row.system or ""),
            items.get(row.plan_item or ""),
        )
        in_use = system.in_use if system else None
        line = {column: getattr(row, column) for column in _COLUMNS} | _derived(row, record, in_use, today)
        seen = system is not None and sight.registers.covers(system.division_path, system.organisation_path)
        line |= {
            "system": row.system if seen else None, "system_name": system.name if system and seen else "",
            "plan_item": row.plan_item if item else None, "plan_item_name": item[0] if item else "",
            "decision": said[row.id].id if row.id in said else None,
            "suspicion": said[row.id].state if row.id in said else None,
            "plan": item[1] if item else None, "places": [one for one in row.places if one in places],
        }  # fmt: skip
        found.append((line, record))
    return found


def _derived(
    row: ProjectRow, record: AcceptanceRow | None, in_use: date | None, today: date
) -> dict[str, Any]:
    pairs = stages(
        main_days(row), video_days(row, record, in_use), today, with_main_works=bool(row.main_works)
    )
    defects = record.defects if record else []
    return {
        "stages": [
            StageOut(
                stage=one.stage, main=one.main, video=one.video, state=one.state, days_late=one.days_late,
                words=one.words.zh, words_en=one.words.en,
            )
            for one in pairs
        ],
        "late": sum(one.state == "late" for one in pairs),
        "conclusion": record.conclusion if record else "",
        "accepted": accepted(record),
        "open_defects": sum(one["retest"] != "passed" for one in defects),
    }  # fmt: skip


def _acceptance(record: AcceptanceRow, kept: set[str]) -> Acceptance:
    there = {one["group"] for one in record.documents}
    derived = {
        "accepted": accepted(record), "trial_days": trial_days(record),
        "expert_share": expert_share(record.members),
        "missing_groups": [group for group in get_args(ArchiveGroup) if group not in there],
        "documents": [one | {"kept": one["sha256"] in kept} for one in record.documents],
    }  # fmt: skip
    return Acceptance.model_validate({name: getattr(record, name) for name in _KEPT} | derived)


_DERIVED = frozenset(
    {
        "system_name",
        "plan",
        "plan_item_name",
        "stages",
        "late",
        "conclusion",
        "accepted",
        "open_defects",
        "decision",
        "suspicion",
    }
)
_COLUMNS = tuple(name for name in Project.model_fields if name not in _DERIVED)
_KEPT = tuple(
    name
    for name in Acceptance.model_fields
    if name not in {"accepted", "trial_days", "expert_share", "missing_groups"}
)
