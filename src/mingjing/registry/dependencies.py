"""What routes ask for. Apart, so that recording does not wait for the console to be loaded."""

from typing import Annotated

from mingjing.kernel.dependencies import of_program
from mingjing.registry.site import CameraSite

Site = Annotated[CameraSite, of_program("cameras", CameraSite)]
