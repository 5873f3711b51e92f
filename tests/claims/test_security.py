"""The security claims at the size that continuous integration can bear, most of them before one running program.

Times are figures, not assertions, here: `make sec NAME=` judges them. What must never happen is asserted.
"""

import base64
import io
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from mingjing.registry.columns import COLUMNS
from tests.claims import brute, headers, measured, names, noshell, revoke, secrets, ssrf
from tests.claims.premises import Answer, Premises, line

pytestmark = pytest.mark.timeout(300)

SOME_CAUSES = {"rights withdrawn", "session ended by another", "token revoked", "camera moved away"}
"""What stands for the rest: a change of rights, an end of a session, a token, a place."""

SOME_PAGES = ["/live", "/cameras", "/recording"]


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trace") / "execve"


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory, trace: Path) -> Iterator[Premises]:
    """One program for all, watched for what it starts."""
    with Premises(tmp_path_factory.mktemp("premises"), prefix=noshell.prefix(trace)) as found:
        yield found


def test_every_answer_of_every_door_is_kept_to_itself(tmp_path: Path, at: Premises) -> None:
    inside = headers.inside(tmp_path, secure=True, roles=["operator_admin"], strangers=2)
    found = headers.figures(inside, headers.outside(at))
    measured.write("S12", seed=0, **found, holds=headers.holds(found))
    assert found["deviations"] == [], line(found)
    assert headers.holds(found), line(found)


def test_the_judges_of_headers_see_what_is_missing_or_too_much() -> None:
    good = headers.CONSOLE | {
        "content-security-policy": "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
        "cache-control": "no-store",
    }
    assert list(headers.judge_console("/", Answer(200, good, b""), secure=False)) == []
    for name in good:
        torn = Answer(200, {key: value for key, value in good.items() if key != name}, b"")
        assert list(headers.judge_console("/", torn, secure=False)), name
    for policy in ("script-src 'unsafe-inline'", "script-src *", "script-src data:", "img-src https:"):
        assert list(headers.judge_policy(f"default-src 'none'; frame-ancestors 'none'; {policy}")), policy
    assert list(headers.judge_cookie("mingjing_session=x; Path=/; SameSite=strict", secure=True))
    foreign = Answer(200, headers.MEDIA | {"access-control-allow-origin": headers.STRANGER}, b"")
    assert list(headers.judge_media(foreign, origin=headers.STRANGER, allowed=False))


def test_guessing_is_bounded_and_the_rightful_user_comes_in(tmp_path: Path) -> None:
    found = brute.run(tmp_path, every_s=90)
    # Its times are not measured here, and nothing is claimed of what was not looked at.
    measured.write("S5", seed=0, n=brute.tries(found), **found, holds=None if brute.bounded(found) else False)
    assert brute.bounded(found), line(found)


def test_what_may_no_longer_be_seen_ends_and_does_not_open_again(at: Premises) -> None:
    some = [cause for cause in revoke.CAUSES if cause.name in SOME_CAUSES]
    found = revoke.run(at, causes=some)
    measured.write("S6", seed=0, **found, holds=revoke.holds(found))
    assert revoke.ends(found), line(found)


@pytest.mark.skipif(os.geteuid() != 0, reason="S8 makes a network namespace, which needs root")
def test_no_address_leads_to_what_is_no_camera() -> None:
    found = ssrf.run()
    measured.write("S8", seed=0, n=ssrf.tried(found), **found, holds=ssrf.guarded(found))
    assert ssrf.guarded(found), line(found)


def test_hostile_names_are_refused_or_shown_as_they_are(tmp_path: Path, at: Premises) -> None:
    texts = [*names.FEW, *names.FORMULAS[:4], names.BREAKS[0]]
    found = names.taken(tmp_path / "inside", names.FEW) | names.shown(at, texts, pages=SOME_PAGES)
    measured.write("S11", seed=0, n=found["calls"], texts=len(texts), **found, holds=names.harmless(found))
    assert names.harmless(found), line(found)


def test_the_judges_of_tables_see_what_computes_and_what_breaks() -> None:
    whole = ",".join("x" * len(COLUMNS))
    assert names.csv_faults(f"{whole}\n{whole}\n".encode(), 1) == []
    assert names.csv_faults(f"{whole}\n=1{whole}\n".encode(), 1)
    assert names.csv_faults(f"{whole}\n{whole},y\n".encode(), 1)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["=1+1"])
    out = io.BytesIO()
    book.save(out)
    assert names.xlsx_faults(out.getvalue(), 0)


def test_the_judge_of_the_log_sees_what_steers_and_what_is_no_record() -> None:
    start = f"  banner\n{names.READY}\n"
    record = "2026-11-27T15:58:39.809049Z [error    ] unexpected_error   path='/x\\x1b[31m'\n  | Traceback\n"
    assert names.log_faults((start + record).encode()) == []
    for bad in ("\x1b[31m", "\u202e", "\t", "\r", "\x85"):
        assert names.log_faults((start + record.replace("x1b", bad)).encode()), bad
    for forged in (names.FORGED, "Traceback", " | x"):
        assert names.log_faults(f"{start}{record}{forged}\n{record}".encode()), forged


def test_no_secret_comes_out_where_it_was_not_asked_for(at: Premises) -> None:
    found = secrets.run(at, roles=["operator_admin", "audit_admin"])
    measured.write("S7", seed=0, n=secrets.looks(found), **found, holds=secrets.silent(found))
    assert secrets.silent(found), line(found)


@given(before=st.binary(max_size=9), after=st.binary(max_size=9), secret=st.binary(min_size=16, max_size=40))
def test_a_secret_is_found_wherever_in_a_longer_text_it_stands(
    before: bytes, after: bytes, secret: bytes
) -> None:
    whole = before + secret + after
    for form, text in (
        ("raw", whole), ("reversed", whole[::-1]), ("hex", whole.hex().encode()), ("base64", base64.b64encode(whole)),
        ("base64url", base64.urlsafe_b64encode(whole)), ("URL", quote(whole, safe="").encode()),
    ):  # fmt: skip
        assert any(form in one for one in secrets.hits({"it": secret}, [("there", text)])), form


def test_only_listed_programs_are_started_and_no_shell(at: Premises, trace: Path) -> None:
    found = noshell.run(at, trace)
    measured.write("S14", seed=0, **found, holds=noshell.holds(found))
    assert noshell.holds(found), line(found)


def test_the_judge_of_command_lines_sees_a_shell_and_a_strange_word() -> None:
    found = noshell.judge([noshell.PROGRAM, ("/bin/sh", "-c", "x"), (*noshell.WORKER, "--name=x")])
    assert found["shells"] == ["/bin/sh -c x"]
    assert len(found["unlisted"]) == 2
