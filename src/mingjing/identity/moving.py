"""What a move in the territory does to units and rights: they are where they were, under the new paths."""

from sqlalchemy import select

from mingjing.identity.model import Approval, Grant, Organisation, RoleAssignment
from mingjing.kernel.db import Transaction, rewrite_prefix, rewrite_value
from mingjing.territory.events import DivisionMoved


def follow_division(tx: Transaction, event: DivisionMoved) -> None:
    """Rewrite the places of units, roles and grants, and of roles that are asked for and not yet given."""
    for column in (Organisation.division_path, RoleAssignment.division_path, Grant.division_path):
        rewrite_prefix(tx, column, event.old_path, event.new_path)
    rewrite_value(tx, Organisation.division, event.old_code, event.new_code)
    for row in tx.session.scalars(select(Approval).where(Approval.state == "open")):
        if row.roles is not None:
            row.roles = [
                role | ({"division": event.new_code} if role.get("division") == event.old_code else {})
                for role in row.roles
            ]
