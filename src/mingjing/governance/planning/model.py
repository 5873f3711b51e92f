"""Tables of construction plans and their items."""

from datetime import date

from sqlalchemy import BigInteger, Date, Float, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.governance.planning.rules import PlanState, Progress, Reuse
from mingjing.kernel.db import OptionalUs
from mingjing.registry.record import Record


class ConstructionPlanRow(Record):
    """A plan of a division for a period; `organisation` is the government that plans."""

    __tablename__ = "construction_plans"

    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    state: Mapped[PlanState] = mapped_column(String(12), index=True)
    submitted_by: Mapped[str] = mapped_column(String(64))
    """Who submitted it last; empty until then."""
    submitted_us: Mapped[OptionalUs]
    decided_by: Mapped[str] = mapped_column(String(64))
    decided_us: Mapped[OptionalUs]
    decision: Mapped[str] = mapped_column(String(2000))
    """What was said with the approval or the return."""
    note: Mapped[str] = mapped_column(String(2000))


class PlanItemRow(Record):
    """What a plan wants built at one spot; `name` says where."""

    __tablename__ = "plan_items"

    plan: Mapped[str] = mapped_column(String(32), ForeignKey("construction_plans.id"), index=True)
    place: Mapped[str | None] = mapped_column(String(32))
    longitude: Mapped[float | None] = mapped_column(Float)
    """WGS-84 degrees, as latitude is."""
    latitude: Mapped[float | None] = mapped_column(Float)
    azimuth: Mapped[float | None] = mapped_column(Float)
    """Degrees clockwise from north."""
    view_angle: Mapped[float | None] = mapped_column(Float)
    """Horizontal, degrees."""
    view_m: Mapped[float | None] = mapped_column(Float)
    """How far it shall see, metres."""
    cameras: Mapped[int] = mapped_column(Integer)
    purpose: Mapped[str] = mapped_column(String(300))
    budget_yuan: Mapped[int] = mapped_column(BigInteger)
    due: Mapped[date | None] = mapped_column(Date)
    progress: Mapped[Progress] = mapped_column(String(12))
    cameras_done: Mapped[int] = mapped_column(Integer)
    reuse: Mapped[Reuse] = mapped_column(String(8))
    """What was decided on cameras that are there: `reuse`, `build`; empty where nothing was."""
    reuse_reason: Mapped[str] = mapped_column(String(300))
    overlap: Mapped[int] = mapped_column(Integer)
    """Per cent of the smaller field of view that it shared with a camera that was there when it was written or its plan
    submitted: the greatest. After the approval it stays, since what is built would overlap itself."""
    overlapping: Mapped[int] = mapped_column(Integer)
    """How many cameras it shared ground with then."""
