"""The report and the trend of compliance: every figure in the file is the figure of the page, and leads to its list."""

import io
import re
from datetime import date
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qs, urlsplit

import docx
import pytest

from mingjing.governance.compliance.report import REGISTERS
from mingjing.governance.compliance.schema import Kind
from mingjing.kernel.db import Database
from tests.law.office import Office, done, office
from tests.pdf import links_of, text_of
from tests.places import JIANGXIA, POLICE, SCHOOL, WUCHANG

FIGURES = ("applies", "met", "pending", "broken", "unknown")
HOST = "http://127.0.0.1:8360"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    """A system that is late, one that is filed, one in another district, and a camera that lacks everything."""
    found = office(empty_database, tmp_path)
    found.system(in_use="2026-10-18")
    filed = found.system(name="第二系统", in_use="2026-10-18")["id"]
    found.submit(found.filings(filed)[0]["id"])
    found.system(name="武昌系统", division=WUCHANG, in_use="2026-10-18")
    found.whole.recorder.town.add("甲摄像机")
    found.on(date(2026, 11, 20))
    return found


def letter(at: Office, query: str = "") -> Any:
    answer = at.clerk.get(f"/api/v1/compliance/report?form=docx{query}")
    assert answer.status_code == 200, answer.text
    return docx.Document(io.BytesIO(answer.content))


def lines(table: Any) -> list[tuple[list[str], list[str]]]:
    """Rows of a table below its head: texts, and addresses."""
    return [
        (
            [cell.text for cell in row.cells],
            [link.address for cell in row.cells for part in cell.paragraphs for link in part.hyperlinks],
        )
        for row in table.rows[1:]
    ]


@pytest.mark.parametrize("narrowed", ["", f"&under={JIANGXIA}", f"&unit={SCHOOL}"])
def test_each_figure_of_the_report_is_the_figure_of_the_page(at: Office, narrowed: str) -> None:
    page = done(at.clerk.get(f"/api/v1/compliance?{narrowed[1:]}"))["rules"]
    written = lines(letter(at, narrowed).tables[0])
    assert sum(one["applies"] for one in page) > 0
    assert len(written) == len(page)
    for one, (cells, _) in zip(page, written, strict=True):
        assert cells[0] == f"{one['rule']} {one['title']}"
        assert [int(cell) for cell in cells[2:7]] == [one[name] for name in FIGURES], one["rule"]


def test_the_list_that_a_figure_leads_to_is_as_long_as_the_figure_says(at: Office) -> None:
    asked = 0
    for cells, links in lines(letter(at, f"&under={JIANGXIA}").tables[0]):
        for count, link in zip(cells[2:7], links, strict=True):
            parts = urlsplit(link)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            assert (parts.netloc, query["under"]) == ("127.0.0.1:8360", JIANGXIA)
            if "verdict" in query:
                held = done(at.clerk.get("/api/v1/findings", params=query))["total"]
                assert held == int(count), link
                asked += held
    assert asked > 0


def test_the_pdf_holds_the_same_figures_and_addresses(at: Office) -> None:
    written = lines(letter(at).tables[0])
    printed = at.clerk.get("/api/v1/compliance/report?form=pdf")
    assert printed.headers["content-type"] == "application/pdf"
    text = text_of(printed.content)
    assert {link for _, links in written for link in links} <= set(links_of(printed.content))
    for cells, _ in written:
        assert "".join("".join(cells).split()) in text, cells[0]


def test_it_writes_out_what_is_broken_with_the_address_of_the_record(at: Office) -> None:
    found = done(at.clerk.get("/api/v1/findings?verdict=broken&limit=200"))
    written = lines(letter(at).tables[1])
    assert len(written) == found["total"] > 0
    for one, (cells, links) in zip(found["items"], written, strict=True):
        assert cells[:3] == [one["rule"], one["subject_name"], one["message"]]
        assert links[0].startswith(HOST) and links[0].endswith(one["subject"])


def test_the_rule_sets_are_named_and_the_one_whose_text_is_not_at_hand_says_so(at: Office) -> None:
    sets = {cells[0]: cells for cells, _ in lines(letter(at).tables[2])}
    assert set(sets) >= {"hubei-2013", "national-2025", "hubei-2026"}
    assert sets["hubei-2026"][3] == "未载入文本"
    assert sets["hubei-2026"][4]


def test_a_month_to_come_or_none_is_refused(at: Office) -> None:
    for month in ("2026-12", "2026-13", "2026"):
        answer = at.clerk.get(f"/api/v1/compliance/report?month={month}")
        assert (answer.status_code, answer.json()["code"]) == (422, "CMP-002")
    assert "2026-10" in letter(at, "&month=2026-10").paragraphs[1].text


def test_the_trend_tells_how_many_were_broken_at_the_end_of_each_day(at: Office) -> None:
    def trend(rule: str) -> list[int]:
        rules = done(at.clerk.get(f"/api/v1/compliance?under={JIANGXIA}"))["rules"]
        found: list[int] = next(one["trend"] for one in rules if one["rule"] == rule)
        return found

    # In use on 18 October, due on 17 November: broken since the judgement of the 20th, the first after it.
    assert trend("FILE-01")[-4:] == [0, 0, 0, 1]
    assert len(trend("FILE-01")) == 30
    (system,) = {
        one["system"] for one in done(at.clerk.get("/api/v1/filings?state=preparing&under=420115"))["items"]
    }
    for day, maintainer in ((21, POLICE), (23, SCHOOL)):
        at.on(date(2026, 11, day))
        done(at.clerk.patch(f"/api/v1/systems/{system}", json={"maintainer": maintainer}))
    assert trend("MAINT-01")[-4:] == [0, 1, 1, 0]


def test_the_report_leads_to_the_registers_that_the_console_has() -> None:
    """Kinds of subjects and their pages are told twice, here and in the console: they agree."""
    source = Path(__file__).parents[3] / "console/src/shared/law/verdicts.ts"
    told = re.search(
        r"REGISTER: Record<Finding\['kind'\], string> = \{(.*?)\}", source.read_text(), re.DOTALL
    )
    assert told is not None
    assert dict(re.findall(r"(\w+): '([^']+)'", told[1])) == REGISTERS
    assert set(REGISTERS) == set(get_args(Kind))
