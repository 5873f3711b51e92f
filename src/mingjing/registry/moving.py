"""What a move in the territory does to the register: cameras and every kind of record go with it."""

from mingjing.kernel.db import Transaction, rewrite_prefix, rewrite_value
from mingjing.registry.model import CameraRow
from mingjing.registry.record import Record
from mingjing.territory.events import DivisionMoved


def follow_division(tx: Transaction, event: DivisionMoved) -> None:
    """Rewrite where cameras and records stand, of those that have left the register too."""
    tables: list[type[CameraRow] | type[Record]] = [CameraRow, *Record.__subclasses__()]
    for table in tables:
        rewrite_prefix(tx, table.division_path, event.old_path, event.new_path)
        rewrite_value(tx, table.division, event.old_code, event.new_code)
