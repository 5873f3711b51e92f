"""The assembled HTTP program over a database and a media node in memory, and people who may call it."""

from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import generate_latest
from starlette.datastructures import State

from mingjing.app.ending import end_with_rights
from mingjing.app.feeding import feed_consoles
from mingjing.app.metrics import figures
from mingjing.audit import api as journal_api
from mingjing.audit.keeper import Keeper
from mingjing.audit.service import SYSTEM
from mingjing.governance import api as governance_api
from mingjing.governance.map.settings import MapSettings
from mingjing.governance.room import GovernanceRoom
from mingjing.governance.submission.public import verifying_pace
from mingjing.identity import room as identity_room
from mingjing.identity.access import Gate, requires
from mingjing.identity.actions import Action
from mingjing.identity.api import router as identity_router
from mingjing.identity.api.desk import Portal
from mingjing.identity.caller import csrf_token, digest
from mingjing.identity.model import SignInSession, User
from mingjing.identity.passwords import OneTime, Passwords
from mingjing.identity.service.accounts import RoleWish, add_user
from mingjing.identity.service.sign_in import Desk
from mingjing.identity.settings import IdentitySettings
from mingjing.kernel.clock import HOUR_US
from mingjing.kernel.db import Database
from mingjing.kernel.files import FileStore
from mingjing.kernel.ids import new_id
from mingjing.kernel.secrets import Sealer
from mingjing.operations import api as operations_api
from mingjing.operations.room import OperationsRoom
from mingjing.operations.series import Ring
from mingjing.operations.site import OperationsSite
from mingjing.paper.printing import Printer
from mingjing.recording import api as recording_api
from mingjing.recording.facts import RecordingFacts
from mingjing.registry import api as registry_api
from mingjing.registry import room as registry_room
from mingjing.registry.site import CameraSite
from mingjing.web.assembly import assemble
from mingjing.web.feed import Feed
from mingjing.web.feed_api import router as feed_router
from tests.contract import hold
from tests.places import POLICE, town
from tests.recorder import Recorder, recorder

PASSWORDS = Passwords()


@cache
def _first() -> OneTime:
    return PASSWORDS.one_time()


@dataclass
class Program:
    """Everything that a test of the whole HTTP surface needs."""

    app: FastAPI
    database: Database
    recorder: Recorder
    keeper: Keeper
    desk: Desk
    feed: Feed

    def client(self) -> TestClient:
        """A browser or another program; it fails where the description does not tell what is answered."""
        opened = TestClient(self.app, base_url="http://127.0.0.1:8360", raise_server_exceptions=False)
        return hold(opened, self.app)

    def client_of(self, user: str) -> TestClient:
        """A browser in which `user` is signed in."""
        opened = self.client()
        opened.headers.update(self.signed_in(user))
        return opened

    def person(
        self,
        account: str,
        *roles: str,
        unit: str = POLICE,
        division: str | None = None,
        organisation: str | None = None,
    ) -> tuple[str, str]:
        """An account of `unit` with these roles, everywhere or in a place; its identifier and password, which is the same
        for all: to hash one costs as much as a test."""
        first = _first()
        with self.database.transaction() as tx:
            user = add_user(
                tx, SYSTEM, first, account=account, name=account, organisation=unit,
                roles=[RoleWish(role, division, organisation) for role in roles],
            )  # fmt: skip
            user.must_change_password = False
        return user.id, first.text

    def signed_in(self, user: str, *, proved: bool = True) -> dict[str, str]:
        """Headers of a fresh session of `user`, opened without the door; `proved` as by a step-up just now."""
        cookie = new_id("zz")
        with self.database.transaction() as tx:
            now = tx.now_us()
            tx.session.add(
                SignInSession(
                    id=new_id("se"), digest=digest(cookie), user=user, source="testclient", agent="",
                    created_us=now, seen_us=now, expires_us=now + HOUR_US, proved_us=now if proved else None,
                )
            )  # fmt: skip
        return {"Cookie": f"{self.app.state.gate.cookie}={cookie}", "X-CSRF-Token": csrf_token(cookie)}

    def changed(self, user: str) -> User:
        with self.database.reading() as session:
            return session.get_one(User, user)


@cache
def _assembled(*, secure: bool) -> FastAPI:
    """The rooms' routes as `app` puts them together. They keep nothing, and to read them takes half a second: the programs
    of all tests share them, each with a state and a guard of its own."""
    return assemble(
        [
            identity_router,
            journal_api.router(
                requires(Action.JOURNAL_READ),
                requires(Action.JOURNAL_VERIFY, unproved="it changes nothing"),
                requires(Action.JOURNAL_VERIFY, step_up=True),
            ),
            registry_api.router,
            recording_api.router,
            operations_api.router,
            governance_api.router,
            feed_router,
        ],
        pages=[governance_api.pages],
        version="test",
        secure=secure,
        media_sources=lambda host: (),
    )


def program(
    database: Database, folder: Path, settings: IdentitySettings | None = None, *, secure: bool = False
) -> Program:
    """Put everything together as `app` does, with the media plane in memory; `secure` as behind TLS.

    A second factor is demanded of nobody unless the settings say so.
    """
    at = recorder(town(database), folder / "pool")
    sealer = Sealer(bytes(32))
    settings = settings or IdentitySettings()
    if "second_factor" not in settings.model_fields_set:
        settings = settings.model_copy(update={"second_factor": "off"})
    feed = Feed()
    keeper = Keeper(database, folder / "keys" / "journal.key", folder / "checkpoints.jsonl")
    identity_room.wire(database.bus)
    registry_room.wire(database.bus)
    site = OperationsSite(at.node, b"k" * 32, Ring())
    OperationsRoom(site, at.site).wire(database.bus)
    GovernanceRoom(database).wire(database.bus)
    feed_consoles(database.bus, feed)
    end_with_rights(database.bus, database, at.node, feed)
    app = copy(_assembled(secure=secure))
    app.state, app.middleware_stack = State(), None
    app.state.ready, app.state.metrics = {}, lambda: generate_latest(figures(at.site))
    app.state.feed = feed
    desk = Desk(database, PASSWORDS, sealer, settings)
    app.state.database = database
    app.state.gate = Gate(database, settings, secure)
    app.state.desk = desk
    app.state.portal = Portal("明镜", 8361, 8554)
    app.state.journal = keeper
    app.state.cameras = CameraSite(sealer, at.town.site.networks, at.node, RecordingFacts(at.site))
    app.state.files = FileStore(folder / "files")
    app.state.recording = at.site
    app.state.operations = site
    app.state.printer = Printer()
    app.state.map = MapSettings()
    app.state.verifying = verifying_pace()
    return Program(app, database, at, keeper, desk, feed)
