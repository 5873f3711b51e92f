#!/usr/bin/env python3
"""What Mingjing is made of: every pinned package with its digest, written down, and held against known advisories.

    make supply        one JSON line; build/sbom.json (CycloneDX 1.6)

Reads `requirements.lock`, `Cargo.lock` and `console/package-lock.json`. Exit 1 where a package is not pinned by a digest
or has a known advisory. Advisories are asked for by OSV's interface, at the address in `MINGJING_ADVISORIES` (a mirror
does as well); where it cannot be reached that is said, and nothing is claimed about advisories.
"""

import base64
import json
import os
import re
import sys
import tomllib
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
SOURCE = "https://api.osv.dev/v1/querybatch"
BATCH = 500
ANSWER_S = 20.0
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==([^\s;]+)")
_HASH = re.compile(r"--hash=(sha256|sha384|sha512):([0-9a-f]+)")
_NAMED = re.compile(r"^[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Package:
    """One pinned package; `digests` are (algorithm, hexadecimal)."""

    kind: str
    name: str
    version: str
    digests: tuple[tuple[str, str], ...] = ()
    licence: str = ""
    shipped: bool = True

    @property
    def purl(self) -> str:
        name = quote(self.name, safe="/") if self.kind == "npm" else self.name
        return f"pkg:{self.kind}/{name}@{quote(self.version, safe='')}"


@dataclass
class Locks:
    """What the locks pin, and what is wrong with them."""

    packages: list[Package] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, package: Package) -> None:
        self.packages.append(package)
        if not package.digests:
            self.faults.append(f"{package.purl}: no digest")


def read_requirements(text: str, into: Locks) -> None:
    """Python: every line pins one version by its digests."""
    for line in map(str.strip, text.replace("\\\n", " ").splitlines()):
        if not line or line.startswith("#"):
            continue
        pinned = _PINNED.match(line)
        if pinned is None:
            into.faults.append(f"requirements.lock: not pinned: {line[:80]}")
            continue
        digests = tuple((algorithm, digest) for algorithm, digest in _HASH.findall(line))
        into.add(Package("pypi", _folded(pinned[1]), pinned[2], digests))


def read_cargo(text: str, into: Locks) -> None:
    """Rust: every package that is not of this repository comes from the registry, with its checksum."""
    for one in tomllib.loads(text)["package"]:
        source = one.get("source")
        if source is None:
            continue
        if not source.startswith("registry+"):
            into.faults.append(f"Cargo.lock: {one['name']} comes from {source}")
        digests = (("sha256", one["checksum"]),) if "checksum" in one else ()
        into.add(Package("cargo", one["name"], one["version"], digests))


def read_npm(text: str, into: Locks) -> None:
    """Console: every package with its integrity."""
    for path, one in json.loads(text)["packages"].items():
        if not path or one.get("link"):
            continue
        name = one.get("name") or path.rpartition("node_modules/")[2]
        digests = tuple(_integrity(part) for part in one.get("integrity", "").split())
        into.add(
            Package("npm", name, one["version"], digests, str(one.get("license", "")), not one.get("dev"))
        )


def _integrity(text: str) -> tuple[str, str]:
    algorithm, _, digest = text.partition("-")
    return algorithm, base64.b64decode(digest).hex()


def _folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def undeclared(root: Path, packages: Iterable[Package]) -> list[str]:
    """What a manifest asks for and its lock does not pin."""
    pinned = {(one.kind, one.name) for one in packages}
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        ("pypi", one) for one in project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    ]
    console = json.loads((root / "console/package.json").read_text(encoding="utf-8"))
    wanted += [("npm", one) for kind in ("dependencies", "devDependencies") for one in console.get(kind, {})]
    crates = tomllib.loads((root / "media/Cargo.toml").read_text(encoding="utf-8"))
    wanted += [
        ("cargo", spec.get("package", name) if isinstance(spec, dict) else name)
        for name, spec in crates.get("dependencies", {}).items()
    ]
    missing = []
    for kind, text in wanted:
        found = _NAMED.match(text)
        name = _folded(found[0]) if kind == "pypi" and found else text
        if (kind, name) not in pinned:
            missing.append(f"{kind} {name}: asked for, not in the lock")
    return missing


def read(root: Path = ROOT) -> Locks:
    """All three locks."""
    found = Locks()
    for path, reader in (
        ("requirements.lock", read_requirements),
        ("Cargo.lock", read_cargo),
        ("console/package-lock.json", read_npm),
    ):
        before = len(found.packages)
        reader((root / path).read_text(encoding="utf-8"), found)
        if len(found.packages) == before:
            found.faults.append(f"{path}: empty")
    found.faults += undeclared(root, found.packages)
    return found


def sbom(packages: Sequence[Package], version: str, at: datetime) -> dict[str, Any]:
    """The bill of materials, CycloneDX 1.6. Its serial number follows from what it lists."""
    unique = sorted({one.purl: one for one in packages}.values(), key=lambda one: one.purl)
    serial = uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(one.purl for one in unique))
    product = {"type": "application", "bom-ref": "mingjing", "name": "mingjing", "version": version}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "component": product},
        "components": [_component(one) for one in unique],
    }


def _component(one: Package) -> dict[str, Any]:
    group, _, name = one.name.rpartition("/")
    names = {"sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": one.purl,
        "name": name,
        "version": one.version,
        "purl": one.purl,
    }
    if group:
        made["group"] = group
    if len(one.digests) == 1:
        # Several belong to several builds of one version: none of them is the component's.
        made["hashes"] = [{"alg": names[algorithm], "content": digest} for algorithm, digest in one.digests]
    if one.licence:
        made["licenses"] = [{"expression": one.licence}]
    made["scope"] = "required" if one.shipped else "excluded"
    return made


def advisories(packages: Sequence[Package], source: str) -> list[str] | None:
    """Known advisories as `package: id`; None where the source could not be asked."""
    known = []
    wanted = sorted({one.purl for one in packages})
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        body = json.dumps({"queries": [{"package": {"purl": purl}} for purl in part]}).encode()
        request = urllib.request.Request(source, body, {"Content-Type": "application/json"})  # noqa: S310 - set by the operator
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:  # noqa: S310
                results = json.load(answer)["results"]
        except (OSError, ValueError, KeyError):
            return None
        known += [
            f"{purl}: {one['id']}"
            for purl, found in zip(part, results, strict=True)
            for one in found.get("vulns", [])
        ]
    return known


def main() -> int:
    """Check, write, tell."""
    locks = read()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    made = sbom(locks.packages, version, datetime.now(UTC))
    target = ROOT / "build" / "sbom.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    source = os.environ.get("MINGJING_ADVISORIES", SOURCE)
    known = advisories(locks.packages, source)
    if known is None:
        print(f"advisories were NOT looked at: {source} could not be reached", file=sys.stderr)
    for fault in [*locks.faults, *(known or [])]:
        print(fault, file=sys.stderr)
    found = {
        "packages": len(locks.packages),
        "components": len(made["components"]),
        "faults": locks.faults,
        "advisories_asked": known is not None,
        "advisories": known,
    }
    print(json.dumps(found, ensure_ascii=False))
    return 1 if locks.faults or known else 0


if __name__ == "__main__":
    sys.exit(main())
