"""What is read may be taken away from its session."""

from mingjing.identity.model import Organisation
from mingjing.kernel.db import Database
from tests.places import POLICE, town


def test_a_row_keeps_its_values_after_the_reading_has_ended(empty_database: Database) -> None:
    town(empty_database)
    with empty_database.reading() as session:
        row = session.get_one(Organisation, POLICE)
    assert row.path == f"{POLICE}/"
