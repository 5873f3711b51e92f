"""Algebra of half-open time intervals in integer microseconds. Pure; knows no meaning of what it cuts.

A list of intervals is *tidy* when it is sorted, without empty members, and no two touch. Every function here
returns tidy lists; inputs may be in any order and may overlap.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Interval(NamedTuple):
    """`[from_us, until_us)`."""

    from_us: int
    until_us: int

    @property
    def length_us(self) -> int:
        return max(0, self.until_us - self.from_us)


def tidy(intervals: Iterable[Interval], bridge_us: int = 0) -> list[Interval]:
    """Sort and join what overlaps, touches, or lies no more than `bridge_us` apart."""
    joined: list[Interval] = []
    for from_us, until_us in sorted(item for item in intervals if item.until_us > item.from_us):
        if joined and from_us <= joined[-1].until_us + bridge_us:
            last = joined[-1]
            joined[-1] = Interval(last.from_us, max(last.until_us, until_us))
        else:
            joined.append(Interval(from_us, until_us))
    return joined


def subtract(whole: Iterable[Interval], parts: Iterable[Interval]) -> list[Interval]:
    """What of `whole` is in none of `parts`. Linear after sorting."""
    cuts = tidy(parts)
    left: list[Interval] = []
    index = 0
    for from_us, until_us in tidy(whole):
        while index < len(cuts) and cuts[index].until_us <= from_us:
            index += 1
        at = from_us
        look = index
        while look < len(cuts) and cuts[look].from_us < until_us:
            if cuts[look].from_us > at:
                left.append(Interval(at, cuts[look].from_us))
            at = max(at, cuts[look].until_us)
            look += 1
        if at < until_us:
            left.append(Interval(at, until_us))
    return left


def intersect(left: Iterable[Interval], right: Iterable[Interval]) -> list[Interval]:
    """What is in both."""
    both: list[Interval] = []
    ours, theirs = tidy(left), tidy(right)
    i = j = 0
    while i < len(ours) and j < len(theirs):
        from_us = max(ours[i].from_us, theirs[j].from_us)
        until_us = min(ours[i].until_us, theirs[j].until_us)
        if from_us < until_us:
            both.append(Interval(from_us, until_us))
        if ours[i].until_us <= theirs[j].until_us:
            i += 1
        else:
            j += 1
    return both


def total_us(intervals: Iterable[Interval]) -> int:
    """How long a tidy list is in sum."""
    return sum(item.length_us for item in intervals)


def split(interval: Interval, step_us: int) -> Iterator[tuple[int, Interval]]:
    """Cut at multiples of `step_us` since the epoch; yields (the multiple, the piece)."""
    at = interval.from_us
    while at < interval.until_us:
        step = at - at % step_us
        until = min(interval.until_us, step + step_us)
        yield step, Interval(at, until)
        at = until


def sums_by_step(intervals: Iterable[Interval], step_us: int) -> dict[int, int]:
    """Length within each step (multiples of `step_us` since the epoch) that an interval touches, in microseconds.

    What `split` would add up to, without an object for each step; where intervals overlap, both count.
    """
    sums: dict[int, int] = {}
    for from_us, until_us in intervals:
        if until_us <= from_us:
            continue
        first = from_us - from_us % step_us
        last = until_us - 1 - (until_us - 1) % step_us
        for step in range(first, last + 1, step_us):
            sums[step] = sums.get(step, 0) + step_us
        sums[first] -= from_us - first
        sums[last] -= last + step_us - until_us
    return sums
