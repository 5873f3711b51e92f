"""Every route of governance, for `app`."""

from fastapi import APIRouter

from mingjing.governance.compliance import api as compliance
from mingjing.governance.decisions import api as decisions
from mingjing.governance.filing import api as filing
from mingjing.governance.map import api as map_api
from mingjing.governance.orders import api as orders
from mingjing.governance.planning import api as planning
from mingjing.governance.projects import api as projects
from mingjing.governance.reminding import api as reminding
from mingjing.governance.rounds import api as rounds
from mingjing.governance.staff import api as staff
from mingjing.governance.submission import api as submission
from mingjing.governance.submission import public
from mingjing.governance.waiting import api as waiting

router = APIRouter()
pages = public.router
"""What is served without an account, and outside the interface."""
router.include_router(planning.router)
router.include_router(projects.router)
router.include_router(filing.router)
router.include_router(submission.router)
router.include_router(compliance.router)
router.include_router(decisions.router)
router.include_router(rounds.router)
router.include_router(reminding.router)
router.include_router(waiting.router)
router.include_router(orders.router)
router.include_router(staff.router)
router.include_router(map_api.router)
