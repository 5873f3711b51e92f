"""DOCX for offices that go on writing: the same groups, members and tables as the template `document`, with addresses as
hyperlinks. Nothing typed is read as markup."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPEFACE: Final = "宋体"
"""What every office in China has; where it has not, its program takes another one."""


def docx(data: Mapping[str, Any], made_us: int) -> bytes:
    """The document of `data` (the shape of the template `document`). `made_us` is when it says that it was made."""
    # Heavy to load, and few starts of the program ever write a letter.
    from docx import Document  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    letter = Document()
    for name in ("Normal", "Title", "Heading 1"):
        style = letter.styles[name]
        style.font.name = TYPEFACE
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TYPEFACE)
    letter.styles["Normal"].font.size = Pt(10.5)
    about = letter.core_properties
    about.title, about.author = data["title"], data["running"]
    about.created = about.modified = datetime.fromtimestamp(made_us / 1_000_000, UTC)
    letter.add_heading(data["title"], 0)
    for note in data["notes"]:
        letter.add_paragraph(note)
    for group in data["groups"]:
        letter.add_heading(group["heading"], 1)
        for note in group.get("notes", ()):
            letter.add_paragraph(note)
        _table(letter, [], group.get("rows", ()))
        _table(letter, group.get("head", ()), group.get("lines", ()))
    for line in data["foot"]:
        letter.add_paragraph(line)
    out = io.BytesIO()
    letter.save(out)
    return out.getvalue()


def _table(letter: "Document", head: Sequence[str], lines: Sequence[Sequence[Any]]) -> None:
    if not lines:
        return
    table = letter.add_table(rows=0, cols=len(lines[0]))
    table.style = "Table Grid"
    for line in ([head] if head else []) + list(lines):
        for cell, value in zip(table.add_row().cells, line, strict=True):
            _fill(cell, value)


def _fill(cell: "_Cell", value: Any) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    paragraph = cell.paragraphs[0]
    if not isinstance(value, Mapping):
        paragraph.add_run(str(value))
        return
    run = paragraph.add_run(value["text"])
    run.font.underline = True
    link = OxmlElement("w:hyperlink")
    link.set(
        qn("r:id"), paragraph.part.relate_to(value["link"], RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    )
    link.append(run._r)
    paragraph._p.append(link)
