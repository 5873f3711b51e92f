"""Tables of maintenance."""

from datetime import date

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Id, IdKey, OptionalUs, PathText, Sequence64, Us
from mingjing.registry.record import Record


class ContractRow(Record):
    """A maintenance contract; `organisation` is the unit that has given it."""

    __tablename__ = "contracts"

    maintainer: Mapped[Id]
    maintainer_path: Mapped[str] = mapped_column(PathText)
    systems: Mapped[list[str]] = mapped_column(JSON)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    response_hours: Mapped[int] = mapped_column(Integer)
    repair_hours: Mapped[int] = mapped_column(Integer)
    contact: Mapped[str] = mapped_column(String(100))
    phone: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(String(2000))


class OrderRow(Base):
    """A fault of a system, from when it was reported until somebody else has confirmed that it is repaired."""

    __tablename__ = "fault_orders"
    __table_args__ = (
        Index("ix_fault_orders_division_path_organisation_path", "division_path", "organisation_path"),
        Index("ix_fault_orders_state_camera", "state", "camera"),
    )

    id: Mapped[IdKey]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    """`WX-2026-0117`."""
    system: Mapped[str] = mapped_column(String(32), ForeignKey("systems.id"), index=True)
    camera: Mapped[str | None] = mapped_column(String(32), ForeignKey("cameras.id"), index=True)
    division_path: Mapped[str] = mapped_column(PathText)
    organisation_path: Mapped[str] = mapped_column(PathText)
    """Of the system."""
    maintainer: Mapped[str | None] = mapped_column(String(32))
    maintainer_path: Mapped[str] = mapped_column(PathText)
    """Empty where nobody is named."""
    contract: Mapped[str | None] = mapped_column(String(32), ForeignKey("contracts.id"))
    cause: Mapped[str] = mapped_column(String(16))
    description: Mapped[str] = mapped_column(String(2000))
    state: Mapped[str] = mapped_column(String(12), index=True)
    opened_us: Mapped[Us]
    respond_by_us: Mapped[OptionalUs]
    """By the contract, or else by the figures in force; null where neither says so."""
    repair_by_us: Mapped[OptionalUs]
    responded_us: Mapped[OptionalUs]
    repaired_us: Mapped[OptionalUs]
    repaired_by: Mapped[Id]
    """Who has said that it is repaired; empty until then."""
    over_us: Mapped[OptionalUs]
    """When it was confirmed, withdrawn, or went away by itself."""
    changed_us: Mapped[Us]


class OrderStepRow(Base):
    """A step of an order: who brought it into which state, and what was said."""

    __tablename__ = "fault_order_steps"

    id: Mapped[Sequence64]
    order: Mapped[str] = mapped_column(String(32), ForeignKey("fault_orders.id"), index=True)
    at_us: Mapped[Us]
    who: Mapped[str] = mapped_column(String(64))
    who_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(2000))


class OutageRow(Base):
    """A planned outage of a system: no order is opened by the program while it lasts."""

    __tablename__ = "planned_outages"
    __table_args__ = (
        Index("ix_planned_outages_division_path_organisation_path", "division_path", "organisation_path"),
    )

    id: Mapped[IdKey]
    system: Mapped[str] = mapped_column(String(32), ForeignKey("systems.id"), index=True)
    division_path: Mapped[str] = mapped_column(PathText)
    organisation_path: Mapped[str] = mapped_column(PathText)
    from_us: Mapped[Us]
    until_us: Mapped[Us]
    reason: Mapped[str] = mapped_column(String(2000))
    entered_by: Mapped[Id]
    entered_by_name: Mapped[str] = mapped_column(String(200))
    created_us: Mapped[Us]
