"""Suspected cameras: what a person is asked about each of them."""

from collections.abc import Sequence

from mingjing.governance.decisions.service import Asked, ask
from mingjing.kernel.db import Transaction
from mingjing.law.days import day_of
from mingjing.law.facts import CameraFacts
from mingjing.registry.dossiers.queries import viewings


def ask_of_cameras(tx: Transaction, wanted: Sequence[str], facts: Sequence[CameraFacts]) -> bool:
    """Bring the decisions on some cameras to what they are suspected of today; `facts` are those that are there.
    Returns whether any decision changed."""
    today = day_of(tx.now_us())
    suspected = {
        one.id: found
        for one in facts
        if (found := [suspicion for suspicion in one.suspected if suspicion.holds(today)])
    }
    asked = {
        one.camera: Asked(
            one.name, one.division, one.division_path, one.organisation, one.organisation_path,
            suspected[one.camera], one.view,
        )
        for one in viewings(tx.session, sorted(suspected))
    }  # fmt: skip
    return ask(tx, "camera", wanted, asked)
