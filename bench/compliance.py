"""How long does it take to judge a province, one change, and to read what was found?

`python -m bench compliance [--cameras N] [--engine sqlite|postgresql] [--rounds R]`. A province of a hundred thousand
cameras (`bench/province.py`) is judged whole, whole again with nothing changed, and after one change; then the reads
of the compliance page and of a register page. Each stands beside its goal.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session
from tests import postgresql

from bench import province
from bench.answer import Answer, hand_in
from bench.process import load
from mingjing.audit.service import SYSTEM
from mingjing.governance.compliance import queries
from mingjing.governance.compliance.service import judge_everything
from mingjing.governance.room import GovernanceRoom
from mingjing.identity.actions import Action
from mingjing.identity.scope import Reach, mint, system_scope
from mingjing.kernel.clock import SetClock
from mingjing.kernel.db import Database
from mingjing.law.days import start_us
from mingjing.registry.dossiers.schema import DossierPatch
from mingjing.registry.dossiers.service import change
from mingjing.registry.record import Narrowed
from mingjing.registry.systems.queries import systems

GOALS_MS = {"whole": 10_000.0, "unchanged": 10_000.0, "one_change": 50.0}
READ_MS = 100.0


@contextmanager
def database(engine: str) -> Iterator[Database]:
    """An empty database of the engine, on the province's day."""
    clock = SetClock(start_us(province.TODAY))
    with tempfile.TemporaryDirectory(prefix="province-") as folder:
        if engine == "sqlite":
            yield Database(f"sqlite:///{Path(folder) / 'a.sqlite3'}", clock)
        else:
            with postgresql.running() as server:
                yield Database(server.fresh(), clock)


def reads(county: str) -> dict[str, Callable[[Session], object]]:
    """What people open, as the whole province's administrator and as one county's."""
    whole = system_scope(Action.COMPLIANCE_READ)
    own = mint(Action.COMPLIANCE_READ, "us_x", [Reach(county)])
    return {
        "figures": lambda s: queries.figures(s, whole),
        "figures_county": lambda s: queries.figures(s, own),
        "findings": lambda s: queries.findings(s, whole, 50, None),
        "findings_rule": lambda s: queries.findings(s, whole, 50, None, rule="SIGN-01", verdict="broken"),
        "findings_county": lambda s: queries.findings(s, own, 50, None),
        "systems": lambda s: systems(s, whole, Narrowed(), 50, None),
        "systems_words": lambda s: systems(s, own, Narrowed(text="系统 1"), 50, None),
    }


def _took_ms(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench compliance")
    parser.add_argument("--cameras", type=int, default=100_000)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=21)
    chosen = parser.parse_args(arguments)
    found: dict[str, float] = {}
    with database(chosen.engine) as at:
        print(
            f"  province of {chosen.cameras} cameras: {_took_ms(lambda: province.fill(at, chosen.cameras)):.0f} ms"
        )
        found["whole"] = _took_ms(lambda: judge_everything(at))
        found["unchanged"] = _took_ms(lambda: judge_everything(at))
        GovernanceRoom(at).wire(at.bus)
        found["one_change"] = statistics.median(
            _took_ms(lambda n=n: _change(at, n)) for n in range(chosen.rounds)
        )
        for name, read in reads(province.COUNTY_PATH).items():
            with at.reading() as session:
                found[name] = statistics.median(
                    _took_ms(lambda r=read, s=session: r(s)) for _ in range(chosen.rounds)
                )
        at.close()
    for name, took in found.items():
        print(
            f"  {name:<16}{took:>10.1f} ms   goal {GOALS_MS.get(name, READ_MS):>8.0f} ms   load {load():.1f}"
        )
    hand_in(
        [
            Answer(
                f"compliance_{chosen.engine}_{name}",
                "ms",
                round(took, 3),
                {"goal": GOALS_MS.get(name, READ_MS)},
            )
            for name, took in found.items()
        ]
    )


def _change(at: Database, n: int) -> None:
    with at.transaction() as tx:
        patch = DossierPatch(height_m=float(n + 5))
        change(tx, SYSTEM, system_scope(Action.REGISTER_WRITE), f"ch_{n * 31:012d}", patch)


if __name__ == "__main__":
    main(sys.argv[1:])
