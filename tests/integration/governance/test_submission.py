"""Documents, package and receipt of a filing over HTTP: what is taken, what is kept, what a reader of paper is told."""

import hashlib
import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from mingjing.governance.submission.documents import move_out
from mingjing.governance.submission.model import DocumentContentRow, ReceiptRow
from mingjing.governance.submission.receipts import masked
from mingjing.kernel.db import Database
from tests.law.office import Office, done, office
from tests.pdf import links_of, text_of

SCAN = b"%PDF-1.7\nlicence\n%%EOF\n"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(32)


@pytest.fixture
def at(empty_database: Database, tmp_path: Path) -> Office:
    return office(empty_database, tmp_path)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"


def filed(at: Office, **members: Any) -> str:
    """A filing that was submitted."""
    (filing,) = at.filings(at.system(in_use="2026-10-18", **members)["id"])
    at.submit(filing["id"])
    identifier: str = filing["id"]
    return identifier


def upload(at: Office, filing: str, content: bytes, kind: str = "licence", name: str = "执照.pdf") -> Any:
    address = f"/api/v1/filings/{filing}/documents"
    return at.clerk.post(address, params={"kind": kind, "name": name}, content=content)


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_document_is_kept_with_its_digest_and_handed_out_as_it_came(at: Office) -> None:
    filing = filed(at)
    kept = done(upload(at, filing, SCAN))
    assert (kept["media_type"], kept["sha256"]) == ("application/pdf", hashlib.sha256(SCAN).hexdigest())
    found = at.clerk.get(f"/api/v1/filings/{filing}/documents/{kept['id']}")
    assert found.content == SCAN
    assert found.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E6%89%A7")
    listed = done(at.clerk.get(f"/api/v1/filings/{filing}/documents"))
    assert {one["kind"]: one["there"] for one in listed["kinds"] if one["wanted"]} == {
        "licence": True, "authorisation": False, "handler_id": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"<html>", "SUB-001"), (b"", "SUB-001"), (SCAN + bytes(10 << 20), "SUB-002")],
    ids=["web page", "nothing", "too large"],
)
def test_what_is_no_document_or_too_large_is_refused(at: Office, content: bytes, code: str) -> None:
    filing = filed(at)
    assert upload(at, filing, content).json()["code"] == code
    assert done(at.clerk.get(f"/api/v1/filings/{filing}/documents"))["documents"] == []


def test_a_filing_keeps_a_bounded_number_of_documents(at: Office) -> None:
    filing = filed(at)
    answers = [upload(at, filing, SCAN) for _ in range(25)]
    assert [one.status_code for one in answers] == [201] * 24 + [409]
    assert answers[-1].json()["code"] == "SUB-003"


def test_a_wrong_document_is_set_aside_with_its_reason_and_stays(at: Office) -> None:
    filing = filed(at)
    kept = done(upload(at, filing, SCAN))
    aside = f"/api/v1/filings/{filing}/documents/{kept['id']}/aside"
    assert done(at.clerk.post(aside, json={"reason": "另一单位的执照"}))["aside_us"] is not None
    assert at.clerk.post(aside, json={"reason": "again"}).json()["code"] == "SUB-006"
    listed = done(at.clerk.get(f"/api/v1/filings/{filing}/documents"))
    assert [one["aside_reason"] for one in listed["documents"]] == ["另一单位的执照"]
    assert not next(one for one in listed["kinds"] if one["kind"] == "licence")["there"]
    assert at.clerk.get(f"/api/v1/filings/{filing}/documents/{kept['id']}").content == SCAN
    package = unpacked(at.clerk.get(f"/api/v1/filings/{filing}/package.zip").content)
    assert not any(name.startswith("附件/") for name in package)


def test_a_document_whose_file_was_altered_is_not_handed_out(at: Office) -> None:
    filing = filed(at)
    kept = done(upload(at, filing, SCAN))
    at.whole.app.state.files.path(kept["sha256"]).write_bytes(SCAN + b"x")
    for address in (f"documents/{kept['id']}", "package.zip"):
        answer = at.clerk.get(f"/api/v1/filings/{filing}/{address}")
        assert (answer.status_code, answer.json()["code"]) == (500, "SUB-004"), address


def _as_before(at: Office, filing: str, content: bytes) -> dict[str, Any]:
    """A document as earlier versions kept it: in the database."""
    kept: dict[str, Any] = done(upload(at, filing, content))
    at.whole.app.state.files.path(kept["sha256"]).unlink()
    with at.whole.database.transaction() as tx:
        tx.session.add(DocumentContentRow(document=kept["id"], content=content))
    return kept


def test_what_earlier_versions_kept_in_the_database_is_handed_out_and_brought_over(at: Office) -> None:
    filing = filed(at)
    kept = _as_before(at, filing, SCAN)
    address = f"/api/v1/filings/{filing}/documents/{kept['id']}"
    assert at.clerk.get(address).content == SCAN
    files, database = at.whole.app.state.files, at.whole.database
    assert move_out(database, files) == 1
    assert move_out(database, files) == 0
    assert files.read(kept["sha256"]) == SCAN
    assert at.clerk.get(address).content == SCAN


def test_a_move_that_is_cut_off_anywhere_loses_nothing(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    filing = filed(at)
    kept = [_as_before(at, filing, content) for content in (SCAN, PICTURE)]
    files, database = at.whole.app.state.files, at.whole.database
    keep = files.keep

    def cut_off(content: bytes) -> str:
        keep(content)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "keep", cut_off)
    with pytest.raises(OSError, match="No space"):
        move_out(database, files)
    monkeypatch.undo()
    for document, content in zip(kept, (SCAN, PICTURE), strict=True):
        assert at.clerk.get(f"/api/v1/filings/{filing}/documents/{document['id']}").content == content
    assert move_out(database, files) == 2


def test_what_was_altered_in_the_database_stays_there_and_is_not_handed_out(at: Office) -> None:
    filing = filed(at)
    kept = _as_before(at, filing, SCAN)
    with at.whole.database.transaction() as tx:
        tx.session.get_one(DocumentContentRow, kept["id"]).content = SCAN + b"x"
    assert move_out(at.whole.database, at.whole.app.state.files) == 0
    answer = at.clerk.get(f"/api/v1/filings/{filing}/documents/{kept['id']}")
    assert answer.json()["code"] == "SUB-004"


def test_a_document_of_another_filing_is_not_found_through_this_one(at: Office) -> None:
    one, other = filed(at), filed(at, name="第二系统")
    kept = done(upload(at, one, SCAN))
    assert at.clerk.get(f"/api/v1/filings/{other}/documents/{kept['id']}").status_code == 404


def test_the_package_lists_each_file_with_the_digest_that_it_has(at: Office) -> None:
    filing = filed(at)
    done(upload(at, filing, SCAN))
    at.clock.advance(1)
    done(upload(at, filing, PICTURE, "handler_id", "../../证件"))
    content = at.clerk.get(f"/api/v1/filings/{filing}/package.zip").content
    files = unpacked(content)
    listed = files.pop("SHA256SUMS.txt").decode()
    assert listed == "".join(f"{hashlib.sha256(one).hexdigest()}  {name}\n" for name, one in files.items())
    assert set(files) == {
        "备案基本信息表.pdf", "设备清单.xlsx", "附件/01-营业执照或者统一社会信用代码证书-执照.pdf",
        "附件/02-经办人身份证件-.._.._证件.png",
    }  # fmt: skip


def test_the_form_in_the_package_holds_every_group_and_what_was_declared(at: Office) -> None:
    filing = filed(at)
    done(upload(at, filing, SCAN))
    whole = done(at.clerk.get(f"/api/v1/filings/{filing}"))
    files = unpacked(at.clerk.get(f"/api/v1/filings/{filing}/package.zip").content)
    text = text_of(files["备案基本信息表.pdf"])
    for group in ("单位基本情况", "系统情况", "建设位置", "设备数量及类型", "存储期限", "办理情况", "附件"):
        assert group in text
    for item in whole["checklist"]:
        value = "未填" if item["filed"] in {None, ""} else str(item["filed"])
        assert "".join(f"{item['title']}{value}".split()) in text, item
    assert "".join(whole["clock"]["how"].split()) in text
    assert hashlib.sha256(SCAN).hexdigest() in text
    english = unpacked(at.clerk.get(f"/api/v1/filings/{filing}/package.zip?language=en").content)
    assert "Basicinformationform" in text_of(english["basic-information.pdf"])


def test_the_table_of_devices_holds_each_camera_and_no_formula(at: Office) -> None:
    system = at.system(in_use="2026-10-18")["id"]
    camera = at.whole.recorder.town.add("=1+1").row.id
    done(at.clerk.patch(f"/api/v1/cameras/{camera}/dossier", json={"system": system, "height_m": 3.5}))
    (filing,) = at.filings(system)
    files = unpacked(at.clerk.get(f"/api/v1/filings/{filing['id']}/package.zip").content)
    heading, row = load_workbook(io.BytesIO(files["设备清单.xlsx"])).worksheets[0].iter_rows(values_only=True)
    named = dict(zip(heading, row, strict=True))
    assert (named["名称"], named["安装高度（米）"]) == ("'=1+1", 3.5)


def test_package_documents_and_receipt_are_in_the_journal(at: Office) -> None:
    filing = filed(at)
    kept = done(upload(at, filing, SCAN))
    at.clerk.get(f"/api/v1/filings/{filing}/documents/{kept['id']}")
    at.clerk.get(f"/api/v1/filings/{filing}/package.zip")
    at.clerk.post(f"/api/v1/filings/{filing}/receipts")
    auditor = at.whole.client_of(at.whole.person("auditor", "audit_admin")[0])
    entries = done(auditor.get("/api/v1/journal?limit=200"))["items"]
    actions = [one["action"] for one in entries if one["object"] == filing]
    for action in ("filing.attach", "filing.read_document", "filing.package", "filing.receipt"):
        assert action in actions


def receipt(at: Office, filing: str, language: str = "zh") -> tuple[str, str]:
    """What a receipt says, and the path at which it is verified."""
    printed = at.clerk.post(f"/api/v1/filings/{filing}/receipts?language={language}")
    assert printed.status_code == 200, printed.text
    (address,) = set(links_of(printed.content))
    assert address.startswith("http://127.0.0.1:8360/verify/filing/")
    return text_of(printed.content), address.removeprefix("http://127.0.0.1:8360")


def asked(at: Office, path: str) -> tuple[int, str, str]:
    """What anybody is told who asks without an account: status, verdict, page."""
    answer = at.whole.client().get(path)
    verdict = re.search(r'data-verdict="(\w+)"', answer.text)
    assert verdict is not None, answer.text
    assert answer.headers["x-robots-tag"].startswith("noindex")
    assert "script" not in answer.text
    return answer.status_code, verdict[1], answer.text


def test_a_receipt_says_in_its_head_what_it_is_not(at: Office) -> None:
    filing = filed(at)
    text, _ = receipt(at, filing)
    assert text.startswith("本回执不是备案机关的证明")
    assert "实验小学校园安全系统" in text
    english, _ = receipt(at, filing, "en")
    assert "Thisreceiptisnotacertificateofthefilingorgan本回执不是备案机关的证明" in english


def test_there_is_no_receipt_of_what_was_not_submitted(at: Office) -> None:
    (filing,) = at.filings(at.system(in_use="2026-10-18")["id"])
    refused = at.clerk.post(f"/api/v1/filings/{filing['id']}/receipts")
    assert (refused.status_code, refused.json()["code"]) == (409, "SUB-005")


def test_anybody_verifies_a_receipt_and_learns_no_name_of_it(at: Office) -> None:
    filing = filed(at, name="江夏区实验小学校园安全系统")
    text, path = receipt(at, filing)
    status, verdict, page = asked(at, path)
    assert (status, verdict) == (200, "genuine")
    assert "江夏＊＊＊＊＊＊＊＊＊系统" in page
    digest = re.search(r"[0-9a-f]{64}", page)
    assert digest is not None
    assert digest[0] in text
    for private in ("江夏区实验小学", "王敏", "张某", "027-81900000"):
        assert private not in page
    # What happens afterwards is said beside what the paper says.
    at.on(date(2026, 11, 10))
    outcome = {"to": "accepted", "organ": "江夏区公安分局", "official_number": "420115-2026-00117"}
    done(at.clerk.post(f"/api/v1/filings/{filing}/steps", json=outcome))
    assert "目前状态" in asked(at, path)[2]


def test_an_altered_code_and_an_altered_record_say_so(at: Office) -> None:
    _, path = receipt(at, filed(at))
    last = "0" if path[-1] != "0" else "1"
    assert asked(at, path[:-1] + last)[:2] == (404, "altered")
    assert asked(at, path + "<script>")[:2] == (404, "altered")
    assert asked(at, "/verify/filing/rc_aaaaaaaaaaaa-0123456789abcdef")[:2] == (404, "unknown")
    with at.whole.database.transaction() as tx:
        row = tx.session.query(ReceiptRow).one()
        row.told = row.told | {"state": "accepted"}
    assert asked(at, path)[:2] == (404, "altered")


def test_who_guesses_codes_is_made_to_wait(at: Office) -> None:
    answers = [asked(at, "/verify/filing/rc_aaaaaaaaaaaa-0123456789abcdef")[0] for _ in range(31)]
    assert answers == [404] * 30 + [429]
    at.clock.advance(60_000_000)
    assert asked(at, "/verify/filing/rc_aaaaaaaaaaaa-0123456789abcdef")[0] == 404


@pytest.mark.parametrize(
    ("name", "shown"),
    [("江夏区实验小学系统", "江夏＊＊＊＊＊系统"), ("小学系统", "小＊＊统"), ("系统", "系＊"), ("系", "系")],
)
def test_a_masked_name_hides_its_middle(name: str, shown: str) -> None:
    assert masked(name) == shown
