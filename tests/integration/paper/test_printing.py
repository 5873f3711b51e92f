"""Documents: what people have written stays text, what no font shows is named, and a bad one ends its child alone."""

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import load_workbook

from mingjing.kernel.errors import MingjingError
from mingjing.paper import letters, printing
from mingjing.paper.glyphs import characters, missing
from mingjing.paper.printing import Printer
from mingjing.paper.sheets import sheet
from tests.pdf import links_of, text_of

AT_US = 1_795_651_200_000_000
RARE = "𠮷"
LARGE_FONTS = Path("/usr/share/fonts/opentype/noto")
"""What the tests' package fonts-noto-cjk installs."""


def document(**members: Any) -> dict[str, Any]:
    return {
        "title": "登记表", "lang": "zh", "running": "明镜", "made": "2026-11-26", "notes": [], "foot": [], "groups": [],
        "lacking_note": "缺字形：",
    } | members  # fmt: skip


def printed(printer: Printer, *values: str) -> str:
    rows = [["名称", value] for value in values]
    return text_of(printer.pdf("document", document(groups=[{"heading": "单位", "rows": rows}]), AT_US))


@pytest.mark.parametrize(
    "hostile",
    [
        "#panic()",
        '#read("/etc/passwd")',
        "*粗*_斜_",
        "$x$",
        "= 标题",
        "\\",
        "]",
        '"',
        "`a`",
        "<a>",
        "@b",
        "//c",
    ],
)
def test_what_people_have_written_is_text_and_never_markup(hostile: str) -> None:
    assert f"名称{''.join(hostile.split())}" in printed(Printer(), hostile)


def test_a_character_that_no_font_shows_is_named_at_the_end() -> None:
    text = printed(Printer(), f"{RARE}野家")
    assert text.endswith("缺字形：U+20BB71/1")
    assert "缺字形" not in printed(Printer(), "江夏区实验小学")


def test_a_directory_of_further_fonts_shows_it(tmp_path: Path) -> None:
    (tmp_path / "more.ttc").symlink_to(next(iter(sorted(LARGE_FONTS.glob("*CJK*.ttc")))))
    text = printed(Printer(tmp_path), f"{RARE}野家")
    assert f"{RARE}野家" in text
    assert "缺字形" not in text


def test_a_file_that_is_no_font_costs_itself_alone(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"\x00\x01\x00\x00\x00\x09" + b"\xff" * 60)
    assert "江夏区" in printed(Printer(tmp_path), "江夏区")


def test_the_characters_of_every_word_that_is_printed_are_in_the_shipped_font() -> None:
    font = Path(printing.__file__).with_name("typefaces") / "NotoSansSC-Regular.ttf"
    covered = characters(font.read_bytes())
    assert missing(["公共安全视频图像信息系统备案回执", "湖北省江夏区（）：；、“”〇"], covered) == []
    assert missing([f"{RARE}b"], covered) == [RARE]
    with pytest.raises(ValueError, match="not a font"):
        characters(b"\x00\x01\x00\x00\x00\x01")


def test_a_document_that_fails_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(MingjingError) as refused:
        Printer().pdf("document", document(groups=[{"heading": 7, "rows": [[1]]}]), AT_US)
    assert refused.value.code == "PAP-001"


def test_a_figure_leads_to_its_list() -> None:
    cell = {"text": "120", "link": "https://video.example.cn/compliance?rule=FILE-01"}
    made = Printer().pdf("document", document(groups=[{"heading": "数", "rows": [["应", cell]]}]), AT_US)
    assert links_of(made) == [cell["link"]]
    assert "应120" in text_of(made)


def test_the_same_data_make_the_same_file() -> None:
    data = document(groups=[{"heading": "单位", "rows": [["名称", "江夏区"]]}])
    assert Printer().pdf("document", data, AT_US) == Printer().pdf("document", data, AT_US)


def test_no_cell_of_a_table_is_a_formula() -> None:
    made = sheet("设备", ["=A1", "台数"], [["=1+1", 3], ["@x", None]])
    page = load_workbook(io.BytesIO(made)).worksheets[0]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["'=A1", "台数"],
        ["'=1+1", 3],
        ["'@x", None],
    ]
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}


def own_letter(folder: Path, *lines: str) -> Path:
    """An office's template of these paragraphs."""
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    made.save(str(folder / "letter.docx"))
    return folder / "letter.docx"


def test_an_office_has_its_own_letter_filled(tmp_path: Path) -> None:
    lines = (
        "江夏区公安分局：{{ title }}",
        "{% for group in groups %}{{ group.heading }} {{ group.rows[0][1] }}{% endfor %}",
    )
    data = document(groups=[{"heading": "<数>", "rows": [["应", {"text": "120", "link": "https://a/b"}]]}])
    made = letters.docx(data, AT_US, own_letter(tmp_path, *lines))
    assert [one.text for one in docx.Document(io.BytesIO(made)).paragraphs] == [
        "江夏区公安分局：登记表",
        "<数> 120",
    ]


@pytest.mark.parametrize(
    "line", ["{{ title", "{{ title.__class__.__mro__ }}", "{{ cycler.__init__.__globals__ }}"]
)
def test_a_letter_that_is_broken_or_a_program_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(MingjingError) as refused:
        letters.docx(document(), AT_US, own_letter(tmp_path, line))
    assert refused.value.code == "PAP-003"
