"""DOCX for offices that go on writing: the same groups, members and tables as the template `document`, with addresses as
hyperlinks. Nothing typed is read as markup."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog

from mingjing.kernel.errors import MingjingError
from mingjing.paper.errors import LETTER_BAD

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell

_log = structlog.get_logger(__name__)
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPEFACE: Final = "宋体"
"""What every office in China has; where it has not, its program takes another one."""


def docx(data: Mapping[str, Any], made_us: int, template: Path | None = None) -> bytes:
    """The document of `data` (the shape of the template `document`). `made_us` is when it says that it was made;
    `template` is an office's own. Raises PAP-003 where that cannot be filled."""
    if template is not None:
        return _filled(template, data)
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


def _filled(template: Path, data: Mapping[str, Any]) -> bytes:
    from docxtpl import DocxTemplate  # type: ignore[import-untyped]  # noqa: PLC0415
    from jinja2 import TemplateError  # noqa: PLC0415
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    out = io.BytesIO()
    try:
        letter = DocxTemplate(template)
        # Escaped: what was typed stays text. In a sandbox: whoever writes a letter writes no program.
        letter.render(_plain(data), SandboxedEnvironment(autoescape=True))
        letter.save(out)
    except (OSError, ValueError, KeyError, TypeError, TemplateError) as problem:
        _log.warning("letter_not_filled", template=str(template), problem=str(problem)[:400])
        raise MingjingError(LETTER_BAD) from problem
    return out.getvalue()


def _plain(value: Any) -> Any:
    """Cells as their texts, addresses left out: a template says itself what it links."""
    if isinstance(value, Mapping):
        if set(value) == {"text", "link"}:
            return value["text"]
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


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
