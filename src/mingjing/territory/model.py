"""Table of divisions."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, PathText


class Division(Base):
    """A province, city, county, town or village. `path` is the codes from the top, each followed by `/`."""

    __tablename__ = "divisions"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    parent: Mapped[str | None] = mapped_column(String(12), ForeignKey("divisions.code"), index=True)
    path: Mapped[str] = mapped_column(PathText, unique=True)
