"""Facts that rules judge, as plain values. Rooms gather them; nothing here reads a database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Regime = Literal["art7", "art9", "non_public", ""]
Category = Literal[
    "", "state_media_finance", "transport", "energy_water_utility", "education_health_heritage",
    "commerce_leisure", "hazardous_goods_pathogens", "defence_industry", "residential", "crime_prone",
    "other_statutory",
]  # fmt: skip
"""Of HB361, article 7; empty for none."""
Funding = Literal["government_built", "government_leased", "other", ""]
PositionKind = Literal["entrance", "main_passage", "vital_part"]
FilingKind = Literal["initial", "legacy", "change", "dismantling"]
UnitKind = Literal[
    "public_security",
    "department",
    "government",
    "operator",
    "builder",
    "design",
    "maintenance",
    "assisting",
    "other",
]
OrganLevel = Literal["", "province", "city", "county", "station"]
Function = Literal[
    "", "development_reform", "economy_information", "finance", "science_technology", "housing_construction",
    "transport", "quality_supervision",
]  # fmt: skip
Assistance = Literal["", "power", "telecom", "finance"]
ProjectKind = Literal["new", "rebuilt", "extended"]
Stage = Literal["design", "construction", "acceptance", "use"]
"""Of a project, in their order (HB361, article 10)."""
ArchiveGroup = Literal["design", "construction", "inspection", "acceptance"]
"""Of a project's documents (SC799, article 11)."""
Conclusion = Literal["", "passed", "basically_passed", "not_passed"]
"""Of an acceptance; empty until it is drawn."""

ForbiddenKind = Literal[
    "hotel_guest_room", "private_dining_room", "dormitory_room", "staff_rest_room", "intimate_facility",
    "fitting_room", "client_data_area", "ballot_report_box", "other_privacy", "covert_or_audio", "secret_neighbour",
    "dwelling_facing",
]  # fmt: skip
"""Of HB361, article 8 and SC799, articles 8 and 10."""
Ground = Literal["view", "near", "inside", "name", "place"]
"""Why a spot is suspected: it looks into a place, is near one, is in a conditional one, its name or its place says it."""
DecisionState = Literal["waiting", "allowed", "masked", "prohibited", "lapsed"]
RoundKind = Literal["forbidden_check", "sign_check"]


@dataclass(frozen=True, slots=True)
class FilingFact:
    """A filing as it stands: `submitted` is the day on which the organ got it, None where it has not or gave it back."""

    kind: FilingKind
    submitted: date | None
    organ_division: str = ""
    """Code of the division whose organ it goes to."""
    accepted: bool = False
    number: str = ""
    """Our own, by which a duty that each filing has is told apart."""
    trigger: date | None = None
    """What its clock counts from."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A member that was filed and that the register has otherwise since a day."""

    member: str
    since: date


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a night has measured of a system."""

    recorded: int
    """Cameras of which there are recordings of the last days."""
    kept_days: int | None
    """How many days its recordings reach back to what was deleted last, of the camera of which the least is kept; None
    where nothing was deleted yet."""
    grown_days: int | None
    """How many days ago the youngest of the cameras of which nothing was deleted began to record; None for none."""


@dataclass(frozen=True, slots=True)
class LostCamera:
    """A camera of a system that was taken out of the register, or whose stream has been away, since a day."""

    id: str
    name: str
    since: date
    removed: bool


@dataclass(frozen=True, slots=True)
class OrderFact:
    """A fault order: its terms and what was done, microseconds UTC; a term is None where nothing sets one."""

    number: str
    respond_by_us: int | None
    repair_by_us: int | None
    responded_us: int | None
    repaired_us: int | None


@dataclass(frozen=True, slots=True)
class Contractor:
    """A unit to which the operation of a system is entrusted, and until when its confidentiality agreement holds; None
    where there is none."""

    name: str
    agreed_until: date | None


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """A video system."""

    id: str
    division_path: str
    regime: Regime
    purposes: frozenset[str] = frozenset()
    funding: Funding = ""
    maintainer: str = ""
    building_unit: str = ""
    using_unit: str = ""
    in_use: date | None = None
    dismantle_planned: date | None = None
    dismantled: date | None = None
    category: str = ""
    filings: Sequence[FilingFact] = field(default_factory=tuple)
    differences: Sequence[Difference] = field(default_factory=tuple)
    filed: Mapping[str, int] = field(default_factory=dict)
    """Numbers that were filed last, by the members of the form."""
    cameras: int = 0
    """That the register has."""
    measured: Measurement | None = None
    """None where no night has measured it yet."""
    lost: Sequence[LostCamera] = field(default_factory=tuple)
    orders: Sequence[OrderFact] = field(default_factory=tuple)
    contractor: Contractor | None = None
    """Who operates it on behalf of its using unit."""
    installer_kind: str = ""
    """Kind of the building unit; empty where none is registered."""
    national_class: str = ""
    """Of the place that it serves, SC799, articles 7, 9 and 33."""
    duty_basis: str = ""
    """Why its using unit has a security duty (SC799, article 9)."""


@dataclass(frozen=True, slots=True)
class KeyPosition:
    """A position of a place that the law wants covered, and how many cameras in use cover it."""

    id: str
    kind: PositionKind
    name: str
    cameras: int


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A place of the ten categories (HB361, article 7)."""

    id: str
    division_path: str
    positions: Sequence[KeyPosition] = field(default_factory=tuple)
    regime: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """What holds from one day to another, both included; None: open."""

    since: date | None = None
    until: date | None = None

    def holds(self, today: date) -> bool:
        return (self.since is None or self.since <= today) and (self.until is None or today <= self.until)


@dataclass(frozen=True, slots=True)
class ZoneFact(Dated):
    """A forbidden or conditional place in which a spot lies."""

    id: str
    kind: ForbiddenKind


@dataclass(frozen=True, slots=True)
class Suspicion(Dated):
    """Why a spot may look where none may be. `what` is the zone's identifier, the word, or the sub-category."""

    ground: Ground
    kind: ForbiddenKind
    what: str


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """A secret unit's consent that covers a spot."""

    zone: str
    given: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """What a person said of a suspected spot."""

    state: DecisionState
    mask_confirmed: date | None = None


@dataclass(frozen=True, slots=True)
class FindFact:
    """Something that a round found, and when it was reported to the police; None: not yet."""

    id: str
    day: date
    reported: date | None = None


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """A round that is made again and again. `until`: the last day on which it is owed."""

    id: str
    division_path: str
    kind: RoundKind
    next_due: date
    until: date | None = None
    finds: Sequence[FindFact] = field(default_factory=tuple)
    regime: str = ""


@dataclass(frozen=True, slots=True)
class BaselineFact:
    """The picture of a camera's view as it shall be: when it was kept, and how far the dossier has gone from where the
    camera stood and looked then. None where that cannot be compared."""

    kept: date
    shift_m: float | None = None
    turn_degrees: float | None = None


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """A camera's dossier as far as rules ask for it."""

    id: str
    division_path: str
    regime: Regime
    in_use: date | None = None
    sign_checked: date | None = None
    missing: int = 0
    """How many mandatory members of the dossier are empty."""
    sign_state: str = ""
    """What the last check found: `present`, `worn`, `absent`; empty where it does not say."""
    sign_photo: bool = False
    moved: date | None = None
    """When it was last moved in use, by a recorded change with its reason."""
    baseline: BaselineFact | None = None
    camera_type: str = ""
    """`PTZType` of GB/T 28181."""
    home_preset: str = ""
    return_seconds: int | None = None
    placed: bool = False
    """Its position is known."""
    inside: tuple[ZoneFact, ...] = ()
    suspected: tuple[Suspicion, ...] = ()
    consents: tuple[ConsentFact, ...] = ()
    decision: DecisionFact | None = None
    pickup: bool | None = None
    """Whether it picks up sound, as the dossier says; None: it does not say."""
    heard: bool = False
    """Its newest recording carries sound."""
    pickup_basis: str = ""


@dataclass(frozen=True, slots=True)
class PlanItemFact:
    """What a construction plan wants built at one spot."""

    id: str
    name: str
    overlap: int = 0
    """Per cent of the smaller field of view that it shares with a camera that is there: the greatest share."""
    cameras: int = 0
    """How many cameras within the distance of the clause it shares ground with."""
    decided: bool = False
    """That it reuses what is there, or why it is built beside it, has been said."""


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A construction plan (HB361, article 6)."""

    id: str
    division_path: str
    items: Sequence[PlanItemFact] = field(default_factory=tuple)
    regime: str = ""


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project that builds, rebuilds or extends a video system (HB361, articles 6 and 10; SC799, article 11)."""

    id: str
    division_path: str
    regime: Regime = ""
    """Of the system that it delivers."""
    funding: Funding = ""
    planned: bool = False
    """It implements an item of an approved plan."""
    with_main_works: bool = False
    """It is built together with other works; a video system built on its own has none to keep step with."""
    main: Mapping[Stage, date] = field(default_factory=dict)
    video: Mapping[Stage, date] = field(default_factory=dict)
    accepted: date | None = None
    """The day from which acceptance stands: passed, or basically passed and every defect cured and tested again."""
    concluded: date | None = None
    """The day of the conclusion, whatever it says."""
    trial_days: int | None = None
    """Days of the trial run, its first not counted; None where its days are not entered."""
    archive: frozenset[str] = frozenset()
    """Groups of documents that hold at least one."""
    members: int = 0
    experts: int = 0
    """Of the members."""


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """Somebody at a watch or management post (SC799, article 16)."""

    id: str
    division_path: str
    regime: str
    """Of the system that the post belongs to; `art7` where none is named, the stricter reading."""
    vetted: date | None
    pledged: date | None
    trained: date | None
