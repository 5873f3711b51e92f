"""Governance as one thing to wire, start and stop: who listens to what, and the judgement of each night."""

import threading
from datetime import date

import structlog

from mingjing.governance.compliance import service as compliance
from mingjing.governance.decisions.events import DecisionChanged
from mingjing.governance.filing import service as filing
from mingjing.governance.filing.events import FilingChanged
from mingjing.governance.filing.measuring import measure_everything
from mingjing.governance.orders import service as orders
from mingjing.governance.orders.events import OrderChanged
from mingjing.governance.planning.events import PlanChanged
from mingjing.governance.projects import service as projects
from mingjing.governance.projects.events import ProjectChanged
from mingjing.governance.reminding import service as reminding
from mingjing.governance.reminding.service import remind_everybody
from mingjing.governance.reminding.settings import GovernanceSettings
from mingjing.governance.rounds import service as rounds
from mingjing.governance.rounds.events import RoundChanged
from mingjing.governance.staff.events import AgreementChanged, StaffChanged
from mingjing.identity.events import OrganisationChanged
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.events import EventBus
from mingjing.law.days import day_of
from mingjing.recording.events import GapEnded, GapLasts
from mingjing.registry.dossiers.events import DossierChanged
from mingjing.registry.events import (
    CameraChanged,
    CameraMoved,
    CameraRegistered,
    CameraRemoved,
    CamerasEntered,
)
from mingjing.registry.forbidden.events import ConsentChanged, ForbiddenPlaceChanged
from mingjing.registry.places.events import PlaceChanged
from mingjing.registry.systems.events import SystemChanged, SystemEnding
from mingjing.territory.events import DivisionMoved

_log = structlog.get_logger(__name__)
LOOKS_SECONDS = 60
REST_SECONDS = 0.25
"""Longer than SQLite lets somebody sleep who waits for its writer."""
STOP_SECONDS = 3


class GovernanceRoom:
    """Everything of governance that runs by itself."""

    def __init__(self, database: Database, settings: GovernanceSettings | None = None) -> None:
        self._database = database
        self._settings = settings or GovernanceSettings()
        self._stopping = threading.Event()
        self._judged: date | None = None
        self._nightly = threading.Thread(target=self._each_day, name="judging", daemon=True)

    def wire(self, bus: EventBus) -> None:
        """Listen to the rooms below. What was not accepted is refused first; filings follow a system, and rounds a
        forbidden place, before it is judged: the judgement knows them."""
        bus.within(SystemChanged, projects.guard_use)
        bus.within(SystemEnding, filing.guard_ending)
        bus.within(SystemChanged, filing.follow)
        bus.within(DossierChanged, filing.follow_dossier)
        bus.within(CameraRemoved, filing.follow_removal)
        bus.within(CamerasEntered, filing.follow_table)
        bus.within(OrganisationChanged, filing.follow_unit)
        bus.within(SystemChanged, compliance.follow_system)
        bus.within(FilingChanged, compliance.follow_filing)
        bus.within(PlanChanged, compliance.follow_plan)
        bus.within(ProjectChanged, compliance.follow_project)
        bus.within(ForbiddenPlaceChanged, rounds.follow)
        bus.within(PlaceChanged, rounds.follow_place)
        bus.within(ForbiddenPlaceChanged, compliance.follow_forbidden_place)
        bus.within(ConsentChanged, compliance.follow_consent)
        bus.within(DecisionChanged, compliance.follow_decision)
        bus.within(RoundChanged, compliance.follow_round)
        bus.within(OrganisationChanged, compliance.follow_unit)
        bus.within(PlaceChanged, compliance.follow_place)
        bus.within(DossierChanged, compliance.follow_dossier)
        bus.within(CameraRegistered, compliance.follow_camera)
        bus.after_commit(CamerasEntered, self._judge_table)
        bus.within(CameraChanged, compliance.follow_camera)
        bus.within(CameraMoved, compliance.follow_camera)
        bus.within(CameraRemoved, compliance.follow_camera)
        bus.within(GapLasts, orders.on_gap_lasts)
        bus.within(GapEnded, orders.on_gap_ended)
        bus.within(OrderChanged, compliance.follow_order)
        bus.within(StaffChanged, compliance.follow_staff)
        bus.within(AgreementChanged, compliance.follow_agreement)
        bus.within(DivisionMoved, filing.follow_division)
        bus.within(DivisionMoved, orders.follow_division)
        bus.within(DivisionMoved, reminding.follow_division)
        bus.within(DivisionMoved, compliance.follow_division)
        bus.after_commit(DivisionMoved, self._judge_anew)

    def start(self) -> None:
        self._nightly.start()

    def stop(self) -> None:
        """End between two transactions: what is not judged yet is judged at the next start."""
        self._stopping.set()
        if self._nightly.is_alive():
            self._nightly.join(STOP_SECONDS)

    def judge_if_new_day(self) -> bool:
        """Measure and judge everything where that was not done on this Beijing day yet, and recall what is due: deadlines
        run out without a change."""
        today = day_of(self._database.clock.now_us())
        if today == self._judged:
            return False
        # Before, not after: a division that moves meanwhile takes it back, and everything is judged once more.
        self._judged = today
        try:
            measure_everything(self._database, self._stopping.is_set)
            count = compliance.judge_everything(self._database, self._stopping.is_set)
            told = remind_everybody(self._database, self._settings.escalate_after_days, self._stopping.is_set)
        except BaseException:
            self._judged = None
            raise
        _log.info("judged", subjects=count, reminders=told, day=str(today))
        return True

    def _judge_anew(self, _: DivisionMoved) -> None:
        # Other rule sets may bind there: the next look judges everything, as a night does.
        self._judged = None

    def _judge_table(self, event: CamerasEntered) -> None:
        # Ten thousand cameras in one transaction would hold up what recording commits. Where this does not come to its end,
        # the next start judges everything.
        compliance.judge_table(self._database, event, lambda: self._stopping.wait(REST_SECONDS))

    def _each_day(self) -> None:
        while True:
            try:
                self.judge_if_new_day()
            except MingjingError as problem:
                # The database is away; the next look tries again.
                _log.warning("judging_failed", problem=str(problem))
            if self._stopping.wait(LOOKS_SECONDS):
                return
