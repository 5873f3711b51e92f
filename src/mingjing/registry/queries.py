"""Reads of the register. Everything that a person asks for demands a `Scope`; the program's own work says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pydantic import SecretStr, TypeAdapter
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from mingjing.devices.families import source
from mingjing.devices.source import Entry, Source
from mingjing.identity.scope import Scope
from mingjing.kernel.db import among, within
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.paging import Page, cut, position
from mingjing.kernel.secrets import Sealer
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.model import CameraRow, CameraStreamRow
from mingjing.registry.rules import like
from mingjing.registry.schema import Transport

_transport = TypeAdapter[Transport](Transport)


@dataclass(frozen=True, slots=True)
class Registered:
    """A camera with its streams by kind."""

    row: CameraRow
    streams: Mapping[str, CameraStreamRow]


@dataclass(frozen=True, slots=True)
class CameraFilter:
    """What a list is narrowed to."""

    under: str = ""
    """Division path."""
    organisation: str | None = None
    text: str | None = None
    enabled: bool | None = None
    lacking: str | None = None
    """`sign`: no sign was found in order; `dossier`: mandatory members are missing; `system`: it belongs to none."""
    among: Select[str] | None = None
    """Only these cameras, as far as they are in scope."""


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """The condition that a row of `cameras` lies in a scope."""
    return scope.where(CameraRow.division_path, CameraRow.organisation_path, CameraRow.id)


def cameras(
    session: Session, scope: Scope, wanted: CameraFilter, limit: int, after: str | None
) -> Page[Registered]:
    """Cameras by name."""
    conditions = [CameraRow.removed_us.is_(None), in_scope(scope), *_conditions(wanted)]
    total = session.scalar(select(func.count()).select_from(CameraRow).where(*conditions)) or 0
    last = position(after)
    if last is not None:
        name, _, identifier = last.rpartition("\x1f")
        conditions.append(or_(CameraRow.name > name, (CameraRow.name == name) & (CameraRow.id > identifier)))
    rows = session.scalars(
        select(CameraRow).where(*conditions).order_by(CameraRow.name, CameraRow.id).limit(limit + 1)
    ).all()
    page = cut(rows, limit, total, lambda row: f"{row.name}\x1f{row.id}")
    found = _with_streams(session, page.items)
    return Page(found, page.total, page.next)


def camera(session: Session, scope: Scope, channel: str, *, removed: bool = False) -> Registered:
    """One camera. Raises REQ-404 for one that is not there, and alike for one outside the scope.

    `removed` admits cameras that have left the register, for their recordings.
    """
    row = session.scalars(select(CameraRow).where(CameraRow.id == channel, in_scope(scope))).first()
    if row is None or (row.removed_us is not None and not removed):
        raise MingjingError(NOT_FOUND)
    return _with_streams(session, [row])[0]


def registered(session: Session, scope: Scope, channels: Sequence[str]) -> dict[str, Registered]:
    """Those of some hundred `channels` that stand in the register, in scope, by id."""
    query = select(CameraRow).where(CameraRow.removed_us.is_(None), in_scope(scope))
    rows = session.scalars(query.where(CameraRow.id.in_(list(channels)))).all()
    return {found.row.id: found for found in _with_streams(session, rows)}


def main_addresses(session: Session, urls: Sequence[str]) -> dict[str, str]:
    """Which of some hundred main addresses are registered, each with its camera's name, for the program's own work."""
    rows = session.execute(
        select(CameraStreamRow.url, CameraRow.name)
        .join(CameraRow, CameraRow.id == CameraStreamRow.camera)
        .where(
            CameraStreamRow.url.in_(list(urls)),
            CameraStreamRow.kind == "main",
            CameraRow.removed_us.is_(None),
        )
    )
    return {row.url: row.name for row in rows}


def channels_in(
    session: Session, scope: Scope, channels: Sequence[str] | None = None
) -> dict[str, CameraRow]:
    """Cameras in scope by id, removed ones too; narrowed to `channels` where given."""
    query = select(CameraRow).where(in_scope(scope))
    if channels is not None:
        query = query.where(among(list(channels), CameraRow.id))
    return {row.id: row for row in session.scalars(query)}


def visible_channels(session: Session, scope: Scope, channels: set[str]) -> set[str]:
    """Those of `channels` that stand in the register, in scope."""
    query = select(CameraRow.id).where(CameraRow.removed_us.is_(None), in_scope(scope))
    return set(session.scalars(query.where(among(sorted(channels), CameraRow.id))))


def every_camera(session: Session) -> list[Registered]:
    """All cameras, for the program's own work (recording, health), never for a person."""
    rows = session.scalars(select(CameraRow).where(CameraRow.removed_us.is_(None))).all()
    return _with_streams(session, rows)


def enabled_cameras(session: Session) -> list[Registered]:
    """All cameras that may be reached, for the program's own work."""
    query = select(CameraRow).where(CameraRow.removed_us.is_(None), CameraRow.enabled)
    return _with_streams(session, session.scalars(query).all())


def recorded_streams(session: Session) -> list[tuple[str, str, bool]]:
    """Every stream that is there to be recorded: its camera, its kind, and whether the camera may be reached. Plain rows, for
    the program's own work: recording asks every two seconds."""
    rows = session.execute(
        select(CameraRow.id, CameraStreamRow.kind, CameraRow.enabled)
        .join(CameraStreamRow, CameraStreamRow.camera == CameraRow.id)
        .where(CameraRow.removed_us.is_(None), CameraStreamRow.purpose == "record")
    )
    return [(row[0], row[1], row[2]) for row in rows]


def source_of(found: Registered, kind: str, sealer: Sealer) -> Source | None:
    """How a stream is reached, password opened; None where the camera has no such stream. Raises SYS-012."""
    stream = found.streams.get(kind)
    if stream is None:
        return None
    user, password = credentials_of(found, sealer)
    entry = Entry(
        stream=f"{found.row.id}.{kind}",
        url=stream.url,
        user=user,
        password=password,
        transport=_transport.validate_python(stream.transport),
        allow_basic=found.row.allow_basic,
        audio=stream.audio,
    )
    return source(found.row.family, entry)


def credentials_of(found: Registered, sealer: Sealer) -> tuple[str | None, SecretStr | None]:
    """User and password at a camera, the password opened. Raises SYS-012."""
    row = found.row
    if row.sealed_password is None:
        return row.user, None
    return row.user, SecretStr(sealer.open(row.sealed_password, seal_purpose(row.id)).reveal())


def seal_purpose(channel: str) -> str:
    """What a camera's password is sealed for."""
    return f"camera:{channel}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a camera stands, for counting."""

    id: str
    division: str
    division_path: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a happening on a camera needs to know of it: whom it concerns, and what people call it."""

    name: str
    division_path: str
    organisation_path: str


def standing(session: Session, channel: str) -> Standing | None:
    """Where a camera stands, for the program's own work: alarms and the feed are filtered by it. Removed ones too."""
    row = session.get(CameraRow, channel)
    return None if row is None else Standing(row.name, row.division_path, row.organisation_path)


def places(session: Session, scope: Scope, under: str) -> list[Place]:
    """Where every camera in scope below a division path stands."""
    rows = session.execute(
        select(CameraRow.id, CameraRow.division, CameraRow.division_path, CameraRow.organisation).where(
            CameraRow.removed_us.is_(None), in_scope(scope), within(under, CameraRow.division_path)
        )
    )
    return [Place(*row) for row in rows]


def directly_in(session: Session, scope: Scope, division: str, organisation: str) -> list[Registered]:
    """Cameras of one unit in one division, by name."""
    rows = session.scalars(
        select(CameraRow)
        .where(
            CameraRow.removed_us.is_(None),
            in_scope(scope),
            CameraRow.division == division,
            CameraRow.organisation == organisation,
        )
        .order_by(CameraRow.name, CameraRow.id)
    ).all()
    return _with_streams(session, rows)


def _conditions(wanted: CameraFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.under:
        found.append(within(wanted.under, CameraRow.division_path))
    if wanted.organisation:
        found.append(CameraRow.organisation == wanted.organisation)
    if wanted.enabled is not None:
        found.append(CameraRow.enabled.is_(wanted.enabled))
    if wanted.lacking is not None and wanted.lacking in _HELD:
        held = select(DossierRow.camera).where(*_HELD[wanted.lacking])
        found.append(CameraRow.id.not_in(held))
    if wanted.among is not None:
        found.append(CameraRow.id.in_(wanted.among))
    for word in (wanted.text or "").split():
        text = like(word)
        latin = like(word.lower())
        reached = select(CameraStreamRow.camera).where(CameraStreamRow.url.like(text, escape="\\"))
        found.append(
            or_(
                CameraRow.name.ilike(text, escape="\\"),
                CameraRow.pinyin.like(latin, escape="\\"),
                CameraRow.initials.like(latin, escape="\\"),
                CameraRow.address.like(text, escape="\\"),
                CameraRow.id == word,
                CameraRow.id.in_(reached),
            )
        )
    return found


_HELD: Final[Mapping[str, Sequence[ColumnElement[bool]]]] = MappingProxyType(
    {
        "sign": (
            DossierRow.sign_checked.is_not(None),
            or_(DossierRow.sign_state.is_(None), DossierRow.sign_state == "present"),
        ),
        "dossier": (DossierRow.complete == 100,),
        "system": (DossierRow.system.is_not(None),),
    }
)
"""What stands in the dossier of a camera that lacks nothing of a kind."""


def _with_streams(session: Session, rows: Sequence[CameraRow]) -> list[Registered]:
    streams: dict[str, dict[str, CameraStreamRow]] = {row.id: {} for row in rows}
    identifiers = list(streams)
    for start in range(0, len(identifiers), 500):
        part = identifiers[start : start + 500]
        for stream in session.scalars(select(CameraStreamRow).where(CameraStreamRow.camera.in_(part))):
            streams[stream.camera][stream.kind] = stream
    return [Registered(row, streams[row.id]) for row in rows]
