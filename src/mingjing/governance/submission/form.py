"""The basic information form (备案基本信息表) as data for the press: all groups of the filing record, what was declared
beside what the register holds."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from mingjing.governance.filing import queries
from mingjing.governance.filing.model import FilingRow
from mingjing.governance.filing.present import clock
from mingjing.governance.filing.rules import ITEMS
from mingjing.governance.submission.documents import documents
from mingjing.governance.submission.kinds import KINDS as DOCUMENT_KINDS
from mingjing.governance.submission.words import (
    ANSWERS,
    GROUPS,
    KINDS,
    LACKING,
    NOT_SAID,
    STATES,
    Language,
    said,
)
from mingjing.identity.queries import organisations
from mingjing.kernel.errors import Text
from mingjing.law.days import day_of
from mingjing.law.device_words import Words
from mingjing.law.words import CATEGORIES, FUNDINGS, NETWORKS, POSITIONS, PURPOSES, REGIMES, UNIT_KINDS
from mingjing.registry.places import queries as places
from mingjing.registry.systems.queries import known
from mingjing.territory.queries import division

Row = list[str]
TITLE = Text(
    "公共安全视频图像信息系统备案基本信息表", "Basic information form of a public-safety video system"
)
OURS = Text(
    "本表由单位自用的明镜系统按登记内容生成，供向备案机关提交；以备案机关平台的表格为准。",
    "Made by the unit's own system from what is registered, to be submitted to the organ; the organ's own form prevails.",
)


def form(session: Session, row: FilingRow, today: date, language: Language) -> dict[str, Any]:
    """The form of a filing, for the template `document`."""
    subject = known(session, [row.system])[0]
    units = {unit.id: unit for unit in organisations(session)}
    further = {
        "unit": _unit(session, units[subject.organisation], language),
        "system": _system(subject, units, language),
        "location": _location(session, subject, language),
        "devices": [],
        "retention": [],
        "process": _process(session, row, subject, today, language),
    }
    groups = [
        {"heading": said(title, language), "rows": [*_declared(row, group, language), *further[group]]}
        for group, title in GROUPS.items()
    ]
    groups.append(_attached(session, row, language))
    return {
        "title": said(TITLE, language),
        "lang": language,
        "running": f"{row.number} · {said(KINDS[row.kind], language)}",
        "made": today.isoformat(),
        "notes": [said(OURS, language)],
        "groups": groups,
        "foot": [
            said(
                Text("声明人签字（单位盖章）：", "Signature of who declares (stamp of the unit):"), language
            ),
            said(Text("日期：", "Date:"), language),
        ],
        "lacking_note": said(LACKING, language),
    }


def _declared(row: FilingRow, group: str, language: Language) -> Iterator[Row]:
    for item in ITEMS:
        if item.group == group:
            value: Any = row.content.get(item.name)
            text = said(ANSWERS[value], language) if value in ANSWERS else "" if value is None else str(value)
            yield [said(item.title, language), text or said(NOT_SAID, language)]


def _unit(session: Session, unit: Any, language: Language) -> list[Row]:
    return [
        _row(("单位性质", "Kind of unit"), _word(UNIT_KINDS, unit.kind, language), language),
        _row(("单位地址", "Address of the unit"), unit.address, language),
        _row(
            ("单位所在区划", "Division of the unit"),
            _division(session, unit.division) if unit.division else "",
            language,
        ),
        _row(
            ("安全联系人（登记）", "Security contact (register)"),
            f"{unit.security_contact} {unit.security_phone}".strip(),
            language,
        ),
    ]


def _system(subject: Any, units: Mapping[str, Any], language: Language) -> list[Row]:
    def name(identifier: str | None) -> str:
        return units[identifier].name if identifier is not None and identifier in units else ""

    purposes = "、".join(_word(PURPOSES, one, language) for one in subject.purposes)
    return [
        _row(("法定类别", "Regime"), _word(REGIMES, subject.regime, language), language),
        _row(
            ("第七条场所类别（湖北）", "Category of Article 7 (Hubei)"),
            _word(CATEGORIES, subject.category, language),
            language,
        ),
        _row(("建设目的", "Purpose"), purposes, language),
        _row(("资金来源", "Funding"), _word(FUNDINGS, subject.funding, language), language),
        _row(("建设单位", "Building unit"), name(subject.building_unit), language),
        _row(("管理、使用单位", "Managing and using unit"), name(subject.organisation), language),
        _row(("维护单位", "Maintaining unit"), name(subject.maintainer), language),
        _row(("委托运营单位", "Entrusted operator"), name(subject.entrusted_operator), language),
        _row(("网络类型", "Network"), _word(NETWORKS, subject.network, language), language),
    ]


def _location(session: Session, subject: Any, language: Language) -> list[Row]:
    rows = [_row(("行政区划", "Division"), _division(session, subject.division), language)]
    if subject.place is None:
        return rows
    for place in places.known(session, [subject.place]):
        point = f"{place.longitude:.6f}, {place.latitude:.6f}" if place.longitude and place.latitude else ""
        rows += [
            _row(("场所", "Place"), place.name, language),
            _row(("坐标（WGS-84）", "Position (WGS-84)"), point, language),
            _row(("地图外廓", "Outline"), _outline(place.outline, language), language),
        ]
    for position, cameras in places.positions(session, [subject.place]).get(subject.place, []):
        covered = (
            Text(f"{cameras} 路摄像机", f"{cameras} cameras") if cameras else Text("未覆盖", "Not covered")
        )
        heading = f"{_word(POSITIONS, position.kind, language)} {position.name}"
        rows.append([heading, said(covered, language)])
    return rows


def _outline(outline: list[Any] | None, language: Language) -> str:
    if not outline:
        return ""
    corners = "; ".join(f"{longitude:.5f},{latitude:.5f}" for longitude, latitude in outline[:40])
    return said(Text(f"{len(outline)} 点：{corners}", f"{len(outline)} points: {corners}"), language)


def _process(session: Session, row: FilingRow, subject: Any, today: date, language: Language) -> list[Row]:
    counted = clock(row, subject.regime, today)
    zh = language == "zh"
    rows = [
        _row(("备案种类", "Kind"), said(KINDS[row.kind], language), language),
        _row(("起算日期", "Counted from"), row.trigger.isoformat(), language),
        _row(("期限", "Deadline"), counted.how if zh else counted.how_en, language),
        _row(("依据", "Basis"), "；".join(counted.basis if zh else counted.basis_en), language),
        _row(("备案机关", "Organ"), row.organ, language),
        _row(("提交日期", "Submitted"), row.submitted.isoformat() if row.submitted else "", language),
        _row(("答复日期", "Answered"), row.decided.isoformat() if row.decided else "", language),
        _row(("备案机关编号", "Official number"), row.official_number, language),
    ]
    for step in queries.steps(session, row.id):
        state = said(STATES[step.state], language)
        rows.append([f"{day_of(step.at_us).isoformat()} {state}", f"{step.who_name} {step.note}".strip()])
    return rows


def _attached(session: Session, row: FilingRow, language: Language) -> dict[str, Any]:
    kept = documents(session, row.id, aside=False)
    head = [Text("材料", "Document"), Text("文件", "File"), Text("SHA-256", "SHA-256")]
    return {
        "heading": said(Text("附件", "Documents"), language),
        "notes": [] if kept else [said(Text("未附材料。", "No documents are attached."), language)],
        "head": [said(one, language) for one in head],
        "widths": [3, 3, 5],
        "lines": [[said(DOCUMENT_KINDS[one.kind], language), one.name, one.sha256] for one in kept],
    }


def _division(session: Session, code: str) -> str:
    return f"{division(session, code).name}（{code}）"


def _word(words: Words, code: str, language: Language) -> str:
    return said(words[code], language) if code in words else ""


def _row(title: tuple[str, str], value: str, language: Language) -> Row:
    return [said(Text(*title), language), value or said(NOT_SAID, language)]
