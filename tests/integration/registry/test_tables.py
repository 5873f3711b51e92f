"""Tables of cameras: dry run, row-by-row errors, all or only the good, and no formula in any cell."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from python_calamine import load_workbook
from tests.places import ACTOR, JIANGXIA, SCHOOL, Town, town

from mingjing.identity.actions import Action
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.paper.cells import guarded, unguarded
from mingjing.registry import queries, table
from mingjing.registry.columns import COLUMNS
from mingjing.registry.queries import CameraFilter
from mingjing.registry.schema import ImportReport

HEADING = ["名称", "行政区划代码", "单位编号", "主码流", "子码流", "声音", "启用", "传输"]
GOOD = ["甲", JIANGXIA, SCHOOL, "rtsp://10.1.1.1/a", "", "是", "", "tcp"]


@pytest.fixture
def place(empty_database: Database) -> Town:
    return town(empty_database)


def as_csv(*rows: list[str], encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEADING, *rows])
    return out.getvalue().encode(encoding)


def bring_in(place: Town, content: bytes, *, dry_run: bool = False, mode: str = "all") -> ImportReport:
    return table.bring_in(
        place.database,
        ACTOR,
        place.scope(),
        content,
        place.site,
        dry_run=dry_run,
        mode=mode,  # type: ignore[arg-type]
    )


def count(place: Town) -> int:
    with place.database.reading() as session:
        return queries.cameras(session, place.scope(), CameraFilter(), 50, None).total


BAD = [
    ["", JIANGXIA, SCHOOL, "rtsp://10.1.1.2/a", "", "", "", ""],
    ["乙", "999999", SCHOOL, "rtsp://10.1.1.3/a", "", "", "", ""],
    ["丙", JIANGXIA, SCHOOL, "rtsp://127.0.0.1/a", "", "", "", ""],
    ["丁", JIANGXIA, SCHOOL, "rtsp://10.1.1.4/a", "", "也许", "", ""],
    ["戊", JIANGXIA, SCHOOL, "rtsp://10.1.1.1/a", "", "", "", ""],
    ["己", JIANGXIA, SCHOOL, "rtsp://10.1.1.5/a", "", "", "", "pigeon"],
]


def test_every_bad_row_is_told_its_column_in_both_languages(place: Town) -> None:
    report = bring_in(place, as_csv(GOOD, *BAD), dry_run=True)
    assert [row.state for row in report.rows] == ["ok", *["error"] * 6]
    columns = [row.errors[0].column.split(" / ")[0] for row in report.rows[1:]]
    assert columns == ["名称", "行政区划代码", "主码流", "声音", "主码流", "传输"]
    assert all(error.message and error.message_en for row in report.rows for error in row.errors)
    assert [row.row for row in report.rows] == [2, 3, 4, 5, 6, 7, 8]
    assert count(place) == 0


def test_all_or_nothing_writes_nothing_and_only_the_good_writes_the_good(place: Town) -> None:
    content = as_csv(GOOD, *BAD)
    assert bring_in(place, content).counts.written == 0
    assert count(place) == 0
    report = bring_in(place, content, mode="good")
    assert (report.counts.ok, report.counts.error, report.counts.written) == (1, 6, 1)
    assert count(place) == 1


def test_csv_as_chinese_spreadsheets_write_it_is_understood(place: Town) -> None:
    assert bring_in(place, as_csv(GOOD, encoding="gb18030")).counts.written == 1


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_goes_out_comes_back_and_holds_no_formula_and_no_password(place: Town, form: str) -> None:
    place.add('=HYPERLINK("http://x")', note="+1", address="@home")
    with place.database.transaction() as tx:
        content = table.take_out(tx, ACTOR, place.scope(Action.CAMERA_READ), form, CameraFilter())  # type: ignore[arg-type]
    assert b"hush-hush" not in content
    rows = list(table.read_rows(content))
    assert rows[0][1]["name"] == '=HYPERLINK("http://x")'
    if form == "xlsx":
        raw = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        assert raw[1][0] == '\'=HYPERLINK("http://x")'
    else:
        assert "\"'=HYPERLINK" in content.decode("utf-8-sig")


def test_a_table_holds_what_the_list_shows(place: Town) -> None:
    place.add("东门", address="一路")
    place.add("西门", address="二路")
    with place.database.transaction() as tx:
        content = table.take_out(tx, ACTOR, place.scope(Action.CAMERA_READ), "csv", CameraFilter(text="西"))
    assert [cells["name"] for _, cells in table.read_rows(content)] == ["西门"]


def test_refused_rows_come_back_with_their_reasons_and_can_be_mended_and_brought_in(place: Town) -> None:
    given = as_csv(GOOD, BAD[1])
    found = table.faults(place.database, ACTOR, place.scope(), given, place.site)
    heading, line = load_workbook(io.BytesIO(found)).get_sheet_by_index(0).to_python()
    assert heading[-1] == table.PROBLEMS
    assert (line[0], line[1], line[4]) == ("乙", "999999", BAD[1][3])
    assert str(line[-1]).startswith("行政区划代码 / Division: ")
    assert count(place) == 0
    mended = as_csv([BAD[1][0], JIANGXIA, *BAD[1][2:]])
    assert bring_in(place, found).counts.error == 1
    assert bring_in(place, mended).counts.written == 1


def test_the_template_has_every_column_and_no_row(place: Town) -> None:
    sheet = load_workbook(io.BytesIO(table.template())).get_sheet_by_index(0).to_python()
    assert sheet[0] == [column.heading for column in COLUMNS]
    assert len(sheet) == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04junk", b"\xd0\xcf\x11\xe0junk", b"a,b\n1,2\n"])
def test_what_is_no_table_of_cameras_is_refused_in_words(place: Town, content: bytes) -> None:
    with pytest.raises(MingjingError) as refused:
        bring_in(place, content)
    assert refused.value.code == "CAM-010"


@given(st.text())
def test_guarding_is_undone_exactly_and_leaves_no_formula(text: str) -> None:
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(text)) == text or text.startswith("'")


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    "</sheetData></worksheet>"
)


def test_two_cells_at_the_far_corners_cost_an_error_and_not_the_program(place: Town) -> None:
    plain, out = io.BytesIO(), io.BytesIO()
    Workbook().save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            inside = SHEET.encode() if entry.filename.endswith("sheet1.xml") else source.read(entry)
            target.writestr(entry.filename, inside)
    with pytest.raises(MingjingError) as raised:
        bring_in(place, out.getvalue(), dry_run=True)
    assert raised.value.code == "CAM-010"


@pytest.mark.parametrize("most", ["bytes", "entries"])
def test_a_spreadsheet_that_says_it_is_larger_than_it_may_be_is_not_unpacked(
    place: Town, monkeypatch: pytest.MonkeyPatch, most: str
) -> None:
    def never(*_: object) -> list[list[str]]:
        raise AssertionError("it was unpacked")

    monkeypatch.setattr(table, "spreadsheet_rows", never)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        if most == "bytes":
            target.writestr("xl/worksheets/sheet1.xml", bytes(table.EXPANDED_MOST_BYTES + 1))
        for number in range(1001 if most == "entries" else 0):
            target.writestr(f"xl/{number}", "")
    assert len(out.getvalue()) < 1 << 20
    with pytest.raises(MingjingError) as raised:
        bring_in(place, out.getvalue(), dry_run=True)
    assert raised.value.code == "CAM-010"


def test_a_spreadsheet_that_lies_about_its_size_costs_an_error_and_not_the_program(place: Town) -> None:
    plain, out = io.BytesIO(), io.BytesIO()
    Workbook().save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            inside = bytes(64 << 20) if entry.filename.endswith("sheet1.xml") else source.read(entry)
            target.writestr(entry.filename, inside)
    content = out.getvalue()
    lie = (1000).to_bytes(4, "little")
    content = content.replace((64 << 20).to_bytes(4, "little"), lie)
    assert max(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(content)).infolist()) < 1 << 20
    with pytest.raises(MingjingError) as raised:
        bring_in(place, content, dry_run=True)
    assert raised.value.code == "CAM-010"


def test_names_inside_a_spreadsheet_write_nothing_anywhere(place: Town, tmp_path: Path) -> None:
    plain, out = io.BytesIO(), io.BytesIO()
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADING)
    sheet.append(GOOD)
    book.save(plain)
    evil = [f"{'../' * deep}{tmp_path.name}-slipped" for deep in range(1, 5)]
    evil += [str(tmp_path / "slipped"), "..\\slipped", f"/{tmp_path.name}/slipped"]
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            target.writestr(entry.filename, source.read(entry))
        for name in evil:
            target.writestr(name, "slipped")
    assert bring_in(place, out.getvalue(), dry_run=True).counts.ok == 1
    assert sorted(path for path in tmp_path.rglob("*") if "slipped" in path.name) == []
    assert [path for path in tmp_path.parent.iterdir() if "slipped" in path.name] == []
