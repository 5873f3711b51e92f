"""What the territory says to other rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DivisionMoved:
    """What lay at `old_path` and below it lies at `new_path` and below it: a division came below another one, got
    another code, or went up in its successor. Who keeps paths or codes of divisions rewrites them when they hear it."""

    old_path: str
    new_path: str

    @property
    def old_code(self) -> str:
        return self.old_path.rstrip("/").rpartition("/")[2]

    @property
    def new_code(self) -> str:
        """The same as `old_code` where only what lies above has changed."""
        return self.new_path.rstrip("/").rpartition("/")[2]
