"""What the map is given: the ground below it. Put on the program's state by `app` as `map`."""

from typing import Annotated

from mingjing.governance.map.settings import MapSettings
from mingjing.kernel.dependencies import of_program

Ground = Annotated[MapSettings, of_program("map", MapSettings)]
