"""What the supply check sees: packages that nothing pins, advisories that are known, a source that is not there."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from tools import supply

from tests.claims import supply as claim

BAD = "pkg:pypi/bad@1.0"


class Advisories(BaseHTTPRequestHandler):
    """A source that knows of one bad package."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        found = [{"vulns": [{"id": "OSV-1"}]} if one["package"]["purl"] == BAD else {} for one in asked]
        body = json.dumps({"results": found}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing to say."""


@pytest.fixture
def source() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Advisories) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_every_package_of_this_tree_is_pinned_and_written_down() -> None:
    found = supply.read()
    assert found.faults == []
    assert {one.kind for one in found.packages} == {"pypi", "cargo", "npm"}
    made = supply.sbom(found.packages, "1", datetime.now(UTC))
    refs = [one["bom-ref"] for one in made["components"]]
    assert len(refs) == len(set(refs))
    assert set(refs) == {one.purl for one in found.packages}
    assert made["serialNumber"] == supply.sbom(found.packages, "2", datetime.now(UTC))["serialNumber"]


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (supply.read_requirements, "h11==1.0\n"),
        (supply.read_requirements, "h11>=1.0 --hash=sha256:00\n"),
        (supply.read_requirements, "h11 @ https://example.com/h11.whl\n"),
        (supply.read_requirements, "-e ../h11\n"),
        (supply.read_cargo, '[[package]]\nname = "a"\nversion = "1"\nsource = "registry+x"\n'),
        (supply.read_cargo, '[[package]]\nname = "a"\nversion = "1"\nsource = "git+https://example.com/a"\n'),
        (supply.read_npm, '{"packages": {"node_modules/a": {"version": "1.0.0"}}}'),
    ],
)
def test_what_no_digest_pins_is_named(reader: object, text: str) -> None:
    found = supply.Locks()
    assert callable(reader)
    reader(text, found)
    assert found.faults


def test_a_known_advisory_is_named_and_silence_is_no_success(source: str) -> None:
    packages = [supply.Package("pypi", "bad", "1.0"), supply.Package("npm", "@scope/good", "2.0")]
    assert packages[1].purl == "pkg:npm/%40scope/good@2.0"
    assert supply.advisories(packages, source) == [f"{BAD}: OSV-1"]
    assert supply.advisories(packages[1:], source) == []
    assert supply.advisories(packages, "http://127.0.0.1:1/") is None
    whole: dict[str, object] = {"faults": [], "advisories": None, "advisories_asked": False}
    assert claim.holds(whole) is None
    assert claim.holds(whole | {"advisories": [], "advisories_asked": True}) is True
    assert claim.holds(whole | {"advisories": ["x"], "advisories_asked": True}) is False
