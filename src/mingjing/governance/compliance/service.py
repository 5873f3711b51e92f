"""Judging: what the rules say of subjects now, kept as findings that open, are acknowledged, and are cured.

What is judged after one change is the same as what a judgement of everything would say: a subject's verdicts depend on
its own facts and on today alone.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from mingjing.audit.history import changed
from mingjing.audit.service import Actor, Object
from mingjing.governance.compliance.errors import NOT_OPEN
from mingjing.governance.compliance.keeping import HELD, keep, stand_elsewhere
from mingjing.governance.compliance.lookers import Lookers
from mingjing.governance.compliance.looking import PLANNED, Part, verdicts
from mingjing.governance.compliance.model import FindingRow
from mingjing.governance.compliance.queries import finding, how_many_judged, judged
from mingjing.governance.compliance.subjects import KINDS
from mingjing.governance.decisions.cameras import ask_of_cameras
from mingjing.governance.decisions.events import DecisionChanged
from mingjing.governance.decisions.planned import ask_of_plans, ask_of_projects
from mingjing.governance.filing.events import FilingChanged
from mingjing.governance.orders.events import OrderChanged
from mingjing.governance.planning.events import PlanChanged
from mingjing.governance.planning.queries import with_items_in as plans_with_items_in
from mingjing.governance.projects.events import ProjectChanged
from mingjing.governance.projects.queries import delivering, implementing
from mingjing.governance.projects.queries import standing_in as projects_in
from mingjing.governance.rounds.events import RoundChanged
from mingjing.governance.staff.events import AgreementChanged, StaffChanged
from mingjing.governance.staff.queries import at_posts_of
from mingjing.identity.events import OrganisationChanged
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Database, Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.law.space import widened
from mingjing.law.suspicion import grounds
from mingjing.registry.dossiers.events import DossierChanged
from mingjing.registry.dossiers.queries import (
    covering,
    looking_into,
    of_system,
    place_covered_by,
    systems_with,
)
from mingjing.registry.events import (
    CameraChanged,
    CameraMoved,
    CameraRegistered,
    CameraRemoved,
    CamerasEntered,
)
from mingjing.registry.forbidden.events import ConsentChanged, ForbiddenPlaceChanged
from mingjing.registry.places.events import PlaceChanged
from mingjing.registry.systems.events import SystemChanged
from mingjing.registry.systems.queries import serving, used_by
from mingjing.territory.events import DivisionMoved

AT_ONCE: Final = 1000
_ASKED: Final = MappingProxyType({"plan": ask_of_plans, "project": ask_of_projects})
"""Of each kind of what is not built yet, how a person is asked about what is suspected of it."""


def follow_system(tx: Transaction, event: SystemChanged) -> None:
    """A system was changed: what binds its cameras may be another regime now, and a project may have delivered it."""
    judge_subjects(tx, "system", [event.system])
    judge_subjects(tx, "project", delivering(tx.session, [event.system]))
    if event.members & {"regime", "category"}:
        for part in _parts(of_system(tx.session, event.system)):
            judge_subjects(tx, "camera", part)
        judge_subjects(tx, "staff", at_posts_of(tx.session, event.system))


def follow_filing(tx: Transaction, event: FilingChanged) -> None:
    """A filing came into another state: its system is judged."""
    judge_subjects(tx, "system", [event.system])


def follow_plan(tx: Transaction, event: PlanChanged) -> None:
    """A construction plan or its items changed: projects that implement them may stand in an approved plan now."""
    judge_subjects(tx, "plan", [event.plan])
    judge_subjects(tx, "project", implementing(tx.session, event.items))


def follow_project(tx: Transaction, event: ProjectChanged) -> None:
    """A project or its acceptance was changed."""
    judge_subjects(tx, "project", [event.project])


def follow_order(tx: Transaction, event: OrderChanged) -> None:
    """A fault order came into another state: its system is judged."""
    judge_subjects(tx, "system", [event.system])


def follow_staff(tx: Transaction, event: StaffChanged) -> None:
    """A staff file was entered or changed."""
    judge_subjects(tx, "staff", [event.staff])


def follow_agreement(tx: Transaction, event: AgreementChanged) -> None:
    """An agreement was entered or changed: who operates its systems may be bound now, or not any more."""
    judge_subjects(tx, "system", sorted(event.systems))


def follow_place(tx: Transaction, event: PlaceChanged) -> None:
    """A place was changed, and with it who may build there and what is suspected of the cameras that cover it."""
    judge_subjects(tx, "place", [event.place])
    judge_subjects(tx, "system", serving(tx.session, event.place))
    for part in _parts(covering(tx.session, event.place)):
        judge_subjects(tx, "camera", part)


def follow_forbidden_place(tx: Transaction, event: ForbiddenPlaceChanged) -> None:
    """A forbidden place was entered, changed or ended: cameras stand in it, or look into it, that did not before, and
    what is planned or built there is suspected, or not any more."""
    for part in _parts(looking_into(tx.session, event.areas)):
        judge_subjects(tx, "camera", part)
    near = [widened(area, grounds().figures["reach_most_m"]) for area in event.areas]
    judge_subjects(tx, "plan", plans_with_items_in(tx.session, near))
    judge_subjects(tx, "project", projects_in(tx.session, near))


def follow_consent(tx: Transaction, event: ConsentChanged) -> None:
    """A secret unit consented, or its consent was changed."""
    for part in _parts(looking_into(tx.session, [event.area])):
        judge_subjects(tx, "camera", part)


def follow_decision(tx: Transaction, event: DecisionChanged) -> None:
    """Somebody decided on a suspected camera."""
    if event.subject_kind == "camera":
        judge_subjects(tx, "camera", [event.subject])


def follow_round(tx: Transaction, event: RoundChanged) -> None:
    """A round was opened, changed or made."""
    judge_subjects(tx, "round", [event.round])


def follow_unit(tx: Transaction, event: OrganisationChanged) -> None:
    """A unit was changed: what its systems were filed with, and who has built them."""
    judge_subjects(tx, "system", used_by(tx.session, event.organisation))


def follow_dossier(tx: Transaction, event: DossierChanged) -> None:
    """A camera's dossier was written: it came to another system, covers another position, has its sign checked."""
    judge_subjects(tx, "camera", [event.camera])
    judge_subjects(tx, "system", sorted(event.systems))
    judge_subjects(tx, "place", sorted(event.places))


def follow_camera(
    tx: Transaction, event: CameraRegistered | CameraChanged | CameraMoved | CameraRemoved
) -> None:
    """A camera was entered, changed, moved, or left the register, and what it covered with it."""
    judge_subjects(tx, "camera", [event.channel])
    covered = place_covered_by(tx.session, event.channel)
    if isinstance(event, CameraRemoved):
        judge_subjects(tx, "system", systems_with(tx.session, [event.channel]))
        if covered is not None:
            judge_subjects(tx, "place", [covered])


def follow_division(tx: Transaction, event: DivisionMoved) -> None:
    """What was found stands where its subject stands."""
    stand_elsewhere(tx, event.old_path, event.new_path)


def judge_everything(
    database: Database, stopping: Callable[[], bool] = lambda: False, lookers: Lookers | None = None
) -> int:
    """Judge every subject anew, as each night does, until `stopping`; returns how many were judged.

    Each is looked at without a transaction, and judged once more in one where what is known of it differs: nearly all are
    as they were, and the writer stays free for what recording commits. `lookers`: who looks; None: as many as are useful.
    """
    count = 0
    with lookers or Lookers(database) as looking:
        with database.reading() as session:
            looking.prepare(how_many_judged(session))
            parts = [Part(kind, part) for kind in KINDS for part in _parts(_to_judge(session, kind))]
        for part, found in looking.look(parts, stopping):
            count += found.same
            if found.differ:
                with database.transaction() as tx:
                    count += judge_subjects(tx, part.kind, found.differ)
    return count


def _to_judge(session: Session, kind: str) -> list[str]:
    """Subjects that are there, and those of which something is known that are no more."""
    there = dict(KINDS[kind].standing(session))
    # By place: what is judged together adds to the same tallies.
    wanted = [subject for _, subject in sorted((path, subject) for subject, path in there.items())]
    return wanted + sorted(judged(session, kind) - there.keys())


def judge_table(database: Database, event: CamerasEntered, resting: Callable[[], bool]) -> None:
    """A table was brought in: judge what it touched, in many transactions, as a night does. Between two of them it rests,
    so that those who wait for SQLite's one writer get their turn; `resting` says whether to stop."""
    concerned = {"camera": (*event.entered, *event.touched), "system": event.systems, "place": event.places}
    for kind, wanted in concerned.items():
        for part in _parts(wanted):
            with database.transaction() as tx:
                judge_subjects(tx, kind, part)
            if resting():
                return


def judge_subjects(tx: Transaction, kind: str, wanted: Sequence[str]) -> int:
    """Judge subjects of a kind, and keep what differs from what is known; returns how many of them are there."""
    if not wanted:
        return 0
    found = list(KINDS[kind].gather(tx.session, wanted, tx.now_us()))
    # What is suspected is asked of a person before it is judged; an answer that was given on another view is none.
    if kind == "camera" and ask_of_cameras(tx, wanted, [one.facts for one in found]):
        found = list(KINDS[kind].gather(tx.session, wanted, tx.now_us()))
    if kind in PLANNED:
        _ASKED[kind](tx, wanted)
    keep(tx, kind, wanted, verdicts(kind, found, tx.now_us()))
    return len(found)


def acknowledge(
    tx: Transaction, actor: Actor, scope: Scope, identifier: str, reason: str, until: date | None
) -> FindingRow:
    """Take note of a finding, with the reason why it stands. Raises CMP-001 for one that is cured, REQ-404."""
    row = finding(tx.session, scope, identifier)
    if row.state not in HELD:
        raise MingjingError(NOT_OPEN)
    before = {"state": row.state, "reason": row.reason}
    row.state, row.reason = "acknowledged", reason
    row.acknowledged_by, row.acknowledged_until, row.changed_us = actor.id, until, tx.now_us()
    tx.session.flush()
    after = {"state": row.state, "reason": row.reason}
    changed(
        tx,
        actor,
        Object("finding", row.id),
        "acknowledge",
        before,
        after,
        {"rule": row.rule, "name": row.subject_name},
    )
    return row


def _parts(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
