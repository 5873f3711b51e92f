"""What the map is given: the ground below it. Put on the program's state by `app` as `map`."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from mingjing.governance.map.settings import MapSettings


def _ground(connection: HTTPConnection) -> MapSettings:
    found = connection.app.state.map
    if not isinstance(found, MapSettings):
        raise TypeError("the program has no settings of the map")
    return found


Ground = Annotated[MapSettings, Depends(_ground)]
