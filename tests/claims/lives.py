"""One run of the program from its start to its sudden end, and what it had told as committed until then.

For the claims about kills and power cuts (R1, R3). What ends it lives with the claim.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.claims.rig import Row


@dataclass(frozen=True)
class Life:
    """One run of the program, from the moment that all streams had something on disk to its end."""

    recording_from_us: int
    ended_us: int


@dataclass
class Acknowledged:
    """The index as it was seen: it only ever grows, and no row of it changes."""

    rows: dict[str, Row] = field(default_factory=dict)
    altered: list[str] = field(default_factory=list)

    def remember(self, rows: Iterable[Row]) -> None:
        """Take what the index knows now; note what is gone or another."""
        now = {row.id: row for row in rows}
        self.altered += [f"{name}: gone from the index" for name in self.rows.keys() - now.keys()]
        self.altered += [
            f"{name}: another digest" for name, row in self.rows.items() if now.get(name, row) != row
        ]
        self.rows.update(now)


def announced_twice(rows: Iterable[Row]) -> list[str]:
    """Rows that say of another recording what a row said before them."""
    seen: set[str] = set()
    twice = []
    for row in rows:
        if row.digest in seen:
            twice.append(row.id)
        seen.add(row.digest)
    return twice
