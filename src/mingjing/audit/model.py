"""Tables of the journal. The refusal of UPDATE and DELETE stands in the migration, as triggers."""

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Us


class JournalRow(Base):
    """One entry. `seq` counts from 1 without a gap; `hash` covers every other column and the hash before."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_actor_seq", "actor", "seq"),
        Index("ix_journal_action_seq", "action", "seq"),
        Index("ix_journal_object_seq", "object", "seq"),
        Index("ix_journal_at_us", "at_us"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at_us: Mapped[Us]
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(64))
    actor_name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(64))
    session: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(64))
    object_kind: Mapped[str] = mapped_column(String(32))
    object: Mapped[str] = mapped_column(String(120))
    facts: Mapped[str] = mapped_column(Text)
    """Canonical JSON text, hashed as it stands."""
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class CheckpointRow(Base):
    """A signed statement: after entry `seq` the chain's hash was `hash`."""

    __tablename__ = "journal_checkpoints"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    at_us: Mapped[Us]
    key_id: Mapped[str] = mapped_column(String(16))
    signature: Mapped[str] = mapped_column(String(128))
