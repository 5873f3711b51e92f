"""Rules of reminders: which stage a deadline has reached, and who is told. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from mingjing.identity.actions import Action
from mingjing.law.calendar import workday_not_after

Stage = Literal["15", "7", "3", "1", "overdue", "escalated"]
BEFORE: Final = (1, 3, 7, 15)
"""Days before a deadline on which it is recalled, the last first."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that is owed by a day, and what one has to be allowed to do it."""

    kind: str
    record: str
    subject: str
    name: str
    what: str
    due: date
    division_path: str
    organisation_path: str
    action: Action


def stage_of(due: date, today: date, escalate_after: int) -> Stage | None:
    """The stage that a deadline has reached; None where there is nothing to recall yet. A reminder comes on its day, or
    on the workday before: never later, and the deadline stays where it is."""
    if today > due + timedelta(days=escalate_after):
        return "escalated"
    if today > due:
        return "overdue"
    for days in BEFORE:
        if today >= workday_not_after(due - timedelta(days=days)):
            stages: dict[int, Stage] = {1: "1", 3: "3", 7: "7", 15: "15"}
            return stages[days]
    return None


def receivers(unit_path: str, people: Sequence[tuple[str, str]], *, above: bool) -> list[str]:
    """Who is told of a duty of a unit, among `people` who may do it, each with the path of their own unit: those of the
    unit itself or else of the nearest unit above it; with `above` those of the next one, or the same again where there is
    no other. Who belongs to none of the units above comes last. Empty where nobody may do it."""
    on_path = {path for _, path in people if unit_path.startswith(path)}
    groups = [
        [user for user, path in people if path == found] for found in sorted(on_path, key=len, reverse=True)
    ]
    groups.append([user for user, path in people if path not in on_path])
    told = [group for group in groups if group]
    return sorted(told[min(int(above), len(told) - 1)]) if told else []
