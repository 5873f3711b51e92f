"""Projects as rules judge them."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from mingjing.governance.planning import queries as planning
from mingjing.governance.projects.model import AcceptanceRow, ProjectRow
from mingjing.governance.projects.queries import acceptances, known
from mingjing.governance.projects.rules import accepted_on
from mingjing.law.days import day_of
from mingjing.law.facts import ProjectFacts, Stage
from mingjing.registry.systems.queries import known as systems


def facts_of(session: Session, projects: Sequence[str]) -> Iterator[ProjectFacts]:
    """Facts of projects that are in the register."""
    rows = [row for row in known(session, projects) if row.ended_us is None]
    records = acceptances(session, [row.id for row in rows])
    delivered = {row.id: row for row in systems(session, [row.system for row in rows if row.system])}
    approved = planning.approved(session, [row.plan_item for row in rows if row.plan_item])
    for row in rows:
        record = records.get(row.id)
        system = delivered.get(row.system or "")
        yield ProjectFacts(
            id=row.id,
            division_path=row.division_path,
            regime=system.regime if system else "",
            funding=row.funding,
            planned=row.plan_item in approved,
            with_main_works=bool(row.main_works),
            main=main_days(row),
            video=video_days(row, record, system.in_use if system else None),
            accepted=accepted(record),
            concluded=record.concluded if record and record.conclusion else None,
            trial_days=trial_days(record),
            archive=frozenset(one["group"] for one in record.documents) if record else frozenset(),
            members=len(record.members) if record else 0,
            experts=sum(bool(one["expert"]) for one in record.members) if record else 0,
        )


def main_days(row: ProjectRow) -> dict[Stage, date]:
    """Days of the main works by stage."""
    days: dict[Stage, date | None] = {
        "design": row.main_design, "construction": row.main_construction, "acceptance": row.main_acceptance,
        "use": row.main_use,
    }  # fmt: skip
    return {stage: day for stage, day in days.items() if day is not None}


def video_days(row: ProjectRow, record: AcceptanceRow | None, in_use: date | None) -> dict[Stage, date]:
    """Days of the video system by stage. That of acceptance is when acceptance stands; that of use is the project's own,
    or else the system's, `in_use`, where this project brought it into use."""
    use = row.video_use
    if use is None and brings(row, in_use):
        use = in_use
    days: dict[Stage, date | None] = {
        "design": row.video_design, "construction": row.video_construction, "acceptance": accepted(record),
        "use": use,
    }  # fmt: skip
    return {stage: day for stage, day in days.items() if day is not None}


def brings(row: ProjectRow, in_use: date | None) -> bool:
    """Whether a system's entry into use is this project's doing. A system that was in use before its project began (or,
    where nobody has entered when it began, before it was entered) is rebuilt or extended by it; a new one never was."""
    if in_use is None:
        return False
    if row.kind == "new":
        return True
    began = min((day for day in (row.video_design, row.video_construction) if day is not None), default=None)
    return in_use >= (began or day_of(row.created_us))


def accepted(record: AcceptanceRow | None) -> date | None:
    """The day from which an acceptance stands."""
    return accepted_on(record.conclusion, record.concluded, record.defects) if record else None


def trial_days(record: AcceptanceRow | None) -> int | None:
    """Days of the trial run, its first not counted."""
    if record is None or record.trial_from is None or record.trial_until is None:
        return None
    return (record.trial_until - record.trial_from).days
