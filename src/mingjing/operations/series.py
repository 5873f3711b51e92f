"""Figures over time: a ring of the last hours in memory, hourly means in the database beyond it."""

import threading
from collections import defaultdict, deque
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from mingjing.kernel.clock import HOUR_US
from mingjing.kernel.db import Transaction
from mingjing.operations.model import HourFigure

POINTS = 4_320
"""Six hours at one point in five seconds."""


class Ring:
    """The newest points of every metric; the oldest fall out. Shared between threads."""

    def __init__(self) -> None:
        self._points: dict[str, deque[tuple[int, float]]] = defaultdict(lambda: deque(maxlen=POINTS))
        self._guard = threading.Lock()

    def add(self, at_us: int, values: Mapping[str, float]) -> None:
        with self._guard:
            for metric, value in values.items():
                self._points[metric].append((at_us, value))

    def between(self, metric: str, from_us: int, until_us: int) -> list[tuple[int, float]]:
        """Points of a metric, oldest first."""
        with self._guard:
            return [point for point in self._points.get(metric, ()) if from_us <= point[0] < until_us]

    def metrics(self) -> list[str]:
        with self._guard:
            return sorted(self._points)


def close_hour(tx: Transaction, ring: Ring, hour_us: int) -> None:
    """Write the means of an hour that is over. Twice changes nothing."""
    for metric in ring.metrics():
        values = [value for _, value in ring.between(metric, hour_us, hour_us + HOUR_US)]
        if values and tx.session.get(HourFigure, (metric, hour_us)) is None:
            mean = sum(values) / len(values)
            tx.session.add(HourFigure(metric=metric, hour_us=hour_us, mean=mean, most=max(values)))


def points(session: Session, ring: Ring, metric: str, from_us: int, until_us: int) -> list[tuple[int, float]]:
    """Points of a metric: hourly means where memory does not reach, then what memory keeps."""
    fresh = ring.between(metric, from_us, until_us)
    border = fresh[0][0] if fresh else until_us
    rows = session.execute(
        select(HourFigure.hour_us, HourFigure.mean)
        .where(
            HourFigure.metric == metric,
            HourFigure.hour_us >= from_us,
            HourFigure.hour_us + HOUR_US <= border,
        )
        .order_by(HourFigure.hour_us)
    )
    return [(row.hour_us, row.mean) for row in rows] + fresh
