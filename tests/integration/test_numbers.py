"""Numbers that people read go on whatever came before."""

import pytest
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from mingjing.kernel.db import Database
from mingjing.kernel.numbers import next_number


class Own(DeclarativeBase):
    """Tables of this test alone."""


class Numbered(Own):
    __tablename__ = "numbered"

    number: Mapped[str] = mapped_column(String(20), primary_key=True)


@pytest.mark.parametrize(
    ("there", "following"),
    [
        ([], "WX-2026-0001"),
        (["WX-2026-0001", "WX-2026-0009"], "WX-2026-0010"),
        (["WX-2025-0777"], "WX-2026-0001"),
        (["WX-2026-9999", "WX-2026-10000"], "WX-2026-10001"),
    ],
)
def test_a_number_follows_the_highest_of_its_year(
    bare_database: Database, there: list[str], following: str
) -> None:
    Own.metadata.create_all(bare_database.engine)
    with bare_database.transaction() as tx:
        tx.session.add_all(Numbered(number=one) for one in there)
        tx.session.flush()
        assert next_number(tx, Numbered.number, "WX-2026") == following
