"""What routes ask for. Apart, so that recording does not wait for the console to be loaded."""

from typing import Annotated

from mingjing.kernel.dependencies import of_program
from mingjing.recording.site import RecordingSite

Recording = Annotated[RecordingSite, of_program("recording", RecordingSite)]
