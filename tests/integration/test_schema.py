"""Migrations: they make what the models say, keep a copy first, refuse a newer schema; triggers guard the journal."""

import shutil
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mingjing.app import migrations
from mingjing.audit.history import changes
from mingjing.audit.service import SYSTEM, Object, record
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.migrate import revisions, upgrade
from mingjing.tables import METADATA
from tests.claims.migrate import row_of


@pytest.fixture
def database(bare_database: Database) -> Database:
    upgrade(bare_database, migrations())
    return bare_database


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_the_names_of_the_migrations_say_what_alembic_reads_in_them() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations()))
    walked = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert revisions(migrations()) == walked[::-1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET facts = '{}'",
        "DELETE FROM journal",
        "UPDATE journal_checkpoints SET hash = ''",
        "DELETE FROM journal_checkpoints WHERE seq = 1",
    ],
)
def test_the_journal_can_only_grow(database: Database, statement: str) -> None:
    with database.transaction() as tx:
        record(tx, SYSTEM, "system.start", Object("system", "program"))
        tx.session.execute(
            text("INSERT INTO journal_checkpoints VALUES (1, 'h', 0, 'k', 's')"),
        )
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as tx:
        tx.session.execute(text(statement))
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM journal")).scalar_one() == 1
        assert session.execute(text("SELECT hash FROM journal_checkpoints")).scalar_one() == "h"


def test_postgresql_refuses_to_truncate_the_journal(database: Database) -> None:
    if database.is_sqlite:
        with database.reading() as session:
            made = session.execute(text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"))
            assert made.scalar_one() == 4
        return
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as tx:
        tx.session.execute(text("TRUNCATE journal"))


def test_a_newer_schema_is_refused_and_left_alone(database: Database, tmp_path: Path) -> None:
    with database.transaction() as tx:
        tx.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MingjingError) as raised:
        upgrade(database, migrations(), tmp_path / "backups")
    assert raised.value.code == "SYS-050"
    with database.reading() as session:
        assert session.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    assert not (tmp_path / "backups").exists()


LATER = """
from alembic import op
revision, down_revision = "{revision}", "{before}"
branch_labels = depends_on = None
def upgrade():
    op.execute("{statement}")
"""


def steps(folder: Path, statement: str) -> Path:
    """The shipped migrations and one more after them."""
    versions = folder / "versions"
    versions.mkdir(parents=True)
    shipped = migrations()
    (folder / "env.py").write_bytes((shipped / "env.py").read_bytes())
    names = sorted(path.name for path in (shipped / "versions").glob("r0*.py"))
    for name in names:
        (versions / name).write_bytes((shipped / "versions" / name).read_bytes())
    later = LATER.format(revision="9999", before=names[-1][1:5], statement=statement)
    (versions / "r9999_later.py").write_text(later, encoding="utf-8")
    return folder


def test_a_copy_is_kept_before_the_schema_changes(database: Database, tmp_path: Path) -> None:
    with database.transaction() as tx:
        record(tx, SYSTEM, "system.start", Object("system", "program"))
    backups = tmp_path / "backups"
    assert upgrade(database, steps(tmp_path / "more", "CREATE TABLE later (n INTEGER)"), backups) == "9999"
    if not database.is_sqlite:
        assert not backups.exists()
        return
    copies = list(backups.glob("*.sqlite3"))
    assert len(copies) == 1
    assert copies[0].stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(copies[0]) as copy:
        assert copy.execute("SELECT action FROM journal").fetchall() == [("system.start",)]
        assert copy.execute("SELECT count(*) FROM sqlite_master WHERE name = 'later'").fetchone() == (0,)


def test_a_migration_that_fails_leaves_the_old_schema(database: Database, tmp_path: Path) -> None:
    folder = steps(tmp_path / "more", "INSERT INTO no_such_table VALUES (1)")
    with pytest.raises(DBAPIError):
        upgrade(database, folder, None)
    assert upgrade(database, migrations()) == migrations_head()


def migrations_head() -> str:
    return max(path.name[1:5] for path in (migrations() / "versions").glob("r0*.py"))


def before(folder: Path, revision: str) -> Path:
    """The shipped migrations up to the one before `revision`."""
    shutil.copytree(migrations(), folder)
    for later in folder.glob("versions/r[0-9]*.py"):
        if later.name[1:5] >= revision:
            later.unlink()
    return folder


def test_what_was_changed_on_cameras_moves_into_the_one_history(
    bare_database: Database, tmp_path: Path
) -> None:
    upgrade(bare_database, before(tmp_path / "older", "0015"))
    known = sa.MetaData()
    known.reflect(bare_database.engine, only=["organisations", "users", "camera_changes"])
    with bare_database.engine.begin() as connection:
        for name in ("organisations", "users"):
            connection.execute(
                known.tables[name].insert(), [row_of(known.tables[name], 1) | {"name": "王敏"}]
            )
        rows = [
            ("x1", "register", {}, {"name": "东门"}),
            ("system", "change", {"name": "东门"}, {"name": "西门"}),
        ]
        for at_us, (who, what, old, new) in enumerate(rows):
            values = {"camera": "ch_1", "at_us": at_us, "who": who, "what": what, "before": old, "after": new}
            connection.execute(known.tables["camera_changes"].insert(), [values])
    upgrade(bare_database, migrations())
    with bare_database.reading() as session:
        found = [
            (one.at_us, one.who, one.who_name, one.what, one.before, one.after)
            for one in changes(session, "camera", "ch_1")
        ]
        assert not sa.inspect(session.connection()).has_table("camera_changes")
    assert found == [
        (1, "system", "system", "change", {"name": "东门"}, {"name": "西门"}),
        (0, "x1", "王敏", "register", {}, {"name": "东门"}),
    ]
