"""S11: one set of hostile texts through every input that takes text; nothing executes, no cell computes, no row breaks.

`python -m tests.claims.names` prints one JSON line and writes `build/claims/S11.json`. `taken` reads the operations
of the assembled program from its own description and puts each text into each free field of each body: what steers a
terminal, a reader's eye or a line must be refused, and nothing may fail. `shown` enters what was accepted into a
running program as names, addresses and notes, then reads every list, both tables, and the console's pages in Chromium
with what the browser's own console says. The log is written in between: a failure is made to happen under paths that
steer, and every line since the program was ready must be a record of its own, or part of a traceback.
"""

import argparse
import copy
import csv
import io
import json
import re
import sqlite3
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from openpyxl import load_workbook
from playwright.sync_api import ConsoleMessage, Dialog, Page, sync_playwright

from mingjing.identity.roles import ROLES
from mingjing.kernel.clock import DAY_US, SetClock
from mingjing.kernel.db import Database
from mingjing.registry.columns import COLUMNS
from mingjing.web.describing import description
from tests.claims import measured
from tests.claims.cameras import ROOT
from tests.claims.premises import Browser, Premises
from tests.places import SCHOOL
from tests.program import program

SCRIPTS = (
    "<script>window.executed=1</script>", '"><img src=x onerror=window.executed=1>', "<svg/onload=window.executed=1>",
    "javascript:window.executed=1", "{{constructor.constructor('window.executed=1')()}}", "${window.executed=1}",
    "';window.executed=1;//", "<a href=javascript:window.executed=1>x</a>", "<iframe srcdoc='<script>1</script>'>",
    "</title><script>window.executed=1</script>", "<!--", "]]>", "&lt;script&gt;", "%3Cscript%3E",
)  # fmt: skip
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1,1)", '=HYPERLINK("http://evil.example","x")', "=cmd|' /C calc'!A0", "'=1+1",
    "''=1+1", "＝1+1", '"=1+1"', "=", "-", ";=1+1", ",=1+1", "%=1+1",
)  # fmt: skip
BREAKS = ('a","b', "a;b", "a,b,c", '"', '""', "'", "a|b", "a\\nb", "\\", 'a\\"b')
WORDS = (
    "'; DROP TABLE cameras;--", "%", "_", "%s%n%x", "{0.__class__}", "../../etc/passwd", "..\\..\\x", "con", "null",
    "undefined", "NaN", "1e999", "true", "\u200b\u200b甲", "\ufeff甲", "e\u0301" * 30, "👩‍👩‍👧‍👦", "𠀀𠀁", "\U000e0041",
    "ﷺ" * 20, "constructor", "__proto__", "-" * 90,
)  # fmt: skip
STEERING = (
    "甲\u202e乙", "\u2066x\u2069", "甲\u200f", "\u061cx", "a\x00b", "a\x1b[31mb", "\x1b]0;t\x07b", "a\rb", "a\nb", "a\r\nb,c",
    "a\tb", "a\x7fb", "a\x9b31mb", "a\x85b", "a\u2028b", "a\u2029b", "a\ud800b", "a\udfffb", "x\x08y",
)  # fmt: skip
LONG = ("x" * 10_240, "汉" * 10_240)
HOSTILE = SCRIPTS + FORMULAS + BREAKS + WORDS + STEERING + LONG
FEW = (SCRIPTS[1], FORMULAS[0], "甲\u202e乙", "a\x1b[31mb", "a\nb", "a\ud800b")
"""One of each kind, for a run of some seconds."""
BLOCKS = frozenset({"content", "description", "necessity", "note", "points"})
"""Fields of several lines: line feeds and tabs may stand inside."""
KEPT_NOWHERE = re.compile(r"password|code|^old$|^new$|^camera$")
"""Fields whose texts are compared, sealed or looked up, and never shown."""
FORGED = "1999-01-01T00:00:00Z [error    ] forged"
RECORD = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z \[(debug|info|warning|error|critical) *\] |  \| ")
READY = "Ctrl-C 停止 stops."
_STEERS = frozenset({"Cc", "Cs", "Zl", "Zp"})
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
VIOLATIONS = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (one) => window.violations.push(one.violatedDirective));
"""
_LOADED = """() => {
  const page = document.querySelector('#page');
  return page !== null && page.innerText.trim() !== '' && document.querySelector('[aria-busy="true"], .mj-wait') === null;
}"""


def steers(text: str, *, block: bool = False) -> bool:
    """Whether `text` steers a terminal, a line or a reader's eye after it was stripped."""
    text = text.strip()
    if block:
        text = text.replace("\r\n", "\n").replace("\n", "").replace("\t", "")
    return bool(_BIDI.search(text)) or any(unicodedata.category(one) in _STEERS for one in text)


Place = tuple[str | int, ...]


def free_texts(
    schema: Mapping[str, Any], body: Any, components: Mapping[str, Any], at: Place = ()
) -> Iterator[Place]:
    """Where in `body` a text may be put that the schema does not choose from a list."""
    schema = _plain(schema, components)
    if schema.get("type") == "object":
        for name, inner in schema.get("properties", {}).items():
            given = body.get(name) if isinstance(body, dict) else None
            yield from free_texts(inner, given, components, (*at, name))
    elif schema.get("type") == "array" and isinstance(body, list) and body:
        yield from free_texts(schema.get("items", {}), body[0], components, (*at, 0))
    elif schema.get("type") == "string" and not {"enum", "const"} & schema.keys():
        yield at


def _plain(schema: Mapping[str, Any], components: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema without references and without its null."""
    while True:
        if "$ref" in schema:
            schema = components[schema["$ref"].rpartition("/")[2]]
        elif "anyOf" in schema or "allOf" in schema:
            options = schema.get("anyOf") or schema["allOf"]
            schema = next((one for one in options if one.get("type") != "null"), {})
        else:
            return schema


def put(body: Any, at: Place, text: str) -> Any:
    """A copy of `body` with `text` at a place."""
    made = copy.deepcopy(body)
    inner = made
    for step, following in pairwise(at):
        if isinstance(inner, dict) and inner.get(str(step)) is None:
            inner[str(step)] = [] if isinstance(following, int) else {}
        inner = inner[step]
    inner[at[-1]] = text
    return made


class Desk:
    """The assembled program, somebody for every action, and identifiers that exist."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.database = Database(f"sqlite:///{folder / 'mingjing.sqlite3'}", SetClock())
        self._at = at = program(self.database, folder)
        self._client = at.client()
        self.described = description(at.app)
        self._people = {role: at.person(f"one-{role.replace('_', '-')}", role)[0] for role in ROLES}
        channel = at.recorder.town.add().row.id
        self.known: dict[str, Any] = {
            "division": "420115", "organisation": SCHOOL, "channel": channel, "camera": channel, "parent": SCHOOL,
            "user": at.person("somebody", "duty_officer")[0], "expires_us": self.database.clock.now_us() + DAY_US,
        }  # fmt: skip
        for name in ("plan", "layout", "tour"):
            path = f"/api/v1/{name}s"
            made = self.send(
                "POST", path, self.body(self.described["paths"][path]["post"]), self.caller("plan.write")
            )
            self.known[name] = made.json()["id"]

    def caller(self, action: str) -> dict[str, str]:
        """Headers of somebody who may do `action`; of nobody where everybody may."""
        role = next((role for role in ROLES.values() if action in {*role.actions}), None)
        return self._at.signed_in(self._people[role.code]) if role else {}

    def body(self, operation: Mapping[str, Any]) -> Any:
        """What an operation shows as its body, with identifiers that exist."""
        content = operation["requestBody"]["content"]["application/json"]
        return _known(_example(content, self.described), self.known)

    def send(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> httpx.Response:
        """The answer to `body` as JSON."""
        address = re.sub(r"\{(\w+)\}", lambda name: self.known.get(name[1], "zz_aaaaaaaaaaaa"), path)
        sent = {**headers, "Content-Type": "application/json"}
        # By hand: half a surrogate pair is spelt as JSON spells it.
        answer: httpx.Response = self._client.request(
            method, address, content=json.dumps(body).encode(), headers=sent
        )
        return answer


def taken(folder: Path, texts: Sequence[str] = HOSTILE) -> dict[str, Any]:
    """Every text into every free field of every body that the program describes."""
    desk = Desk(folder)
    found: dict[str, Any] = {
        "operations": 0,
        "as_it_is": 0,
        "fields": 0,
        "calls": 0,
        "accepted": 0,
        "wrong": [],
    }
    try:
        for method, path, operation in _with_bodies(desk.described):
            body, caller = desk.body(operation), desk.caller(operation["x-permission"])
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            found["operations"] += 1
            found["as_it_is"] += desk.send(method, path, body, caller).status_code < 400
            for place in free_texts(schema, body, desk.described["components"]["schemas"]):
                found["fields"] += 1
                name = str(place[-1] if isinstance(place[-1], str) else place[-2])
                for text in texts:
                    answer = desk.send(method, path, put(body, place, text), caller)
                    found["calls"] += 1
                    found["accepted"] += answer.status_code < 400
                    found["wrong"] += [
                        f"{method} {path} {name}: {fault}" for fault in _faults(answer, name, text)
                    ]
    finally:
        desk.database.close()
    return found


def _faults(answer: httpx.Response, name: str, text: str) -> Iterator[str]:
    """What is wrong with the answer to `text` in the field `name`."""
    if answer.status_code >= 500:
        yield f"{answer.status_code} for {text[:40]!r}"
        return
    lets_in = answer.status_code < 400 and not KEPT_NOWHERE.search(name) and not _refused_within(answer)
    if lets_in and steers(text, block=name in BLOCKS):
        yield f"accepted {text[:40]!r}"


def _refused_within(answer: httpx.Response) -> bool:
    """Whether an answer to a batch refuses every part of it."""
    found = answer.json() if answer.content else None
    parts = found.get("tickets", []) if isinstance(found, dict) else []
    return bool(parts) and all("status" in one for one in parts)


def _with_bodies(described: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in described["paths"].items():
        for method, operation in item.items():
            if "application/json" in operation.get("requestBody", {}).get("content", {}):
                yield method.upper(), path, operation


def _example(content: Mapping[str, Any], described: Mapping[str, Any]) -> Any:
    if "example" in content:
        return content["example"]
    if "examples" in content:
        return next(iter(content["examples"].values()))["value"]
    schema = _plain(content["schema"], described["components"]["schemas"])
    return (schema.get("examples") or [schema.get("example")])[0]


def _known(body: Any, known: Mapping[str, Any]) -> Any:
    """The example with identifiers that exist."""
    if isinstance(body, dict):
        return {
            name: known[name] if name in known and isinstance(value, str | int) else _known(value, known)
            for name, value in body.items()
        }
    if isinstance(body, list):
        return [known["channel"] if str(one).startswith("ch_") else _known(one, known) for one in body]
    return body


def shown(
    at: Premises, texts: Sequence[str] = HOSTILE, *, pages: Sequence[str] | None = None
) -> dict[str, Any]:
    """What was accepted, in everything that shows it."""
    operator = at.entered("operator_admin", proved=True)
    keeper = at.entered("security_admin", proved=True)
    system = at.entered("system_admin", proved=True)
    auditor = at.entered("audit_admin")
    entered, wrong = _enter(operator, keeper, system, texts)
    wrong += _lists(operator, keeper, auditor, entered)
    wrong += _tables(operator)
    executed, visited = _pages(at, operator, keeper, pages)
    _fail(at)
    logged = at.rig.log.read_bytes()
    wrong += log_faults(logged)
    return {
        "entered": len(entered), "broken": wrong, "executed": executed, "pages": visited,
        "log_lines": logged.count(b"\n"), "logged": logged.count(FORGED.encode()),
    }  # fmt: skip


def _enter(
    operator: Browser, keeper: Browser, system: Browser, texts: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Each text as a name and more of everything that has one; the cameras made."""
    unit = operator.ask("GET", "/organisations").json()["items"][0]["id"]
    made, wrong = [], []
    for number, text in enumerate(texts):
        camera = {
            "name": text, "division": "420115", "organisation": unit, "address": text, "note": text, "enabled": False,
            "user": text, "streams": [{"kind": "main", "url": f"rtsp://127.0.0.1:9/{number}"}],
        }  # fmt: skip
        wishes = [
            (operator, "/cameras", camera),
            (operator, "/plans", {"name": text, "mode": "off", "reason": text}),
            (operator, "/layouts", {"name": text, "shared": True, "content": {"grid": 4, "cells": {}, "alarm_cells": []}}),
            (operator, "/saved-filters", {"name": text, "page": "cameras", "filter": "q=x", "shared": True}),
            (keeper, "/users", {"account": f"hostile-{number}", "name": text, "organisation": unit, "roles": []}),
            (keeper, "/tokens", {"name": text, "actions": ["user.read"], "expires_us": 4_102_444_800_000_000}),
            (keeper, "/organisations", {"name": text, "parent": unit}),
            (system, "/divisions", {"code": f"42011{number:07d}"[:12], "name": text}),
        ]  # fmt: skip
        for who, path, wish in wishes:
            answer = who.ask(
                "POST", path, content=json.dumps(wish).encode(), headers={"Content-Type": "application/json"}
            )
            if answer.status_code >= 500:
                wrong.append(f"{answer.status_code} POST {path} {text[:40]!r}")
            if answer.status_code < 300 and steers(text):
                wrong.append(f"accepted POST {path} {text[:40]!r}")
            if answer.status_code == 201 and path == "/cameras":
                made.append(answer.json()["id"])
        # A path reaches the log without passing any field.
        for odd in (f"/cameras/%1b[31m%0a{FORGED}", "/cameras/%e2%80%ae", "/none%0d%0aSet-Cookie:a=b"):
            operator.ask("GET", odd)
        found = operator.ask("GET", "/cameras", params={"q": text.encode("utf-8", "replace").decode()[:100]})
        if found.status_code >= 500:
            wrong.append(f"{found.status_code} search {text[:40]!r}")
    return made, wrong


def _lists(operator: Browser, keeper: Browser, auditor: Browser, made: Sequence[str]) -> list[str]:
    asked = [
        (operator, path)
        for path in ("/cameras?limit=200", "/tree", "/plans", "/layouts", "/tours", "/saved-filters", "/alarms", "/exports",
                     "/divisions", "/organisations", "/storage", "/system", "/recordings/now", "/me/views")
    ]  # fmt: skip
    asked += [(operator, f"/cameras/{one}{more}") for one in made for more in ("", "/changes", "/diagnosis")]
    asked += [
        (keeper, "/users?limit=200"),
        (keeper, "/tokens"),
        (keeper, "/roles"),
        (auditor, "/journal?limit=200"),
    ]
    wrong = []
    for who, path in asked:
        answer = who.ask("GET", path)
        if answer.status_code != 200 or answer.headers["content-type"] != "application/json":
            wrong.append(f"{answer.status_code} GET {path} {answer.headers['content-type']}")
        elif any(steers(text, block=True) for text in _strings(answer.json())):
            wrong.append(f"GET {path} steers")
    return wrong


def _strings(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        for name, value in found.items():
            yield name
            yield from _strings(value)
    elif isinstance(found, list):
        for value in found:
            yield from _strings(value)
    elif isinstance(found, str):
        yield found


def _tables(operator: Browser) -> list[str]:
    """Both tables of cameras: as many rows as cameras, each whole, no cell that computes, and they come back."""
    total = operator.ask("GET", "/cameras?limit=1").json()["total"]
    text = operator.ask("GET", "/cameras/export?form=csv")
    book = operator.ask("GET", "/cameras/export?form=xlsx")
    wrong = csv_faults(text.content, total) + xlsx_faults(book.content, total)
    for name, content in (("csv", text.content), ("xlsx", book.content)):
        headers = {"Content-Type": "application/octet-stream"}
        back = operator.ask(
            "POST", "/cameras/import?dry_run=true&mode=good", content=content, headers=headers
        )
        faults = operator.ask("POST", "/cameras/import/faults", content=content, headers=headers)
        if back.status_code != 200 or len(back.json()["rows"]) != total:
            wrong.append(f"{name} does not come back: {back.status_code} {back.text[:200]}")
        if faults.status_code == 200:
            wrong += xlsx_faults(faults.content, None)
    return wrong


def csv_faults(content: bytes, rows: int) -> list[str]:
    """What is wrong with a table as CSV."""
    found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    wrong = [f"csv row of {len(row)} cells: {row[:2]}" for row in found if len(row) != len(COLUMNS)]
    wrong += [f"csv formula {cell!r}" for row in found for cell in row if cell[:1] in {*"=+-@\t\r"} and cell]
    return wrong + ([f"csv has {len(found) - 1} rows, not {rows}"] if len(found) - 1 != rows else [])


def xlsx_faults(content: bytes, rows: int | None) -> list[str]:
    """What is wrong with a table as a spreadsheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]
    wrong = ["xlsx with a formula" for one in sheets if re.search(rb"<f[ >]", one)]
    wrong += ["xlsx with a link" for one in sheets if b"hyperlink" in one]
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    wrong += [
        f"xlsx cell of type {cell.data_type}: {cell.value!r}"
        for cell in cells
        if cell.data_type not in {"s", "n", "inlineStr"}
    ]
    if rows is not None and sheet.max_row - 1 != rows:
        wrong.append(f"xlsx has {sheet.max_row - 1} rows, not {rows}")
    return wrong


def _fail(at: Premises) -> None:
    """Let a request fail that nobody foresaw, under paths that steer: the log tells the path."""
    person = at.entered("duty_officer")
    with closing(
        sqlite3.connect(at.rig.data / "mingjing.sqlite3", timeout=30, isolation_level=None)
    ) as store:
        newest = "SELECT id, seen_us FROM sessions ORDER BY created_us DESC LIMIT 1"
        session, seen_us = store.execute(newest).fetchone()
        damage = "UPDATE sessions SET seen_us = ? WHERE id = ?"
        store.execute(damage, ("no number", session))
        for odd in STEERING:
            path = quote(f"{odd}{FORGED}{odd}".encode("utf-8", "replace"), safe="")
            # The server hangs up after a failure that it did not foresee.
            answer = person.ask("GET", f"/cameras/{path}", headers={"Connection": "close"})
            assert answer.status_code == 500, f"the fault did not happen: {answer.status_code}"
        store.execute(damage, (seen_us, session))


def log_faults(content: bytes) -> list[str]:
    """What is wrong with what the program wrote since it was ready."""
    lines = content.decode("utf-8", "surrogateescape").split("\n")
    wrong = [f"log steers: {one[:80]!r}" for one in lines if steers(one)]
    ready = next((number for number, one in enumerate(lines) if READY in one), len(lines))
    return wrong + [
        f"log forged: {one[:80]!r}" for one in lines[ready + 1 :] if one and not RECORD.match(one)
    ]


def _pages(
    at: Premises, operator: Browser, keeper: Browser, paths: Sequence[str] | None
) -> tuple[list[str], int]:
    """What executed, or tried to, on the console's pages; how many were seen."""
    listed = re.findall(r"path: '(/[^']*)'", (ROOT / "console/src/app/pages.ts").read_text(encoding="utf-8"))
    assert len(listed) > 10, "the console's own list of pages"
    paths = paths or [one for one in listed if ":" not in one and one != "/sign-in"]
    executed: list[str] = []
    with ExitStack() as stack:
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS
        )
        stack.callback(browser.close)
        for who, mine in (
            (operator, paths),
            (keeper, [one for one in paths if one in {"/accounts", "/approvals"}]),
        ):
            context = browser.new_context(base_url=at.rig.url)
            context.add_init_script(VIOLATIONS)
            context.add_cookies(
                [
                    {"name": name, "value": value, "url": at.rig.url}
                    for name, value in who.http.cookies.items()
                ]
            )
            page = context.new_page()
            page.on("dialog", partial(_dialog, executed))
            page.on("console", partial(_said, executed))
            for path in mine:
                executed += _visit(page, path)
            context.close()
        canary = browser.new_context(base_url=at.rig.url)
        canary.add_init_script(VIOLATIONS)
        page = canary.new_page()
        page.goto("/")
        page.evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.executed=1>')"
        )
        page.wait_for_function("window.violations.length > 0")
        assert page.evaluate("window.executed") is None, "an inline handler ran in spite of the policy"
        canary.close()
    return executed, len(paths)


def _dialog(executed: list[str], dialog: Dialog) -> None:
    executed.append(f"dialog {dialog.message}")
    dialog.dismiss()


def _said(executed: list[str], message: ConsoleMessage) -> None:
    if steers(message.text, block=True):
        executed.append(f"console {message.type}: {message.text[:200]!r}")


def _visit(page: Page, path: str) -> list[str]:
    page.goto(path)
    page.wait_for_function(_LOADED)
    found = page.evaluate("[window.executed ?? null, window.violations]")
    strange = page.evaluate(
        "[...document.querySelectorAll('#page script, #page iframe, #page [onerror]')].length"
    )
    return [f"{path}: {found}, {strange} strange elements"] if found != [None, []] or strange else []


def harmless(found: Mapping[str, Any]) -> bool:
    """The promise of S11, and that there was something to show."""
    tried = found["entered"] >= 3 and found["fields"] >= 60 and found["as_it_is"] >= 15 and found["pages"] > 0
    tried = tried and found["logged"] >= len(STEERING)
    return bool(tried and not (found["wrong"] or found["broken"] or found["executed"]))


def main(arguments: list[str] | None = None) -> int:
    argparse.ArgumentParser(prog="names", description=__doc__).parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, Premises(Path(name), count=1) as at:
        found = taken(Path(name) / "inside") | shown(at)
    for text in [*found["wrong"], *found["broken"], *found["executed"]]:
        print(text, file=sys.stderr)
    return measured.ended("S11", seed=0, n=found["calls"], texts=len(HOSTILE), **found, holds=harmless(found))


if __name__ == "__main__":
    sys.exit(main())
