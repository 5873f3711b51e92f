"""Reads of divisions. They are public knowledge, so no scope is asked for here."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.territory.errors import DIVISION_UNKNOWN
from mingjing.territory.model import Division


def divisions(session: Session, under: str | None, *, ended: bool = False) -> Sequence[tuple[Division, bool]]:
    """Divisions directly below `under` (None: at the top), each with whether more lie below it; those in force, or with
    `ended` all that ever lay there."""
    below = Division.__table__.alias()
    leads = (
        select(func.count())
        .select_from(below)
        .where(below.c.parent == Division.code, below.c.valid_to.is_(None))
        .scalar_subquery()
    )
    query = select(Division, leads).where(Division.parent == under).order_by(Division.code)
    rows = session.execute(query if ended else query.where(Division.valid_to.is_(None)))
    return [(division, count > 0) for division, count in rows]


def known(session: Session, code: str) -> Division:
    """The division that an address names, be it in force or not. Raises REQ-404."""
    found = session.get(Division, code)
    if found is None:
        raise MingjingError(NOT_FOUND)
    return found


def division(session: Session, code: str) -> Division:
    """The division that something names, be it in force or not. Raises DIV-004."""
    found = session.get(Division, code)
    if found is None:
        raise MingjingError(DIVISION_UNKNOWN, code=code[:12])
    return found


def in_force(session: Session, code: str) -> Division:
    """The division `code`. Raises DIV-004; for one that has ended it names what took its place."""
    found = division(session, code)
    if found.valid_to is None:
        return found
    now = found
    while now.valid_to is not None and now.successor is not None:
        now = division(session, now.successor)
    if now.valid_to is not None:
        raise MingjingError(DIVISION_UNKNOWN, code=code)
    raise MingjingError(DIVISION_UNKNOWN, code=code, instead=f"{now.code} {now.name}")


def path_of(session: Session, code: str) -> str:
    """The materialised path of a division in force, which scopes compare. Raises DIV-004."""
    return in_force(session, code).path


def codes_and_paths(session: Session, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Of those of `codes` that are divisions in force: the administrative code that stands for each, and its path."""
    rows = session.execute(
        select(Division.code, Division.civil_code, Division.path).where(
            Division.code.in_(list(codes)), Division.valid_to.is_(None)
        )
    )
    return {row.code: (row.civil_code or row.code, row.path) for row in rows}


def has_below(session: Session, code: str) -> bool:
    """Whether divisions in force lie directly below."""
    query = select(Division.code).where(Division.parent == code, Division.valid_to.is_(None))
    return session.scalars(query.limit(1)).first() is not None


def civil_code(session: Session, code: str) -> str:
    """The administrative code of a division: its own, or the one that stands for a functional zone. Raises DIV-004."""
    found = division(session, code)
    return found.civil_code or found.code
