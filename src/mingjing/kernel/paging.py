"""Lists in pages: how many, after what, and what stands on the wire.

`after` is the opaque `next` of the page before; it carries a position, never a right.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")
U = TypeVar("U")

DEFAULT_LIMIT = 50
_PART = "\x1f"
MOST = 500

Limit = Annotated[int, Field(ge=1, le=MOST, description="How many items at most")]
After = Annotated[
    str | None,
    Field(max_length=400, description="The `next` of the page before", examples=["dXNfazN2N3EybTV4NGFi"]),
]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items of a list: `total` of the whole list, `next` to go on (None at the end)."""

    items: Sequence[T]
    total: int
    next: str | None = None

    def map(self, turn: Callable[[T], U]) -> "Page[U]":
        return Page([turn(item) for item in self.items], self.total, self.next)


class PageBody(BaseModel, Generic[T]):
    """A page as it goes over the wire."""

    model_config = ConfigDict(from_attributes=True)

    items: list[T]
    total: int = Field(ge=0, examples=[1])
    next: str | None = Field(
        default=None, examples=["dXNfazN2N3EybTV4NGFi"], description="Give it as `after` for the next page"
    )


def cursor(position: str) -> str:
    """A position in a list as an opaque `next`."""
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def position(after: str | None) -> str | None:
    """The position of an `after`. One that no page gave out is treated as the start of the list."""
    if after is None:
        return None
    try:
        padded = after + "=" * (-len(after) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


def cut(rows: Sequence[T], limit: int, total: int, key: Callable[[T], str]) -> Page[T]:
    """A page of `rows`, which were asked for with `limit + 1` so that one knows whether more follow."""
    if len(rows) <= limit:
        return Page(rows, total)
    kept = rows[:limit]
    return Page(kept, total, cursor(key(kept[-1])))


def day_position(after: str | None) -> tuple[date, str] | None:
    """The position in a list that is ordered by a day and an identifier. None is the start of the list."""
    last = position(after)
    if last is None:
        return None
    day, _, identifier = last.partition(_PART)
    try:
        return date.fromisoformat(day), identifier
    except ValueError:
        return None


def day_key(day: date, identifier: str) -> str:
    """What `day_position` reads."""
    return f"{day.isoformat()}{_PART}{identifier}"
