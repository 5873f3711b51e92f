"""Rows of a table on their way into the register: read, looked up in bulk, written in bulk.

A row with an identifier, or with the device code of a camera that is there, changes that camera's dossier; any other is
a new camera. Ten thousand rows cost some dozens of queries: nothing here asks the database for one row.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal, TypeVar

from pydantic import ValidationError
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mingjing.identity.queries import unit_paths
from mingjing.identity.scope import Scope
from mingjing.kernel.errors import MingjingError, Text
from mingjing.law.days import day_of
from mingjing.registry import queries
from mingjing.registry.columns import (
    CAMERA_COLUMNS,
    DOSSIER_FIELDS,
    FALSE,
    TRUE,
    CellFaultError,
    cell_error,
    member_text,
    member_value,
)
from mingjing.registry.dossiers.members import BY_FIELD
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.dossiers.queries import known as known_dossiers
from mingjing.registry.dossiers.rules import code_fault, moved
from mingjing.registry.dossiers.schema import DossierPatch, plain
from mingjing.registry.dossiers.service import PLACED_BY, members
from mingjing.registry.forbidden.queries import judge_spots
from mingjing.registry.forbidden.rules import Spot
from mingjing.registry.places.model import KeyPositionRow, PlaceRow
from mingjing.registry.queries import Registered
from mingjing.registry.record import in_scope
from mingjing.registry.schema import CameraWish, CellError
from mingjing.registry.service import parse_address
from mingjing.registry.site import CameraSite
from mingjing.registry.systems.model import SystemRow
from mingjing.territory.queries import codes_and_paths

AT_ONCE: Final = 500
T = TypeVar("T")
Change = Literal["new", "changed", "unchanged"]


@dataclass(slots=True)
class Line:
    """A row: what it says, what it would do, what is wrong with it."""

    number: int
    name: str
    cells: Mapping[str, str]
    wish: CameraWish | None = None
    patch: dict[str, Any] = field(default_factory=dict)
    faults: list[CellError] = field(default_factory=list)
    """What is wrong with the row by itself; `errors` holds what a look-up found, too."""
    errors: list[CellError] = field(default_factory=list)
    known: Registered | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    went: list[str] = field(default_factory=list)
    """Members by which a camera in use is moved."""

    @property
    def change(self) -> Change:
        if self.known is None:
            return "new"
        return "unchanged" if self.before == self.after else "changed"

    def wrong(self, column: str, zh: str, en: str) -> None:
        self.errors.append(cell_error(column, zh, en))


@dataclass(frozen=True, slots=True)
class Rights:
    """Where who brings a table in may enter cameras, and where write dossiers."""

    cameras: Scope
    register: Scope

    def known(self, session: Session, channels: Sequence[str]) -> dict[str, Registered]:
        """Those of some hundred cameras of which a row may say something."""
        by_register = queries.registered(session, self.register, channels)
        return by_register | queries.registered(session, self.cameras, channels)


def read(number: int, cells: Mapping[str, str]) -> Line:
    """What a row says by itself: cells as values, by the types of the wire."""
    line = Line(number, cells.get("name", ""), cells)
    values: dict[str, Any] = {}
    for name in DOSSIER_FIELDS:
        text = cells.get(name, "")
        if not text:
            continue
        try:
            values[name] = member_value(name, text)
        except CellFaultError as fault:
            line.wrong(name, fault.text.zh, fault.text.en)
    # Names of systems and positions are looked up later.
    named = {name: values.pop(name) for name in ("system", "position") if name in values}
    try:
        line.patch = plain(DossierPatch.model_validate(values).model_dump(exclude_unset=True)) | named
    except ValidationError as problem:
        for item in problem.errors(include_input=False, include_url=False):
            line.wrong(str(item["loc"][0]), f"格式不符：{item['msg']}", item["msg"])
    if cells.get("address") and line.patch:
        line.patch["address"] = cells["address"]
    line.faults = line.errors
    return line


def check(session: Session, rights: Rights, site: CameraSite, lines: Sequence[Line], now_us: int) -> None:
    """Look up everything that the rows name, and say what is wrong with each. It may be said again, later: of rows that
    were looked up before it forgets what was found."""
    for line in lines:
        line.errors = [*line.faults]
    _find_known(session, rights, lines)
    for line in lines:
        if line.known is not None:
            line.wish = None
        elif line.wish is None and not line.cells.get("id"):
            _wish(line)
    fresh = [line for line in lines if line.wish is not None]
    _check_addresses(session, site, fresh)
    _check_places(session, rights, lines)
    _check_systems(session, rights, lines)
    _check_positions(session, rights, lines)
    _settle(session, lines, day_of(now_us))
    _check_forbidden(session, lines, day_of(now_us))


def _find_known(session: Session, rights: Rights, lines: Sequence[Line]) -> None:
    """Which rows are of cameras that are there, by identifier or by device code."""
    codes = {line.patch["code"] for line in lines if line.patch.get("code")}
    holders: dict[str, str] = {}
    for part in parts(sorted(codes)):
        rows = session.execute(
            select(DossierRow.code, DossierRow.camera).where(DossierRow.code.in_(list(part)))
        )
        holders |= {row.code: row.camera for row in rows}
    wanted = {line.cells["id"] for line in lines if line.cells.get("id")} | set(holders.values())
    there: dict[str, Registered] = {}
    for part in parts(sorted(wanted)):
        there |= rights.known(session, part)
    seen_codes = Counter(line.patch.get("code") for line in lines)
    found_by: Counter[str] = Counter()
    for line in lines:
        code, identifier = line.patch.get("code"), line.cells.get("id")
        holder = holders.get(code) if code else None
        line.known = there.get(identifier or holder or "")
        if identifier and line.known is None:
            line.wrong("id", "没有此摄像机", "there is no such camera")
        elif holder is not None and (line.known is None or line.known.row.id != holder):
            line.wrong("code", "此编码已用于另一台摄像机", "another camera has this code")
        if code and seen_codes[code] > 1:
            line.wrong("code", "表内重复", "stands in the table more than once")
        if line.known is not None:
            found_by[line.known.row.id] += 1
    for line in lines:
        if line.known is not None:
            _check_unchanged(line, line.known)
            if found_by[line.known.row.id] > 1:
                line.wrong("id", "表内有多行是同一台摄像机", "several rows are of the same camera")


def _check_unchanged(line: Line, known: Registered) -> None:
    """A table changes dossiers; what a camera is called and how it is reached is changed on its page."""
    given = register_cells(known)
    if line.patch:
        given.pop("address", None)
    for column in CAMERA_COLUMNS:
        text = line.cells.get(column.field, "")
        if text and column.field != "password" and column.field in given and text != given[column.field]:
            line.wrong(
                column.field,
                "与登记不符；请在摄像机页修改",
                "differs from the register; change it on the camera's page",
            )


def register_cells(found: Registered) -> dict[str, str]:
    """The columns of the register of a camera, as cells; its password never leaves."""
    row, main, sub = found.row, found.streams.get("main"), found.streams.get("sub")
    return {
        "name": row.name,
        "division": row.division,
        "organisation": row.organisation,
        "address": row.address,
        "main_url": main.url if main else "",
        "sub_url": sub.url if sub else "",
        "user": row.user or "",
        "password": "",
        "transport": main.transport if main else "auto",
        "audio": "是" if main is None or main.audio else "否",
        "enabled": "是" if row.enabled else "否",
        "note": row.note,
    }


def dossier_cells(row: DossierRow | None) -> dict[str, str]:
    """The members of a dossier as cells."""
    return {name: member_text(name, getattr(row, name)) if row else "" for name in BY_FIELD}


def _wish(line: Line) -> None:
    """A new camera as it is wished."""
    cells = line.cells
    flags: dict[str, bool] = {}
    for name in ("audio", "enabled"):
        text = cells.get(name, "").lower()
        if text and text not in TRUE | FALSE:
            line.wrong(name, "应为“是”或“否”", "should be 是 (yes) or 否 (no)")
        flags[name] = text not in FALSE
    for name in ("name", "division", "organisation", "main_url"):
        if not cells.get(name):
            line.wrong(name, "必填", "is required")
    if line.errors:
        return
    transport = cells.get("transport") or "auto"
    streams = [
        {"kind": kind, "url": cells[column], "transport": transport, "audio": flags["audio"]}
        for kind, column in (("main", "main_url"), ("sub", "sub_url"))
        if cells.get(column)
    ]
    body = {
        "name": cells["name"], "division": cells["division"], "organisation": cells["organisation"],
        "enabled": flags["enabled"], "address": cells.get("address", ""), "note": cells.get("note", ""),
        "streams": streams, "user": cells.get("user") or None, "password": cells.get("password") or None,
    }  # fmt: skip
    try:
        line.wish = CameraWish.model_validate(body)
    except ValidationError as problem:
        for item in problem.errors(include_input=False, include_url=False):
            line.wrong(_column(item["loc"]), f"格式不符：{item['msg']}", item["msg"])


def _column(location: tuple[int | str, ...]) -> str:
    if location and location[0] == "streams" and len(location) > 2:
        return "transport" if location[2] == "transport" else ("main_url" if location[1] == 0 else "sub_url")
    return str(location[0]) if location else "name"


def _check_addresses(session: Session, site: CameraSite, fresh: Sequence[Line]) -> None:
    """That a new camera's addresses may be contacted, and that its main one is nobody else's."""
    mains: dict[str, list[Line]] = {}
    for line in fresh:
        for stream in line.wish.streams if line.wish else ():
            column = "main_url" if stream.kind == "main" else "sub_url"
            try:
                address = parse_address(stream.url, site)
            except MingjingError as refused:
                line.wrong(column, refused.detail.zh, refused.detail.en)
                continue
            if stream.kind == "main":
                mains.setdefault(address.url, []).append(line)
    taken: dict[str, str] = {}
    for part in parts(sorted(mains)):
        taken |= queries.main_addresses(session, part)
    for url, of in mains.items():
        for at, line in enumerate(of):
            if url in taken:
                line.wrong("main_url", f"同一地址已登记为“{taken[url]}”", "the address is registered already")
            elif at > 0:
                line.wrong("main_url", "表内重复", "stands in the table more than once")


def _check_places(session: Session, rights: Rights, lines: Sequence[Line]) -> None:
    """That a new camera's division and unit are there, in the scope, and that its device code is of its division."""
    codes = {line.wish.division for line in lines if line.wish}
    codes |= {line.known.row.division for line in lines if line.known}
    divisions = codes_and_paths(session, sorted(codes))
    units = unit_paths(session, sorted({line.wish.organisation for line in lines if line.wish}))
    for line in lines:
        if line.wish is not None and not rights.cameras:
            line.wrong(
                "name",
                "没有登记摄像机的权限；只能更新已登记摄像机的档案",
                "you may not enter cameras; a row may change the dossier of one that is there",
            )
        elif line.wish is not None:
            place, unit = divisions.get(line.wish.division), units.get(line.wish.organisation)
            if place is None:
                line.wrong("division", "没有此行政区划", "there is no such division")
            if unit is None:
                line.wrong("organisation", "没有此单位", "there is no such unit")
            if place and unit and not rights.cameras.covers(place[1], unit):
                line.wrong("division", "不在您的管辖范围内", "lies outside of your territory")
            if line.patch and place and unit and not rights.register.covers(place[1], unit):
                line.wrong(next(iter(line.patch)), "没有登记档案的权限", "you may not write dossiers there")
        elif line.known is not None and line.patch:
            row = line.known.row
            if not rights.register.covers(row.division_path, row.organisation_path):
                line.wrong(next(iter(line.patch)), "没有登记档案的权限", "you may not write dossiers there")
        _check_code(line, divisions)


def _check_code(line: Line, divisions: Mapping[str, tuple[str, str]]) -> None:
    code = line.patch.get("code")
    division = line.known.row.division if line.known else line.wish.division if line.wish else None
    if not code or division is None or division not in divisions:
        return
    civil = divisions[division][0]
    fault = code_fault(code, civil)
    if fault == "division":
        line.wrong(
            "code", f"前六位与区划 {civil} 不符", f"its first six digits are not the division's, {civil}"
        )
    elif fault is not None:
        line.wrong("code", "不是摄像机的 20 位设备编码", "is no camera's device code of 20 digits")


def _check_systems(session: Session, rights: Rights, lines: Sequence[Line]) -> None:
    """Systems by identifier or name."""
    found: dict[str, list[str]] = {}
    for part in parts(sorted({line.patch["system"] for line in lines if "system" in line.patch})):
        rows = session.execute(
            select(SystemRow.id, SystemRow.name).where(
                or_(SystemRow.id.in_(list(part)), SystemRow.name.in_(list(part))),
                SystemRow.ended_us.is_(None),
                in_scope(rights.register, SystemRow),
            )
        )
        for identifier, name in rows:
            for text in {identifier, name}:
                found.setdefault(text, []).append(identifier)
    _put(lines, "system", found, Text("没有此系统", "there is no such system"))


def _check_positions(session: Session, rights: Rights, lines: Sequence[Line]) -> None:
    """Key positions by identifier, or as `place/position`."""
    found: dict[str, list[str]] = {}
    texts = {line.patch["position"] for line in lines if "position" in line.patch}
    for part in parts(sorted(texts)):
        names = {text.rpartition("/")[0].strip() for text in part} - {""}
        rows = session.execute(
            select(KeyPositionRow.id, KeyPositionRow.name, PlaceRow.name)
            .join(PlaceRow, PlaceRow.id == KeyPositionRow.place)
            .where(
                or_(KeyPositionRow.id.in_(list(part)), PlaceRow.name.in_(sorted(names))),
                KeyPositionRow.ended_us.is_(None),
                PlaceRow.ended_us.is_(None),
                in_scope(rights.register, PlaceRow),
            )
        )
        for identifier, name, place in rows:
            for text in ({identifier, f"{place}/{name}"}) & texts:
                found.setdefault(text, []).append(identifier)
    _put(lines, "position", found, Text("没有此部位", "there is no such position"))


def _put(lines: Sequence[Line], member: str, found: Mapping[str, list[str]], absent: Text) -> None:
    for line in lines:
        if member not in line.patch:
            continue
        ids = sorted(set(found.get(line.patch[member], ())))
        if len(ids) == 1:
            line.patch[member] = ids[0]
        elif not ids:
            line.wrong(member, f"{absent.zh}；请填编号或名称", f"{absent.en}; enter its identifier or name")
        else:
            line.wrong(
                member, f"有 {len(ids)} 个同名；请填编号", f"{len(ids)} have this name; enter the identifier"
            )


def _settle(session: Session, lines: Sequence[Line], today: date) -> None:
    """What each row changes, and whether it moves a camera in use."""
    rows: dict[str, DossierRow] = {}
    for part in parts(sorted({line.known.row.id for line in lines if line.known})):
        rows |= known_dossiers(session, part)
    for line in lines:
        row = rows.get(line.known.row.id) if line.known else None
        line.before = members(row) if row is not None else {}
        given = {name: _plain(value) for name, value in line.patch.items() if name != "move_reason"}
        line.after = {name: value for name, value in (line.before | given).items() if value is not None}
        if ("longitude" in line.after) != ("latitude" in line.after):
            line.wrong("longitude", "经度和纬度须同时填写", "longitude and latitude go together")
        checked = line.patch.get("sign_checked")
        if checked is not None and checked > today:
            line.wrong("sign_checked", "检查日期在将来", "the day of the check has not come yet")
        if row is not None and row.in_use is not None and row.in_use <= today:
            line.went = moved(line.before, line.after)
            if line.went and not line.patch.get("move_reason"):
                line.wrong(
                    line.went[0], "在用摄像机移位，须填“移位理由”", "moves a camera in use: give the reason"
                )


def _check_forbidden(session: Session, lines: Sequence[Line], today: date) -> None:
    """That no row places a camera where none may stand, nor puts one to use there."""
    placing = {
        line.known.row.id if line.known else str(line.number): line
        for line in lines
        if not line.errors and any(line.before.get(name) != line.after.get(name) for name in PLACED_BY)
    }
    codes = {line.wish.division for line in placing.values() if line.wish}
    divisions = codes_and_paths(session, sorted(codes))
    spots: dict[str, Spot] = {}
    paths: dict[str, str] = {}
    for name, line in placing.items():
        spots[name] = Spot(line.after.get("longitude"), line.after.get("latitude"))
        if line.wish is not None:
            paths[name] = divisions[line.wish.division][1]
        elif line.known is not None:
            paths[name] = line.known.row.division_path
    for name, judged in judge_spots(session, today, spots, paths).items():
        line = placing[name]
        used = line.after.get("in_use", "9999") <= today.isoformat()
        if refusal := judged.refusal(installing=not used):
            told = refusal.error
            line.wrong("longitude", f"{told.detail.zh}{told.remedy.zh}", f"{told.detail.en} {told.remedy.en}")


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Items in portions that a query, or a transaction, takes."""
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
