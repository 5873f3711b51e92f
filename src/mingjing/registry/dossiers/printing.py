"""A dossier as data for the press, by the members (`members.py`): one that is added there appears by itself."""

from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from mingjing.audit.history import changes
from mingjing.identity.queries import organisation
from mingjing.kernel.errors import Text
from mingjing.law.days import day_of
from mingjing.registry.dossiers.members import BY_FIELD, MEMBERS, Member, words_of
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.dossiers.rules import missing
from mingjing.registry.dossiers.service import KIND
from mingjing.registry.model import CameraRow
from mingjing.registry.places import queries as places
from mingjing.registry.systems import queries as systems
from mingjing.territory.queries import division

CHANGES_MOST: Final = 30
GROUPS: Final = {
    "identity": Text("标识", "Identity"),
    "duty": Text("归属与责任", "Owner and duty"),
    "device": Text("设备", "Device"),
    "position": Text("位置", "Position"),
    "network": Text("网络", "Network"),
    "life": Text("使用", "Life"),
    "recording": Text("录像", "Recording"),
    "sign": Text("标识牌", "Sign"),
}
_NOT_SAID: Final = Text("未填", "Not stated")
_NEEDED: Final = Text("未填（必填）", "Not stated (mandatory)")
_FLAGS: Final = {True: Text("是", "Yes"), False: Text("否", "No")}


def dossier_paper(
    session: Session, camera: CameraRow, row: DossierRow, today: date, language: str
) -> dict[str, Any]:
    """The dossier of a camera for the template `document`: every member, filled in or not, and its last changes."""

    def said(text: Text) -> str:
        return text.zh if language == "zh" else text.en

    lacking = missing({one.field: getattr(row, one.field) for one in MEMBERS})

    def shown(member: Member) -> str:
        text = value_of(session, member, getattr(row, member.field), language)
        return text or said(_NEEDED if member.field in lacking else _NOT_SAID)

    head = [
        [said(Text("名称", "Name")), camera.name],
        [said(Text("编号", "Identifier")), camera.id],
        [
            said(Text("行政区划", "Division")),
            f"{division(session, camera.division).name}（{camera.division}）",
        ],
        [said(Text("所属单位", "Unit")), organisation(session, camera.organisation).name],
        [said(Text("必填项完整度", "Completeness of mandatory members")), f"{row.complete} %"],
    ]
    by_group: dict[str, list[list[str]]] = {}
    for member in MEMBERS:
        title = member.zh if language == "zh" else member.en
        by_group.setdefault(member.group, []).append([title, shown(member)])
    groups: list[dict[str, Any]] = [{"heading": said(Text("摄像机", "Camera")), "rows": head}]
    groups += [
        {"heading": said(GROUPS.get(name, Text(name, name))), "rows": rows} for name, rows in by_group.items()
    ]
    groups.append(_changes(session, row, language))
    return {
        "title": said(Text("摄像机档案（一机一档）", "Dossier of a camera")),
        "lang": language,
        "running": f"{camera.name} · {camera.id}",
        "made": today.isoformat(),
        "notes": [],
        "groups": groups,
        "foot": [],
        "lacking_note": said(Text("以下字符没有字形：", "No font shows these characters:")),
    }


def value_of(session: Session, member: Member, value: Any, language: str) -> str:
    """A member's value in words; the empty text for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _FLAGS[value].zh if language == "zh" else _FLAGS[value].en
    if member.kind in {"code", "codes"}:
        words = words_of(member)
        named = [words[code] if code in words else Text(code, code) for code in str(value).split("/")]
        return "、".join(one.zh for one in named) if language == "zh" else ", ".join(one.en for one in named)
    if member.field == "system":
        return "、".join(f"{one.name}（{one.id}）" for one in systems.known(session, [value]))
    if member.field == "position":
        return _position(session, value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _position(session: Session, position: str) -> str:
    place = places.place_of_position(session, position)
    if place is None:
        return position
    named = [one.name for one in places.known(session, [place])]
    named += [one.name for one, _ in places.positions(session, [place]).get(place, []) if one.id == position]
    return " / ".join(named)


def _changes(session: Session, row: DossierRow, language: str) -> dict[str, Any]:
    def titled(field: str) -> str:
        member = BY_FIELD.get(field)
        return field if member is None else member.zh if language == "zh" else member.en

    lines = [
        [
            day_of(one.at_us).isoformat(),
            one.who_name,
            "\n".join(
                f"{titled(field)}：{one.before.get(field)} → {value}" for field, value in one.after.items()
            ),
        ]
        for one in changes(session, KIND, row.camera)[:CHANGES_MOST]
    ]
    heads = (Text("日期", "Day"), Text("何人", "Who"), Text("改动", "What was changed"))
    return {
        "heading": "变更记录" if language == "zh" else "Changes",
        "head": [one.zh if language == "zh" else one.en for one in heads],
        "widths": [2, 2, 8],
        "lines": lines,
    }
