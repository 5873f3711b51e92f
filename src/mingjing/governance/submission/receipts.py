"""Receipts: what is printed of a filing's state, and how a reader finds out whether a receipt is one of ours.

The code on a receipt is its identifier and the beginning of the digest of what it says. What was altered on paper does
not agree with the page; what was altered in the code, or in the database, is told so.
"""

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy.orm import Session

from mingjing.audit.chain import canonical
from mingjing.audit.service import Actor, Object, record
from mingjing.governance.filing.model import FilingRow
from mingjing.governance.filing.queries import filing
from mingjing.governance.submission.errors import NOT_SUBMITTED
from mingjing.governance.submission.model import ReceiptRow
from mingjing.governance.submission.words import KINDS, LACKING, NOT_SAID, STATES, Language, said
from mingjing.identity.queries import organisation
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import MingjingError, Text
from mingjing.kernel.ids import new_id
from mingjing.law.days import day_of
from mingjing.registry.systems.queries import known
from mingjing.territory.queries import division

CHECKED: Final = 16
"""Hexadecimal digits of the digest that are in the code."""
WARNING: Final = Text("本回执不是备案机关的证明", "This receipt is not a certificate of the filing organ")
_CODE: Final = re.compile(rf"(rc_[a-z2-7]{{12}})-([0-9a-f]{{{CHECKED}}})")
_OURS: Final = Text(
    "由单位自用的明镜系统出具，只说明该系统中登记的办理情况。备案以备案机关及其平台的记录为准。",
    "Issued by the unit's own system; it tells what is recorded there. What counts is the record of the organ.",
)
_VERIFYING: Final = Text(
    "扫码打开本单位的服务器核验；页面所示与本纸不一致的，以页面为准。",
    "Scan to verify it with the unit's own server; where the page and this paper differ, the page holds.",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a code turned out to be. `told` is what the receipt says, `now` the filing's state today."""

    found: Literal["genuine", "altered", "unknown"]
    told: dict[str, Any] | None = None
    digest: str = ""
    printed_us: int = 0
    now: str = ""
    now_since: date | None = None


def issue(tx: Transaction, actor: Actor, scope: Scope, identifier: str) -> ReceiptRow:
    """Issue a receipt of a filing as it stands. Raises SUB-005 before it was submitted, REQ-404."""
    row = filing(tx.session, scope, identifier)
    if row.submitted is None:
        raise MingjingError(NOT_SUBMITTED, number=row.number)
    told = _told(tx.session, row)
    made = ReceiptRow(
        id=new_id("rc"), filing=row.id, at_us=tx.now_us(), who=actor.id, told=told, digest=_digest(told)
    )
    tx.session.add(made)
    facts = {"number": row.number, "receipt": made.id, "digest": made.digest}
    record(tx, actor, "filing.receipt", Object("filing", row.id), facts)
    tx.session.flush()
    return made


def code_of(row: ReceiptRow) -> str:
    """What stands in the address of a receipt."""
    return f"{row.id}-{row.digest[:CHECKED]}"


def paper(row: ReceiptRow, address: str, language: Language) -> dict[str, Any]:
    """A receipt for the template `receipt`; `address` is where it is verified."""
    told = row.told
    rows = [
        (Text("备案登记号（本系统）", "Our number"), told["number"]),
        (Text("备案种类", "Kind"), said(KINDS[told["kind"]], language)),
        (Text("系统名称", "System"), told["system"]),
        (Text("单位名称", "Unit"), told["unit"]),
        (Text("行政区划", "Division"), told["division"]),
        (Text("备案机关", "Organ"), told["organ"]),
        (Text("办理状态", "State"), said(STATES[told["state"]], language)),
        (Text("提交日期", "Submitted"), told["submitted"]),
        (Text("答复日期", "Answered"), told["decided"]),
        (Text("备案机关编号", "Official number"), told["official_number"]),
    ]
    warning = [WARNING.zh] if language == "zh" else [WARNING.en, WARNING.zh]
    return {
        "title": said(Text("备案办理回执", "Receipt of a filing"), language),
        "lang": language,
        "running": warning[0],
        "made": day_of(row.at_us).isoformat(),
        "warning": warning,
        "notes": [said(_OURS, language)],
        "rows": [[said(title, language), value or said(NOT_SAID, language)] for title, value in rows],
        "qr": _qr(address),
        "verifying": [said(_VERIFYING, language)],
        "address": address,
        "digest": f"SHA-256 {row.digest}",
        "lacking_note": said(LACKING, language),
    }


def verify(session: Session, code: str) -> Verdict:
    """What a code is. Asked by anybody: what comes back of a filing is what the public page shows."""
    parts = _CODE.fullmatch(code)
    if parts is None:
        return Verdict("altered")
    row = session.get(ReceiptRow, parts[1])
    if row is None:
        return Verdict("unknown")
    if row.digest[:CHECKED] != parts[2] or _digest(row.told) != row.digest:
        return Verdict("altered")
    now = session.get_one(FilingRow, row.filing)
    since = now.decided if now.state != "submitted" else now.submitted
    return Verdict("genuine", row.told, row.digest, row.at_us, now.state, since)


def masked(name: str) -> str:
    """A name of which a reader who holds the paper knows that it is the same, and nobody else learns it."""
    shown = 2 if len(name) >= 6 else 1
    hidden = len(name) - 2 * shown
    return name[:1] + "＊" * (len(name) - 1) if hidden < 1 else name[:shown] + "＊" * hidden + name[-shown:]


def _told(session: Session, row: FilingRow) -> dict[str, Any]:
    subject = known(session, [row.system])[0]
    return {
        "number": row.number,
        "kind": row.kind,
        "system": subject.name,
        "unit": organisation(session, subject.organisation).name,
        "division": division(session, subject.division).name,
        "organ": row.organ,
        "state": row.state,
        "submitted": row.submitted.isoformat() if row.submitted else "",
        "decided": row.decided.isoformat() if row.decided else "",
        "official_number": row.official_number,
    }


def _digest(told: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def _qr(address: str) -> str:
    # Loaded where it is needed: few starts of the program ever print.
    import segno  # noqa: PLC0415

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()
