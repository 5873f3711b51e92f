"""Systems as rules judge them."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from mingjing.identity.queries import units
from mingjing.law.facts import FilingFact, SystemFacts
from mingjing.registry.places.queries import known as places
from mingjing.registry.systems.queries import camera_counts, known


def facts_of(
    session: Session, systems: Sequence[str], filings: Mapping[str, Sequence[FilingFact]]
) -> Iterator[SystemFacts]:
    """Facts of systems; filings are another room's and are handed in."""
    rows = [row for row in known(session, systems) if row.ended_us is None]
    kinds = units(session, {row.building_unit for row in rows if row.building_unit})
    classes = {
        one.id: one.national_class for one in places(session, [row.place for row in rows if row.place])
    }
    counts = camera_counts(session, [row.id for row in rows])
    for row in rows:
        built = kinds.get(row.building_unit or "")
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
            cameras=counts.get(row.id, 0),
            installer_kind=built.kind if built else "",
            national_class=classes.get(row.place or "", ""),
            duty_basis=row.duty_basis,
        )
