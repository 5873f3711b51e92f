"""What can be done with units (单位): entered, changed, ended."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from mingjing.audit.history import changed
from mingjing.audit.service import Actor, Object
from mingjing.identity.credit_code import is_credit_code
from mingjing.identity.errors import CREDIT_CODE_BAD, CREDIT_CODE_TAKEN, UNIT_INCOMPLETE
from mingjing.identity.events import OrganisationChanged
from mingjing.identity.model import Organisation
from mingjing.identity.queries import organisation
from mingjing.identity.service.accounts import standing_unit
from mingjing.kernel.db import Transaction
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.ids import new_id
from mingjing.law.words import UNIT_KINDS
from mingjing.territory.queries import path_of
from mingjing.territory.rules import level

KIND: Final = "organisation"
CONTACTS: Final = (
    "legal_representative",
    "responsible_person",
    "responsible_phone",
    "security_contact",
    "security_phone",
)
_TEXTS: Final = ("address", "credit_code", *CONTACTS)
_KEPT: Final = ("name", "kind", "level", "function", "assistance", "division", *_TEXTS, "ended_us")
"""The members whose history is kept."""
_DETAIL: Final[Mapping[str, str]] = {
    "level": "public_security",
    "function": "department",
    "assistance": "assisting",
}
"""Members that one kind must have and no other may."""
_SEATS: Final[Mapping[str, frozenset[int]]] = {
    "province": frozenset({1}),
    "city": frozenset({2}),
    "county": frozenset({3}),
    "station": frozenset({3, 4}),
}
"""Levels of the divisions in which organs of a level have their seat; a functional zone acts as a county."""


def add_organisation(
    tx: Transaction, actor: Actor, name: str, parent: str | None, members: Mapping[str, Any] | None = None
) -> Organisation:
    """Add a unit, below `parent` or at the top.

    Raises AUTH-025 and -036 for the parent, AUTH-033 for members that do not fit the kind, AUTH-034, -035, DIV-004.
    """
    above = standing_unit(tx, parent) if parent is not None else None
    made_id = new_id("or")
    made = Organisation(
        id=made_id,
        name=name,
        parent=parent,
        path=f"{above.path if above else ''}{made_id}/",
        kind="other",
        **dict.fromkeys(("level", "function", "assistance", "division_path", *_TEXTS), ""),
        created_us=tx.now_us(),
    )
    _fill(tx, made, members or {})
    tx.session.add(made)
    tx.session.flush()
    facts = {"name": name, "parent": parent}
    changed(tx, actor, Object(KIND, made.id), "add", {}, _members(made), facts)
    return made


def change_organisation(
    tx: Transaction, actor: Actor, identifier: str, given: Mapping[str, Any]
) -> Organisation:
    """Change a unit; what is absent stays, None empties, `ended` says whether it has ceased to be. Another kind takes
    with it what only the old one had.

    Raises REQ-404, AUTH-033, -034, -035, DIV-004.
    """
    row = organisation(tx.session, identifier)
    before = _members(row)
    _fill(tx, row, given)
    tx.session.flush()
    if changed(tx, actor, Object(KIND, row.id), "change", before, _members(row), {"name": row.name}):
        tx.publish(OrganisationChanged(row.id))
    return row


def _fill(tx: Transaction, row: Organisation, given: Mapping[str, Any]) -> None:
    row.name = given.get("name") or row.name
    row.kind = given.get("kind") or row.kind
    for name, kind in _DETAIL.items():
        if name in given:
            setattr(row, name, given[name] or "")
        elif row.kind != kind:
            setattr(row, name, "")
    if "division" in given and given["division"] != row.division:
        code = given["division"]
        row.division, row.division_path = code, path_of(tx.session, code) if code else ""
    for name in _TEXTS:
        if name in given:
            setattr(row, name, given[name] or "")
    if given.get("ended") is not None:
        row.ended_us = (row.ended_us or tx.now_us()) if given["ended"] else None
    _check_kind(row)
    if row.credit_code and "credit_code" in given:
        _check_credit_code(tx, row)


def _check_kind(row: Organisation) -> None:
    said = UNIT_KINDS[row.kind]
    for name, kind in _DETAIL.items():
        if bool(getattr(row, name)) != (row.kind == kind):
            lacks = row.kind == kind
            raise MingjingError(
                UNIT_INCOMPLETE,
                zh=f"{said.zh}{'须填写' if lacks else '不填'} {name}。",
                en=f"{said.en}: {name} {'has to be given' if lacks else 'is not given'}.",
            )
    if row.level and (row.division is None or level(row.division) not in _SEATS[row.level]):
        raise MingjingError(
            UNIT_INCOMPLETE,
            zh=f"{row.level} 级公安机关须属于同级行政区划。",
            en=f"A public security organ of the level {row.level} belongs to a division of that level.",
        )


def _check_credit_code(tx: Transaction, row: Organisation) -> None:
    code = row.credit_code
    if not is_credit_code(code):
        raise MingjingError(CREDIT_CODE_BAD, code=code)
    tx.alone("credit-codes")
    with tx.session.no_autoflush:
        other = tx.session.scalars(
            select(Organisation.name).where(
                Organisation.credit_code == code, Organisation.id != row.id, Organisation.ended_us.is_(None)
            )
        ).first()
    if other is not None:
        raise MingjingError(CREDIT_CODE_TAKEN, code=code, name=other)


def _members(row: Organisation) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _KEPT}
