"""A rule: an identifier, what it asks in both languages, and a pure function from facts to verdicts."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType, SimpleNamespace
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

from mingjing.kernel.errors import Text
from mingjing.law.sets import Applied, Books


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
REMEMBERED_MOST: Final = 20_000
"""Of one rule and what binds, how many verdicts are remembered before they are forgotten."""


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


class Verdict(NamedTuple):
    """What a rule found; `key` tells several of one subject apart, `facts` fill the rule's message."""

    state: State
    key: str = ""
    due: date | None = None
    facts: Mapping[str, str | int] = MappingProxyType({})
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
    dated: Callable[[F], date | None] | None
    """The date of the fact that is judged, which decides on the sets in force; None, of a fact or of all: today."""
    binds: Callable[[F, date], bool] | None = None
    """Whether it binds a subject today; None where `check` says so itself."""
    reads: tuple[str, ...] = ()
    """Members of the subject that `check` gets to see, and no others, so that subjects which agree in them are judged
    once; empty: it sees the whole subject."""


class _Judged(NamedTuple):
    rule: str
    key: str
    state: State
    severity: Severity
    due: date | None
    facts: Mapping[str, str | int]
    sets: tuple[str, ...]
    carried: bool
    """It rests on a text that is reported to be replaced by one that is not loaded."""


class Judged(_Judged):
    """A verdict with the rule and the articles that it rests on."""

    @cached_property
    def text(self) -> str:
        """All that it says, as one text to compare."""
        rule, key, state, severity, *rest = self
        return repr((rule, key, str(state), str(severity), *rest))


_RULES: dict[str, Rule[Any]] = {}


def rule(
    identifier: str,
    *,
    kind: str,
    severity: Severity,
    title: tuple[str, str],
    message: tuple[str, str],
    remedy: tuple[str, str],
    dated: Callable[[F], date | None] | None = None,
    binds: Callable[[F, date], bool] | None = None,
    reads: tuple[str, ...] = (),
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
            identifier,
            kind,
            severity,
            Text(*title),
            Text(*message),
            Text(*remedy),
            check,
            dated,
            binds,
            reads,
        )
        return check

    return enter


def rules() -> Mapping[str, Rule[Any]]:
    """Every rule that is defined, by its identifier."""
    return MappingProxyType(_RULES)


class _Bound(NamedTuple):
    """What binds a subject: the figures of clauses that agree in them, and the sets that they stand in."""

    figures: Mapping[str, int]
    sets: tuple[str, ...]
    carried: bool


class _Asking(NamedTuple):
    """A rule that is asked of subjects of one place and regime, with what binds them today."""

    rule: Rule[Any]
    bound: tuple[_Bound, ...]
    members: Callable[[Any], Any] | None
    """Of a subject, what the rule reads of it; None where verdicts are not remembered."""
    known: dict[Any, tuple[Judged, ...]]
    """Verdicts by what was read."""


class Court:
    """Judges subjects on one day, by the sets of the installation. It remembers what binds where and when: a province has
    a hundred thousand subjects and a few hundred places; and verdicts, of rules that say what they read."""

    def __init__(self, books: Books, today: date, asked: Iterable[Rule[Any]] = ()) -> None:
        """`asked` are the rules of `judge_all`."""
        self.today = today
        self._asked = tuple(asked)
        self._books = books
        self._turns = sorted({day for one in books.sets for day in (one.since, one.until) if day is not None})
        self._bound: dict[tuple[str, int, str, str], tuple[_Bound, ...]] = {}
        self._asking: dict[tuple[str, str, str], tuple[_Asking, ...]] = {}
        self._known: dict[
            tuple[str, tuple[tuple[tuple[str, ...], bool], ...]], dict[Any, tuple[Judged, ...]]
        ] = {}

    def judge(self, one: Rule[F], subject: F) -> list[Judged]:
        """What a rule says of a subject under every set that binds it. Sets that agree are told together; where they
        do not, the gravest verdict stands, with the articles that it rests on."""
        if one.binds is not None and not one.binds(subject, self.today):
            return []
        return self._judge(one, subject, self._binding(one, subject))

    def judge_all(self, kind: str, subject: Subject) -> list[Judged]:
        """What its rules for a kind of subject say of one, in their order."""
        found: list[Judged] = []
        for one, bound, members, known in self._asked_of(kind, subject):
            if one.binds is not None and not one.binds(subject, self.today):
                continue
            if members is None:
                found += self._judge(
                    one, subject, self._binding(one, subject) if one.dated is not None else bound
                )
                continue
            read = members(subject)
            verdicts = known.get(read)
            if verdicts is None:
                if len(known) >= REMEMBERED_MOST:
                    known.clear()
                verdicts = known[read] = tuple(self._judge(one, _only(one.reads, read), bound))
            found += verdicts
        return found

    def _judge(self, one: Rule[F], subject: F, bound: tuple[_Bound, ...]) -> list[Judged]:
        if len(bound) == 1:
            # Nearly always: a rule is asked once where all sets give it the same figures.
            figures, sets, carried = bound[0]
            return [
                _judged(one, verdict, sets, carried) for verdict in one.check(subject, figures, self.today)
            ]
        found: dict[str, tuple[Verdict, list[_Bound]]] = {}
        for basis in bound:
            for verdict in one.check(subject, basis.figures, self.today):
                known = found.get(verdict.key)
                if known is None or _graver(verdict, known[0]):
                    found[verdict.key] = (verdict, [basis])
                elif verdict.state == known[0].state and verdict.due == known[0].due:
                    known[1].append(basis)
        return [
            _judged(
                one,
                verdict,
                tuple(name for each in on for name in each.sets),
                any(each.carried for each in on),
            )
            for verdict, on in found.values()
        ]

    def _asked_of(self, kind: str, subject: Subject) -> tuple[_Asking, ...]:
        """The rules for a kind that bind such a subject today, and those whose day is the subject's own."""
        where = (kind, subject.division_path, subject.regime)
        found = self._asking.get(where)
        if found is None:
            bound = [
                (one, () if one.dated is not None else self._binding(one, subject))
                for one in self._asked
                if one.kind == kind
            ]
            found = self._asking[where] = tuple(
                self._to_ask(one, by) for one, by in bound if by or one.dated is not None
            )
        return found

    def _to_ask(self, one: Rule[Any], bound: tuple[_Bound, ...]) -> _Asking:
        # Of a rule, its figures follow from the sets: places that the same ones bind share what is remembered.
        known = self._known.setdefault((one.id, tuple((by.sets, by.carried) for by in bound)), {})
        remembers = bool(one.reads) and one.dated is None
        return _Asking(one, bound, attrgetter(*one.reads) if remembers else None, known)

    def _binding(self, one: Rule[F], subject: F) -> tuple[_Bound, ...]:
        day = (one.dated(subject) if one.dated is not None else None) or self.today
        # Between two turns the same sets are in force.
        where = (one.id, bisect_right(self._turns, day), subject.division_path, subject.regime)
        bound = self._bound.get(where)
        if bound is None:
            applied = self._books.in_force(day, subject.division_path)
            bound = self._bound[where] = tuple(_bound(one.id, subject.regime, applied))
        return bound


def _bound(rule: str, regime: str, applied: Iterable[Applied]) -> list[_Bound]:
    found: list[_Bound] = []
    for one in applied:
        clause = one.set.clauses.get(rule)
        if clause is None or not clause.binds(regime):
            continue
        same = next((at for at, other in enumerate(found) if other.figures == clause.figures), None)
        if same is None:
            found.append(_Bound(clause.figures, (one.set.id,), one.carried))
        else:
            other = found[same]
            found[same] = _Bound(other.figures, (*other.sets, one.set.id), other.carried or one.carried)
    return found


def _judged(one: Rule[Any], verdict: Verdict, sets: tuple[str, ...], carried: bool) -> Judged:
    state, key, due, facts, severity = verdict
    return Judged(one.id, key, state, severity or one.severity, due, facts, sets, carried)


def _only(names: tuple[str, ...], read: Any) -> Any:
    """A subject of which nothing but these members is there; `read` is what `attrgetter` makes of them."""
    return SimpleNamespace(**dict(zip(names, read if len(names) > 1 else (read,), strict=True)))


def _graver(one: Verdict, other: Verdict) -> bool:
    if one.state != other.state:
        return GRAVITY[one.state] > GRAVITY[other.state]
    return one.due is not None and other.due is not None and one.due < other.due
