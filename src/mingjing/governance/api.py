"""Every route of governance, for `app`."""

from fastapi import APIRouter

from mingjing.governance.compliance import api as compliance
from mingjing.governance.decisions import api as decisions
from mingjing.governance.filing import api as filing
from mingjing.governance.planning import api as planning
from mingjing.governance.projects import api as projects
from mingjing.governance.rounds import api as rounds

router = APIRouter()
router.include_router(planning.router)
router.include_router(projects.router)
router.include_router(filing.router)
router.include_router(compliance.router)
router.include_router(decisions.router)
router.include_router(rounds.router)
