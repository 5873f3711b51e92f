"""Tables of findings and of what was judged."""

from datetime import date

from sqlalchemy import JSON, Boolean, Date, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mingjing.kernel.db import Base, Id, IdKey, Json, OptionalUs, PathText, Sequence64, Us


class FindingRow(Base):
    """What a rule says of a subject that is not as it should be: broken, not known, or due.

    One row for a rule, subject and key for ever: what breaks again opens the same finding anew.
    """

    __tablename__ = "findings"
    __table_args__ = (
        UniqueConstraint("rule", "subject", "key"),
        Index("ix_findings_division_path_organisation_path", "division_path", "organisation_path"),
        Index("ix_findings_state_rule", "state", "rule"),
        Index("ix_findings_subject", "subject"),
        Index("ix_findings_due_id", "due", "id"),
        Index("ix_findings_rule_due_id", "rule", "due", "id"),
    )

    id: Mapped[IdKey]
    rule: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    """Of the subject: `system`, `place`, `camera` …"""
    subject: Mapped[Id]
    subject_name: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(40))
    division_path: Mapped[str] = mapped_column(PathText)
    organisation_path: Mapped[str] = mapped_column(PathText)
    verdict: Mapped[str] = mapped_column(String(8))
    """`broken`, `unknown`, `pending`; `late` for what was done after its day and is settled."""
    severity: Mapped[str] = mapped_column(String(12))
    due: Mapped[date | None] = mapped_column(Date)
    facts: Mapped[Json]
    sets: Mapped[list[str]] = mapped_column(JSON)
    carried: Mapped[bool] = mapped_column(Boolean)
    told: Mapped[str] = mapped_column(String(32))
    """Digest of what was told last, so that a night need not read it to see that nothing changed."""
    state: Mapped[str] = mapped_column(String(12))
    """`open`, `acknowledged`, `cured`."""
    reason: Mapped[str] = mapped_column(String(2000))
    acknowledged_by: Mapped[str | None] = mapped_column(String(32))
    acknowledged_until: Mapped[date | None] = mapped_column(Date)
    times: Mapped[int] = mapped_column(Integer)
    """How often it was opened."""
    opened_us: Mapped[Us]
    changed_us: Mapped[Us]
    cured_us: Mapped[OptionalUs]


class TallyRow(Base):
    """How many verdicts of each state a rule has at one place, for one unit and category: sums of judgements."""

    __tablename__ = "tallies"
    __table_args__ = (
        UniqueConstraint("rule", "division_path", "organisation_path", "category"),
        Index("ix_tallies_division_path_organisation_path", "division_path", "organisation_path"),
    )

    id: Mapped[Sequence64]
    rule: Mapped[str] = mapped_column(String(16))
    division_path: Mapped[str] = mapped_column(PathText)
    organisation_path: Mapped[str] = mapped_column(PathText)
    category: Mapped[str] = mapped_column(String(32))
    met: Mapped[int] = mapped_column(Integer)
    pending: Mapped[int] = mapped_column(Integer)
    broken: Mapped[int] = mapped_column(Integer)
    unknown: Mapped[int] = mapped_column(Integer)
    late: Mapped[int] = mapped_column(Integer)


class TallyDayRow(Base):
    """By how much tallies changed on one day in Beijing. A day's figures are those of now less what came after: a day on
    which nothing changed costs no row."""

    __tablename__ = "tally_days"
    __table_args__ = (Index("ix_tally_days_day_division_path", "day", "division_path"),)

    id: Mapped[Sequence64]
    day: Mapped[date] = mapped_column(Date)
    rule: Mapped[str] = mapped_column(String(16))
    division_path: Mapped[str] = mapped_column(PathText)
    organisation_path: Mapped[str] = mapped_column(PathText)
    category: Mapped[str] = mapped_column(String(32))
    applies: Mapped[int] = mapped_column(Integer)
    broken: Mapped[int] = mapped_column(Integer)
    unknown: Mapped[int] = mapped_column(Integer)


class JudgementRow(Base):
    """What the rules said last of one subject: how many verdicts of each state, by rule. Tallies are sums of these."""

    __tablename__ = "judgements"

    subject: Mapped[IdKey]
    kind: Mapped[str] = mapped_column(String(16))
    division_path: Mapped[str] = mapped_column(PathText)
    organisation_path: Mapped[str] = mapped_column(PathText)
    category: Mapped[str] = mapped_column(String(32))
    counts: Mapped[str] = mapped_column(String(1000))
    """Rule and numbers of `met`, `pending`, `broken`, `unknown`, `late`: `FILE-01 1 0 0 0 0,SCOPE-01 0 0 1 0 0`."""
    told: Mapped[str] = mapped_column(String(32))
    """Digest of what its findings told last; empty where it has to be told anew."""
    judged_us: Mapped[Us]
