"""`[paper]`: what documents are printed with."""

from pathlib import Path

from pydantic import Field

from mingjing.kernel.settings import Section


class PaperSettings(Section):
    """Further fonts are for rare characters of names, which the shipped one lacks."""

    fonts: Path | None = Field(
        default=None,
        description="A directory of further fonts (TTF, OTF, TTC) for characters that ours lacks",
    )
    letter: Path | None = Field(
        default=None,
        description="An office's own DOCX, in which `{{ title }}`, `{{ notes }}` and `{{ groups }}` of a report are filled",
    )
