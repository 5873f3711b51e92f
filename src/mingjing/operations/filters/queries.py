"""Reads of saved filters: one's own and those shared with one's unit."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from mingjing.identity.caller import Caller
from mingjing.operations.filters.model import SavedFilter

SHOWN_MOST = 1000


def saved(session: Session, caller: Caller, page: str | None) -> Sequence[SavedFilter]:
    """One's own and the unit's, of one page or of all, by name."""
    theirs = and_(SavedFilter.shared.is_(True), SavedFilter.organisation == caller.organisation)
    where = [or_(SavedFilter.owner == caller.user, theirs)]
    if page is not None:
        where.append(SavedFilter.page == page)
    return session.scalars(
        select(SavedFilter).where(*where).order_by(SavedFilter.name, SavedFilter.id).limit(SHOWN_MOST)
    ).all()
