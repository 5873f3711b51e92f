"""What backups say to other rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup is whole and has its name."""

    name: str


@dataclass(frozen=True, slots=True)
class BackupFailed:
    """No backup could be made, or the newest one does not give back what was put in. `stage`: `make` or `drill`."""

    stage: str
    problem: str


@dataclass(frozen=True, slots=True)
class DrillHeld:
    """The newest backup was restored on trial and held."""

    name: str
