"""Tables of operations: viewings by ticket, alarms, hourly figures."""

from sqlalchemy import BigInteger, Float, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Id, IdKey, Json, OptionalUs, PathText, Us


class Viewing(Base):
    """A ticket that was handed out: who it was for, so that what the media plane reports has a name."""

    __tablename__ = "viewings"

    ticket: Mapped[str] = mapped_column(String(40), primary_key=True)
    actor: Mapped[Json]
    channel: Mapped[Id] = mapped_column(index=True)
    stream: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(12))
    purpose: Mapped[str] = mapped_column(String(300))
    from_us: Mapped[OptionalUs]
    until_us: Mapped[OptionalUs]
    minted_us: Mapped[Us] = mapped_column(BigInteger, index=True)


class Alarm(Base):
    """A piece of work: something is wrong, somebody takes it, and it is closed with a result."""

    __tablename__ = "alarms"
    __table_args__ = (Index("ix_alarms_state_raised_us", "state", "raised_us"),)

    id: Mapped[IdKey]
    kind: Mapped[str] = mapped_column(String(32))
    level: Mapped[int]
    """1 needs a person at once, 2 today, 3 is for information."""
    merge_key: Mapped[str] = mapped_column(String(120), index=True)
    """Alarms of the same key that are open are one alarm, counted."""
    channel: Mapped[str | None] = mapped_column(String(32), index=True)
    division_path: Mapped[str] = mapped_column(PathText)
    organisation_path: Mapped[str] = mapped_column(PathText)
    facts: Mapped[Json]
    count: Mapped[int]
    raised_us: Mapped[Us]
    last_us: Mapped[Us]
    ended_us: Mapped[OptionalUs]
    """When the cause went away by itself; the alarm still wants to be closed by a person."""
    state: Mapped[str] = mapped_column(String(12))
    """`new`, `claimed` or `resolved`."""
    owner: Mapped[str | None] = mapped_column(String(64))
    owner_name: Mapped[str | None] = mapped_column(String(200))
    claimed_us: Mapped[OptionalUs]
    resolved_us: Mapped[OptionalUs]
    outcome: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str | None] = mapped_column(Text)


class HourFigure(Base):
    """The mean of a metric over an hour, for plots beyond what memory keeps."""

    __tablename__ = "hour_figures"

    metric: Mapped[str] = mapped_column(String(32), primary_key=True)
    hour_us: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    mean: Mapped[float] = mapped_column(Float)
    most: Mapped[float] = mapped_column(Float)
