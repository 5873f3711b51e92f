"""Many cameras and dossiers written at once: every row with its history, all of them with one entry in the journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select, update

from mingjing.audit.history import kept_together
from mingjing.audit.service import Actor, Object, record
from mingjing.identity.queries import unit_paths
from mingjing.kernel.bulk import insert_rows
from mingjing.kernel.db import Transaction
from mingjing.kernel.ids import new_id
from mingjing.law.days import day_of
from mingjing.registry.dossiers.members import BY_FIELD, FIELDS
from mingjing.registry.dossiers.model import DossierRow, SignCheckRow
from mingjing.registry.dossiers.rules import completeness
from mingjing.registry.dossiers.service import KIND
from mingjing.registry.events import CamerasEntered
from mingjing.registry.intake import Line, parts
from mingjing.registry.model import CameraRow, CameraStreamRow
from mingjing.registry.places.model import KeyPositionRow
from mingjing.registry.rules import spoken
from mingjing.registry.schema import CameraWish
from mingjing.registry.service import KIND as CAMERA
from mingjing.registry.service import Taken, sealed, shown, take_wish
from mingjing.registry.site import CameraSite
from mingjing.territory.queries import codes_and_paths

_DAYS: Final = frozenset(name for name, member in BY_FIELD.items() if member.kind == "day")


@dataclass(frozen=True, slots=True)
class Composed:
    """A new camera ready to be written: its identifier, what it is spoken like, its streams, its sealed password."""

    channel: str
    wish: CameraWish
    pinyin: str
    initials: str
    taken: Taken
    sealed: str | None


def compose(lines: Sequence[Line], site: CameraSite) -> dict[int, Composed]:
    """The new cameras among rows without fault, by row. It takes its time (pinyin, sealing), and no database: nobody waits
    for the writer meanwhile."""
    found = {}
    for line in lines:
        if line.wish is None or line.errors:
            continue
        channel = new_id("ch")
        taken = take_wish(channel, line.wish, site)
        password = sealed(site, channel, taken.password)
        found[line.number] = Composed(channel, line.wish, *spoken(line.wish.name), taken, password)
    return found


def enter(
    tx: Transaction,
    actor: Actor,
    lines: Sequence[Line],
    composed: Mapping[int, Composed],
    facts: Mapping[str, Any],
) -> None:
    """Write rows that were checked in this transaction and are without fault: new cameras, then dossiers."""
    fresh = [composed[line.number] for line in lines if line.known is None]
    channels = {
        line.number: line.known.row.id if line.known else composed[line.number].channel for line in lines
    }
    _cameras(tx, actor, fresh)
    written = [line for line in lines if line.patch and line.before != line.after]
    _dossiers(tx, actor, [(channels[line.number], line) for line in written])
    _sign_checks(tx, actor, [(channels[line.number], line) for line in written])
    counts = {"new": len(fresh), "changed": sum(line.change == "changed" for line in lines)}
    record(
        tx, actor, "camera.import_table", Object("cameras", "table"), {**facts, **counts, "rows": len(lines)}
    )
    entered = tuple(one.channel for one in fresh)
    touched = tuple(channels[line.number] for line in written if line.known is not None)
    systems, places = _concerned(tx, written)
    tx.publish(CamerasEntered(entered, touched, systems, places))


def _cameras(tx: Transaction, actor: Actor, fresh: Sequence[Composed]) -> None:
    if not fresh:
        return
    divisions = codes_and_paths(tx.session, sorted({one.wish.division for one in fresh}))
    units = unit_paths(tx.session, sorted({one.wish.organisation for one in fresh}))
    rows: list[dict[str, Any]] = []
    streams: list[dict[str, Any]] = []
    changes: list[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]] = []
    now_us = tx.now_us()
    for one in fresh:
        wish, taken = one.wish, one.taken
        row = {
            "id": one.channel, "name": wish.name, "pinyin": one.pinyin, "initials": one.initials,
            "division": wish.division, "division_path": divisions[wish.division][1],
            "organisation": wish.organisation, "organisation_path": units[wish.organisation],
            "enabled": wish.enabled, "address": wish.address, "note": wish.note, "family": taken.family,
            "user": taken.user, "sealed_password": one.sealed, "allow_basic": wish.allow_basic,
            "created_us": now_us, "changed_us": now_us, "removed_us": None,
        }  # fmt: skip
        rows.append(row)
        streams += taken.streams
        changes.append((one.channel, "register", {}, shown(row, taken.streams)))
    insert_rows(tx, CameraRow, rows)
    insert_rows(tx, CameraStreamRow, streams)
    kept_together(tx, actor, CAMERA, changes)


def _dossiers(tx: Transaction, actor: Actor, written: Sequence[tuple[str, Line]]) -> None:
    there: set[str] = set()
    for part in parts([channel for channel, line in written if line.known is not None]):
        there |= set(tx.session.scalars(select(DossierRow.camera).where(DossierRow.camera.in_(list(part)))))
    today, now_us = day_of(tx.now_us()), tx.now_us()
    fresh: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    moves: list[dict[str, Any]] = []
    changes: list[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]] = []
    for channel, line in written:
        row = {name: _column(name, line.after.get(name)) for name in FIELDS}
        row |= {"camera": channel, "complete": completeness(line.after), "changed_us": now_us}
        (changed if channel in there else fresh).append(row)
        after = line.after
        if line.went:
            moves.append({"camera": channel, "moved": today})
            after = after | {"move_reason": line.patch["move_reason"]}
        changes.append((channel, "move" if line.went else "change", line.before, after))
    insert_rows(tx, DossierRow, fresh)
    if changed:
        tx.session.execute(update(DossierRow), changed)
    if moves:
        tx.session.execute(update(DossierRow), moves)
    kept_together(tx, actor, KIND, changes)


def _sign_checks(tx: Transaction, actor: Actor, written: Sequence[tuple[str, Line]]) -> None:
    checks = [
        {
            "camera": channel, "day": _column("sign_checked", line.after["sign_checked"]),
            "state": line.after.get("sign_state", "present"), "text": line.after.get("sign_text", ""),
            "place": line.after.get("sign_place", ""), "who": actor.id[:64], "who_name": actor.name[:200],
            "at_us": tx.now_us(),
        }
        for channel, line in written
        if line.after.get("sign_checked") not in {None, line.before.get("sign_checked")}
    ]  # fmt: skip
    insert_rows(tx, SignCheckRow, checks)


def _column(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in _DAYS and isinstance(value, str) else value


def _concerned(tx: Transaction, written: Sequence[Line]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Systems and places that gained or lost a camera."""
    systems = {at.get("system") for line in written for at in (line.before, line.after)} - {None}
    positions = {at.get("position") for line in written for at in (line.before, line.after)} - {None}
    places: set[str] = set()
    for part in parts(sorted(str(one) for one in positions)):
        query = select(KeyPositionRow.place).where(KeyPositionRow.id.in_(list(part)))
        places |= set(tx.session.scalars(query))
    return tuple(sorted(str(one) for one in systems)), tuple(sorted(places))
