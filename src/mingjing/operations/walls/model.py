"""The table of saved walls and tours. Channels stand in the content by identifier; whether one may see them is
asked whenever it is read, never here."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Id, IdKey, Json, Us


class SavedWall(Base):
    """A wall (`kind` is `layout`) or a round of cameras (`tour`)."""

    __tablename__ = "saved_walls"
    __table_args__ = (
        Index("ix_saved_walls_owner_kind", "owner", "kind"),
        Index("ix_saved_walls_organisation_kind", "organisation", "kind"),
    )

    id: Mapped[IdKey]
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(100))
    owner: Mapped[str] = mapped_column(String(32), ForeignKey("users.id"))
    owner_name: Mapped[str] = mapped_column(String(100))
    organisation: Mapped[Id]
    """The owner's unit when it was saved: with whom it is shared."""
    shared: Mapped[bool]
    content: Mapped[Json]
    changed_us: Mapped[Us]
