"""Every route of governance, for `app`."""

from fastapi import APIRouter

from mingjing.governance.compliance import api as compliance
from mingjing.governance.filing import api as filing
from mingjing.governance.map import api as map_api
from mingjing.governance.planning import api as planning
from mingjing.governance.projects import api as projects
from mingjing.governance.submission import api as submission
from mingjing.governance.submission import public

router = APIRouter()
pages = public.router
"""Makes what is served without an account, and outside the interface."""
router.include_router(planning.router)
router.include_router(projects.router)
router.include_router(filing.router)
router.include_router(submission.router)
router.include_router(compliance.router)
router.include_router(map_api.router)
