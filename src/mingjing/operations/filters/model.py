"""The table of saved filters. A filter is what stands in the address of its page; what a list shows of it is decided by
the reader's own scope whenever it is read, never here."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Id, IdKey, Us


class SavedFilter(Base):
    """A filter that somebody has given a name, on one page."""

    __tablename__ = "saved_filters"
    __table_args__ = (
        UniqueConstraint("owner", "page", "name"),
        Index("ix_saved_filters_organisation_page", "organisation", "page"),
    )

    id: Mapped[IdKey]
    page: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(100))
    filter: Mapped[str] = mapped_column(String(1000))
    """As in the address, without the question mark: `state=open&within=7`."""
    owner: Mapped[str] = mapped_column(String(32), ForeignKey("users.id"))
    owner_name: Mapped[str] = mapped_column(String(100))
    organisation: Mapped[Id]
    """The owner's unit when it was saved: with whom it is shared."""
    shared: Mapped[bool]
    changed_us: Mapped[Us]
