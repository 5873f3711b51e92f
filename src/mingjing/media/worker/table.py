"""A spreadsheet's first sheet as rows of text. Runs in the child only: a few cells far apart make gigabytes."""

import io

from python_calamine import load_workbook

CHARACTERS_MOST = 64 * 1024 * 1024


def rows(content: bytes, most: int) -> list[list[str]]:
    """The first `most` rows, whole numbers without their decimal point. Raises ValueError where there is too much."""
    sheet = load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
    found: list[list[str]] = []
    characters = 0
    for line in sheet.to_python(nrows=most):
        found.append([_plain(cell) for cell in line])
        characters += sum(len(cell) + 1 for cell in found[-1])
        if characters > CHARACTERS_MOST:
            raise ValueError("the sheet is too large")
    return found


def _plain(cell: object) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
