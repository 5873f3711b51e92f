"""Suspected cameras: what a person is asked about each of them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from mingjing.governance.decisions.queries import of_subjects
from mingjing.governance.decisions.service import Asked, ask
from mingjing.kernel.db import Transaction
from mingjing.law.days import day_of
from mingjing.law.facts import CameraFacts, Suspicion
from mingjing.registry.dossiers.queries import viewings


def ask_of_cameras(tx: Transaction, wanted: Sequence[str], facts: Sequence[CameraFacts]) -> bool:
    """Bring the decisions on some cameras to what they are suspected of today; `facts` are those that are there.
    Returns whether any decision changed."""
    suspected = _suspected(facts, day_of(tx.now_us()))
    asked = {
        one.camera: Asked(
            one.name, one.division, one.division_path, one.organisation, one.organisation_path,
            suspected[one.camera], one.view,
        )
        for one in viewings(tx.session, sorted(suspected))
    }  # fmt: skip
    return ask(tx, "camera", wanted, asked)


def to_ask_about(
    session: Session, wanted: Sequence[str], facts: Sequence[CameraFacts], today: date
) -> set[str]:
    """Cameras of which a decision may have to change: those that are suspected today, and those of which one waits."""
    rows = of_subjects(session, "camera", wanted)
    waiting = {subject for subject, row in rows.items() if row.state == "waiting"}
    return waiting | _suspected(facts, today).keys()


def _suspected(facts: Sequence[CameraFacts], today: date) -> dict[str, list[Suspicion]]:
    return {
        one.id: found
        for one in facts
        if (found := [suspicion for suspicion in one.suspected if suspicion.holds(today)])
    }
