"""Cameras in and out as tables (XLSX, CSV): template, dry run, row-by-row errors.

Cells are text; what begins like a formula is guarded when it goes out and unguarded when it comes back. Nothing
of a table is written unless its row is without fault.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from pydantic import ValidationError

from mingjing.audit.service import Actor, Object, record
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Database, Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.media.worker.pool import WorkerError
from mingjing.media.worker.pool import table as spreadsheet_rows
from mingjing.paper.cells import guarded, unguarded
from mingjing.registry.errors import TABLE_UNREADABLE
from mingjing.registry.queries import CameraFilter, Registered, cameras
from mingjing.registry.schema import CameraWish, CellError, ImportCounts, ImportReport, ImportRow
from mingjing.registry.service import register
from mingjing.registry.site import CameraSite

ROWS_MOST = 20_000
EXPANDED_MOST_BYTES = 200 * 1024 * 1024

YES, NO = "是", "否"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the wish, its heading in both languages, and what may be chosen."""

    field: str
    zh: str
    en: str
    choices: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        return f"{self.zh} / {self.en}"


COLUMNS = (
    Column("name", "名称", "Name"),
    Column("division", "行政区划代码", "Division"),
    Column("organisation", "单位编号", "Organisation"),
    Column("address", "地址", "Address"),
    Column("main_url", "主码流", "Main stream"),
    Column("sub_url", "子码流", "Sub-stream"),
    Column("user", "用户名", "User"),
    Column("password", "口令", "Password"),
    Column("transport", "传输", "Transport", ("auto", "tcp", "udp", "udp_only")),
    Column("audio", "声音", "Audio", (YES, NO)),
    Column("enabled", "启用", "Enabled", (YES, NO)),
    Column("note", "备注", "Note"),
)
PROBLEMS = "问题 / Problems"
_HEADINGS = [column.heading for column in COLUMNS]
_BY_FIELD = {column.field: column for column in COLUMNS}
_TRUE = {"是", "yes", "y", "true", "1", ""}
_FALSE = {"否", "no", "n", "false", "0"}


def template() -> bytes:
    """An empty XLSX table with headings and drop-downs."""
    return _xlsx([])


def take_out(
    tx: Transaction, actor: Actor, scope: Scope, form: Literal["xlsx", "csv"], text: str = ""
) -> bytes:
    """Every camera in scope that a text finds, as a table; passwords never leave. Journalled."""
    rows: list[list[str]] = []
    after: str | None = None
    while True:
        page = cameras(tx.session, scope, CameraFilter(text=text), 500, after)
        rows += [_cells(found) for found in page.items]
        after = page.next
        if after is None:
            break
    record(
        tx,
        actor,
        "camera.export_table",
        Object("cameras", "table"),
        {"rows": len(rows), "form": form, "text": text},
    )
    return _xlsx(rows) if form == "xlsx" else _csv(rows)


def bring_in(
    store: Database,
    actor: Actor,
    scope: Scope,
    content: bytes,
    site: CameraSite,
    *,
    dry_run: bool,
    mode: Literal["all", "good"],
) -> ImportReport:
    """Enter the cameras of a table. `all` writes nothing unless every row is good; `good` writes the good ones.

    A dry run goes the same way and undoes it. Raises CAM-010 for a table that cannot be read.
    """
    rows = list(read_rows(content))
    results: list[ImportRow] = []

    def work(tx: Transaction) -> int:
        for number, cells in rows:
            results.append(_enter(tx, actor, scope, site, number, cells))
        written = sum(result.state == "ok" for result in results)
        if dry_run or (mode == "all" and written < len(results)):
            raise _UndoneError
        record(tx, actor, "camera.import_table", Object("cameras", "table"), {"rows": written, "mode": mode})
        return written

    try:
        with store.transaction() as tx:
            written = work(tx)
    except _UndoneError:
        written = 0
        results[:] = [result.model_copy(update={"id": None}) for result in results]
    good = sum(result.state == "ok" for result in results)
    counts = ImportCounts(rows=len(results), ok=good, error=len(results) - good, written=written)
    return ImportReport(rows=results, counts=counts)


def faults(store: Database, actor: Actor, scope: Scope, content: bytes, site: CameraSite) -> bytes:
    """The rows that an import would refuse: an XLSX with the same columns and one that says why, which can be mended and
    brought in. Writes nothing. Raises CAM-010."""
    given = dict(read_rows(content))
    report = bring_in(store, actor, scope, content, site, dry_run=True, mode="all")
    lines = [
        [*(guarded(given[bad.row].get(column.field, "")) for column in COLUMNS), guarded(_spoken(bad))]
        for bad in report.rows
        if bad.state == "error"
    ]
    return _xlsx(lines, [*_HEADINGS, PROBLEMS])


def _spoken(bad: ImportRow) -> str:
    return "\n".join(f"{one.column}: {one.message} {one.message_en}" for one in bad.errors)


class _UndoneError(Exception):
    """Leaves the transaction without committing it."""


def read_rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a table by field, with their number as the spreadsheet shows it. Raises CAM-010."""
    raw = (
        _spreadsheet(content)
        if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0"
        else _text(content)
    )
    if not raw:
        raise _unreadable("表格为空。", "The table is empty.")
    fields = [_field(heading) for heading in raw[0]]
    missing = [column.zh for column in COLUMNS[:3] if column.field not in fields]
    if missing or "main_url" not in fields:
        raise _unreadable(
            f"缺少列：{'、'.join(missing or ['主码流'])}。",
            "Columns are missing; use the template's heading.",
        )
    if len(raw) - 1 > ROWS_MOST:
        raise _unreadable(f"行数超过 {ROWS_MOST}。", f"More than {ROWS_MOST} rows.")
    for number, line in enumerate(raw[1:], start=2):
        cells = {
            field: unguarded(cell.strip())
            for field, cell in zip(fields, line, strict=False)
            if field is not None
        }
        if any(cells.values()):
            yield number, cells


def too_large(most_bytes: int) -> MingjingError:
    return _unreadable(
        f"文件超过 {most_bytes // 1024 // 1024} MiB。", f"The file exceeds {most_bytes // 1024 // 1024} MiB."
    )


def _enter(
    tx: Transaction, actor: Actor, scope: Scope, site: CameraSite, number: int, cells: dict[str, str]
) -> ImportRow:
    name = cells.get("name", "")
    wish, errors = _wish(cells)
    if wish is not None:
        try:
            # A row that fails in the middle leaves nothing of itself behind.
            with tx.session.begin_nested():
                made = register(tx, actor, scope, wish, site)
            return ImportRow(row=number, state="ok", name=name, id=made.row.id)
        except MingjingError as error:
            errors = [
                CellError(column=_column_of(error), message=error.detail.zh, message_en=error.detail.en)
            ]
    return ImportRow(row=number, state="error", name=name, errors=errors)


def _wish(cells: dict[str, str]) -> tuple[CameraWish | None, list[CellError]]:
    errors: list[CellError] = []
    flags: dict[str, bool] = {}
    for field in ("audio", "enabled"):
        text = cells.get(field, "").lower()
        if text in _TRUE or text in _FALSE:
            flags[field] = text in _TRUE
        else:
            errors.append(_cell(field, "应为“是”或“否”", "should be 是 (yes) or 否 (no)"))
    for field in ("name", "division", "organisation", "main_url"):
        if not cells.get(field):
            errors.append(_cell(field, "必填", "is required"))
    if errors:
        return None, errors
    transport = cells.get("transport") or "auto"
    streams = [{"kind": "main", "url": cells["main_url"], "transport": transport, "audio": flags["audio"]}]
    if cells.get("sub_url"):
        streams.append(
            {"kind": "sub", "url": cells["sub_url"], "transport": transport, "audio": flags["audio"]}
        )
    body = {
        "name": cells["name"],
        "division": cells["division"],
        "organisation": cells["organisation"],
        "enabled": flags["enabled"],
        "address": cells.get("address", ""),
        "note": cells.get("note", ""),
        "streams": streams,
        "user": cells.get("user") or None,
        "password": cells.get("password") or None,
    }
    try:
        return CameraWish.model_validate(body), []
    except ValidationError as problem:
        return None, [
            _from_pydantic(item["loc"], item["msg"]) for item in problem.errors(include_input=False)
        ]


def _from_pydantic(location: Sequence[int | str], message: str) -> CellError:
    field = str(location[0]) if location else "name"
    if field == "streams" and len(location) > 2:
        stream = "main_url" if location[1] == 0 else "sub_url"
        field = "transport" if location[2] == "transport" else stream
    return _cell(field, f"格式不符：{message}", message)


def _column_of(error: MingjingError) -> str:
    places = {"CAM-001": "main_url", "CAM-003": "main_url", "DIV-004": "division", "AUTH-025": "organisation"}
    field = places.get(error.code, "division" if error.code == "REQ-404" else "name")
    return _BY_FIELD[field].heading


def _cell(field: str, zh: str, en: str) -> CellError:
    return CellError(column=_BY_FIELD.get(field, COLUMNS[0]).heading, message=zh, message_en=en)


def _field(heading: str) -> str | None:
    text = heading.strip().lower()
    for column in COLUMNS:
        if text in {column.heading.lower(), column.zh, column.en.lower(), column.field}:
            return column.field
    return None


def _spreadsheet(content: bytes) -> list[list[str]]:
    if content[:2] == b"PK":
        _refuse_bomb(content)
    try:
        # In a child under limits: a kilobyte of spreadsheet can ask for half a terabyte.
        return spreadsheet_rows(content, ROWS_MOST + 2)
    except WorkerError as problem:
        raise _unreadable("文件不是可读的表格。", "The file is not a table that can be read.") from problem


def _refuse_bomb(content: bytes) -> None:
    """A spreadsheet is a ZIP: what it says it holds is judged before anything is unpacked."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as problem:
        # The last is what the standard library says of a ZIP version that it does not read.
        raise _unreadable("文件已损坏。", "The file is damaged.") from problem
    if len(entries) > 1000 or sum(entry.file_size for entry in entries) > EXPANDED_MOST_BYTES:
        raise _unreadable("文件展开后过大。", "The file is too large when unpacked.")


def _text(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheet programs write in China when asked for plain CSV.
        text = content.decode("gb18030", errors="replace")
    try:
        return list(islice(csv.reader(io.StringIO(text)), ROWS_MOST + 2))
    except csv.Error as problem:
        raise _unreadable("CSV 无法解析。", "The CSV cannot be parsed.") from problem


def _unreadable(zh: str, en: str) -> MingjingError:
    return MingjingError(TABLE_UNREADABLE, problem_zh=zh, problem_en=en)


def _cells(found: Registered) -> list[str]:
    row, main, sub = found.row, found.streams.get("main"), found.streams.get("sub")
    values = {
        "name": row.name,
        "division": row.division,
        "organisation": row.organisation,
        "address": row.address,
        "main_url": main.url if main else "",
        "sub_url": sub.url if sub else "",
        "user": row.user or "",
        "password": "",
        "transport": main.transport if main else "auto",
        "audio": YES if main is None or main.audio else NO,
        "enabled": YES if row.enabled else NO,
        "note": row.note,
    }
    return [guarded(values[column.field]) for column in COLUMNS]


def _csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(rows: list[list[str]], headings: Sequence[str] = _HEADINGS) -> bytes:
    # Heavy to load, and a start before the first stream records has no table to write.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has a sheet")
    sheet.title = "摄像机"
    sheet.append(list(headings))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    for number, line in enumerate(rows, start=2):
        for position, text in enumerate(line, start=1):
            cell = sheet.cell(row=number, column=position)
            cell.value = text
            cell.data_type = "s"
            cell.number_format = "@"
    for position, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = 36 if column.field.endswith("_url") else 18
        if column.choices:
            rule = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{ROWS_MOST}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
