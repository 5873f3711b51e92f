"""Asking for decisions where something is suspected, and taking them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Literal

from mingjing.audit.history import changed
from mingjing.audit.service import SYSTEM, Actor, Object
from mingjing.governance.decisions import queries
from mingjing.governance.decisions.errors import MASK_TOO_LATE, NO_CONDITION, NOT_SUSPECTED
from mingjing.governance.decisions.events import DecisionChanged
from mingjing.governance.decisions.model import DecisionRow
from mingjing.governance.decisions.schema import DecisionWish, SubjectKind
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.ids import new_id
from mingjing.law.days import day_of
from mingjing.law.facts import Suspicion
from mingjing.registry import record

KIND: Final = "decision"
KEPT: Final = ("name", "grounds", "view", "state", "reason", "mask_confirmed")


@dataclass(frozen=True, slots=True)
class Asked:
    """A subject as it stands: what it is called, whose it is, why it is suspected."""

    name: str
    division: str
    division_path: str
    organisation: str
    organisation_path: str
    suspicions: Sequence[Suspicion]
    view: Mapping[str, Any]
    """Longitude, latitude, azimuth, view_angle, view_m and room, as far as they are known."""


def ask(tx: Transaction, kind: SubjectKind, subjects: Sequence[str], asked: Mapping[str, Asked]) -> bool:
    """Open, reopen or lapse the decisions on `subjects` as they stand now; those that are not in `asked` are suspected
    of nothing.
    Returns whether any decision changed.

    A decision holds for the grounds and the view that it was taken on: with others it waits for a person again.
    """
    rows = queries.of_subjects(tx.session, kind, subjects)
    moved = False
    for subject in subjects:
        one, row = asked.get(subject), rows.get(subject)
        if one is None:
            # An answer stops a plan or a project, and must not outlive the suspicion; a camera is judged by both.
            if row is not None and (row.state == "waiting" or (kind != "camera" and row.state != "lapsed")):
                moved = _lapse(tx, row)
        elif row is None:
            moved = _open(tx, kind, subject, one)
        else:
            _stand(row, one)
            if row.asked != _digest(one) or row.state == "lapsed":
                moved = _ask_again(tx, row, one)
    return moved


def decide(tx: Transaction, actor: Actor, scope: Scope, identifier: str, wish: DecisionWish) -> DecisionRow:
    """Say whether it is prohibited, allowed, or allowed with a mask. Raises DEC-001, REQ-404."""
    row = queries.decision(tx.session, scope, identifier)
    if row.state == "lapsed":
        raise MingjingError(NOT_SUSPECTED)
    before = record.members(row, KEPT)
    row.state, row.reason, row.mask_confirmed = wish.state, wish.reason, None
    row.decided_by, row.decided_name, row.decided_us = actor.id[:32], actor.name[:200], tx.now_us()
    return _said(tx, actor, row, "decide", before)


def confirm_mask(tx: Transaction, actor: Actor, scope: Scope, identifier: str, day: date) -> DecisionRow:
    """Say that the mask which is the condition was seen in the picture on a day. Raises DEC-002, DEC-003, REQ-404."""
    row = queries.decision(tx.session, scope, identifier)
    if row.state != "masked":
        raise MingjingError(NO_CONDITION)
    if day > day_of(tx.now_us()):
        raise MingjingError(MASK_TOO_LATE)
    before = record.members(row, KEPT)
    row.mask_confirmed = day
    return _said(tx, actor, row, "confirm_mask", before)


def _said(tx: Transaction, actor: Actor, row: DecisionRow, what: str, before: dict[str, Any]) -> DecisionRow:
    row.changed_us = tx.now_us()
    tx.session.flush()
    changed(tx, actor, Object(KIND, row.id), what, before, record.members(row, KEPT), {"name": row.name})
    tx.publish(DecisionChanged(row.subject_kind, row.subject))
    return row


def _open(tx: Transaction, kind: SubjectKind, subject: str, one: Asked) -> Literal[True]:
    row = DecisionRow(
        id=new_id("dc"), subject_kind=kind, subject=subject, grounds=_grounds(one), view=dict(one.view),
        asked=_digest(one), state="waiting", reason="", decided_by=None, decided_name="", decided_us=None,
        mask_confirmed=None, created_us=tx.now_us(), changed_us=tx.now_us(), ended_us=None,
    )  # fmt: skip
    _stand(row, one)
    tx.session.add(row)
    tx.session.flush()
    changed(tx, SYSTEM, Object(KIND, row.id), "ask", {}, record.members(row, KEPT), {"name": row.name})
    return True


def _ask_again(tx: Transaction, row: DecisionRow, one: Asked) -> Literal[True]:
    """The view or the grounds are others: what was said before stands in the history, and a person is asked anew."""
    before = record.members(row, KEPT)
    row.grounds, row.view, row.asked = _grounds(one), dict(one.view), _digest(one)
    row.state, row.reason, row.mask_confirmed = "waiting", "", None
    row.decided_by, row.decided_name, row.decided_us = None, "", None
    row.changed_us = tx.now_us()
    tx.session.flush()
    changed(tx, SYSTEM, Object(KIND, row.id), "ask", before, record.members(row, KEPT), {"name": row.name})
    return True


def _lapse(tx: Transaction, row: DecisionRow) -> Literal[True]:
    before = record.members(row, KEPT)
    row.state, row.changed_us = "lapsed", tx.now_us()
    tx.session.flush()
    changed(tx, SYSTEM, Object(KIND, row.id), "lapse", before, record.members(row, KEPT), {"name": row.name})
    return True


def _stand(row: DecisionRow, one: Asked) -> None:
    """A decision is called after its subject and stands where it does."""
    if row.name != one.name:
        record.named(row, one.name)
    row.division, row.division_path = one.division, one.division_path
    row.organisation, row.organisation_path = one.organisation, one.organisation_path


def _grounds(one: Asked) -> list[dict[str, str]]:
    return [
        {name: value for name, value in asdict(found).items() if name in {"ground", "kind", "what"}}
        for found in one.suspicions
    ]


def _digest(one: Asked) -> str:
    text = json.dumps([_grounds(one), dict(one.view)], sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
