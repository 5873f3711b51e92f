"""The demo's county: through the services that people use, the same for a seed, once."""

import shutil
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from mingjing.app.county import Site, Size, settle
from mingjing.governance.compliance.model import FindingRow
from mingjing.governance.decisions.model import DecisionRow
from mingjing.governance.filing.model import FilingRow
from mingjing.governance.room import GovernanceRoom
from mingjing.identity.passwords import Passwords
from mingjing.identity.queries import assignments, organisation, user_by_account
from mingjing.identity.service.first_start import demo_account, ensure_demo_accounts
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
from mingjing.kernel.files import FileStore
from mingjing.law.days import start_us
from mingjing.law.words import FUNCTIONS
from mingjing.registry.dossiers.model import DossierRow, PictureRow
from mingjing.registry.forbidden.model import ForbiddenPlaceRow
from mingjing.registry.model import CameraRow
from mingjing.registry.places.model import PlaceRow
from mingjing.registry.systems.model import SystemRow
from mingjing.territory.queries import path_of
from tests.places import JIANGXIA, Town, town

SMALL = Size(units=5, places=24, systems=20, cameras=60, forbidden=12)
TINY = Size(units=5, places=14, systems=12, cameras=20, forbidden=8)


def _town(database: Database) -> Town:
    made = town(database)
    clock: Any = database.clock
    clock.advance(start_us(date(2026, 11, 20)) - clock.now_us())
    GovernanceRoom(database).wire(database.bus)
    return made


@pytest.fixture
def database_url(laid_sqlite: Path, tmp_path: Path) -> str:
    """The demo's county stands on the embedded database; both engines are tried by the rooms' own tests."""
    shutil.copyfile(laid_sqlite, tmp_path / "mingjing.sqlite3")
    return f"sqlite:///{tmp_path / 'mingjing.sqlite3'}"


@pytest.fixture
def at(empty_database: Database) -> Town:
    return _town(empty_database)


def _site(at: Town, files: Path, stopping: bool = False) -> Site:
    told = threading.Event()
    if stopping:
        told.set()
    return Site(at.database, at.site, FileStore(files), JIANGXIA, told)


def _told(database: Database) -> list[Any]:
    with database.reading() as session:
        return [
            sorted(session.execute(query).all(), key=str)
            for query in (
                select(PlaceRow.name, PlaceRow.longitude), select(SystemRow.name, SystemRow.in_use),
                select(CameraRow.name), select(ForbiddenPlaceRow.name, ForbiddenPlaceRow.kind),
                select(DecisionRow.name, DecisionRow.state), select(FilingRow.kind, FilingRow.state, FilingRow.due),
                select(FindingRow.rule, FindingRow.verdict, func.count()).group_by(FindingRow.rule, FindingRow.verdict),
            )
        ]  # fmt: skip


def test_the_county_holds_what_was_asked_for_and_is_made_once(at: Town, tmp_path: Path) -> None:
    assert settle(_site(at, tmp_path), size=SMALL)
    first = _told(at.database)
    with at.database.reading() as session:
        counts = [
            session.scalar(select(func.count()).select_from(one)) for one in (PlaceRow, SystemRow, DossierRow)
        ]
        states = set(session.scalars(select(FilingRow.state)))
        enabled = session.scalars(select(CameraRow.enabled).distinct()).all()
    assert counts == [24, 20, 60]
    assert len(states) > 1
    # Nobody may try to reach what only stands in the register.
    assert enabled == [False]
    assert not settle(_site(at, tmp_path), size=SMALL)
    assert _told(at.database) == first


def test_its_dossiers_are_in_all_states_and_what_proves_them_is_kept(at: Town, tmp_path: Path) -> None:
    settle(_site(at, tmp_path / "files"), size=SMALL)
    with at.database.reading() as session:
        whole = (
            session.scalar(select(func.count()).select_from(DossierRow).where(DossierRow.complete == 100))
            or 0
        )
        proofs = set(session.scalars(select(PictureRow.kind)))
        verdicts = {
            (rule, verdict) for rule, verdict in session.execute(select(FindingRow.rule, FindingRow.verdict))
        }
    assert 0 < whole < SMALL.cameras
    assert proofs == {"baseline", "sign"}
    assert {
        ("DOS-01", "broken"),
        ("SIGN-01", "unknown"),
        ("SIGN-01", "broken"),
        ("FIX-01", "unknown"),
    } <= verdicts
    # The same content is kept once: two pictures, one scan.
    assert len(list((tmp_path / "files").glob("*/*"))) == 3


def test_each_organ_and_department_has_its_unit_and_the_demos_account_belongs_to_it(
    at: Town, tmp_path: Path
) -> None:
    with at.database.transaction() as tx:
        ensure_demo_accounts(tx, Passwords(8, 1))
    settle(_site(at, tmp_path), size=SMALL)
    with at.database.reading() as session:
        for role in ("public_security", "police_station", "government", "planner", "builder", *FUNCTIONS):
            person = user_by_account(session, demo_account(role))
            assert person is not None, role
            unit = organisation(session, person.organisation)
            assert unit.division_path == path_of(session, JIANGXIA), role
            assert (unit.kind, unit.function) == (
                _KIND.get(role, "department"),
                role if role in FUNCTIONS else "",
            ), role
            (held,) = assignments(session, [person.id])[person.id]
            assert (held.role, held.division_path) == (role, unit.division_path)
        everywhere = user_by_account(session, demo_account("operator_admin"))
        assert everywhere is not None
        assert [one.division_path for one in assignments(session, [everywhere.id])[everywhere.id]] == [""]


_KIND = {
    "public_security": "public_security", "police_station": "public_security", "government": "government",
    "planner": "government", "builder": "builder",
}  # fmt: skip


def test_a_seed_makes_the_same_county_each_time_and_another_seed_another(tmp_path: Path) -> None:
    made = []
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        database = Database(f"sqlite:///{tmp_path / name}", SetClock())
        settle(_site(_town(database), tmp_path), seed, TINY)
        made.append(_told(database))
        database.close()
    assert made[0] == made[1] != made[2]


def test_a_stop_ends_it_at_once(at: Town, tmp_path: Path) -> None:
    assert settle(_site(at, tmp_path, stopping=True), size=SMALL)
    with at.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PlaceRow)) == 1
