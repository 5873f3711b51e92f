"""The running program as an attacker uses it: tickets on the media ports, tokens, strangers' names, and what leaks."""

import base64
import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import httpx
import pyotp
import pytest

from tests.e2e.conftest import OPERATOR
from tests.e2e.house import House, items, running, until

ADMIN = "demo-security-admin"
HEADERS = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("besieged")


@pytest.fixture(scope="module")
def house(data: Path) -> Iterator[House]:
    """A house of its own: its disk is searched, and nobody else's browser waits for it."""
    with running(data) as found:
        yield found


@contextmanager
def proven(house: House, account: str) -> Iterator[httpx.Client]:
    """A client of the API that has just proved again who it is."""
    with house.api(account) as client:
        client.post("session/step-up", json={"password": house.passwords[account]}).raise_for_status()
        yield client


def media(client: httpx.Client) -> str:
    return str(client.get("session").json()["media_base"])


def channel(client: httpx.Client) -> str:
    return str(items(client, "cameras", limit=1)[0]["id"])


def ticket(client: httpx.Client, **wish: object) -> dict[str, str]:
    found = {"kind": "live", "channel": channel(client), "stream": "sub"} | wish
    answer = client.post("tickets", json={"wishes": [found]}).json()["tickets"][0]
    assert "ticket" in answer, answer
    return {name: str(value) for name, value in answer.items()}


def shown(base: str, stream: str, seal: str) -> httpx.Response:
    """Show a ticket for a live picture; what is refused has a short body, what is not is cut off."""
    request = httpx.Request("GET", f"{base}/live/{stream}.mp4", headers={"Authorization": f"Ticket {seal}"})
    with httpx.Client(timeout=20) as client:
        answer = client.send(request, stream=True)
        if answer.status_code != 200:
            answer.read()
        answer.close()
        return answer


def test_a_ticket_opens_once_as_it_was_made_and_for_what_it_was_made(house: House) -> None:
    with house.api(OPERATOR) as client:
        base = media(client)
        one = ticket(client)
        assert shown(base, one["stream"], one["ticket"]).status_code == 200
        again = shown(base, one["stream"], one["ticket"])
        assert (again.status_code, again.json()["code"]) == (401, "MEDIA-002")
        assert HEADERS.items() <= dict(again.headers).items(), again.headers
        body, _, seal = ticket(client)["ticket"].partition(".")
        claims = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        longer = claims.replace(b'"kind":"live"', b'"kind":"hls"')
        for forged in (
            f"{body}.{seal[:-2]}{'AA' if not seal.endswith('AA') else 'BB'}",
            f"{base64.urlsafe_b64encode(longer).rstrip(b'=').decode()}.{seal}",
            f"{body}.",
            body,
        ):
            assert shown(base, one["stream"], forged).json()["code"] == "MEDIA-002"
        fresh = ticket(client)
        other = items(client, "cameras", limit=2)[1]["id"]
        assert shown(base, f"{other}.sub", fresh["ticket"]).status_code == 404
        played = httpx.post(f"{base}/play", headers={"Authorization": f"Ticket {ticket(client)['ticket']}"})
        assert played.status_code == 404, played.text


class Watching:
    """A live picture that somebody watches; how long it outlived the order that ends it."""

    def __init__(self, base: str, stream: str, seal: str) -> None:
        self._began, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(base, stream, seal), daemon=True)
        self._thread.start()
        assert self._began.wait(30), "no picture came"

    def _watch(self, base: str, stream: str, seal: str) -> None:
        headers = {"Authorization": f"Ticket {seal}"}
        try:
            with httpx.stream("GET", f"{base}/live/{stream}.mp4", headers=headers, timeout=30) as answer:
                for _ in answer.iter_raw():
                    self._began.set()
        except httpx.HTTPError:
            # Cut off in the middle, as it should be.
            pass
        finally:
            self._ended.set()

    def outlived_s(self) -> float:
        began = time.monotonic()
        assert self._ended.wait(15), "it is still watched"
        return time.monotonic() - began


@pytest.mark.parametrize("act", ["disable", "withdraw", "sign_out", "revoke"])
def test_what_is_watched_ends_with_the_right_to_watch_it(house: House, act: str) -> None:
    name = f"officer-{act.replace('_', '-')}-{secrets.token_hex(2)}"
    with proven(house, ADMIN) as admin:
        unit = items(admin, "organisations")[0]["id"]
        wish = {"account": name, "name": name, "organisation": unit, "roles": [{"role": "duty_officer"}]}
        made = admin.post("users", json=wish).json()
        user, password = made["user"]["id"], "five-lanterns-" + secrets.token_hex(6)
        with httpx.Client(base_url=f"{house.base}/api/v1/", timeout=20) as client:
            entered = client.post("session", json={"account": name, "password": made["password"]})
            client.headers["X-CSRF-Token"] = entered.json()["csrf_token"]
            client.post(
                "session/password", json={"old": made["password"], "new": password}
            ).raise_for_status()
            client.post("session/step-up", json={"password": password}).raise_for_status()
            watcher = client
            if act == "revoke":
                wish = {
                    "name": "x",
                    "actions": ["video.live", "camera.read"],
                    "expires_us": int((time.time() + 3600) * 1e6),
                }
                token = client.post("tokens", json=wish).json()
                watcher = httpx.Client(base_url=client.base_url, timeout=20)
                watcher.headers["Authorization"] = f"Bearer {token['text']}"
            base, one, unused = media(client), ticket(watcher), ticket(watcher)
            watching = Watching(base, one["stream"], one["ticket"])
            if act == "disable":
                ended = admin.patch(f"users/{user}", json={"enabled": False})
            elif act == "withdraw":
                ended = admin.patch(f"users/{user}", json={"roles": []})
            elif act == "sign_out":
                ended = client.delete("session")
            else:
                ended = client.delete(f"tokens/{token['token']['id']}")
            ended.raise_for_status()
            outlived_s = watching.outlived_s()
            assert shown(base, unused["stream"], unused["ticket"]).json()["code"] == "MEDIA-002"
            assert watcher.post("tickets", json={"wishes": []}).status_code in {401, 403, 422}
            print(f"{act}: outlived {outlived_s:.3f} s")


def test_a_token_does_no_more_than_it_was_given(house: House) -> None:
    with proven(house, OPERATOR) as client:
        rights = set(client.get("session").json()["permissions"])
        until_us = int((time.time() + 3600) * 1e6)
        probes = {
            "camera.read": "cameras",
            "alarm.read": "alarms",
            "plan.read": "plans",
            "storage.read": "storage",
            "system.read": "system",
            "recording.read": "recordings/now",
            "video.export": "exports",
            "user.read": "users",
        }
        assert probes.keys() <= rights
        for given in probes:
            wish = {"name": given, "actions": [given], "expires_us": until_us}
            text = client.post("tokens", json=wish).json()["text"]
            outside = httpx.Client(base_url=client.base_url, headers={"Authorization": f"Bearer {text}"})
            for action, path in probes.items():
                status = outside.get(path).status_code
                assert status == (200 if action == given else 403), (given, path, status)
            wished = outside.post("tickets", json={"wishes": [{"kind": "live", "channel": channel(client)}]})
            assert wished.json()["tickets"][0]["status"] in {403, 404}, wished.text
            for path in ("tokens", "session/totp", "session/step-up", "session/password"):
                assert outside.post(path, json={}).status_code == 403, path


def test_a_strangers_name_pointed_at_us_opens_neither_console_nor_camera(house: House) -> None:
    for host in ("evil.example", "rebind.evil.example:8360"):
        assert httpx.get(f"{house.base}/api/v1/session", headers={"Host": host}).status_code == 421
    with house.api(OPERATOR) as client:
        for address in ("169.254.169.254", "[::1]", "127.0.0.2", "localhost", "0x7f.2", "224.0.0.1"):
            wish = {"url": f"rtsp://{address}:554/x", "user": "u", "password": "p"}
            refused = client.post("cameras/probe", json=wish)
            assert refused.status_code == 422 or "failed" in refused.text, (address, refused.text)


def forms(secret: str) -> set[str]:
    raw = secret.encode()
    return {
        secret,
        secret[::-1],
        quote(secret, safe=""),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        raw.hex(),
        raw.hex().upper(),
    }


def test_no_secret_is_found_anywhere_it_was_not_given(house: House, data: Path) -> None:
    canary = "Kanari/+" + secrets.token_hex(12)
    said = {"camera password": canary}
    seen: list[tuple[str, str]] = []
    quiet_from = len(house.transcript())
    with proven(house, OPERATOR) as client, house.api("demo-audit-admin") as auditor:

        def take(name: str, answer: httpx.Response) -> None:
            seen.append((name, answer.text + str(answer.headers)))

        known = client.get(f"cameras/{channel(client)}").json()
        place = {"division": known["division"], "organisation": known["organisation"]}
        url = f"rtsp://admin:{quote(canary, safe='')}@127.0.0.1:9/{secrets.token_hex(3)}"
        camera = {"name": "金丝雀", "streams": [{"kind": "main", "url": url}], **place}
        made = client.post("cameras", json=camera)
        made.raise_for_status()
        take("register", made)
        odd = {"url": "rtsp://127.0.0.1:9/x", "user": "u", "password": canary, "transport": "nonsense"}
        take("probe refused", client.post("cameras/probe", json=odd))
        take("probe", client.post("cameras/probe", json=odd | {"transport": "tcp"}))
        token = client.post(
            "tokens",
            json={
                "name": "canary",
                "actions": ["system.metrics", "camera.read"],
                "expires_us": int((time.time() + 3600) * 1e6),
            },
        ).json()["text"]
        said["token"] = token
        said["ticket"] = ticket(client)["ticket"]
        factor = client.post("session/totp").json()["secret"]
        said["totp"] = factor
        otp, now = pyotp.TOTP(factor), time.time()
        recovery = client.put("session/totp", json={"codes": [otp.at(now - 30), otp.at(now)]}).json()
        said["recovery"] = recovery["recovery"][0]
        said["account password"] = house.passwords[OPERATOR]
        said["cookie"] = str(client.cookies["mingjing_session"])
        shown(media(client), said["ticket"].partition(".")[0], said["ticket"])
        httpx.get(f"{media(client)}/live/ch_x.main.mp4", params={"ticket": said["ticket"]})
        httpx.get(f"{house.base}/api/v1/cameras", params={"token": token, "ticket": said["ticket"]})
        metrics = httpx.get(f"{house.base}/metrics", headers={"Authorization": f"Bearer {token}"})
        assert metrics.status_code == 200
        take("metrics", metrics)
        made_id = made.json()["id"]
        for path in (
            "cameras", f"cameras/{made_id}", f"cameras/{made_id}/changes", f"cameras/{made_id}/diagnosis",
            "cameras/export?form=csv", "tokens", "alarms", "system", "storage", "session", "me/views",
            "me/sessions", "exports", "recordings/now", "tree",
        ):  # fmt: skip
            take(path, client.get(path))
        take("journal", auditor.get("journal?limit=200"))
        until(
            "the camera to be tried",
            lambda: "failed" in client.post(f"cameras/{made_id}/diagnosis").text or None,
        )
        csrf = client.headers["X-CSRF-Token"]
        # The demo is used by the tests that come after: the second factor goes again.
        proof = {"password": house.passwords[OPERATOR], "code": recovery["recovery"][1]}
        client.post("session/step-up", json=proof).raise_for_status()
        client.delete("session/totp").raise_for_status()
        client.delete(f"cameras/{made_id}?recordings=expire&reason=x").raise_for_status()
    seen.append(("log", house.transcript()[quiet_from:]))
    # By `walk`, which goes on where a folder of a moment has gone.
    for folder, _, names in os.walk(data):
        for file in (Path(folder) / name for name in names if not name.endswith(".mp4")):
            with suppress(FileNotFoundError):
                seen.append((str(file), file.read_bytes().decode("latin-1")))
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            seen.append((str(process), process.read_bytes().decode("latin-1")))
        except OSError:
            # It has ended meanwhile.
            continue
    hits = [
        (what, where)
        for what, secret in said.items()
        for form in forms(secret)
        for where, text in seen
        if form in text
    ]
    assert hits == []
    assert csrf
    assert len(seen) > 25
