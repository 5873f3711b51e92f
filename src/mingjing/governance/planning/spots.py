"""What is planned at a spot, against what is there: cameras that see it, and whether one may stand there at all."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from mingjing.governance.planning.model import PlanItemRow
from mingjing.governance.planning.rules import Limits, Overlap, Spot, limits_of, overlaps
from mingjing.identity.scope import Scope
from mingjing.kernel.errors import MingjingError
from mingjing.law.sets import shipped
from mingjing.law.space import around
from mingjing.registry.dossiers.queries import Standing, standing_in
from mingjing.registry.forbidden.queries import judge_spot
from mingjing.registry.forbidden.rules import Spot as Place
from mingjing.registry.places.errors import HALF_POINT


def check_spot(
    session: Session, today: date, division_path: str, longitude: float | None, latitude: float | None
) -> None:
    """Whether something may be planned or built at a spot (HB361, article 8). Raises PLC-003 for half a position, FRB-001
    inside a forbidden place. What is only suspected goes to a person (`governance.decisions`); the consent of a secret
    unit is needed for installing, not for a plan."""
    if (longitude is None) != (latitude is None):
        raise MingjingError(HALF_POINT)
    judged = judge_spot(session, today, Place(longitude, latitude), division_path)
    if refusal := judged.refusal(installing=False):
        raise refusal.error


def limits(division_path: str, today: date) -> Limits | None:
    """From when on an overlap counts at a place; None where no order in force says so."""
    applied = shipped().in_force(today, division_path)
    return limits_of(one.set.clauses["PLAN-02"].figures for one in applied if "PLAN-02" in one.set.clauses)


def spot_of(one: Standing) -> Spot:
    """Where a camera of the register looks."""
    return Spot(one.longitude, one.latitude, one.azimuth, one.view_angle, one.view_m)


def neighbours(session: Session, sees: Scope, planned: Iterable[Spot], limit: Limits) -> dict[str, Standing]:
    """Cameras near any of the spots that a person may see, by their identifier."""
    found: dict[str, Standing] = {}
    for spot in planned:
        box = around(spot.longitude, spot.latitude, limit.distance_m)
        found.update((one.camera, one) for one in standing_in(session, sees, box))
    return found


def overlaps_at(session: Session, sees: Scope, planned: Spot, limit: Limits) -> list[Overlap]:
    """What a spot shares with cameras that are there, as far as a person may see them."""
    there = neighbours(session, sees, [planned], limit)
    return overlaps(planned, {camera: spot_of(one) for camera, one in there.items()}, limit)


def located(row: PlanItemRow) -> Spot | None:
    """Where an item lies; None where nobody has said."""
    if row.longitude is None or row.latitude is None:
        return None
    return Spot(row.longitude, row.latitude, row.azimuth, row.view_angle, row.view_m)


def undecided(row: PlanItemRow, today: date) -> bool:
    """Whether an item overlaps so much that it needs a decision that is not there."""
    limit = limits(row.division_path, today)
    return limit is not None and row.overlap >= limit.overlap_percent and not row.reuse
