"""Numbers that people read: `BA-2026-0118`."""

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from mingjing.kernel.db import Transaction


def next_number(tx: Transaction, column: InstrumentedAttribute[str], series: str) -> str:
    """The number after the last that a column has of a series (`BA-2026`); four digits, and more once those are used up.
    Until the transaction ends nobody else takes one of that column."""
    tx.alone(f"numbers of {column.class_.__name__}")
    last = tx.session.scalar(
        select(column)
        .where(column.like(f"{series}-%"))
        .order_by(func.length(column).desc(), column.desc())
        .limit(1)
    )
    count = int(last.rpartition("-")[2]) if last else 0
    return f"{series}-{count + 1:04d}"
