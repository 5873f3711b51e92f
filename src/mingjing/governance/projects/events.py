"""What projects say to other rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProjectChanged:
    """A project or its acceptance was entered or changed."""

    project: str
