"""Builders for tests that need somewhere: two districts, two units, and a register of cameras."""

from dataclasses import dataclass

from sqlalchemy import inspect

from mingjing import tables
from mingjing.audit.service import Actor
from mingjing.devices.rtsp.address import networks
from mingjing.identity.actions import Action
from mingjing.identity.model import Organisation
from mingjing.identity.scope import Reach, Scope, mint, system_scope
from mingjing.kernel.db import Database
from mingjing.kernel.secrets import Sealer
from mingjing.media.memory import MemoryNode
from mingjing.registry.queries import Registered
from mingjing.registry.schema import CameraWish
from mingjing.registry.service import register
from mingjing.registry.site import CameraSite
from mingjing.territory.model import Division

ACTOR = Actor("user", "us_aaaaaaaaaaaa", "李某", "10.0.0.9", "se_1")
SCHOOL, POLICE = "or_schoolschool", "or_policepolice"
JIANGXIA, WUCHANG = "420115", "420106"


@dataclass
class Town:
    """A database with places in it, a node in memory, and the site around them."""

    database: Database
    node: MemoryNode
    site: CameraSite

    def scope(self, action: Action = Action.CAMERA_WRITE) -> Scope:
        return system_scope(action)

    def scope_of(self, division: str, action: Action = Action.CAMERA_READ) -> Scope:
        return mint(action, "us_x", [Reach(f"420000/420100/{division}/")])

    def add(self, name: str = "实验小学大门东", **changes: object) -> Registered:
        with self.database.transaction() as tx:
            return register(tx, ACTOR, self.scope(), wish(name, **changes), self.site)


def wish(name: str = "实验小学大门东", **changes: object) -> CameraWish:
    """A camera with a main and a sub-stream."""
    host = f"10.3.{abs(hash(name)) % 250}.21"
    body: dict[str, object] = {
        "name": name,
        "division": JIANGXIA,
        "organisation": SCHOOL,
        "user": "admin",
        "password": "hush-hush",
        "streams": [
            {"kind": "main", "url": f"rtsp://{host}:554/Streaming/Channels/101"},
            {"kind": "sub", "url": f"rtsp://{host}:554/Streaming/Channels/102"},
        ],
    }
    return CameraWish.model_validate(body | changes)


def town(database: Database) -> Town:
    """Make the places, and the tables where the database has none."""
    if not inspect(database.engine).has_table(Division.__tablename__):
        tables.METADATA.create_all(database.engine)
    with database.transaction() as tx:
        for code, parent, path in (
            ("420000", None, "420000/"),
            ("420100", "420000", "420000/420100/"),
            (JIANGXIA, "420100", "420000/420100/420115/"),
            (WUCHANG, "420100", "420000/420100/420106/"),
        ):
            tx.session.add(Division(code=code, name=f"区划{code}", parent=parent, path=path))
            tx.session.flush()
        for unit in (SCHOOL, POLICE):
            tx.session.add(Organisation(id=unit, name=unit, parent=None, path=f"{unit}/", created_us=0))
    node = MemoryNode()
    return Town(database, node, CameraSite(Sealer(bytes(32)), networks(["10.0.0.0/8"]), node))
