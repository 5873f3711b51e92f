"""Days as the law counts them: natural days in Beijing time, the first day not counted, until 24:00 of the last.

Civil Code, articles 201 and 203: "within 30 days from the day of …" ends with the thirtieth day after that day. No
administrative deadline is moved over holidays here.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from mingjing.kernel.errors import Text

BEIJING: Final = timezone(timedelta(hours=8), "Asia/Shanghai")


def day_of(at_us: int) -> date:
    """The Beijing day of a moment in microseconds UTC."""
    return datetime.fromtimestamp(at_us / 1_000_000, UTC).astimezone(BEIJING).date()


def start_us(day: date) -> int:
    """00:00 in Beijing of a day, microseconds UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=BEIJING).timestamp()) * 1_000_000


def end_us(day: date) -> int:
    """24:00 in Beijing of a day, microseconds UTC."""
    return start_us(day + timedelta(days=1))


def last_day(start: date, days: int) -> date:
    """The last day of "within `days` days from `start`": `start` itself is not counted."""
    return start + timedelta(days=days)


def days_left(last: date, today: date) -> int:
    """Whole days after today until `last`; 0 on the last day, negative once it is over."""
    return (last - today).days


def counted(what: Text, start: date, days: int) -> Text:
    """How a last day was found, for people: `投用 2026-10-18，次日起第 30 日 = 2026-11-17 24:00`."""
    last = last_day(start, days)
    return Text(
        f"{what.zh} {start}，次日起第 {days} 日 = {last} 24:00",
        f"{what.en} {start}, day {days} from the day after = {last} 24:00",
    )


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `first` on, before `end`: the dismantling window [D−30, D)."""

    first: date
    end: date

    def place(self, day: date) -> str:
        """Where a day lies: `before`, `within` or `after`."""
        if day < self.first:
            return "before"
        return "within" if day < self.end else "after"


def window_before(event: date, days: int) -> Window:
    """ "Within the `days` days before" an event, the event's day not counted."""
    return Window(event - timedelta(days=days), event)
