"""Reads of the register of forbidden places, and the judgement of a spot that other rooms ask for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from shapely import STRtree
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from mingjing.identity.scope import Scope
from mingjing.kernel.errors import MingjingError, Text
from mingjing.kernel.paging import Page
from mingjing.law.citing import citations
from mingjing.law.facts import CameraFacts, ConsentFact, ForbiddenKind, Suspicion
from mingjing.law.rule import Court, State
from mingjing.law.rules import rules
from mingjing.law.sets import shipped
from mingjing.law.space import Box, widened
from mingjing.law.suspicion import grounds
from mingjing.law.words import FORBIDDEN_KINDS
from mingjing.registry import record
from mingjing.registry.forbidden.errors import CONSENT_MISSING, FORBIDDEN_HERE
from mingjing.registry.forbidden.model import ConsentRow, ForbiddenPlaceRow
from mingjing.registry.forbidden.rules import WIDEST_DEGREES, Seen, Spot, Zone, look
from mingjing.registry.record import Narrowed

_REFUSING = ("FORB-01", "SECR-01")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing may be installed at a spot: the rule, the kind of the zone that it lies in, the articles."""

    rule: str
    kind: ForbiddenKind
    basis: tuple[Text, ...]

    @property
    def error(self) -> MingjingError:
        """What is said to who wants to install there: FRB-001, or FRB-002 beside a secret unit."""
        kind = FORBIDDEN_KINDS[self.kind]
        return MingjingError(
            CONSENT_MISSING if self.rule == "SECR-01" else FORBIDDEN_HERE, kind_zh=kind.zh, kind_en=kind.en,
            article_zh="、".join(one.zh for one in self.basis), article_en="; ".join(one.en for one in self.basis),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the law says of a spot. With a refusal nothing may be built there; each suspicion goes to a person."""

    refusals: tuple[Refusal, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()

    def refusal(self, *, installing: bool) -> Refusal | None:
        """The first one that counts. A secret unit's consent is asked for before a camera is installed: not of a plan, and
        not of a camera that is in use, which is entered as what it is, a violation."""
        return next((one for one in self.refusals if installing or one.rule != "SECR-01"), None)


def judge_spot(session: Session, today: date, spot: Spot, division_path: str) -> Judgement:
    """What the law says of what shall stand at a spot and is no camera of the register yet: a plan item, a project."""
    return judge_spots(session, today, {"": spot}, {"": division_path})[""]


def judge_spots(
    session: Session, today: date, spots: Mapping[str, Spot], paths: Mapping[str, str]
) -> dict[str, Judgement]:
    """What the law says of spots by the camera that stands there, or any other name for what shall.

    A spot holds what is known of it (degrees WGS-84, degrees clockwise from north, metres): position, view, name, whether
    it is indoors, the sub-category of its place; nothing of it is mandatory. `paths` are the divisions that they lie in,
    so that the province's order is quoted too. Only zones in force on `today` count.
    """
    seen = see(session, spots)
    consents = consents_for(session, {name: [zone.id for zone in one.inside] for name, one in seen.items()})
    court = Court(shipped(), today)
    judged = {}
    for name, spot in spots.items():
        facts = CameraFacts(
            name, paths[name], "", placed=spot.longitude is not None, inside=seen[name].inside,
            suspected=seen[name].suspected, consents=consents.get(name, ()),
        )  # fmt: skip
        kinds = {zone.id: zone.kind for zone in facts.inside}
        refusals = [
            Refusal(rule, kinds[found.key], tuple(citations(shipped(), rule, found.sets)))
            for rule in _REFUSING
            for found in court.judge(rules()[rule], facts)
            if found.state is State.BROKEN
        ]
        suspicions = tuple(one for one in facts.suspected if one.holds(today))
        judged[name] = Judgement(tuple(refusals), suspicions)
    return judged


def see(session: Session, spots: Mapping[str, Spot]) -> dict[str, Seen]:
    """In which zones of the register each spot lies, and of what it is suspected; zones of every day are told, with
    their dates."""
    near: dict[str, list[Zone]] = {}
    zones = _zones_near(session, spots.values())
    if zones:
        areas = [(name, area) for name, spot in spots.items() if (area := spot.area) is not None]
        tree = STRtree([_square(zone.box) for zone in zones])
        spot_at, zone_at = tree.query([_square(area) for _, area in areas])
        for one, other in sorted(zip(spot_at.tolist(), zone_at.tolist(), strict=True)):
            near.setdefault(areas[one][0], []).append(zones[other])
    return {name: look(spot, near.get(name, ())) for name, spot in spots.items()}


def _zones_near(session: Session, spots: Collection[Spot]) -> list[Zone]:
    """Zones that may matter to any of some spots: those around all of them."""
    east = [spot.longitude for spot in spots if spot.longitude is not None and spot.latitude is not None]
    north = [spot.latitude for spot in spots if spot.longitude is not None and spot.latitude is not None]
    if not east:
        return []
    figures = grounds().figures
    reach = max(figures["near_m"], figures["reach_most_m"])
    return zones_in(session, widened(Box(min(east), min(north), max(east), max(north)), reach))


def zones_in(session: Session, box: Box) -> list[Zone]:
    """Zones that touch a box, for the program's own work, by identifier."""
    columns = ForbiddenPlaceRow
    rows = session.execute(
        select(
            columns.id, columns.kind, columns.west, columns.south, columns.east, columns.north, columns.outline,
            columns.longitude, columns.latitude, columns.radius_m, columns.since, columns.until,
        )
        .where(columns.ended_us.is_(None), *touching(box))
        .order_by(columns.id)
    )  # fmt: skip
    return [
        Zone(
            row[0], row[1], Box(*row[2:6]), ring=row[6], longitude=row[7] or 0.0, latitude=row[8] or 0.0,
            radius=row[9] or 0.0, since=row[10], until=row[11],
        )
        for row in rows
    ]  # fmt: skip


def touching(box: Box) -> list[ColumnElement[bool]]:
    """The conditions that a place touches a box. None is wider than `WIDEST_DEGREES`, so an index on one side narrows."""
    at = ForbiddenPlaceRow
    return [
        at.west <= box.east, at.west >= box.west - WIDEST_DEGREES, at.east >= box.west,
        at.south <= box.north, at.north >= box.south,
    ]  # fmt: skip


def forbidden_places(
    session: Session,
    scope: Scope,
    wanted: Narrowed,
    limit: int,
    after: str | None,
    *,
    kind: str | None = None,
    box: Box | None = None,
    place: str | None = None,
) -> Page[ForbiddenPlaceRow]:
    """Forbidden places by name; those that touch a box, where one is given."""
    also: list[ColumnElement[bool]] = [] if box is None else touching(box)
    if kind is not None:
        also.append(ForbiddenPlaceRow.kind == kind)
    if place is not None:
        also.append(ForbiddenPlaceRow.place == place)
    return record.listed(session, scope, ForbiddenPlaceRow, wanted, limit, after, *also)


def forbidden_place(session: Session, scope: Scope, identifier: str) -> ForbiddenPlaceRow:
    """One forbidden place. Raises REQ-404."""
    return record.one(session, scope, ForbiddenPlaceRow, identifier)


def known(session: Session, identifiers: Sequence[str]) -> Sequence[ForbiddenPlaceRow]:
    """Forbidden places for the program's own work, never for a person."""
    return session.scalars(select(ForbiddenPlaceRow).where(ForbiddenPlaceRow.id.in_(list(identifiers)))).all()


def standing(session: Session) -> list[str]:
    """Every forbidden place that is in the register, for the program's own work."""
    return list(session.scalars(select(ForbiddenPlaceRow.id).where(ForbiddenPlaceRow.ended_us.is_(None))))


def consents(
    session: Session, scope: Scope, limit: int, after: str | None, *, zone: str | None = None
) -> Page[ConsentRow]:
    """Consents of secret units by document."""
    also = [] if zone is None else [ConsentRow.zone == zone]
    return record.listed(session, scope, ConsentRow, Narrowed(), limit, after, *also)


def consent(session: Session, scope: Scope, identifier: str) -> ConsentRow:
    """One consent. Raises REQ-404."""
    return record.one(session, scope, ConsentRow, identifier)


def consents_for(session: Session, zones: Mapping[str, Sequence[str]]) -> dict[str, tuple[ConsentFact, ...]]:
    """By camera, the consents that cover it, for the program's own work; `zones`: the secret neighbourhoods that each
    camera lies in."""
    wanted = sorted({zone for some in zones.values() for zone in some})
    if not wanted:
        return {}
    rows = session.scalars(
        select(ConsentRow)
        .where(ConsentRow.ended_us.is_(None), ConsentRow.zone.in_(wanted))
        .order_by(ConsentRow.given, ConsentRow.id)
    ).all()
    return {
        camera: tuple(
            ConsentFact(row.zone, row.given, row.until)
            for row in rows
            if row.zone in some and (not row.cameras or camera in row.cameras)
        )
        for camera, some in zones.items()
    }


def _square(box: Box) -> shapely.Polygon:
    return shapely.box(box.west, box.south, box.east, box.north)
