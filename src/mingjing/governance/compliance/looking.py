"""Looking at subjects: what the rules say of them now, beside what is known. Reads only, so that children can do it."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from mingjing.governance.compliance.keeping import Verdicts, compare, known
from mingjing.governance.compliance.subjects import KINDS, Standing
from mingjing.governance.decisions.cameras import to_ask_about
from mingjing.law.days import day_of
from mingjing.law.rule import Court
from mingjing.law.rules import rules
from mingjing.law.sets import shipped

PLANNED: Final = frozenset({"plan", "project"})
"""Kinds of what is not built yet."""


class Part(NamedTuple):
    """Subjects of a kind that are looked at together."""

    kind: str
    subjects: Sequence[str]


class Looked(NamedTuple):
    """How many subjects are as they are known to be, and those that have to be judged."""

    same: int
    differ: Sequence[str]


def looked(session: Session, part: Part, now_us: int) -> Looked:
    """Look at some subjects."""
    kind, wanted = part
    before = known(session, wanted)
    # What is planned is little, and may be suspected on a day on which nothing of it differs; and where most are not known
    # yet, all are judged at once.
    if kind in PLANNED or 2 * len(before) < len(wanted):
        return Looked(0, wanted)
    found = list(KINDS[kind].gather(session, wanted, now_us))
    differ = set(compare(session, day_of(now_us), wanted, verdicts(kind, found, now_us), before).subjects)
    if kind == "camera":
        differ |= to_ask_about(session, wanted, [one.facts for one in found], day_of(now_us))
    return Looked(sum(one.facts.id not in differ for one in found), sorted(differ))


def verdicts(kind: str, found: Sequence[Standing], now_us: int) -> Verdicts:
    """What the rules say of subjects."""
    court = _court(day_of(now_us))
    return [(one, court.judge_all(kind, one.facts)) for one in found]


@lru_cache(maxsize=2)
def _court(today: date) -> Court:
    return Court(shipped(), today, rules().values())
