"""Tables of the register of cameras."""

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Id, IdKey, Json, OptionalUs, PathText, Sequence64, Us


class CameraRow(Base):
    """One channel: a camera in the register. A removed one keeps its row, as its recordings still name it."""

    __tablename__ = "cameras"
    __table_args__ = (
        # Serves the tree and every scoped list: a subtree of the territory is a range.
        Index("ix_cameras_division_path_organisation_path", "division_path", "organisation_path"),
    )

    id: Mapped[IdKey]
    name: Mapped[str] = mapped_column(String(100), index=True)
    pinyin: Mapped[str] = mapped_column(String(700))
    """The name without tones, joined: `shiyanxiaoxuedamendong`."""
    initials: Mapped[str] = mapped_column(String(100))
    """First letters: `syxxdmd`."""
    division: Mapped[str] = mapped_column(String(12))
    division_path: Mapped[str] = mapped_column(PathText)
    organisation: Mapped[Id]
    organisation_path: Mapped[str] = mapped_column(PathText)
    enabled: Mapped[bool]
    address: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(Text)
    family: Mapped[str] = mapped_column(String(16))
    """How it speaks: `rtsp`."""
    user: Mapped[str | None] = mapped_column(String(100))
    sealed_password: Mapped[str | None] = mapped_column(Text)
    allow_basic: Mapped[bool]
    created_us: Mapped[Us]
    changed_us: Mapped[Us]
    removed_us: Mapped[OptionalUs] = mapped_column(index=True)


class CameraStreamRow(Base):
    """A main or sub-stream; its address holds no credentials."""

    __tablename__ = "camera_streams"

    camera: Mapped[IdKey]
    kind: Mapped[str] = mapped_column(String(4), primary_key=True)
    url: Mapped[str] = mapped_column(String(1000))
    transport: Mapped[str] = mapped_column(String(8))
    audio: Mapped[bool]
    purpose: Mapped[str] = mapped_column(String(8))


class CameraChange(Base):
    """What was changed on a camera, by whom; passwords appear as `***`."""

    __tablename__ = "camera_changes"

    id: Mapped[Sequence64]
    camera: Mapped[Id] = mapped_column(index=True)
    at_us: Mapped[Us]
    who: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(16))
    before: Mapped[Json]
    after: Mapped[Json]
