"""The HTTP program of the whole: what consoles and other programs reach. Loaded once recording has begun, for it is most of
what there is to load.
"""

from fastapi import APIRouter, FastAPI
from prometheus_client import generate_latest

from mingjing.app import Program, version
from mingjing.app.metrics import figures
from mingjing.app.origins import console_origins, media_sources
from mingjing.audit import api as journal_api
from mingjing.governance import api as governance_api
from mingjing.governance.submission.public import verifying_pace
from mingjing.identity import known_device
from mingjing.identity.access import Gate, requires
from mingjing.identity.actions import Action
from mingjing.identity.api import router as identity_router
from mingjing.identity.api.desk import Portal
from mingjing.identity.api.session import LINE
from mingjing.identity.errors import BUSY
from mingjing.identity.service.sign_in import Desk
from mingjing.kernel.errors import MingjingError
from mingjing.operations import api as operations_api
from mingjing.paper.printing import Printer
from mingjing.recording import api as recording_api
from mingjing.registry import api as registry_api
from mingjing.web.assembly import PREFIX, assemble
from mingjing.web.feed_api import router as feed_router
from mingjing.web.listening import Door


def door(program: Program) -> Door:
    """What turns a crowd that signs in away before the HTTP program hears of it."""
    sealer = program.keys.sealer
    return Door(
        f"{PREFIX}/session",
        _gate(program).device_cookie,
        lambda cookie: LINE.has_place(known_device.person(sealer, cookie) if cookie else None),
        MingjingError(BUSY),
        secure=program.settings.server.secure,
    )


def _gate(program: Program) -> Gate:
    settings = program.settings
    return Gate(program.database, settings.identity, settings.server.secure, program.denials)


def console(program: Program) -> FastAPI:
    """The HTTP program. Raises SYS-060 where a route declares no permission."""
    settings = program.settings
    registry = figures(program.recording.site)
    app = assemble(
        _routers(),
        pages=[governance_api.pages],
        version=version(),
        secure=settings.server.secure,
        origins=console_origins(settings, program.console_port),
        media_sources=lambda host: media_sources(host, _media_port(program), settings),
        map_sources=settings.map.origins(),
    )
    app.state.ready = {
        "media": lambda: program.listening is not None,
        "events": lambda: _events_flow(program),
        "recording": program.runs,
    }
    app.state.metrics = lambda: generate_latest(registry)
    app.state.feed = program.feed
    app.state.database = program.database
    app.state.gate = _gate(program)
    app.state.desk = Desk(program.database, program.passwords, program.keys.sealer, settings.identity)
    app.state.portal = Portal(
        settings.identity.jurisdiction,
        _media_port(program),
        _rtsp_port(program),
        settings.media.public_base,
    )
    app.state.journal = program.keeper
    app.state.cameras = program.cameras
    app.state.files = program.files
    app.state.recording = program.recording.site
    app.state.operations = program.operations.site
    app.state.printer = Printer(
        settings.paper.fonts, settings.paper.letter, next(iter(settings.server.public_origins), "")
    )
    app.state.map = settings.map
    app.state.verifying = verifying_pace()
    return app


def _routers() -> list[APIRouter]:
    journal = journal_api.router(
        requires(Action.JOURNAL_READ),
        requires(Action.JOURNAL_VERIFY, persons_only=True, unproved="it changes nothing"),
        requires(Action.JOURNAL_VERIFY, persons_only=True, step_up=True),
    )
    return [
        identity_router,
        journal,
        registry_api.router,
        recording_api.router,
        operations_api.router,
        governance_api.router,
        feed_router,
    ]


def _media_port(program: Program) -> int:
    if program.listening is None:
        return program.settings.media.port
    return int(program.listening.http.rpartition(":")[2])


def _rtsp_port(program: Program) -> int:
    if program.listening is None or program.listening.rtsp is None:
        return program.settings.media.rtsp_port
    return int(program.listening.rtsp.rpartition(":")[2])


def _events_flow(program: Program) -> bool:
    return program.recording.pump.last_error is None
