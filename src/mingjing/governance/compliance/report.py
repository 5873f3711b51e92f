"""The formal report of compliance (DOCX, PDF): the figures of the compliance page, each with the address of its list, the
findings behind what is broken, and the rule sets in force with what they say of themselves."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from mingjing.governance.compliance import queries
from mingjing.governance.compliance.errors import MONTH_BAD
from mingjing.governance.compliance.model import FindingRow
from mingjing.governance.compliance.schema import Compliance, RuleFigures
from mingjing.identity.queries import organisation
from mingjing.identity.scope import Scope
from mingjing.kernel.errors import MingjingError, Text
from mingjing.law.days import day_of, start_us
from mingjing.law.rules import rules
from mingjing.territory.queries import division, path_of

Language = Literal["zh", "en"]
FINDINGS_MOST: Final = 300
"""Findings that are written out; beyond, the report says how many there are and where."""
_MONTH: Final = re.compile(r"(20[0-9]{2}|21[0-9]{2})-(0[1-9]|1[0-2])")
REGISTERS: Final = {
    "system": "/systems", "place": "/places", "camera": "/cameras", "plan": "/construction-plans",
    "project": "/projects", "round": "/rounds", "staff": "/staff",
}  # fmt: skip
_STATES: Final = {"open": Text("未处理", "Open"), "acknowledged": Text("已知悉", "Acknowledged")}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a report is of: a division, a unit, a month (Beijing), each as its reader names it; empty for all."""

    under: str
    unit: str
    month: str


def month_of(text: str | None, today: date) -> tuple[date, date]:
    """The first day of a month, and of the next. Absent: of this one. Raises CMP-002 for a month to come or none."""
    if text is None:
        first = today.replace(day=1)
    else:
        parts = _MONTH.fullmatch(text)
        if parts is None:
            raise MingjingError(MONTH_BAD)
        first = date(int(parts[1]), int(parts[2]), 1)
    if first > today:
        raise MingjingError(MONTH_BAD)
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1)


def report(
    session: Session,
    scope: Scope,
    found: Compliance,
    wanted: Narrowing,
    unit_path: str,
    now_us: int,
    origin: str,
    language: Language,
) -> dict[str, Any]:
    """The report for the press (template `document`). `found` are the figures of the same narrowing; `origin` is where
    its reader finds this server."""
    today = day_of(now_us)
    first, after = month_of(wanted.month or None, today)
    path = path_of(session, wanted.under) if wanted.under else ""
    moved = queries.moved(session, scope, start_us(first), start_us(after), under=path, unit=unit_path)
    broken = queries.findings(
        session, scope, FINDINGS_MOST, None, under=path, unit=unit_path, verdict="broken"
    )
    paper = _Paper(wanted, origin, language)
    said = paper.said
    where = (
        division(session, wanted.under).name
        if wanted.under
        else said("全部管辖区划", "all divisions in charge")
    )
    who = organisation(session, wanted.unit).name if wanted.unit else said("全部单位", "all units")
    return {
        "title": said("公共安全视频图像信息系统合规情况报告", "Report on the compliance of public-safety video systems"),
        "lang": language,
        "running": said(f"{where} · {who} · {first:%Y-%m}", f"{where} · {who} · {first:%Y-%m}"),
        "made": today.isoformat(),
        "notes": [
            said(f"区划：{where}。单位：{who}。月份：{first:%Y-%m}。", f"Division: {where}. Unit: {who}. Month: {first:%Y-%m}."),
            said(
                f"“应、符合、待办、违反、未知”为 {today} 出具时的数；“新增、整改”为该月的数。未知单列，不算符合。"
                "各数可点开其清单。",
                f"Due, met, pending, broken and unknown are as of {today}; opened and cured are of the month. Unknown is "
                "never counted as met. Each figure leads to its list.",
            ),
            said(
                "本报告由系统按规则集自动判定，供有权人员决定时参考，不作法律认定。",
                "Judged by rules; it advises those who decide and is no legal finding.",
            ),
        ],
        "groups": [
            _figures(paper, found.rules, moved),
            _findings(paper, broken.items, broken.total),
            _sets(paper, found),
        ],
        "foot": [],
        "lacking_note": said("以下字符没有字形：", "No font shows these characters:"),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Paper:
    wanted: Narrowing
    origin: str
    language: Language

    def said(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def figure(self, count: int, page: str, **parameters: str) -> dict[str, str]:
        """A number with the address of its list, narrowed as the report is."""
        narrowed = {"under": self.wanted.under, "unit": self.wanted.unit} | parameters
        tail = urlencode({name: value for name, value in narrowed.items() if value})
        return {"text": str(count), "link": f"{self.origin}{page}" + (f"?{tail}" if tail else "")}


def _figures(
    paper: _Paper, figures: Sequence[RuleFigures], moved: Mapping[str, tuple[int, int]]
) -> dict[str, Any]:
    said = paper.said
    head = [
        said(*pair)
        for pair in (
            ("规则", "Rule"), ("依据", "Basis"), ("应", "Due"), ("符合", "Met"), ("待办", "Pending"),
            ("违反", "Broken"), ("未知", "Unknown"), ("新增", "Opened"), ("整改", "Cured"),
        )
    ]  # fmt: skip
    lines = []
    for one in figures:
        opened, cured = moved.get(one.rule, (0, 0))
        basis = "；".join(one.basis) if paper.language == "zh" else "; ".join(one.basis_en)
        lines.append(
            [
                f"{one.rule} {said(one.title, one.title_en)}",
                basis,
                paper.figure(one.applies, "/compliance", rule=one.rule),
                paper.figure(one.met, REGISTERS.get(one.kind, "/compliance")),
                *(
                    paper.figure(getattr(one, verdict), "/compliance", rule=one.rule, verdict=verdict)
                    for verdict in ("pending", "broken", "unknown")
                ),
                str(opened),
                str(cured),
            ]
        )
    return {
        "heading": said("一、各规则情况", "1. By rule"),
        "head": head,
        "widths": [6, 5, *[2] * 7],
        "lines": lines,
    }


def _findings(paper: _Paper, rows: Sequence[FindingRow], total: int) -> dict[str, Any]:
    said = paper.said
    lines = []
    for row in rows:
        message = rules()[row.rule].message.filled(dict(row.facts))
        lines.append(
            [
                row.rule,
                {"text": row.subject_name, "link": f"{paper.origin}{REGISTERS.get(row.kind, '/compliance')}/{row.subject}"},
                said(message.zh, message.en),
                row.due.isoformat() if row.due else "",
                said(_STATES[row.state].zh, _STATES[row.state].en) + (f"：{row.reason}" if row.reason else ""),
            ]
        )  # fmt: skip
    notes = [said(f"违反共 {total} 条。", f"{total} findings are broken.")]
    if total > len(rows):
        notes.append(
            said(
                f"以下列出期限最早的 {len(rows)} 条，其余见系统清单。",
                f"The {len(rows)} with the earliest deadline follow; the others are in the list.",
            )
        )
    head = [
        said(*pair)
        for pair in (
            ("规则", "Rule"),
            ("对象", "Subject"),
            ("情况", "What"),
            ("期限", "Due"),
            ("处理", "Handling"),
        )
    ]
    return {
        "heading": said("二、违反情况", "2. What is broken"), "notes": notes, "head": head, "widths": [2, 4, 7, 3, 3],
        "lines": lines,
    }  # fmt: skip


def _sets(paper: _Paper, found: Compliance) -> dict[str, Any]:
    said = paper.said
    lines = []
    for one in found.sets:
        if not one.loaded:
            state = said("未载入文本", "Text not loaded")
        elif one.carried:
            state = said("据报已被替代，暂沿用", "Reported replaced, carried on")
        elif one.judges:
            state = said("适用", "In force")
        else:
            state = said("今日不适用", "Not in force today")
        until = one.until.isoformat() if one.until else ""
        lines.append(
            [
                one.id,
                said(one.title, one.title_en),
                f"{one.since} – {until}",
                state,
                said(one.note, one.note_en),
            ]
        )
    head = [
        said(*pair)
        for pair in (
            ("规则集", "Rule set"),
            ("名称", "Title"),
            ("施行", "In force"),
            ("状态", "State"),
            ("说明", "Note"),
        )
    ]
    return {
        "heading": said("三、所依据的规则集", "3. Rule sets"), "head": head, "widths": [3, 5, 3, 3, 6], "lines": lines,
    }  # fmt: skip
