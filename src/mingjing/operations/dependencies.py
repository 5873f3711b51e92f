"""What routes ask for. Apart, so that recording does not wait for the console to be loaded."""

from typing import Annotated

from mingjing.kernel.dependencies import of_program
from mingjing.operations.site import OperationsSite

Operations = Annotated[OperationsSite, of_program("operations", OperationsSite)]
