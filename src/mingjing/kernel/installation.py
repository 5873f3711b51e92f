"""Which installation a database belongs to, and on which storages it has recorded: kept in the database itself.

The same name stands in the data directory's identity file and on every storage, so that a database, a directory
or a disk of another installation is noticed before anything is written.
"""

from sqlalchemy import JSON, Integer
from sqlalchemy.orm import Mapped, Session, mapped_column

from mingjing.kernel.db import Base, Id, Transaction
from mingjing.kernel.errors import MingjingError, define

DATABASE_ELSEWHERE = define(
    "SYS-045",
    409,
    title=("数据库属于另一套系统", "The database belongs to another installation"),
    detail=(
        "数据目录属于 {expected}，而数据库属于 {found}。",
        "The data directory belongs to {expected}, the database to {found}.",
    ),
    remedy=(
        "请恢复与该目录一起备份的数据库，或在 --data、database.url 中指定属于同一套系统的目录与数据库。未作任何改动。",
        "Restore the database that was backed up with this directory, or name a directory and a database of one "
        "installation (--data, database.url). Nothing was changed.",
    ),
)
_ONE = 1


class InstallationRow(Base):
    """The one row that says whose database this is."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    installation: Mapped[Id]
    storages: Mapped[list[str]] = mapped_column(JSON)
    """Ids of the storages that were recorded on; one that is here and empty now is not mounted, or lost."""


def bind(tx: Transaction, installation: str) -> None:
    """Make an unclaimed database this installation's. Raises SYS-045 where it is another's."""
    check_bound(tx.session, installation)
    if tx.session.get(InstallationRow, _ONE) is None:
        tx.session.add(InstallationRow(id=_ONE, installation=installation, storages=[]))
        tx.session.flush()


def check_bound(session: Session, installation: str) -> None:
    """Raise SYS-045 where the database is another installation's."""
    row = session.get(InstallationRow, _ONE)
    if row is not None and row.installation != installation:
        raise MingjingError(DATABASE_ELSEWHERE, expected=installation, found=row.installation)


def storages(session: Session) -> frozenset[str]:
    """Storages that this installation has recorded on."""
    row = session.get(InstallationRow, _ONE)
    return frozenset(row.storages if row else ())


def note_storages(tx: Transaction, used: list[str]) -> None:
    """Remember that these storages are recorded on."""
    row = tx.session.get_one(InstallationRow, _ONE)
    row.storages = sorted({*row.storages, *used})
