"""Routes of identity, by family. Thin: they resolve the caller, call one use case, and shape the answer."""

from fastapi import APIRouter

from mingjing.identity.api import accounts, approvals, divisions, own, registers, session, tokens

router = APIRouter()
for family in (session, own, accounts, approvals, tokens, registers, divisions):
    router.include_router(family.router)
