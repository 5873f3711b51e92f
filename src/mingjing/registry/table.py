"""Cameras in and out as tables (XLSX, CSV) with their dossiers: template, dry run, row-by-row errors.

Cells are text; what begins like a formula is guarded when it goes out and unguarded when it comes back. Nothing
of a table is written unless its row is without fault. An empty cell of a camera that is there changes nothing.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, zip_longest
from typing import Final, Literal

from mingjing.audit.service import Actor, Object, record
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Database, Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.media.worker.pool import WorkerError
from mingjing.media.worker.pool import table as spreadsheet_rows
from mingjing.paper.cells import guarded, unguarded
from mingjing.registry import intake
from mingjing.registry.columns import COLUMNS, field_of
from mingjing.registry.dossiers.queries import known as known_dossiers
from mingjing.registry.entering import compose, enter
from mingjing.registry.errors import TABLE_UNREADABLE
from mingjing.registry.intake import Line, Rights
from mingjing.registry.queries import CameraFilter, cameras
from mingjing.registry.schema import ImportCounts, ImportReport, ImportRow
from mingjing.registry.site import CameraSite

ROWS_MOST = 20_000
EXPANDED_MOST_BYTES = 200 * 1024 * 1024
PROBLEMS = "问题 / Problems"
_HEADINGS: Final = [column.heading for column in COLUMNS]
Steps = Callable[[str, int, int], None]
"""Told how far a table is: the step, how many rows are done, of how many."""
Kept = Callable[[Transaction, int], None]
"""Told in each transaction that writes how many rows will be written with it."""


def template() -> bytes:
    """An empty XLSX table with headings and drop-downs."""
    return _xlsx([])


def take_out(
    tx: Transaction,
    actor: Actor,
    scope: Scope,
    form: Literal["xlsx", "csv"],
    wanted: CameraFilter,
    register: Scope | None = None,
    area: str | None = None,
) -> bytes:
    """Every camera in scope that a filter lets through, as a table, with its dossier where that is in `register`; passwords
    never leave. Journalled with what it was narrowed to; `area` is what `wanted.among` was drawn from."""
    rows: list[list[str]] = []
    after: str | None = None
    while True:
        page = cameras(tx.session, scope, wanted, 500, after)
        dossiers = known_dossiers(tx.session, [found.row.id for found in page.items])
        for found in page.items:
            row = found.row
            may = register is not None and register.covers(row.division_path, row.organisation_path)
            cells = intake.dossier_cells(dossiers.get(row.id) if may else None)
            cells |= intake.register_cells(found) | {"id": row.id}
            rows.append([guarded(cells.get(column.field, "")) for column in COLUMNS])
        after = page.next
        if after is None:
            break
    narrowed = {
        "organisation": wanted.organisation, "enabled": wanted.enabled, "lacking": wanted.lacking, "area": area,
    }  # fmt: skip
    facts = {"rows": len(rows), "form": form, "text": wanted.text or "", "under": wanted.under}
    facts |= {name: value for name, value in narrowed.items() if value is not None}
    record(tx, actor, "camera.export_table", Object("cameras", "table"), facts)
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
    register: Scope | None = None,
    told: Steps = lambda _step, _done, _total: None,
    kept: Kept = lambda _tx, _written: None,
) -> ImportReport:
    """Enter the cameras of a table and write their dossiers, those in `register`. `all` writes nothing unless every row is
    good, in one transaction; `good` writes the good ones, in several: others who write come between them.

    A dry run looks everything up and writes nothing. What is written is checked once more in its own transaction. Raises
    CAM-010 for a table that cannot be read.
    """
    rows = list(read_rows(content))
    # A scope in which nothing lies is one, too: who may write no dossier writes none by table.
    rights = Rights(scope, scope if register is None else register)
    total = len(rows)
    lines: list[Line] = []
    for number, cells in rows:
        if len(lines) % 500 == 0:
            told("reading", len(lines), total)
        lines.append(intake.read(number, cells))
    told("checking", 0, total)
    with store.reading() as session:
        intake.check(session, rights, site, lines, store.clock.now_us())
    if dry_run or (mode == "all" and any(line.errors for line in lines)):
        return _report(lines, 0)
    composed = compose(lines, site)
    facts = {"mode": mode, "sha256": hashlib.sha256(content).hexdigest()}
    # Rows that stand twice in the table were refused by the first look: a part need not know the others.
    wanted = lines if mode == "all" else [line for line in lines if not line.errors]
    written = 0
    for part in [wanted] if mode == "all" else intake.parts(wanted):
        told("writing", written, len(wanted))
        with store.transaction() as tx:
            # Once more where nobody else writes: between the two looks somebody may have.
            intake.check(tx.session, rights, site, part, tx.now_us())
            good = [line for line in part if not line.errors and (line.known or line.number in composed)]
            if mode == "all" and len(good) < total:
                return _report(lines, 0)
            enter(tx, actor, good, composed, facts)
            kept(tx, written + len(good))
            told("judging", written, len(wanted))
        written += len(good)
    return _report(lines, written)


def _report(lines: Sequence[Line], written: int) -> ImportReport:
    rows = [
        ImportRow(
            row=line.number, state="error" if line.errors else "ok", name=line.name,
            id=line.known.row.id if line.known else None, change=None if line.errors else line.change,
            errors=line.errors,
        )
        for line in lines
    ]  # fmt: skip
    good = [row for row in rows if row.state == "ok"]
    by_change = {what: sum(row.change == what for row in good) for what in ("new", "changed", "unchanged")}
    counts = ImportCounts(
        rows=len(rows), ok=len(good), error=len(rows) - len(good), written=written, **by_change
    )
    return ImportReport(rows=rows, counts=counts)


def faults(
    store: Database,
    actor: Actor,
    scope: Scope,
    content: bytes,
    site: CameraSite,
    register: Scope | None = None,
) -> bytes:
    """The rows that an import would refuse: an XLSX with the same columns and one that says why, which can be mended and
    brought in. Writes nothing. Raises CAM-010."""
    report = bring_in(store, actor, scope, content, site, dry_run=True, mode="all", register=register)
    return marked(content, report)


def marked(content: bytes, report: ImportReport) -> bytes:
    """The refused rows of a table with why, as `faults` has them."""
    given = dict(read_rows(content))
    lines = [
        [*(guarded(given[bad.row].get(column.field, "")) for column in COLUMNS), guarded(_spoken(bad))]
        for bad in report.rows
        if bad.state == "error"
    ]
    return _xlsx(lines, [*_HEADINGS, PROBLEMS])


def _spoken(bad: ImportRow) -> str:
    return "\n".join(f"{one.column}: {one.message} {one.message_en}" for one in bad.errors)


def read_rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a table by field, with their number as the spreadsheet shows it. Raises CAM-010."""
    raw = (
        _spreadsheet(content)
        if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0"
        else _text(content)
    )
    if not raw:
        raise _unreadable("表格为空。", "The table is empty.")
    fields = [field_of(heading) for heading in raw[0]]
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


def _csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(rows: Iterable[Sequence[str]], headings: Sequence[str] = _HEADINGS) -> bytes:
    # Heavy to load, and a start before the first stream records has no table to write.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    # Written as it goes: ten thousand dossiers are a million cells.
    book = Workbook(write_only=True)
    sheet, codes = book.create_sheet("摄像机"), book.create_sheet("代码")
    chosen = [column for column in COLUMNS if column.choices]
    for position, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = 36 if column.field.endswith("_url") else 18
        if column.choices:
            at = get_column_letter(chosen.index(column) + 1)
            source = f"'代码'!${at}$2:${at}${len(column.choices) + 1}"
            rule = DataValidation(type="list", formula1=source, allow_blank=True)
            sheet.data_validations.append(rule)
            rule.add(f"{letter}2:{letter}{ROWS_MOST + 1}")
    sheet.freeze_panes = "B2"
    bold = []
    for heading in headings:
        cell = WriteOnlyCell(sheet, heading)
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for line in rows:
        sheet.append(list(line))
    codes.append([column.heading for column in chosen])
    for line in zip_longest(*(column.choices for column in chosen)):
        codes.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
