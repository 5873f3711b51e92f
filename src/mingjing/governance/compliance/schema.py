"""Findings and figures as they go over the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from mingjing.kernel.text import Note
from mingjing.kernel.wire import EXAMPLE_US, Day, Wanted, example

Verdict = Literal["broken", "unknown", "pending", "late"]
Severity = Literal["blocks", "violation", "warning", "info"]
Kind = Literal["system", "place", "camera", "plan", "project", "round", "staff"]
FindingState = Literal["open", "acknowledged", "cured"]


class Finding(BaseModel):
    """A finding in words."""

    model_config = example(
        id="fd_k2x9p4q7m1aa", rule="FILE-01", title="投入使用后按期备案", title_en="Filed in time after entry into use",
        kind="system", subject="sy_k2x9p4q7m1aa", subject_name="实验小学校园安全系统", division="420115",
        verdict="broken", severity="violation", due="2026-11-17", days_left=-6, late_days=None,
        message="系统于 2026-10-18 投入使用，应于 2026-11-17 24:00 前备案。",
        message_en="The system entered into use on 2026-10-18 and has to be filed by 2026-11-17, 24:00.",
        remedy="请办理初次备案。", remedy_en="Prepare and submit the initial filing.",
        basis=["国令799 第十四条"], basis_en=["State Council Order 799, Article 14"], carried=False, state="open",
        reason="", acknowledged_by=None, acknowledged_until=None, times=1, opened_us=EXAMPLE_US, cured_us=None,
    )  # fmt: skip

    id: str
    rule: str
    title: str
    title_en: str
    kind: Kind
    subject: str
    subject_name: str
    division: str
    verdict: Verdict
    severity: Severity
    due: date | None
    days_left: int | None
    late_days: int | None = Field(description="By how many days it was done late; null where it was not")
    message: str
    message_en: str
    remedy: str
    remedy_en: str
    basis: list[str]
    basis_en: list[str]
    carried: bool = Field(description="It rests on a text reported to be replaced by one that is not loaded")
    state: FindingState
    reason: str
    acknowledged_by: str | None
    acknowledged_until: date | None
    times: int
    opened_us: int
    cured_us: int | None


class Acknowledgement(Wanted):
    model_config = example(reason="施工单位已进场，12 月 10 日前完成", until="2026-12-10")

    reason: Annotated[Note, Field(min_length=1)]
    until: Day | None = Field(default=None, description="After this day it is open again")


class RuleFigures(BaseModel):
    """A rule, in how many cases it binds, and what it says of them."""

    model_config = example(
        rule="FILE-01", title="投入使用后按期备案", title_en="Filed in time after entry into use", kind="system",
        severity="violation", basis=["国令799 第十四条"], basis_en=["State Council Order 799, Article 14"],
        applies=120, met=117, pending=1, broken=2, unknown=0, trend=[4, 4, 3, 2], late=0, in_time=98,
    )  # fmt: skip

    rule: str
    title: str
    title_en: str
    kind: Kind
    severity: Severity
    basis: list[str]
    basis_en: list[str]
    applies: int
    met: int
    late: int = Field(description="Done after its day, and settled")
    pending: int
    broken: int
    unknown: int
    trend: list[int] = Field(
        description="How many were broken at the end of each of the last days, today last"
    )
    in_time: int | None = Field(
        description="Met in time of all whose day is over, per cent, rounded down; null for none"
    )


class RuleSetOut(BaseModel):
    """A rule set and how it stands today."""

    model_config = example(
        id="hubei-2013", title="湖北省公共安全视频图像信息系统管理办法（湖北省人民政府令第361号，2013年）",
        title_en="Hubei Measures (Order No. 361, 2013)", division="420000", since="2013-09-01", until="2026-08-01",
        loaded=True, judges=True, carried=True, rules=12, note="", note_en="",
    )  # fmt: skip

    id: str
    title: str
    title_en: str
    division: str
    since: date
    until: date | None
    loaded: bool
    judges: bool = Field(description="Facts of today are judged by it")
    carried: bool
    rules: int
    note: str
    note_en: str


class FigureOut(BaseModel):
    """One figure of a clause, in words."""

    model_config = example(
        text="投入使用之日起 30 日内", text_en="Within 30 days of entry into use", own=False
    )

    text: str
    text_en: str
    own: bool = Field(
        description="The text gives no figure: it is our own, or of a standard that it refers to"
    )


class ClauseOut(BaseModel):
    """What a rule set says of one rule."""

    model_config = example(
        rule="FILE-01", title="投入使用后按期备案", title_en="Filed in time after entry into use", kind="system",
        severity="violation", article="第十四条", article_en="Article 14", regimes=["art7"],
        message="系统于 — 投入使用，应于 — 24:00 前备案。",
        message_en="The system entered into use on — and has to be filed by —, 24:00.", remedy="请办理初次备案。",
        remedy_en="Prepare and submit the initial filing.",
    )  # fmt: skip

    rule: str
    title: str
    title_en: str
    kind: Kind
    severity: Severity
    article: str
    article_en: str
    figures: list[FigureOut]
    regimes: list[str] = Field(description="Regimes of systems that it binds; empty for all")
    message: str = Field(description="What a finding says, with a dash for each fact")
    message_en: str
    remedy: str
    remedy_en: str


class RuleSetWhole(RuleSetOut):
    """A rule set with its clauses: read only, since a set is dated data that a release brings."""

    model_config = example(
        id="hubei-2013", title="湖北省公共安全视频图像信息系统管理办法（湖北省人民政府令第361号，2013年）",
        title_en="Hubei Measures (Order No. 361, 2013)", division="420000", since="2013-09-01", until="2026-08-01",
        loaded=True, judges=True, carried=True, rules=1, note="", note_en="", followed_by="hubei-2026",
    )  # fmt: skip

    followed_by: str | None = Field(description="The set that takes its place from `until` on")
    clauses: list[ClauseOut]


class Compliance(BaseModel):
    """What the rules say of everything in one's scope."""

    model_config = example()

    rules: list[RuleFigures]
    sets: list[RuleSetOut]


class WordOut(BaseModel):
    model_config = example(code="art7", name="条例第七条公共场所", name_en="Public place of SC799, article 7")

    code: str
    name: str
    name_en: str


class Vocabulary(BaseModel):
    """Closed lists of codes, by the member that takes them."""

    model_config = example(
        lists={
            "regime": [
                {"code": "art7", "name": "条例第七条公共场所", "name_en": "Public place of SC799, article 7"}
            ]
        },
        subcategories={"defence_industry": ["defence_rnd", "defence_production"]},
    )

    lists: dict[str, list[WordOut]]
    subcategories: dict[str, list[str]] = Field(description="By category, the codes of its sub-categories")
