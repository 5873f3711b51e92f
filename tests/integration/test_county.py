"""The demo's county: through the services that people use, the same for a seed, once."""

import shutil
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from mingjing.app.county import Site, Size, registers, settle
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

pytestmark = pytest.mark.timeout(300)
SMALL = Size(units=5, places=24, systems=20, cameras=60, forbidden=12)
TINY = Size(units=5, places=9, systems=8, cameras=12, forbidden=5)

FEW = Size(units=5, places=3, systems=3, cameras=4, forbidden=0)


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


def _site(at: Town, files: Path) -> Site:
    return Site(at.database, at.site, FileStore(files), JIANGXIA, threading.Event())


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
    settle(_site(at, tmp_path), size=FEW)
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


class _Stop(threading.Event):
    """Set once it has been asked so many times: after so many transactions of the county."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._left = after

    def is_set(self) -> bool:
        self._left -= 1
        return self._left < 0


def test_a_seed_makes_the_same_county_in_one_go_and_in_parts_and_another_seed_another(tmp_path: Path) -> None:
    """Stopped before each twelfth transaction: within every step, and between steps."""
    made = []
    for name, seed, each in (("a", 7, 10**6), ("b", 7, 11), ("c", 8, 10**6)):
        database = Database(f"sqlite:///{tmp_path / name}", SetClock())
        at = _town(database)
        starts = 0
        while settle(replace(_site(at, tmp_path), stopping=_Stop(each)), seed, TINY):
            starts += 1
        assert starts == 1 if each > 11 else starts > 4
        made.append(_told(database))
        database.close()
    assert made[0] == made[1] != made[2]


def test_a_stop_ends_it_at_once(at: Town, tmp_path: Path) -> None:
    assert settle(replace(_site(at, tmp_path), stopping=_Stop(3)), size=SMALL)
    with at.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PlaceRow)) == 1


def test_what_fails_half_way_leaves_nothing_of_itself_and_is_made_the_next_time(
    at: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(registers, "_proofs", _fails_at(3))
        with pytest.raises(OSError, match="no space"):
            settle(_site(at, tmp_path), size=FEW)
    with at.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CameraRow)) == 2
    assert settle(_site(at, tmp_path), size=FEW)
    with at.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CameraRow)) == FEW.cameras


def _fails_at(turn: int) -> Any:
    real, count = registers._proofs, 0

    def proofs(*given: Any) -> None:
        nonlocal count
        count += 1
        if count == turn:
            raise OSError("no space")
        real(*given)

    return proofs
