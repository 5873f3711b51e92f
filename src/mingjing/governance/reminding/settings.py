"""Settings of reminders."""

from pydantic import Field

from mingjing.kernel.settings import Section


class GovernanceSettings(Section):
    """`[governance]`"""

    escalate_after_days: int = Field(
        default=7,
        ge=1,
        le=365,
        description="A duty overdue for so many days is told to the unit above the one that has it",
    )
