"""Reads of divisions. They are public knowledge, so no scope is asked for here."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mingjing.kernel.errors import MingjingError
from mingjing.territory.errors import DIVISION_UNKNOWN
from mingjing.territory.model import Division


def divisions(session: Session, under: str | None) -> Sequence[tuple[Division, bool]]:
    """Divisions directly below `under` (None: at the top), each with whether more lie below it."""
    below = Division.__table__.alias()
    leads = select(func.count()).select_from(below).where(below.c.parent == Division.code).scalar_subquery()
    rows = session.execute(select(Division, leads).where(Division.parent == under).order_by(Division.code))
    return [(division, count > 0) for division, count in rows]


def division(session: Session, code: str) -> Division:
    """The division `code`. Raises DIV-004."""
    found = session.get(Division, code)
    if found is None:
        raise MingjingError(DIVISION_UNKNOWN, code=code[:12])
    return found


def path_of(session: Session, code: str) -> str:
    """The materialised path of the division `code`, which scopes compare. Raises DIV-004."""
    return division(session, code).path
