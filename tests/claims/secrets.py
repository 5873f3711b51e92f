"""S7: no secret comes out where it was not asked for, in whatever clothes.

`python -m tests.claims.secrets` prints one JSON line and writes `build/claims/S7.json`. Secrets of every kind are put
in or taken out where that is their way; then everything that came out is searched for each in each of its forms: the
log, the figures, every answer to every role, refusals that quote, tables and exports, the data directory's files, and
the command lines and environments of the program and of the helpers that it started meanwhile.
"""

import argparse
import base64
import io
import re
import secrets
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pyotp
from playwright.sync_api import sync_playwright

from tests.claims import cameras, measured, tour
from tests.claims.names import ARGUMENTS, CHROMIUM
from tests.claims.premises import ROLES, Premises, raw

Seen = list[tuple[str, bytes]]
OPEN_FILES = re.compile(r"\.(mp4|part|m4s)$")
"""Recordings: pictures, which hold no texts of ours and would cost minutes to read."""


def forms(secret: bytes) -> dict[str, bytes]:
    """A secret as it may be written: what stands for the whole of it, wherever in a text it begins."""
    text = secret.decode("latin-1")
    found = {
        "raw": secret,
        "reversed": secret[::-1],
        "hex": secret.hex().encode(),
        "HEX": secret.hex().upper().encode(),
        "URL": quote(secret, safe="").encode(),
        "form": quote_plus(secret, safe="").encode(),
        "URL of all": "".join(f"%{byte:02x}" for byte in secret).encode(),
        "UTF-16": text.encode("utf-16-le"),
        "JSON": "".join(f"\\u{ord(one):04x}" for one in text).encode(),
    }
    for shift in range(3):
        # Base64 of a longer text: the letters that this secret alone decides, at each of three places.
        whole = base64.b64encode(bytes(shift) + secret)
        inner = whole[(0, 2, 3)[shift] : len(whole) - (0, 4, 3)[(shift + len(secret)) % 3] or None]
        inner = inner.rstrip(b"=")
        found[f"base64 at {shift}"] = inner
        found[f"base64url at {shift}"] = inner.translate(bytes.maketrans(b"+/", b"-_"))
    return found


def hits(kinds: Mapping[str, bytes], seen: Iterable[tuple[str, bytes]]) -> list[str]:
    """Which secret stands where, in which form."""
    needles = [(kind, form, text) for kind, secret in kinds.items() for form, text in forms(secret).items()]
    return [
        f"{kind} ({form}) in {where}"
        for where, content in seen
        for kind, form, text in needles
        if text in content
    ]


class Processes:
    """Command lines and environments of a process and all its descendants, as long as somebody looks."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._over = threading.Event()
        self.seen: dict[tuple[int, str], bytes] = {}
        self._thread = threading.Thread(target=self._run, daemon=True)

    @contextmanager
    def looking(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join(5)

    def _run(self) -> None:
        while not self._over.wait(0.01):
            for number in self._family():
                for name in ("cmdline", "environ"):
                    try:
                        content = Path(f"/proc/{number}/{name}").read_bytes()
                    except OSError:
                        continue  # it has ended meanwhile
                    self.seen[number, name] = self.seen.get((number, name), b"") or content

    def _family(self) -> list[int]:
        found = [self._root]
        for number in found:
            try:
                for task in Path(f"/proc/{number}/task").iterdir():
                    found += [int(one) for one in (task / "children").read_text(encoding="ascii").split()]
            except OSError:
                continue
        return found


def run(at: Premises, *, roles: Sequence[str] = ROLES, console: bool = False) -> dict[str, Any]:
    """Put secrets in, look everywhere that these roles may; with `console` also at what a browser asks for and keeps."""
    assert at.rig.process is not None
    look = Processes(at.rig.process.pid)
    seen: Seen = []
    with look.looking():
        kinds = _give(at, seen)
        seen += tour.go(at).answers
        seen += _every_answer(at, roles)
        # What is logged or written late.
        time.sleep(1)
    if console:
        seen += list(_browser(at))
    seen += [(f"/proc {name} of {number}", content) for (number, name), content in look.seen.items()]
    seen += list(_opened(seen))
    seen.append(("log", at.rig.log.read_bytes()))
    files = list(_files(at.rig.data))
    keys = {f"key file {one.name}": content for one, content in _keys(at)}
    found = hits(kinds | keys, [*seen, *files])
    return {
        "kinds": len(kinds) + len(keys),
        "places": len(seen) + len(files),
        "processes": len({number for number, _ in look.seen}),
        "hits": sorted(set(found)),
    }


def _give(at: Premises, seen: Seen) -> dict[str, bytes]:
    """Every kind of secret, given or taken where that is its way; what was answered to mistakes is kept."""
    kinds = {"password of a recorded camera": cameras.PASSWORD.encode()}

    def fresh(kind: str) -> str:
        made = f"Canary/+{secrets.token_hex(12)}"
        kinds[kind] = made.encode()
        return made

    operator = at.entered("operator_admin", proved=True)
    kinds["account password"] = at.passwords["operator_admin"].encode()
    kinds["session cookie"] = operator.http.cookies["mingjing_session"].encode()
    kinds["device cookie"] = operator.http.cookies["mingjing_device"].encode()
    unit = operator.ask("GET", "/organisations").json()["items"][0]["id"]
    place = {"division": "420115", "organisation": unit}
    pasted, own = fresh("camera password in an address"), fresh("camera password")
    for password, url in (
        (None, f"rtsp://admin:{quote(pasted, safe='')}@127.0.0.1:9/pasted"),
        (own, at.cameras.urls[0] + "x"),
    ):
        camera = {"name": f"金丝雀{password is None}", "user": "admin", "password": password, **place,
                  "streams": [{"kind": "main", "url": url, "transport": "tcp"}]}  # fmt: skip
        made = operator.ask("POST", "/cameras", json=camera)
        assert made.status_code == 201, made.text
        seen.append(("registering", made.content))
        changed = operator.ask("PATCH", f"/cameras/{made.json()['id']}", json={"password": own, "note": "x"})
        seen.append(("changing", changed.content))
    wrong = fresh("password in a refused request")
    for name, body in (
        ("/cameras/probe", {"url": f"rtsp://u:{quote(wrong, safe='')}@8.8.8.8/x", "password": wrong}),
        ("/cameras/probe", {"url": at.cameras.urls[0], "user": "u", "password": wrong, "transport": "tcp"}),
        ("/cameras/probe", {"url": at.cameras.urls[0].replace("://", f"://u:{quote(wrong, safe='')}@")}),
        ("/cameras/probe", {"url": at.cameras.urls[0], "password": wrong, "transport": "nonsense"}),
        ("/cameras/probe", {"url": at.cameras.urls[0], "password": [wrong]}),
        ("/cameras/probe", {"url": at.cameras.urls[0], "password": wrong * 20}),
        ("/cameras", {"password": wrong, "name": 5}),
        ("/session/step-up", {"password": wrong}),
        ("/session/password", {"old": wrong, "new": wrong}),
        ("/session/password", {"old": wrong, "new": [wrong]}),
    ):
        answer = operator.ask("POST", name, json=body, timeout=60)
        seen.append((f"{name} refused", answer.content))
    stranger = at.browser("127.0.0.3")
    for account, password in (("operator-admin", wrong), (wrong, "x" * 12), ("operator-admin", wrong * 9)):
        seen.append(("sign-in refused", stranger.enter(account, password).content))
    seen.append(("not JSON", stranger.http.post("/api/v1/session", content=f'{{"password":"{wrong}').content))
    wish = {
        "name": "canary",
        "actions": ["system.metrics"],
        "expires_us": time.time_ns() // 1000 + 3_600_000_000,
    }
    keeper = at.entered("security_admin", proved=True)
    token = keeper.ask("POST", "/tokens", json=wish | {"actions": ["user.read"]}).json()
    kinds["token"] = str(token["text"]).encode()
    first = keeper.ask(
        "POST", "/users", json={"account": "canary", "name": "金丝雀", "organisation": unit, "roles": []}
    )
    kinds["one-time password"] = str(first.json()["password"]).encode()
    factor = operator.ask("POST", "/session/totp").json()["secret"]
    otp, now_s = pyotp.TOTP(factor), int(time.time())
    recovery = operator.ask(
        "PUT", "/session/totp", json={"codes": [otp.at(now_s - 30), otp.at(now_s)]}
    ).json()
    kinds |= {"TOTP": factor.encode(), "TOTP bytes": base64.b32decode(factor + "=" * (-len(factor) % 8))}
    kinds |= {f"recovery code {n}": str(code).encode() for n, code in enumerate(recovery["recovery"][:3])}
    for kind in ("live", "hls"):
        ticket = operator.ticket(kind, at.streams[0])["ticket"]
        kinds[f"{kind} ticket"] = ticket.encode()
        path = f"/live/{at.streams[0]}.mp4" if kind == "live" else f"/hls/{at.streams[0]}/index.m3u8"
        shown = raw(at.media, f"GET {path}?ticket={ticket} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert shown.status in {200, 302}, shown
        raw(at.media, f"GET {path}?ticket={ticket} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        if kind == "hls":
            kinds["path of an HLS session"] = shown.headers["location"].split("/")[3].encode()
        seen.append(("a ticket in the wrong place", operator.ask("GET", f"/cameras/{ticket[:60]}", params={
            "ticket": ticket, "token": str(token["text"])}).content))  # fmt: skip
    proof = {"password": at.passwords["operator_admin"], "code": recovery["recovery"][3]}
    assert operator.ask("POST", "/session/step-up", json=proof).status_code == 200
    assert operator.ask("DELETE", "/session/totp").status_code in {200, 204}
    return kinds


def _every_answer(at: Premises, roles: Sequence[str]) -> Seen:
    """Whatever may be read, by whoever may."""
    channel = at.streams[0].partition(".")[0]
    system = at.entered("system_admin")
    paths = system.ask("GET", "/openapi.json").json()["paths"]
    user = at.rig.ask("SELECT id FROM users WHERE account = 'operator-admin'")[0][0]
    known = {
        "channel": channel,
        "user": user,
        "seq": "1",
        "export": _one(at, "exports"),
        "alarm": _one(at, "alarms"),
    }
    query = {"channels": channel, "channel": channel, "stream": "main", "from_us": "0", "step_us": "0",
             "until_us": str(time.time_ns() // 1000), "form": "csv", "count": "1", "limit": "200"}  # fmt: skip
    seen: Seen = []
    for role in roles:
        who = at.entered(role)
        for path, item in paths.items():
            if "get" not in item or path.endswith("/file"):
                continue
            wanted = {one["name"] for one in item["get"].get("parameters", []) if one["in"] == "query"}
            address = re.sub(r"\{(\w+)\}", lambda name: str(known.get(name[1], "zz")), path)
            answer: httpx.Response = who.http.get(
                address, params={n: t for n, t in query.items() if n in wanted}
            )
            if answer.status_code < 500 and path not in {"/api/v1/session"}:
                seen.append((f"GET {path} as {role}", answer.content + str(answer.headers).encode()))
    assert len(seen) > 25 * len(roles), "every answer was asked for"
    return seen


def _browser(at: Premises) -> Iterator[tuple[str, bytes]]:
    """Addresses that the console asks for, and what it leaves in the browser; a ticket in an address is a finding."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(base_url=at.rig.url)
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url))
        page.on("websocket", lambda one: asked.append(one.url))
        page.goto("/")
        page.get_by_test_id("account").fill("operator-admin")
        page.get_by_test_id("password").fill(at.passwords["operator_admin"])
        page.get_by_test_id("sign-in").click()
        page.get_by_test_id("name-menu").wait_for()
        for path in ("/live", "/cameras", "/playback"):
            page.goto(path)
            page.wait_for_load_state("networkidle")
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
        browser.close()
    assert any("/live/ws" in one for one in asked) or len(asked) > 20, asked
    assert not [one for one in asked if "ticket=" in one or "token=" in one], "a ticket stands in an address"
    yield "addresses of the console", "\n".join(asked).encode()
    yield "what the console keeps", kept.encode()


def _one(at: Premises, table: str) -> str:
    found = at.rig.ask(f"SELECT id FROM {table} LIMIT 1")
    return str(found[0][0]) if found else "zz"


def _opened(seen: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """What lies in archives: spreadsheets and packages."""
    for name, content in seen:
        begin = content.find(b"PK\x03\x04")
        if begin < 0:
            continue
        with zipfile.ZipFile(io.BytesIO(content[begin:])) as parts:
            for part in parts.namelist():
                if not OPEN_FILES.search(part):
                    yield f"{name}: {part}", parts.read(part)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in folder.rglob("*"):
        if file.is_file() and not OPEN_FILES.search(file.name):
            yield f"file {file.relative_to(folder)}", file.read_bytes()


def _keys(at: Premises) -> Iterator[tuple[Path, bytes]]:
    """The installation's own keys, as they lie outside the data directory."""
    for file in at.rig.settings.data.keys().iterdir():
        content = file.read_bytes().strip()
        if file.is_file() and len(content) >= 16 and file.suffix != ".pub":
            yield file, content


def looks(found: Mapping[str, Any]) -> int:
    """How many times a secret was looked for in a place."""
    return int(found["kinds"] * found["places"])


def silent(found: Mapping[str, Any]) -> bool:
    """The promise of S7, and that there was much to look at."""
    looked = found["kinds"] >= 14 and found["places"] > 120 and found["processes"] >= 2
    return bool(looked and not found["hits"])


def main(arguments: list[str] | None = None) -> int:
    argparse.ArgumentParser(prog="secrets", description=__doc__).parse_args(arguments)
    extra = {"MINGJING_LOG_LEVEL": "debug"}
    with tempfile.TemporaryDirectory() as name, Premises(Path(name), count=2, extra=extra) as at:
        found = run(at, console=True)
    return measured.ended("S7", seed=0, n=looks(found), **found, holds=silent(found))


if __name__ == "__main__":
    sys.exit(main())
