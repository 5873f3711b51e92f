"""`[backup]`: where copies of the database go, when, and how many are kept."""

from pathlib import Path

from pydantic import Field

from mingjing.kernel.settings import Section


class BackupSettings(Section):
    """Backups are on unless they are switched off; a copy on the same disk is only half of one."""

    enabled: bool = Field(default=True, description="A backup of the database every day")
    directory: Path | None = Field(
        default=None,
        description="Where backups go, best on another disk or machine; default: in the data directory",
    )
    hour: int = Field(
        default=3, ge=0, le=23, description="Hour of the day (Beijing time) at which it is made"
    )
    keep: int = Field(default=14, ge=2, le=400, description="How many are kept; the oldest goes first")
