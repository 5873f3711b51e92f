"""Dossiers as they are shown: what is filed, what is missing, what the platform measured, what proves."""

from datetime import date

from sqlalchemy.orm import Session

from mingjing.law.days import last_day
from mingjing.law.sets import shipped
from mingjing.registry.dossiers.measured import measured
from mingjing.registry.dossiers.members import FIELDS, VIEW
from mingjing.registry.dossiers.model import DossierRow, PictureRow
from mingjing.registry.dossiers.rules import missing, shift_m, turn_degrees
from mingjing.registry.dossiers.schema import Baseline, Dossier
from mingjing.registry.queries import Registered
from mingjing.registry.site import CameraSite


def present(session: Session, site: CameraSite, found: Registered, row: DossierRow, today: date) -> Dossier:
    """A dossier for the wire."""
    members = {name: getattr(row, name) for name in FIELDS}
    return Dossier.model_validate(
        members
        | {
            "camera": row.camera,
            "complete": row.complete,
            "missing": missing(members),
            "measured": measured(session, site, found, row),
            "moved": row.moved,
            "baseline": _baseline(session, row),
            "sign_photo": row.sign_photo is not None,
            "sign_due": _sign_due(found.row.division_path, row.sign_checked, today),
        }
    )


def _sign_due(division_path: str, checked: date | None, today: date) -> date | None:
    if checked is None:
        return None
    clauses = [applied.set.clauses.get("SIGN-01") for applied in shipped().in_force(today, division_path)]
    return min((last_day(checked, one.figures["check_days"]) for one in clauses if one), default=None)


def _baseline(session: Session, row: DossierRow) -> Baseline | None:
    kept = session.get(PictureRow, row.baseline) if row.baseline else None
    if kept is None:
        return None
    stands = {name: getattr(row, name) for name in VIEW}
    return Baseline(
        id=kept.id, at_us=kept.at_us, who_name=kept.who_name, shift_m=shift_m(kept.stood, stands),
        turn_degrees=turn_degrees(kept.stood, stands),
    )  # fmt: skip
