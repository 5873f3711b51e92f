"""What the routes of identity are given besides the database: the sign-in desk and the site's own facts."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from mingjing.identity.service.sign_in import Desk


@dataclass(frozen=True, slots=True)
class Portal:
    """Put on the program's state by `app.py` as `portal`."""

    jurisdiction: str
    media_port: int
    rtsp_port: int
    media_address: str = ""
    """Where browsers reach the media plane, if not on this program's host name."""

    def media_base(self, connection: HTTPConnection) -> str:
        """The origin of the media plane as this browser reaches it."""
        if self.media_address:
            return self.media_address
        return f"{connection.url.scheme.replace('ws', 'http')}://{_host(connection)}:{self.media_port}"

    def rtsp_base(self, connection: HTTPConnection) -> str:
        """The RTSP address of the media plane as this caller reaches it."""
        return f"rtsp://{_host(connection)}:{self.rtsp_port}"


def _host(connection: HTTPConnection) -> str:
    host = connection.url.hostname or "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def portal(connection: HTTPConnection) -> Portal:
    """The portal of the running program."""
    found = connection.app.state.portal
    if not isinstance(found, Portal):
        raise TypeError("the program has no portal")
    return found


def desk_of(connection: HTTPConnection) -> Desk:
    """The sign-in desk of the running program."""
    found = connection.app.state.desk
    if not isinstance(found, Desk):
        raise TypeError("the program has no sign-in desk")
    return found


AtDesk = Annotated[Desk, Depends(desk_of)]
