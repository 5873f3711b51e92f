"""How long does a view of the map take, and a register page, where a hundred thousand cameras are registered?

`python -m bench map [--cameras N] [--engine sqlite|postgresql] [--rounds R]`. The province of `bench/province.py`, judged,
with a thousand streams measured. Each read stands beside a bare indexed query of the same rows in the same run, as a
person would write it who knows no scope and asks for no state: what the database itself takes.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench import province
from bench.answer import Answer, hand_in
from bench.compliance import database
from bench.process import load
from mingjing.governance.compliance.service import judge_everything
from mingjing.governance.map import queries
from mingjing.identity.actions import Action
from mingjing.identity.scope import Reach, Scope, mint, system_scope
from mingjing.law.space import Box
from mingjing.media.causes import StreamState
from mingjing.media.model import StreamStats
from mingjing.registry.map.cells import cell
from mingjing.registry.map.queries import Wanted, extent
from mingjing.registry.queries import CameraFilter, cameras
from mingjing.registry.record import Narrowed
from mingjing.registry.site import NoFacts
from mingjing.registry.systems.queries import systems

GOAL_MS = 100.0
PROVINCE = Box(110.5, 28.8, 115.5, 32.2)
COUNTY = Box(112.0, 30.0, 112.6, 30.3)
STREET = Box(112.0, 30.0, 112.05, 30.03)
_COUNT = "SELECT count(*) FROM map_points WHERE kind = 'camera' AND cell >= 0"
_CAMERAS = (
    "SELECT c.id, c.name, m.longitude, m.latitude, d.azimuth, d.view_angle, d.view_m FROM map_points m "
    "JOIN cameras c ON c.id = m.record JOIN dossiers d ON d.camera = c.id "
    "WHERE m.record IN (SELECT record FROM map_points WHERE kind = 'camera' AND cell BETWEEN :first AND :last "
    "AND longitude BETWEEN :west AND :east AND latitude BETWEEN :south AND :north)"
)


class Measured(NoFacts):
    """A thousand streams, most of them playing."""

    def __init__(self) -> None:
        self._stats = {
            f"ch_{n:012d}.main": StreamStats(
                stream=f"ch_{n:012d}.main", state=StreamState.RETRYING if n % 50 == 0 else StreamState.PLAYING
            )
            for n in range(1000)
        }

    def stats(self) -> dict[str, StreamStats]:
        return self._stats


@dataclass(frozen=True)
class Question:
    """A read, and the bare query of the same rows."""

    ours: Callable[[Session], object]
    bare: Callable[[Session], object]


def questions() -> dict[str, Question]:
    whole, own = _scopes(Action.CAMERA_READ)
    read, _ = _scopes(Action.REGISTER_READ)
    facts = Measured()

    def view(box: Box, zoom: float, scope: Scope = whole) -> Callable[[Session], object]:
        found = system_scope(Action.COMPLIANCE_READ)
        return lambda s: queries.cameras(s, scope, found, facts, Wanted("camera", box), zoom, 0)

    return {
        "province": Question(view(PROVINCE, 6.5), _bare(_COUNT)),
        "province_county": Question(view(PROVINCE, 6.5, own), _bare(_COUNT)),
        "county": Question(view(COUNTY, 10.5), _bare(_CAMERAS, COUNTY)),
        "street": Question(view(STREET, 13.5), _bare(_CAMERAS, STREET)),
        "extent": Question(
            lambda s: extent(s, whole, read),
            _bare("SELECT min(longitude), min(latitude), max(longitude), max(latitude) FROM map_points"),
        ),
        "places": Question(
            lambda s: queries.places(s, read, read, Wanted("place", COUNTY), 10.5, 0),
            _bare(
                "SELECT id, name, category, longitude, latitude FROM places WHERE longitude BETWEEN :west AND :east "
                "AND latitude BETWEEN :south AND :north",
                COUNTY,
            ),
        ),
        "register_cameras": Question(
            lambda s: cameras(s, whole, CameraFilter(), 200, None),
            _bare("SELECT * FROM cameras WHERE removed_us IS NULL ORDER BY name, id LIMIT 201"),
        ),
        "register_systems": Question(
            lambda s: systems(s, read, Narrowed(), 200, None),
            _bare("SELECT * FROM systems WHERE ended_us IS NULL ORDER BY name, id LIMIT 201"),
        ),
    }


def _scopes(action: Action) -> tuple[Scope, Scope]:
    return system_scope(action), mint(action, "us_x", [Reach(province.COUNTY_PATH)])


def _bare(query: str, box: Box | None = None) -> Callable[[Session], object]:
    asked = text(query)
    bound: dict[str, float] = {}
    if box is not None:
        bound = {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
        if ":first" in query:
            bound |= _span(box)
    return lambda session: session.execute(asked, bound).all()


def _span(box: Box) -> dict[str, float]:
    """The one range of cells that holds a box: what a query without squares would ask for."""
    return {"first": cell(box.west, box.north), "last": cell(box.east, box.south)}


def _took_ms(act: Callable[[Session], object], session: Session, rounds: int) -> float:
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act(session)
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench map")
    parser.add_argument("--cameras", type=int, default=100_000)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=21)
    chosen = parser.parse_args(arguments)
    answers = []
    with database(chosen.engine) as at:
        province.fill(at, chosen.cameras)
        judge_everything(at)
        if chosen.engine == "postgresql":
            # As its autovacuum does within minutes of such a load: until then no index answers alone.
            with at.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        for name, question in questions().items():
            with at.reading() as session:
                ours = _took_ms(question.ours, session, chosen.rounds)
            with at.reading() as session:
                bare = _took_ms(question.bare, session, chosen.rounds)
            print(
                f"  {name:<18}{ours:>9.1f} ms   bare {bare:>7.1f} ms   goal {GOAL_MS:.0f} ms   load {load():.1f}"
            )
            peers = {"goal": GOAL_MS, "bare_query": round(bare, 3)}
            answers.append(Answer(f"map_{chosen.engine}_{name}", "ms", round(ours, 3), peers))
        at.close()
    hand_in(answers)
