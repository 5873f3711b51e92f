"""Suspected plan items and projects: what a person is asked about each of them, before anything is built.

Whether it will stand indoors nobody has entered yet, so that the kind of its place asks nothing; a camera that is built
there is asked about by itself.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from mingjing.governance.decisions.schema import SubjectKind
from mingjing.governance.decisions.service import Asked, ask
from mingjing.governance.planning import queries as planning
from mingjing.governance.projects import queries as projects
from mingjing.kernel.db import Transaction
from mingjing.law.days import day_of
from mingjing.registry.forbidden.queries import judge_spots
from mingjing.registry.forbidden.rules import Spot
from mingjing.registry.record import Record

_VIEW: Final = ("longitude", "latitude", "azimuth", "view_angle", "view_m")


def ask_of_plans(tx: Transaction, wanted: Sequence[str]) -> bool:
    """Bring the decisions on the items of some plans to what they are suspected of today. Returns whether any changed."""
    rows = planning.every_item(tx.session, wanted)
    going = {row.id: row for row in rows if row.ended_us is None and row.progress != "dropped"}
    return _ask(tx, "plan_item", [row.id for row in rows], going)


def ask_of_projects(tx: Transaction, wanted: Sequence[str]) -> bool:
    """Bring the decisions on some projects to what they are suspected of today. Returns whether any changed."""
    going = {row.id: row for row in projects.known(tx.session, wanted) if row.ended_us is None}
    return _ask(tx, "project", wanted, going)


def _ask(tx: Transaction, kind: SubjectKind, subjects: Sequence[str], going: Mapping[str, Record]) -> bool:
    views = {
        subject: {name: value for name in _VIEW if (value := getattr(row, name, None)) is not None}
        for subject, row in going.items()
    }
    spots = {
        subject: Spot(
            view.get("longitude"),
            view.get("latitude"),
            view.get("azimuth"),
            view.get("view_angle"),
            view.get("view_m"),
            name=going[subject].name,
        )
        for subject, view in views.items()
    }
    paths = {subject: row.division_path for subject, row in going.items()}
    asked = {
        subject: Asked(
            row.name, row.division, row.division_path, row.organisation, row.organisation_path, found.suspicions,
            views[subject],
        )
        for subject, found in judge_spots(tx.session, day_of(tx.now_us()), spots, paths).items()
        if found.suspicions and (row := going[subject])
    }  # fmt: skip
    return ask(tx, kind, subjects, asked)
