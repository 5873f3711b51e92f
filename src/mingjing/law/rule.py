"""A rule: an identifier, what it asks in both languages, and a pure function from facts to verdicts."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

from mingjing.kernel.errors import Text
from mingjing.law.sets import Applied, Books, Clause


class Severity(StrEnum):
    """How grave a broken rule is."""

    BLOCKS = "blocks"
    """The act is refused."""
    VIOLATION = "violation"
    """A legal duty is broken."""
    WARNING = "warning"
    INFO = "info"


class State(StrEnum):
    """What a rule says of a subject that it binds."""

    MET = "met"
    LATE = "late"
    """Done after its day and accepted: nothing is left to do, and it was not in time."""
    PENDING = "pending"
    """Not done, and there is time."""
    BROKEN = "broken"
    UNKNOWN = "unknown"
    """The facts do not suffice, or a person has to decide: never counted as good."""


GRAVITY: Mapping[State, int] = MappingProxyType(
    {State.MET: 0, State.LATE: 1, State.PENDING: 2, State.UNKNOWN: 3, State.BROKEN: 4}
)
SETTLED: frozenset[State] = frozenset({State.MET, State.LATE})
"""States in which nothing is left to do."""


class Subject(Protocol):
    """What a rule judges, with what every judgement needs to know of it."""

    @property
    def id(self) -> str: ...

    @property
    def division_path(self) -> str: ...

    @property
    def regime(self) -> str:
        """The regime of the system that it belongs to; empty where it has none."""


F = TypeVar("F", bound=Subject)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule found; `key` tells several of one subject apart, `facts` fill the rule's message."""

    state: State
    key: str = ""
    due: date | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)
    severity: Severity | None = None
    """Where it differs from the rule's own."""


@dataclass(frozen=True, slots=True)
class Rule(Generic[F]):
    """One rule of the catalogue. `kind` is the kind of subject that it judges."""

    id: str
    kind: str
    severity: Severity
    title: Text
    message: Text
    remedy: Text
    check: Callable[[F, Mapping[str, int], date], Iterable[Verdict]]
    """From the subject, the figures of one clause and today to verdicts; none where it does not bind the subject."""
    dated: Callable[[F], date | None]
    """The date of the fact that is judged, which decides on the sets in force; None: today."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with the rule and the articles that it rests on."""

    rule: str
    key: str
    state: State
    severity: Severity
    due: date | None
    facts: Mapping[str, str | int]
    sets: tuple[str, ...]
    carried: bool
    """It rests on a text that is reported to be replaced by one that is not loaded."""


_RULES: dict[str, Rule[Any]] = {}


def rule(
    identifier: str,
    *,
    kind: str,
    severity: Severity,
    title: tuple[str, str],
    message: tuple[str, str],
    remedy: tuple[str, str],
    dated: Callable[[F], date | None] = lambda _: None,
) -> Callable[
    [Callable[[F, Mapping[str, int], date], Iterable[Verdict]]],
    Callable[[F, Mapping[str, int], date], Iterable[Verdict]],
]:
    """Enter the decorated function into the catalogue. Each pair is (Chinese, English)."""

    def enter(
        check: Callable[[F, Mapping[str, int], date], Iterable[Verdict]],
    ) -> Callable[[F, Mapping[str, int], date], Iterable[Verdict]]:
        if identifier in _RULES:
            raise ValueError(f"the rule {identifier} is defined twice")
        _RULES[identifier] = Rule(
            identifier, kind, severity, Text(*title), Text(*message), Text(*remedy), check, dated
        )
        return check

    return enter


def rules() -> Mapping[str, Rule[Any]]:
    """Every rule that is defined, by its identifier."""
    return MappingProxyType(_RULES)


class Court:
    """Judges subjects on one day, by the sets of the installation. It remembers which clauses bind where and when:
    a province has a hundred thousand subjects and a few hundred places."""

    def __init__(self, books: Books, today: date) -> None:
        self.today = today
        self._books = books
        self._turns = sorted({day for one in books.sets for day in (one.since, one.until) if day is not None})
        self._bound: dict[tuple[str, int, str], tuple[tuple[Applied, Clause], ...]] = {}

    def judge(self, one: Rule[F], subject: F) -> Iterator[Judged]:
        """What a rule says of a subject under every set that binds it. Sets that agree are told together; where they
        do not, the gravest verdict stands, with the articles that it rests on."""
        found: dict[str, tuple[Verdict, list[Applied]]] = {}
        for applied, clause in self._clauses(one, subject):
            if not clause.binds(subject.regime):
                continue
            for verdict in one.check(subject, clause.figures, self.today):
                known = found.get(verdict.key)
                if known is None or _graver(verdict, known[0]):
                    found[verdict.key] = (verdict, [applied])
                elif verdict.state == known[0].state and verdict.due == known[0].due:
                    known[1].append(applied)
        for key, (verdict, basis) in found.items():
            yield Judged(
                one.id, key, verdict.state, verdict.severity or one.severity, verdict.due, verdict.facts,
                tuple(applied.set.id for applied in basis), any(applied.carried for applied in basis),
            )  # fmt: skip

    def _clauses(self, one: Rule[F], subject: F) -> tuple[tuple[Applied, Clause], ...]:
        day = one.dated(subject) or self.today
        # Between two turns the same sets are in force.
        where = (one.id, bisect_right(self._turns, day), subject.division_path)
        if where not in self._bound:
            applied = self._books.in_force(day, subject.division_path)
            self._bound[where] = tuple(
                (found, found.set.clauses[one.id]) for found in applied if one.id in found.set.clauses
            )
        return self._bound[where]


def _graver(one: Verdict, other: Verdict) -> bool:
    if one.state != other.state:
        return GRAVITY[one.state] > GRAVITY[other.state]
    return one.due is not None and other.due is not None and one.due < other.due
