"""Scope: where a caller may do one action. Only identity mints one; a query without one does not type-check.

A scope is a set of reaches (territory subtree and organisation subtree together) and of single channels lent by
grants. It compiles into the query's WHERE, so that a row outside it is never fetched.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, or_, true

from mingjing.identity.actions import Action
from mingjing.kernel.db import within


@dataclass(frozen=True, slots=True)
class Reach:
    """A territory subtree and an organisation subtree, as materialised paths; "" is everything."""

    division_path: str = ""
    organisation_path: str = ""

    def covers(self, division_path: str, organisation_path: str) -> bool:
        return division_path.startswith(self.division_path) and organisation_path.startswith(
            self.organisation_path
        )


class _Mint:
    """The token without which no Scope is made."""


_MINT: Final = _Mint()


class Scope:
    """Where the holder may do `action`. Made by `mint` in this room and nowhere else."""

    __slots__ = ("action", "channels", "holder", "reaches")

    def __init__(
        self, mint: _Mint, action: Action, holder: str, reaches: tuple[Reach, ...], channels: frozenset[str]
    ) -> None:
        if mint is not _MINT:
            raise TypeError("a Scope is minted by identity alone")
        self.action = action
        self.holder = holder
        self.reaches = reaches
        self.channels = channels

    def __bool__(self) -> bool:
        """Whether anything at all lies in it."""
        return bool(self.reaches or self.channels)

    def covers(self, division_path: str, organisation_path: str, channel: str | None = None) -> bool:
        """Whether a thing there lies in the scope."""
        if channel is not None and channel in self.channels:
            return True
        return any(reach.covers(division_path, organisation_path) for reach in self.reaches)

    def where(
        self, division_path: Any, organisation_path: Any, channel: Any | None = None
    ) -> ColumnElement[bool]:
        """The condition on columns that `covers` is on values."""
        ways: list[ColumnElement[bool]] = []
        for reach in self.reaches:
            if not reach.division_path and not reach.organisation_path:
                return true()
            parts = []
            if reach.division_path:
                parts.append(within(reach.division_path, division_path))
            if reach.organisation_path:
                parts.append(within(reach.organisation_path, organisation_path))
            ways.append(and_(*parts))
        if channel is not None and self.channels:
            ways.append(channel.in_(sorted(self.channels)))
        return or_(*ways) if ways else false()


def mint(action: Action, holder: str, reaches: Iterable[Reach], channels: Iterable[str] = ()) -> Scope:
    """A scope. Called by `identity.caller`, and by `system_scope` for work nobody asked for."""
    return Scope(_MINT, action, holder, tuple(dict.fromkeys(reaches)), frozenset(channels))


def system_scope(action: Action) -> Scope:
    """Everything, for the program's own work: recording plans, health, the command line of the machine's owner."""
    return mint(action, "system", [Reach()])
