"""Tables of the register of cameras."""

from typing import Any

from sqlalchemy import JSON, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Id, IdKey, OptionalUs, PathText, Us


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


class TableImportRow(Base):
    """A table of cameras that somebody brought in: what became of it. What it holds lies in memory only, since that may be
    passwords."""

    __tablename__ = "table_imports"
    __table_args__ = (Index("ix_table_imports_owner_begun_us", "owner", "begun_us"),)

    id: Mapped[IdKey]
    owner: Mapped[Id]
    file: Mapped[str] = mapped_column(String(200))
    """What the file was called where it came from; empty where nobody said."""
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(12))
    """Those of `schema.ImportState`."""
    mode: Mapped[str] = mapped_column(String(4))
    """`all` or `good`; empty until it is written."""
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Rows by what was found in them, and how many were written; of a table that is written in parts, so far."""
    errors: Mapped[list[Any]] = mapped_column(JSON)
    """The first refused rows, with why."""
    problem: Mapped[str] = mapped_column(String(500))
    problem_en: Mapped[str] = mapped_column(String(500))
    begun_us: Mapped[Us]
    changed_us: Mapped[Us]
