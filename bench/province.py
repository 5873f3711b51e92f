"""A province for figures: divisions, units, places, systems and cameras in all states of life, in bulk through the real
tables, the same for a seed. Nothing that people use makes records like this: they go through the services."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mingjing.audit.service import SYSTEM
from mingjing.identity.model import Organisation
from mingjing.kernel.bulk import insert_rows
from mingjing.kernel.db import Base, Database
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.dossiers.rules import completeness
from mingjing.registry.map.cells import cell
from mingjing.registry.map.model import MapPointRow
from mingjing.registry.model import CameraRow
from mingjing.registry.places.model import KeyPositionRow, PlaceRow
from mingjing.registry.systems.model import SystemRow
from mingjing.tables import METADATA
from mingjing.territory.model import Division
from mingjing.territory.service import load_table

CATEGORIES = (
    "education_health_heritage",
    "transport",
    "commerce_leisure",
    "residential",
    "state_media_finance",
)
TODAY = date(2026, 11, 20)
COUNTIES = 100
COUNTY_PATH = "420000/420100/420101/"
AT_ONCE = 10_000


def fill(database: Database, cameras: int, seed: int = 1) -> None:
    """Make the tables of an empty database and a province of so many cameras: 17 to a system, 2.5 systems to a place."""
    METADATA.create_all(database.engine)
    dice = random.Random(seed)  # noqa: S311 - the same for a seed
    codes = [f"42{1 + n // 10:02d}{1 + n % 10:02d}" for n in range(COUNTIES)]
    cities = sorted({f"{code[:4]}00" for code in codes})
    rows = [
        ("420000", "湖北省"),
        *((code, f"市{code}") for code in cities),
        *((code, f"区{code}") for code in codes),
    ]
    with database.transaction() as tx:
        text = "code,name\n" + "\n".join(",".join(row) for row in rows)
        load_table(tx, SYSTEM, text.encode())
        paths = {row.code: row.path for row in tx.session.query(Division)}
        insert_rows(tx, Organisation, [_unit(n) for n in range(len(codes))])
    systems = max(1, cameras // 17)
    places = max(1, systems * 2 // 5)
    tables: tuple[tuple[type[Base], Iterator[dict[str, Any]]], ...] = (
        (PlaceRow, (_place(dice, paths, codes, n) for n in range(places))),
        (KeyPositionRow, (_position(n) for n in range(places * 3))),
        (SystemRow, (_system(dice, paths, codes, places, n) for n in range(systems))),
        (CameraRow, (_camera(paths, codes, systems, places, n) for n in range(cameras))),
        (DossierRow, (_dossier(dice, systems, places, n) for n in range(cameras))),
    )
    for table, made in tables:
        for part in _parts(made):
            with database.transaction() as tx:
                insert_rows(tx, table, part)
    with database.transaction() as tx:
        insert_rows(tx, MapPointRow, _points(tx.session))


def _points(session: Session) -> list[dict[str, Any]]:
    """Every camera and place on the map, half of the cameras in operation."""
    cameras = session.execute(
        select(CameraRow.id, DossierRow.longitude, DossierRow.latitude, CameraRow.division_path, CameraRow.organisation_path)
        .join(DossierRow, DossierRow.camera == CameraRow.id)
    )  # fmt: skip
    places = session.execute(
        select(
            PlaceRow.id,
            PlaceRow.longitude,
            PlaceRow.latitude,
            PlaceRow.division_path,
            PlaceRow.organisation_path,
        )
    )
    return [
        {
            "record": record, "kind": kind, "cell": cell(longitude, latitude), "longitude": longitude,
            "latitude": latitude, "division_path": division_path, "organisation_path": organisation_path,
            "marked": number % 2,
        }
        for kind, rows in (("camera", cameras), ("place", places))
        for number, (record, longitude, latitude, division_path, organisation_path) in enumerate(rows)
        if longitude is not None and latitude is not None
    ]  # fmt: skip


def _parts(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _unit(n: int) -> dict[str, Any]:
    return {
        "id": f"or_{n:012d}",
        "name": f"单位 {n}",
        "parent": None,
        "path": f"or_{n:012d}/",
        "created_us": 0,
    }


def _record(kind: str, name: str, paths: dict[str, str], code: str, unit: int, n: int) -> dict[str, Any]:
    return {
        "id": f"{kind}_{n:012d}", "name": f"{name} {n}", "pinyin": "x", "initials": "x", "division": code,
        "division_path": paths[code], "organisation": f"or_{unit:012d}", "organisation_path": f"or_{unit:012d}/",
        "created_us": 0, "changed_us": 0, "ended_us": None,
    }  # fmt: skip


def _place(dice: random.Random, paths: dict[str, str], codes: list[str], n: int) -> dict[str, Any]:
    at = n % len(codes)
    return _record("pc", "场所", paths, codes[at], at, n) | {
        "category": dice.choice(CATEGORIES), "subcategory": "", "national_class": "n7_2_1_crowded", "address": "",
        "longitude": 111 + dice.random() * 4, "latitude": 29 + dice.random() * 3, "outline": None,
        "key_protected_unit": False, "counter_terror_target": dice.random() < 0.02, "citation": "", "designated": None,
        "note": "",
    }  # fmt: skip


def _position(n: int) -> dict[str, Any]:
    kind = ("entrance", "main_passage", "vital_part")[n % 3]
    return {
        "id": f"kp_{n:012d}", "place": f"pc_{n // 3:012d}", "kind": kind, "name": f"部位 {n % 3}",
        "longitude": None, "latitude": None, "ended_us": None,
    }  # fmt: skip


def _system(
    dice: random.Random, paths: dict[str, str], codes: list[str], places: int, n: int
) -> dict[str, Any]:
    place = n % places
    at = place % len(codes)
    old = TODAY - timedelta(days=dice.randrange(1, 4000))
    return _record("sy", "系统", paths, codes[at], at, n) | {
        "regime": dice.choice(("art7", "art7", "art9", "non_public", "")), "category": dice.choice(CATEGORIES),
        "purposes": ["public_safety"] if dice.random() < 0.95 else [], "necessity": "",
        "duty_basis": "",
        "funding": dice.choice(("government_built", "other")), "place": f"pc_{place:012d}", "building_unit": None,
        "maintainer": f"or_{at:012d}" if dice.random() < 0.9 else None, "entrusted_operator": None,
        "retention_days": 30, "address": "", "network": "private", "in_use": old if dice.random() < 0.9 else None,
        "dismantle_planned": None, "dismantled": None, "note": "",
    }  # fmt: skip


def _camera(paths: dict[str, str], codes: list[str], systems: int, places: int, n: int) -> dict[str, Any]:
    at = n % systems % places % len(codes)
    row = _record("ch", "摄像机", paths, codes[at], at, n)
    del row["ended_us"]
    return row | {
        "enabled": False, "address": "", "note": "", "family": "rtsp", "user": None, "sealed_password": None,
        "allow_basic": False, "removed_us": None,
    }  # fmt: skip


def _dossier(dice: random.Random, systems: int, places: int, n: int) -> dict[str, Any]:
    system = n % systems
    members = {
        "system": f"sy_{system:012d}", "code": f"{4201150000132:013d}{n:07d}" if dice.random() < 0.9 else None,
        "longitude": 111 + dice.random() * 4, "latitude": 29 + dice.random() * 3, "height_m": 4.0,
        "azimuth": dice.random() * 359 if dice.random() < 0.8 else None,
        "in_use": TODAY - timedelta(days=dice.randrange(1, 3000)),
        "sign_checked": TODAY - timedelta(days=dice.randrange(1, 500)) if dice.random() < 0.9 else None,
    }  # fmt: skip
    return members | {
        "camera": f"ch_{n:012d}", "position": f"kp_{(system % places) * 3 + n % 3:012d}", "view_angle": 90.0,
        "view_m": 60.0, "complete": completeness(members), "changed_us": 0,
    }  # fmt: skip
