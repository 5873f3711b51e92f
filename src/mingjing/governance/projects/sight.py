"""Where somebody may see what projects refer to."""

from dataclasses import dataclass

from mingjing.identity.actions import Action
from mingjing.identity.caller import Caller
from mingjing.identity.scope import Scope, system_scope


@dataclass(frozen=True, slots=True)
class Sight:
    """Where systems and places, and where plans, are seen."""

    registers: Scope
    plans: Scope


def sight_of(caller: Caller) -> Sight:
    """What a caller may see."""
    return Sight(caller.scope(Action.REGISTER_READ), caller.scope(Action.PLANNING_READ))


def whole_sight() -> Sight:
    """Everything, for the program's own work."""
    return Sight(system_scope(Action.REGISTER_READ), system_scope(Action.PLANNING_READ))
