"""Projects as they go over the wire."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from mingjing.governance.projects.rules import StageState
from mingjing.kernel.text import Line, Name, Note
from mingjing.kernel.wire import EXAMPLE_US, Day, DivisionCode, Reference, Told, Wanted, example
from mingjing.law.checklists import Seen
from mingjing.law.facts import ArchiveGroup, Conclusion, DecisionState, Funding, ProjectKind, Stage
from mingjing.registry.places.schema import Latitude, Longitude

Party = Literal["", "construction", "technical", "document"]
CheckId = Annotated[str, Field(max_length=40, pattern=r"^[a-z_]+$", examples=["picture_day"])]
_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
FileDigest = Annotated[str, Field(examples=[_DIGEST])]
"""A file in an address: what is no digest is not found, like one that is not there."""


class ProjectWish(Wanted):
    """A project to be entered."""

    model_config = example(
        name="实验小学新校区视频系统", kind="new", division="420115", organisation="or_k2x9p4q7m1aa",
        funding="government_built", main_works="实验小学新校区教学楼",
    )  # fmt: skip

    name: Name
    kind: ProjectKind
    division: DivisionCode
    organisation: Reference = Field(description="The building unit")
    funding: Funding = ""
    system: Reference | None = Field(default=None, description="The video system that it delivers")
    plan_item: Reference | None = None
    places: Annotated[list[Reference], Field(max_length=100)] = Field(default=[])
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    main_works: Line = Field(default="", description="Empty for a video system built on its own")
    designer: Reference | None = None
    contractor: Reference | None = None
    inspector: Reference | None = None
    contract: Line = ""
    main_design: Day | None = None
    main_construction: Day | None = None
    main_acceptance: Day | None = None
    main_use: Day | None = None
    video_design: Day | None = None
    video_construction: Day | None = None
    video_use: Day | None = None
    note: Note = ""


class ProjectPatch(Wanted):
    """What shall change; absent members stay, null empties."""

    model_config = example(main_acceptance="2026-11-20")

    name: Name | None = None
    kind: ProjectKind | None = None
    division: DivisionCode | None = None
    organisation: Reference | None = None
    funding: Funding | None = None
    system: Reference | None = None
    plan_item: Reference | None = None
    places: Annotated[list[Reference], Field(max_length=100)] | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    main_works: Line | None = None
    designer: Reference | None = None
    contractor: Reference | None = None
    inspector: Reference | None = None
    contract: Line | None = None
    main_design: Day | None = None
    main_construction: Day | None = None
    main_acceptance: Day | None = None
    main_use: Day | None = None
    video_design: Day | None = None
    video_construction: Day | None = None
    video_use: Day | None = None
    note: Note | None = None
    ended: Literal[True] | None = Field(default=None, description="Take it out of the register")


class Check(Wanted):
    """The result of one item of the technical checklist."""

    model_config = example(item="picture_day", result="passed", value="4")

    item: CheckId
    result: Literal["passed", "failed", "not_applicable"]
    value: Line = ""


class Member(Wanted):
    """Somebody who accepts."""

    model_config = example(name="周工", unit="省安防协会", post="高级工程师", expert=True, party="technical")

    name: Name
    unit: Line = ""
    post: Line = ""
    expert: bool = Field(default=False, description="A technical expert")
    party: Party = ""


class Opinions(Wanted):
    """Sub-conclusions of the parties."""

    model_config = example(construction="passed", technical="basically_passed", document="passed")

    construction: Conclusion = ""
    technical: Conclusion = ""
    document: Conclusion = ""


class Defect(Wanted):
    """A defect with its cure."""

    model_config = example(
        what="后勤门夜间补光不足",
        cure="加装补光灯",
        cured="2026-11-02",
        retested="2026-11-05",
        retest="passed",
    )

    what: Annotated[Line, Field(min_length=1)]
    cure: Line = ""
    cured: Day | None = None
    retested: Day | None = None
    retest: Literal["", "passed", "failed"] = ""


class Document(Wanted):
    """A document of the archive, by its digest; the file is kept here or by the unit."""

    model_config = example(
        group="design", title="设计说明与图纸", dated="2026-03-10", size_bytes=482_133, sha256=_DIGEST
    )

    group: ArchiveGroup
    title: Name
    dated: Day | None = None
    size_bytes: Annotated[int, Field(ge=0, le=1_000_000_000_000)] | None = None
    sha256: Sha256


class ProjectDocument(Document):
    """A document of the archive, and whether its file can be had here."""

    model_config = example(
        group="design",
        title="设计说明与图纸",
        dated="2026-03-10",
        size_bytes=482_133,
        sha256=_DIGEST,
        kept=True,
    )

    kept: bool


class ProjectFile(Told):
    """A file that is kept here, and can be entered in the archive."""

    model_config = example(sha256=_DIGEST, name="竣工图.pdf", media_type="application/pdf", bytes=482_133)

    sha256: str
    name: str
    media_type: str
    bytes: int


class AcceptancePatch(Wanted):
    """What shall change of an acceptance; absent members stay, null empties, lists are replaced."""

    model_config = example(conclusion="passed", concluded="2026-11-20")

    standards: Annotated[list[Name], Field(max_length=50)] | None = None
    trial_from: Day | None = None
    trial_until: Day | None = None
    report_lab: Line | None = None
    report_number: Line | None = None
    report_date: Day | None = None
    checks: Annotated[list[Check], Field(max_length=100)] | None = None
    members: Annotated[list[Member], Field(max_length=100)] | None = None
    opinions: Opinions | None = None
    conclusion: Conclusion | None = None
    concluded: Day | None = None
    defects: Annotated[list[Defect], Field(max_length=200)] | None = None
    documents: Annotated[list[Document], Field(max_length=500)] | None = None
    handed_over: Day | None = None


class Acceptance(Told):
    model_config = example(
        standards=["GB 50348-2018", "GB 37300-2018"], trial_from="2026-10-01", trial_until="2026-11-02",
        report_lab="省电子产品检验院", report_number="JY-2026-118", report_date="2026-11-10",
        conclusion="basically_passed", concluded="2026-11-20", handed_over=None, accepted="2026-11-20",
        trial_days=32, expert_share=60, missing_groups=["inspection"],
    )  # fmt: skip

    standards: list[str]
    trial_from: date | None
    trial_until: date | None
    report_lab: str
    report_number: str
    report_date: date | None
    checks: list[Check]
    members: list[Member]
    opinions: Opinions
    conclusion: Conclusion
    concluded: date | None
    defects: list[Defect]
    documents: list[ProjectDocument]
    handed_over: date | None
    accepted: date | None = Field(description="The day from which it stands: passed, and every defect cured")
    trial_days: int | None
    expert_share: int = Field(description="Per cent of the members")
    missing_groups: list[ArchiveGroup]


class StageOut(BaseModel):
    """One stage of the main works beside the same of the video system (HB361, article 10)."""

    model_config = example(
        stage="construction", main="2026-09-01", video="2026-09-13", state="late", days_late=12,
        words="施工：主体工程 2026-09-01，视频系统 2026-09-13，晚 12 天",
        words_en="Construction: the main works on 2026-09-01, the video system on 2026-09-13, 12 days late",
    )  # fmt: skip

    stage: Stage
    main: date | None
    video: date | None
    state: StageState
    days_late: int
    words: str
    words_en: str


_PROJECT: dict[str, Any] = {
    "id": "pj_k2x9p4q7m1aa", "name": "实验小学新校区视频系统", "kind": "new", "division": "420115",
    "organisation": "or_k2x9p4q7m1aa", "funding": "government_built", "system": "sy_k2x9p4q7m1aa",
    "system_name": "实验小学校园安全系统", "plan_item": None, "plan": None, "plan_item_name": "", "places": [],
    "longitude": 114.322, "latitude": 30.349, "main_works": "实验小学新校区教学楼", "designer": None,
    "contractor": None, "inspector": None, "contract": "JX-2026-031", "video_design": "2026-03-01",
    "video_construction": "2026-09-13", "video_use": None, "conclusion": "", "accepted": None, "late": 1,
    "open_defects": 0, "decision": None, "suspicion": None,
    "note": "", "created_us": EXAMPLE_US, "changed_us": EXAMPLE_US, "ended_us": None,
}  # fmt: skip


class Project(Told):
    model_config = example(**_PROJECT)

    id: str
    name: str
    kind: ProjectKind
    division: str
    organisation: str
    funding: Funding
    system: str | None
    system_name: str = Field(description="Empty where there is none, or it lies outside one's scope")
    plan_item: str | None
    plan: str | None
    plan_item_name: str
    places: list[str]
    longitude: float | None
    latitude: float | None
    main_works: str
    designer: str | None
    contractor: str | None
    inspector: str | None
    contract: str
    video_design: date | None
    video_construction: date | None
    video_use: date | None
    stages: list[StageOut]
    late: int = Field(description="Stages that are late")
    conclusion: Conclusion
    accepted: date | None
    open_defects: int
    decision: str | None = Field(description="What was asked of a person; null where nothing was suspected")
    suspicion: DecisionState | None = Field(description="What was said of it")
    note: str
    created_us: int
    changed_us: int
    ended_us: int | None


class ProjectWhole(Project):
    """A project with its acceptance; null until one was begun."""

    model_config = example(**_PROJECT)

    acceptance: Acceptance | None


class ChecklistLine(BaseModel):
    """An item of the technical checklist."""

    model_config = example(
        item="picture_day", standard="GB 50198-2011", seen="secondary", seen_words="据他人转述，原文未见",
        seen_words_en="Known from a summary, the text itself was not read",
        title="日间图像质量主观评分（五级损伤制）", title_en="Picture by day, five-grade impairment scale",
        value="最低评分", value_en="Lowest score",
    )  # fmt: skip

    item: str
    standard: str
    seen: Seen
    seen_words: str
    seen_words_en: str
    title: str
    title_en: str
    value: str
    value_en: str


class AcceptanceChecklist(BaseModel):
    """The technical checklist of an acceptance, in its order. Figures of standards that were not read stay open."""

    model_config = example()

    items: list[ChecklistLine]
