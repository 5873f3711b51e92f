"""What tests of the command line start from."""

import shutil
from pathlib import Path

import pytest

from mingjing.app import migrations
from mingjing.configuration import read
from mingjing.identity.model import Organisation
from mingjing.kernel.clock import SystemClock
from mingjing.kernel.data_directory import DataDirectory, sealer_of
from mingjing.kernel.db import Database
from mingjing.kernel.migrate import upgrade
from mingjing.recording.plans import ensure_default
from mingjing.territory.service import ensure_shipped
from tests.places import SCHOOL


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file as a first start makes it, with a unit and the default plan."""
    at = tmp_path_factory.mktemp("migrated") / "mingjing.sqlite3"
    database = Database(f"sqlite:///{at}", SystemClock())
    upgrade(database, migrations())
    with database.transaction() as tx:
        ensure_shipped(tx)
        ensure_default(tx)
        tx.session.add(Organisation(id=SCHOOL, name="学校", parent=None, path=f"{SCHOOL}/", created_us=0))
    database.close()
    return at


@pytest.fixture
def data(migrated: Path, tmp_path: Path) -> Path:
    """A data directory with divisions, a unit and the default plan; no accounts, no cameras."""
    folder = tmp_path / "data"
    found, _ = read(None, {"data.directory": folder}, {})
    keys = found.data.keys()
    with DataDirectory(folder) as made:
        made.identity(sealer_of(folder, keys).key_id, keys, SystemClock())
    shutil.copyfile(migrated, found.database_url().removeprefix("sqlite:///"))
    return folder
