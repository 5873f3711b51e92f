"""How a record of any register ends, as it goes over the wire."""

from typing import Annotated

from pydantic import Field

from mingjing.kernel.text import Line
from mingjing.kernel.wire import Wanted, example


class Ending(Wanted):
    """Why a record leaves the register; it stays readable."""

    model_config = Wanted.model_config | example(reason="系统已拆除，备案已办结")

    reason: Annotated[Line, Field(min_length=1)]
