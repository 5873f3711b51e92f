"""Table of divisions."""

from datetime import date

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, PathText
from mingjing.territory.rules import Kind


class Division(Base):
    """A province, city, county, town or village, or a functional zone. `path` is the codes from the top, each followed
    by `/`. One that has ended keeps its row: a code that was in force is never given again."""

    __tablename__ = "divisions"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    parent: Mapped[str | None] = mapped_column(String(12), ForeignKey("divisions.code"), index=True)
    path: Mapped[str] = mapped_column(PathText, unique=True)
    kind: Mapped[Kind] = mapped_column(String(16), default="administrative")
    civil_code: Mapped[str | None] = mapped_column(String(12))
    """Of a functional zone: the administrative code that stands for it where GB/T 28181 wants one (CivilCode)."""
    valid_from: Mapped[date | None] = mapped_column(Date)
    """The first day on which the code is in force; null where nobody has said."""
    valid_to: Mapped[date | None] = mapped_column(Date)
    """The first day on which it is in force no more; never in the future."""
    successor: Mapped[str | None] = mapped_column(String(12))
    """The code that took its place."""
