"""What the register of systems says to other rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SystemEnding:
    """A system is about to leave the register: whoever keeps a duty of it refuses by raising."""

    system: str


@dataclass(frozen=True, slots=True)
class SystemChanged:
    """A system was entered or changed; `members` are the names of what is new."""

    system: str
    members: frozenset[str]
