"""Systems as rules judge them."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from mingjing.law.facts import FilingFact, SystemFacts
from mingjing.registry.systems.queries import known


def facts_of(
    session: Session, systems: Sequence[str], filings: Mapping[str, Sequence[FilingFact]]
) -> Iterator[SystemFacts]:
    """Facts of systems; filings are another room's and are handed in."""
    for row in known(session, systems):
        if row.ended_us is not None:
            continue
        yield SystemFacts(
            id=row.id,
            division_path=row.division_path,
            regime=row.regime,
            purposes=frozenset(row.purposes),
            funding=row.funding,
            maintainer=row.maintainer or "",
            building_unit=row.building_unit or "",
            using_unit=row.organisation,
            in_use=row.in_use,
            dismantle_planned=row.dismantle_planned,
            dismantled=row.dismantled,
            category=row.category,
            filings=tuple(filings.get(row.id, ())),
        )
