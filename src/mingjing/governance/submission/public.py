"""The page on which anybody verifies a receipt: no account, no script, no personal data, the system's name masked.

Written as HTML here and not in the console: who scans a paper has any telephone and no account.
"""

import base64
import hashlib
from html import escape
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from mingjing.governance.submission.receipts import WARNING, Verdict, masked, verify
from mingjing.governance.submission.words import KINDS, STATES
from mingjing.identity.access import Store, public, source
from mingjing.identity.service.sign_in import neighbourhood
from mingjing.kernel.clock import MINUTE_US
from mingjing.kernel.errors import Text
from mingjing.kernel.pace import Pace
from mingjing.law.days import day_of

PATH: Final = "/verify/filing"
TRIES_A_MINUTE: Final = 30
TRIES_OF_ALL: Final = 600

_STYLE: Final = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:36em;margin:0 auto;padding:16px;color:#1c2330;background:#fff}"
    "h1{font-size:20px}h1 small,dt small,p small{display:block;color:#4c5566;font-weight:400;font-size:14px}"
    "dl{display:grid;grid-template-columns:9em 1fr;gap:4px 12px}dt{color:#4c5566}dd{margin:0;overflow-wrap:anywhere}"
    ".verdict{border:2px solid #1c2330;padding:8px 12px;font-weight:600}"
)
_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}

_TITLE: Final = Text("备案办理回执核验", "Verifying a receipt of a filing")
_VERDICTS: Final = {
    "genuine": Text(
        "● 本服务器出具过此回执，内容未被改动。", "● Issued by this server, and not altered since."
    ),
    "altered": Text(
        "■ 核验码不符：回执或核验码被改动，或者抄录有误。请勿采信。",
        "■ The code does not hold: the receipt or its code was altered, or copied wrongly. Do not rely on it.",
    ),
    "unknown": Text(
        "■ 本服务器没有出具过此回执。请勿采信。",
        "■ This server has issued no such receipt. Do not rely on it.",
    ),
    "busy": Text("◔ 查询过于频繁，请一分钟后再试。", "◔ Too many requests. Try again in a minute."),
}


router = APIRouter(include_in_schema=False)


def verifying_pace() -> Pace:
    """How often receipts may be verified, from one neighbourhood of the network and by all; `app.state.verifying` is it."""
    return Pace(TRIES_A_MINUTE, MINUTE_US, TRIES_OF_ALL)


@router.get(
    PATH + "/{code}",
    dependencies=[public("a receipt says who it is for; its reader has no account here")],
)
def verify_receipt(request: Request, store: Store, code: str) -> HTMLResponse:
    """The page of one code."""
    pace: Pace = request.app.state.verifying
    if not pace.admits(neighbourhood(source(request)), store.clock.now_us()):
        return _page("busy", [], 429, {"Retry-After": "60"})
    with store.reading() as session:
        found = verify(session, code[:64])
    return _page(found.found, _members(found), 200 if found.found == "genuine" else 404)


def _members(found: Verdict) -> list[tuple[Text, str]]:
    told = found.told
    if told is None:
        return []
    members = [
        (Text("备案登记号", "Our number"), told["number"]),
        (Text("备案种类", "Kind"), _both(KINDS[told["kind"]])),
        (Text("系统名称（隐去部分）", "System (partly hidden)"), masked(told["system"])),
        (Text("备案机关", "Organ"), told["organ"]),
        (Text("回执所载状态", "State on the receipt"), _both(STATES[told["state"]])),
        (Text("提交日期", "Submitted"), told["submitted"]),
        (Text("答复日期", "Answered"), told["decided"]),
        (Text("备案机关编号", "Official number"), told["official_number"]),
        (Text("回执日期", "Printed"), day_of(found.printed_us).isoformat()),
        (Text("内容摘要 SHA-256", "Digest SHA-256"), found.digest),
    ]
    if found.now != told["state"]:
        since = f" {found.now_since.isoformat()}" if found.now_since else ""
        members.append((Text("目前状态", "State now"), _both(STATES[found.now]) + since))
    return members


def _page(
    verdict: str, members: list[tuple[Text, str]], status: int, headers: dict[str, str] | None = None
) -> HTMLResponse:
    lines = "".join(f"<dt>{_two(title)}</dt><dd>{escape(value)}</dd>" for title, value in members if value)
    page = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="robots" content="noindex,nofollow">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{_TITLE.zh} {_TITLE.en}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{_two(_TITLE)}</h1>"
        f'<p class="verdict" data-verdict="{verdict}">{_two(_VERDICTS[verdict])}</p>'
        f"<dl>{lines}</dl><p>{_two(WARNING)}</p></body></html>"
    )
    return HTMLResponse(page, status_code=status, headers=HEADERS | (headers or {}))


def _both(text: Text) -> str:
    return f"{text.zh} {text.en}"


def _two(text: Text) -> str:
    return f'{escape(text.zh)}<small lang="en">{escape(text.en)}</small>'
