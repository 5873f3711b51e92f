"""What the table of level 3 is judged by, and the words that it is judged in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from mingjing.configuration import Settings
from mingjing.kernel.errors import Text


class Verdict(Enum):
    """How a clause stands here."""

    MET = Text("符合", "met")
    PARTLY = Text("部分符合", "partly met")
    NOT_MET = Text("不符合", "not met")
    THEIRS = Text("由使用单位落实", "to be done by the operating organisation")


@dataclass(frozen=True, slots=True)
class Account:
    """One account, without what identifies its owner."""

    account: str
    roles: frozenset[str]
    enabled: bool = True
    demo: bool = False
    second_factor: bool = False
    must_change_password: bool = False
    active_us: int = 0
    """The last sign-in; where there was none, when the account was opened."""


@dataclass(frozen=True, slots=True)
class Journal:
    """How the journal stands after the whole chain was followed."""

    entries: int = 0
    checkpoints: int = 0
    first_us: int | None = None
    """Time of entry 1; None where there is no such entry."""
    broken_seq: int | None = None
    problem: str = ""
    """Why the chain does not hold, or could not be followed."""


@dataclass(frozen=True, slots=True)
class Backups:
    """The copies of the database that are there."""

    count: int = 0
    newest_us: int | None = None
    faults: Sequence[str] = ()
    """What of the newest is not as its manifest says."""
    drill_us: int | None = None
    """When one was last restored on trial, and held."""
    elsewhere: bool = False
    """On another disk than the data."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a claim's harness last measured."""

    holds: bool | None
    figures: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is judged. Times: microseconds since the epoch."""

    now_us: int
    installed_us: int
    settings: Settings
    accounts: Sequence[Account] = ()
    journal: Journal = Journal()
    backups: Backups = Backups()
    lax: Sequence[str] = ()
    """Directories and key files that others can enter or read, with their modes."""
    cameras: int = 0
    passwords: int = 0
    """Cameras of which a password is kept."""
    sealed: int = 0
    """Those of them whose password is sealed, and opens with the key."""
    synchronised: bool = False
    """Whether a time service was found on the machine."""
    clock_doubts: Sequence[str] = ()
    """Why deletion is paused, where it is."""
    plain_volumes: Sequence[str] = ()
    """Directories on volumes of which no encryption was found."""
    claims: Mapping[str, Measured] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with the fact that it rests on, and what to do where it is not met."""

    verdict: Verdict
    evidence: Text
    remedy: Text | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause, what is asked in words of our own, and how it is judged. `claims` must hold for it to be met."""

    number: str
    name: Text
    asks: Text
    judge: Callable[[Facts], Judged]
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    clause: Clause
    verdict: Verdict
    evidence: tuple[Text, ...]
    remedies: tuple[Text, ...]


def met(zh: str, en: str) -> Judged:
    return Judged(Verdict.MET, Text(zh, en))


def partly(evidence: Text, remedy: Text) -> Judged:
    return Judged(Verdict.PARTLY, evidence, remedy)


def not_met(evidence: Text, remedy: Text) -> Judged:
    return Judged(Verdict.NOT_MET, evidence, remedy)


def theirs(evidence: Text, remedy: Text) -> Judged:
    return Judged(Verdict.THEIRS, evidence, remedy)
