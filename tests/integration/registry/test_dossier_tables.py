"""Dossiers in and out as tables: new, changed and unchanged rows, names looked up, history of each, one entry for all."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from python_calamine import load_workbook
from sqlalchemy import func, select
from tests.places import ACTOR, JIANGXIA, SCHOOL, WUCHANG, Town, town

from mingjing.audit.history import RecordChange, changes
from mingjing.audit.model import JournalRow
from mingjing.governance.compliance.model import FindingRow, JudgementRow
from mingjing.governance.room import GovernanceRoom
from mingjing.identity.actions import Action
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
from mingjing.law.days import start_us
from mingjing.law.words import vocabulary
from mingjing.registry import room as registry_room
from mingjing.registry import table
from mingjing.registry.columns import BY_COLUMN, COLUMNS, field_of
from mingjing.registry.dossiers.members import BY_FIELD, FIELDS, MEMBERS
from mingjing.registry.dossiers.model import DossierRow, SignCheckRow
from mingjing.registry.dossiers.schema import Dossier, DossierPatch
from mingjing.registry.dossiers.service import change
from mingjing.registry.forbidden.schema import ForbiddenPlaceWish
from mingjing.registry.forbidden.service import enter as enter_forbidden
from mingjing.registry.map.model import MapPointRow
from mingjing.registry.places.schema import PlaceWish
from mingjing.registry.places.service import enter as enter_place
from mingjing.registry.queries import CameraFilter
from mingjing.registry.schema import ImportReport
from mingjing.registry.systems.schema import SystemWish
from mingjing.registry.systems.service import enter as enter_system

CODE = "42011500001320000001"
NEW = {
    "name": "新点",
    "division": JIANGXIA,
    "organisation": SCHOOL,
    "main_url": "rtsp://10.1.1.1/a",
    "code": CODE,
}


@pytest.fixture
def place(empty_database: Database) -> Town:
    made = town(empty_database)
    registry_room.wire(empty_database.bus)
    GovernanceRoom(empty_database).wire(empty_database.bus)
    scope = made.scope(Action.REGISTER_WRITE)
    with empty_database.transaction() as tx:
        where = {"division": JIANGXIA, "organisation": SCHOOL}
        wish = {"name": "实验小学", "category": "education_health_heritage", **where}
        gate = [{"kind": "entrance", "name": "大门"}]
        enter_place(tx, ACTOR, scope, PlaceWish.model_validate(wish | {"positions": gate}))
        enter_system(tx, ACTOR, scope, SystemWish.model_validate({"name": "校园系统", **where}))
    return made


def sheet(*rows: dict[str, Any]) -> bytes:
    fields = list(
        dict.fromkeys(["name", "division", "organisation", "main_url", *(f for row in rows for f in row)])
    )
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([BY_COLUMN[field].heading for field in fields])
    writer.writerows([[row.get(field, "") for field in fields] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def bring(place: Town, *rows: dict[str, Any], dry_run: bool = False, mode: Any = "all") -> ImportReport:
    return table.bring_in(
        place.database, ACTOR, place.scope(), sheet(*rows), place.site, dry_run=dry_run, mode=mode,
        register=place.scope(Action.REGISTER_WRITE),
    )  # fmt: skip


def faults(report: ImportReport) -> list[list[str | None]]:
    return [[field_of(one.column) for one in row.errors] for row in report.rows]


def dossiers(place: Town) -> dict[str, DossierRow]:
    with place.database.reading() as session:
        return {row.camera: row for row in session.scalars(select(DossierRow))}


def test_members_columns_and_wire_name_the_same_things() -> None:
    assert set(FIELDS) == set(DossierPatch.model_fields) - {"move_reason"} <= set(Dossier.model_fields)
    assert set(FIELDS) <= {column.key for column in DossierRow.__table__.columns}
    assert {one.words for one in MEMBERS if one.words} <= vocabulary().keys()
    headings = [name for column in COLUMNS for name in (column.zh, column.en)]
    assert len(set(headings)) == len(headings)
    assert [name for name in BY_FIELD if "password" in name or "user" in name] == []


def test_a_new_camera_comes_with_its_dossier_by_the_names_that_people_know(place: Town) -> None:
    row = NEW | {
        "system": "校园系统", "position": "实验小学/大门", "camera_type": "3 固定枪机", "room": "室外", "place_types": "8、11",
        "in_use": "2023/3/5", "azimuth": "135", "secret": "否", "address": "一路", "sign_checked": "2020-01-01",
    }  # fmt: skip
    report = bring(place, row)
    assert faults(report) == [[]]
    assert (report.counts.new, report.counts.written) == (1, 1)
    (found,) = dossiers(place).values()
    assert (found.code, found.camera_type, found.room, found.place_types) == (CODE, "3", "1", "8/11")
    assert (str(found.in_use), found.azimuth, found.secret, found.address) == (
        "2023-03-05",
        135.0,
        False,
        "一路",
    )
    assert found.system is not None
    assert found.position is not None
    with place.database.reading() as session:
        (check,) = session.scalars(select(SignCheckRow))
        assert (check.camera, str(check.day), check.state) == (found.camera, "2020-01-01", "present")
        # Judged after the commit, as a night judges.
        subjects = set(session.scalars(select(JudgementRow.subject)))
        assert {found.camera, found.system} <= subjects
        rules = set(session.scalars(select(FindingRow.rule).where(FindingRow.subject == found.camera)))
    assert {"DOS-01", "FIX-01", "SIGN-01"} <= rules


def test_the_preview_writes_nothing_and_tells_each_row_what_to_do(place: Town) -> None:
    known = place.add("老点").row.id
    rows = [
        NEW,
        NEW | {"main_url": "rtsp://10.1.1.2/a", "code": "4201"},
        NEW | {"main_url": "rtsp://10.1.1.3/a", "code": "42010600001320000009"},
        NEW
        | {"main_url": "rtsp://10.1.1.4/a", "code": "", "system": "无此系统", "position": "实验小学/后门"},
        NEW | {"main_url": "rtsp://10.1.1.5/a", "code": "", "camera_type": "八爪鱼", "in_use": "昨天"},
        NEW | {"main_url": "rtsp://10.1.1.6/a", "code": "", "longitude": "114.3", "mac": "zz"},
        {"id": known, "name": "改名"},
        {"id": "ch_zzzzzzzzzzzz", "pole": "1"},
        NEW | {"main_url": "rtsp://10.1.1.1/a", "code": ""},
        NEW | {"main_url": "rtsp://10.1.1.7/a", "division": "999999", "code": ""},
    ]
    report = bring(place, *rows, dry_run=True)
    assert faults(report) == [
        [], ["code"], ["code"], ["system", "position"], ["camera_type", "in_use"], ["mac"], ["name"], ["id"],
        ["main_url"], ["division"],
    ]  # fmt: skip
    assert all(one.message and one.message_en for row in report.rows for one in row.errors)
    assert dossiers(place) == {}
    assert bring(place, *rows).counts.written == 0
    assert bring(place, *rows, mode="good").counts.written == 1


def test_a_camera_that_is_there_is_changed_by_its_code_and_an_empty_cell_changes_nothing(place: Town) -> None:
    channel = place.add("老点").row.id
    assert bring(place, {"id": channel, "code": CODE, "pole": "L-1", "keeper": "王敏"}).counts.changed == 1
    report = bring(place, {"code": CODE, "pole": "L-2", "keeper": ""})
    assert (report.counts.changed, report.rows[0].id) == (1, channel)
    row = dossiers(place)[channel]
    assert (row.pole, row.keeper) == ("L-2", "王敏")
    again = bring(place, {"code": CODE, "pole": "L-2"})
    assert (again.counts.unchanged, again.counts.changed) == (1, 0)
    with place.database.reading() as session:
        kept = changes(session, "dossier", channel)[::-1]
        assert [(one.what, one.after.get("pole")) for one in kept] == [("change", "L-1"), ("change", "L-2")]


def test_a_table_is_one_entry_in_the_journal_with_its_digest(place: Town) -> None:
    rows = [NEW | {"main_url": f"rtsp://10.1.2.{n}/a", "code": f"4201150000132{n:07d}"} for n in range(1, 8)]
    with place.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(JournalRow)) or 0
    bring(place, *rows)
    with place.database.reading() as session:
        entries = session.scalars(select(JournalRow).where(JournalRow.seq > before)).all()
        histories = session.scalar(
            select(func.count()).select_from(RecordChange).where(RecordChange.kind == "dossier")
        )
    assert [one.action for one in entries] == ["camera.import_table"]
    assert '"sha256"' in entries[0].facts
    assert histories == 7


def test_to_move_a_camera_in_use_by_table_needs_a_reason_too(place: Town) -> None:
    channel = place.add("老点").row.id
    stands = {"id": channel, "longitude": "114.32", "latitude": "30.35", "in_use": "2023-01-01"}
    assert faults(bring(place, stands)) == [[]]
    assert faults(bring(place, stands | {"longitude": "114.33"})) == [["longitude"]]
    assert faults(bring(place, stands | {"longitude": "114.33", "move_reason": "改建"})) == [[]]
    assert dossiers(place)[channel].moved is not None


def test_no_row_places_a_camera_where_none_may_stand(place: Town, clock: SetClock) -> None:
    clock.wall_us = start_us(date(2026, 10, 18))
    room = {"kind": "intimate_facility", "longitude": 114.32, "latitude": 30.35, "radius_m": 5}
    secret = {"kind": "secret_neighbour", "longitude": 114.33, "latitude": 30.35, "radius_m": 50}
    with place.database.transaction() as tx:
        for name, zone in (("更衣室", room), ("涉密单位", secret)):
            where = {"name": name, "division": JIANGXIA, "organisation": SCHOOL}
            enter_forbidden(
                tx,
                ACTOR,
                place.scope(Action.REGISTER_WRITE),
                ForbiddenPlaceWish.model_validate(where | zone),
            )
    known = place.add("老点").row.id
    inside = {"longitude": "114.32", "latitude": "30.35"}
    beside = {"longitude": "114.33", "latitude": "30.35"}
    new = NEW | {"code": "", "division": JIANGXIA}
    rows = [
        new | inside,
        {"id": known} | inside,
        new | {"main_url": "rtsp://10.1.1.2/a"} | beside,
        # In use beside a secret unit it is entered as what it is, a violation.
        new | {"main_url": "rtsp://10.1.1.3/a", "in_use": "2023-01-01"} | beside,
        new | {"main_url": "rtsp://10.1.1.4/a", "longitude": "114.34", "latitude": "30.35"},
    ]
    report = bring(place, *rows, mode="good")
    assert faults(report) == [["longitude"], ["longitude"], ["longitude"], [], []]
    assert "第八条" in report.rows[0].errors[0].message
    assert report.counts.written == 2


def test_what_a_table_brings_stands_on_the_map(place: Town) -> None:
    where = {"longitude": "114.32", "latitude": "30.35"}
    bring(place, NEW | where)
    (row,) = dossiers(place)
    moved = {"id": row, "longitude": "114.4", "latitude": "30.4"}

    def points() -> list[tuple[str, float, float]]:
        with place.database.reading() as session:
            rows = session.scalars(select(MapPointRow).where(MapPointRow.kind == "camera"))
            return [(one.record, one.longitude, one.latitude) for one in rows]

    assert points() == [(row, 114.32, 30.35)]
    bring(place, moved)
    assert points() == [(row, 114.4, 30.4)]


def test_dossiers_outside_ones_register_are_not_written_and_not_shown(place: Town) -> None:
    inside, outside = place.add("内"), place.add("外", division=WUCHANG)
    own = place.scope_of(JIANGXIA, Action.REGISTER_WRITE)
    rows = [{"id": inside.row.id, "pole": "1"}, {"id": outside.row.id, "pole": "2"}]
    report = table.bring_in(
        place.database,
        ACTOR,
        place.scope(),
        sheet(*rows),
        place.site,
        dry_run=False,
        mode="good",
        register=own,
    )
    assert faults(report) == [[], ["pole"]]
    with place.database.transaction() as tx:
        change(
            tx,
            ACTOR,
            place.scope(Action.REGISTER_WRITE),
            outside.row.id,
            DossierPatch.model_validate({"pole": "3"}),
        )
        content = table.take_out(tx, ACTOR, place.scope(), "csv", CameraFilter(), own)
    shown = {cells["name"]: cells["pole"] for _, cells in table.read_rows(content)}
    assert shown == {"内": "1", "外": ""}


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_goes_out_comes_back_unchanged(place: Town, form: Any) -> None:
    row = NEW | {
        "functions": "01/5",
        "camera_type": "1",
        "room": "2",
        "azimuth": "0.5",
        "in_use": "2024-02-29",
    }
    bring(place, row | {"pole": "=1+1", "secret": "是", "system": "校园系统"})
    with place.database.transaction() as tx:
        register = place.scope(Action.REGISTER_READ)
        content = table.take_out(tx, ACTOR, place.scope(), form, CameraFilter(), register)
    assert b'"=1+1' not in content
    report = table.bring_in(
        place.database, ACTOR, place.scope(), content, place.site, dry_run=False, mode="all",
        register=place.scope(Action.REGISTER_WRITE),
    )  # fmt: skip
    assert faults(report) == [[]]
    assert report.counts.unchanged == 1


def test_the_template_offers_every_code_by_its_name(place: Town) -> None:
    codes = load_workbook(io.BytesIO(table.template())).get_sheet_by_index(1).to_python()
    by_heading = dict(zip(codes[0], zip(*codes[1:], strict=True), strict=True))
    assert "3 固定枪机" in by_heading[BY_COLUMN["camera_type"].heading]
    assert BY_COLUMN["camera_type"].heading == "摄像机类型 / Kind of camera ★"
