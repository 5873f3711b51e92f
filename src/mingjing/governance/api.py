"""Every route of governance, for `app`."""

from fastapi import APIRouter

from mingjing.governance.compliance import api as compliance
from mingjing.governance.filing import api as filing

router = APIRouter()
router.include_router(filing.router)
router.include_router(compliance.router)
