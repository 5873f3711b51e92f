"""How long does a table of ten thousand cameras with their dossiers take, beside a bare read and a bare insert of it?

`python -m bench import [--rows N] [--engine sqlite|postgresql]`. In one run: the spreadsheet read by calamine and by
openpyxl and nothing else; the rows that come of it put into the same tables by executemany and nothing else; then what
people do: the dry run, the import with its history and judgement, the same table again, and the export.
"""

import argparse
import io
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import openpyxl
from python_calamine import load_workbook
from sqlalchemy import delete, insert, inspect, select

from bench import province
from bench.answer import Answer, hand_in
from bench.compliance import database
from bench.process import load
from mingjing.audit.history import RecordChange
from mingjing.audit.service import SYSTEM
from mingjing.governance.room import GovernanceRoom
from mingjing.identity.actions import Action
from mingjing.identity.scope import system_scope
from mingjing.kernel.db import Base, Database
from mingjing.kernel.secrets import Sealer
from mingjing.law.device_words import CAMERA_TYPES, DIRECTIONS, POINT_TYPES
from mingjing.media.memory import MemoryNode
from mingjing.registry.columns import COLUMNS
from mingjing.registry.dossiers.model import DossierRow, SignCheckRow
from mingjing.registry.model import CameraRow, CameraStreamRow
from mingjing.registry.queries import CameraFilter
from mingjing.registry.site import CameraSite
from mingjing.registry.table import bring_in, take_out, template

GOAL_S = 30.0
SYSTEMS_OF = 2_000
"""Cameras of the province whose systems, places and units the table names."""
WRITTEN: tuple[type[Base], ...] = (
    CameraRow,
    CameraStreamRow,
    DossierRow,
    RecordChange,
    SignCheckRow,
)


def sheet(rows: int, seed: int = 1) -> bytes:
    """A filled template: new cameras with whole dossiers, the same for a seed."""
    dice = random.Random(seed)  # noqa: S311 - the same for a seed
    book = openpyxl.load_workbook(io.BytesIO(template()))
    page = book.worksheets[0]
    for n in range(rows):
        cells = _cells(dice, n)
        page.append([cells.get(column.field, "") for column in COLUMNS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(dice: random.Random, n: int) -> dict[str, str]:
    systems = SYSTEMS_OF // 17
    system, at = n % systems, n % systems % (systems * 2 // 5) % province.COUNTIES
    division = f"42{1 + at // 10:02d}{1 + at % 10:02d}"
    day = (province.TODAY - timedelta(days=dice.randrange(30, 3000))).isoformat()
    return {
        "name": f"实验小学 {n} 号点", "division": division, "organisation": f"or_{at:012d}", "address": f"纸坊大街 {n} 号",
        "main_url": f"rtsp://10.{n // 62_500}.{n // 250 % 250}.{n % 250 + 1}:554/main", "user": "viewer",
        "password": f"pass-{n}", "enabled": "否", "code": f"{division}00001329{n:06d}", "point_type": dice.choice([*POINT_TYPES]),
        "system": f"系统 {system}", "owner": "江夏区教育局", "platform_code": "42011500002000000001",
        "management_unit": "江夏区实验小学", "department": "教育", "keeper": "王敏", "keeper_phone": "027-81900000",
        "contractor": "某建设公司", "maintenance_unit": "某维护公司", "police_organ": "纸坊派出所", "manufacturer": "某厂",
        "model": "C-200", "camera_type": f"{dice.choice([*CAMERA_TYPES])}", "functions": "5", "encoding": "h265",
        "resolution": "2560x1440", "longitude": f"{111 + dice.random() * 4:.6f}", "latitude": f"{29 + dice.random() * 3:.6f}",
        "landmarks": "校门", "room": "1", "direction": dice.choice([*DIRECTIONS]), "azimuth": f"{dice.randrange(360)}",
        "view_angle": "90", "view_m": "60", "height_m": "4.5", "height_type": "离地", "pole": f"L-{n}",
        "capture_part": f"{n % 10_000_000:07d}", "access_network": "视频专网", "ip_address": f"10.0.{n // 250}.{n % 250 + 1}",
        "mac": f"00:1A:2B:{n >> 16 & 255:02X}:{n >> 8 & 255:02X}:{n & 255:02X}", "installed": day, "in_use": day,
        "device_state": "1", "retention_days": "30", "sign_text": "公共安全视频监控区域", "sign_state": "present",
        "sign_checked": day,
    }  # fmt: skip


def _took_s(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _openpyxl(content: bytes) -> int:
    page = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    return sum(1 for _ in page.iter_rows(values_only=True))


def _written(at: Database) -> list[tuple[type[Base], list[dict[str, Any]]]]:
    """The rows that the import wrote, as executemany takes them."""
    found: list[tuple[type[Base], list[dict[str, Any]]]] = []
    with at.reading() as session:
        for table in WRITTEN:
            names = [column.key for column in inspect(table).column_attrs]
            rows = session.execute(select(*(getattr(table, name) for name in names)))
            found.append((table, [dict(zip(names, row, strict=True)) for row in rows]))
    return found


def _settle(at: Database) -> None:
    """A province of units, places and systems that has no camera yet."""
    province.fill(at, SYSTEMS_OF)
    with at.transaction() as tx:
        for table in (DossierRow, CameraRow):
            tx.session.execute(delete(table))


def _insert(at: Database, rows: list[tuple[type[Base], list[dict[str, Any]]]]) -> None:
    with at.transaction() as tx:
        for table, part in rows:
            tx.session.execute(insert(table), part)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench import")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    chosen = parser.parse_args(arguments)
    content = sheet(chosen.rows)
    scope, register = system_scope(Action.CAMERA_WRITE), system_scope(Action.REGISTER_WRITE)
    found: dict[str, float] = {
        "calamine": _took_s(lambda: load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()),
        "openpyxl": _took_s(lambda: _openpyxl(content)),
    }
    with database(chosen.engine) as at:
        site = CameraSite(Sealer(bytes(32)), (ip_network("10.0.0.0/8"),), MemoryNode())
        _settle(at)
        GovernanceRoom(at).wire(at.bus)

        def bring(*, dry_run: bool) -> object:
            report = bring_in(
                at, SYSTEM, scope, content, site, dry_run=dry_run, mode="all", register=register
            )
            if report.counts.error:
                raise SystemExit(f"the table is refused: {[row for row in report.rows if row.errors][:3]}")
            return report

        found["dry_run"] = _took_s(lambda: bring(dry_run=True))
        found["import"] = _took_s(lambda: bring(dry_run=False))
        found["again"] = _took_s(lambda: bring(dry_run=False))
        rows = _written(at)
        with at.transaction() as tx:
            found["export"] = _took_s(
                lambda: take_out(
                    tx, SYSTEM, scope, "xlsx", CameraFilter(), system_scope(Action.REGISTER_READ)
                )
            )
        at.close()
    with database(chosen.engine) as bare:
        _settle(bare)
        found["insert"] = _took_s(lambda: _insert(bare, rows))
        bare.close()
    least = found["calamine"] + found["insert"]
    for name, took in found.items():
        print(f"  {name:<10}{took:>8.2f} s   load {load():.1f}")
    print(
        f"  import is {found['import'] / least:.1f} × a bare calamine read and a bare insert; goal {GOAL_S:.0f} s"
    )
    peers = {"calamine and executemany": least, "goal": GOAL_S}
    hand_in(
        [
            Answer(
                f"import_{chosen.engine}_{name}",
                "s",
                round(took, 3),
                peers if name == "import" else {"goal": GOAL_S},
            )
            for name, took in found.items()
        ]
    )


if __name__ == "__main__":
    main(sys.argv[1:])
