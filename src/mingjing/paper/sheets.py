"""XLSX tables for people: cells are text or whole numbers, and what begins like a formula is guarded."""

import io
from collections.abc import Sequence
from typing import Final

from mingjing.paper.cells import guarded

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet(title: str, headings: Sequence[str], rows: Sequence[Sequence[str | int | float | None]]) -> bytes:
    """One sheet with a heading that stays in view."""
    # Heavy to load, and few starts of the program ever write a table.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    page = book.worksheets[0]
    page.title = title
    page.append([guarded(one) for one in headings])
    for cell in page[1]:
        cell.font = Font(bold=True)
    page.freeze_panes = "B2"
    for number, row in enumerate(rows, start=2):
        for position, value in enumerate(row, start=1):
            if value is None:
                continue
            cell = page.cell(row=number, column=position)
            if isinstance(value, str):
                cell.value = guarded(value)
                cell.data_type = "s"
                cell.number_format = "@"
            else:
                cell.value = value
    for position, heading in enumerate(headings, start=1):
        page.column_dimensions[get_column_letter(position)].width = max(12, 2 * len(heading) + 2)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
