"""How a record of any register ends, as it goes over the wire."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import Field

from mingjing.kernel.text import Line
from mingjing.kernel.wire import Wanted, example

Listed = Literal["ended", "all"]
"""Which records a register lists beside those that stand in it: those that have left it alone, or both."""
WHETHER_ENDED: Final[Mapping[str | None, bool | None]] = MappingProxyType({"ended": True, "all": None})
"""`Narrowed.ended` of what is asked for; what is not named here lists what stands."""


class Ending(Wanted):
    """Why a record leaves the register; it stays readable."""

    model_config = Wanted.model_config | example(reason="系统已拆除，备案已办结")

    reason: Annotated[Line, Field(min_length=1)]
