"""What can be done with cameras: register, change, remove. One function is one use case with its journal entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import SecretStr
from sqlalchemy import delete, insert, select

from mingjing.audit.history import kept_together
from mingjing.audit.service import Actor, Object, record
from mingjing.devices.families import RTSP
from mingjing.devices.rtsp.address import (
    AddressFault,
    AddressRefusedError,
    CameraAddress,
    check_host,
    take_apart,
)
from mingjing.identity.queries import organisation_path
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Transaction
from mingjing.kernel.differences import differences
from mingjing.kernel.errors import NOT_FOUND, MingjingError
from mingjing.kernel.ids import new_id
from mingjing.kernel.secrets import Secret
from mingjing.registry.errors import (
    CAMERA_ADDRESS,
    CAMERA_EXISTS,
    MAIN_STREAM_MISSING,
    PASSWORD_FOR_NEW_HOST,
)
from mingjing.registry.events import CameraChanged, CameraMoved, CameraRegistered, CameraRemoved
from mingjing.registry.model import CameraRow, CameraStreamRow
from mingjing.registry.queries import Registered, camera, seal_purpose
from mingjing.registry.rules import spoken
from mingjing.registry.schema import CameraPatch, CameraWish, StreamWish
from mingjing.registry.site import CameraSite
from mingjing.territory.queries import path_of

KIND: Final = "camera"
_FAULTS: dict[AddressFault, tuple[str, str]] = {
    AddressFault.NOT_RTSP: ("须以 rtsp:// 开头", "it must begin with rtsp://"),
    AddressFault.NO_HOST: ("没有主机", "it names no host"),
    AddressFault.BAD_PORT: ("端口无效", "its port is not valid"),
    AddressFault.TOO_LONG: ("过长", "it is too long"),
    AddressFault.BAD_CHARACTER: ("含有空格或控制字符", "it contains a space or control character"),
    AddressFault.NEVER_CONTACTED: (
        "回环、链路本地、组播等地址不会被访问",
        "loopback, link-local and multicast addresses are never contacted",
    ),
    AddressFault.OURSELVES: ("是本机自己的地址", "it is an address of this very machine"),
    AddressFault.OUTSIDE_NETWORKS: ("不在已登记的摄像机网段内", "it lies outside the camera networks"),
}


def parse_address(text: str, site: CameraSite) -> CameraAddress:
    """An address that the site may contact. Raises CAM-001."""
    try:
        found = take_apart(text)
        check_host(found.host, site.networks)
    except AddressRefusedError as refused:
        zh, en = _FAULTS[refused.fault]
        raise MingjingError(CAMERA_ADDRESS, problem_zh=zh, problem_en=en) from None
    return found


def register(tx: Transaction, actor: Actor, scope: Scope, wish: CameraWish, site: CameraSite) -> Registered:
    """Enter a camera. Raises CAM-001, -003, -004; REQ-404 where its place lies outside the scope."""
    channel = new_id("ch")
    taken = take_wish(channel, wish, site)
    row = CameraRow(id=channel, family=taken.family, created_us=tx.now_us(), changed_us=tx.now_us())
    _name(row, wish.name)
    _place(tx, scope, row, wish.division, wish.organisation)
    row.enabled, row.address, row.note = wish.enabled, wish.address, wish.note
    row.allow_basic, row.removed_us = wish.allow_basic, None
    row.user = taken.user
    row.sealed_password = sealed(site, row.id, taken.password)
    _refuse_double(tx, taken.streams[0]["url"], row.id)
    tx.session.add(row)
    tx.session.flush()
    tx.session.execute(insert(CameraStreamRow), taken.streams)
    tx.session.flush()
    made = _read(tx, row.id)
    _note_change(tx, actor, row.id, "register", {}, _shown(made))
    record(tx, actor, "camera.register", Object("camera", row.id), {"name": row.name})
    tx.publish(CameraRegistered(row.id, wish.plan))
    return made


def change(
    tx: Transaction, actor: Actor, scope: Scope, channel: str, patch: CameraPatch, site: CameraSite
) -> Registered:
    """Change a camera. Raises CAM-001, -002, -003, -004; REQ-404 for one outside the scope."""
    found = camera(tx.session, scope, channel)
    row, before = found.row, _shown(found)
    if patch.name is not None:
        _name(row, patch.name)
    if patch.division is not None or patch.organisation is not None:
        _place(tx, scope, row, patch.division or row.division, patch.organisation or row.organisation)
    for name in ("enabled", "address", "note", "allow_basic"):
        value = getattr(patch, name)
        if value is not None:
            setattr(row, name, value)
    password = patch.password
    if patch.streams is not None:
        pasted = _change_streams(tx, found, patch.streams, site, password_given=password is not None)
        if pasted.password and password is None:
            row.user, password = pasted.user, SecretStr(pasted.password)
    if patch.user is not None:
        row.user = patch.user or None
    if password is not None:
        row.sealed_password = sealed(site, row.id, password.get_secret_value())
    row.changed_us = tx.now_us()
    tx.session.flush()
    made = _read(tx, channel)
    shows = {} if password is None else {"password": "***"}
    old, new = differences(before, _shown(made) | shows)
    if new:
        _note_change(tx, actor, channel, "change", old, new)
        facts = {"name": row.name, "changed": sorted(new)}
        record(tx, actor, "camera.change", Object("camera", channel), facts)
    tx.publish(CameraChanged(channel, patch.plan))
    if {"division", "organisation"} & set(new):
        tx.publish(CameraMoved(channel))
    return made


def remove(
    tx: Transaction,
    actor: Actor,
    scope: Scope,
    channel: str,
    recordings: Literal["keep", "expire"],
    reason: str,
) -> None:
    """Take a camera out of the register. Its name stays for its recordings; its password is destroyed.

    No recording is deleted here: `expire` lets them go once the legal floor allows it.
    """
    found = camera(tx.session, scope, channel)
    found.row.removed_us = found.row.changed_us = tx.now_us()
    found.row.enabled = False
    found.row.sealed_password = None
    facts = {"name": found.row.name, "recordings": recordings, "reason": reason}
    _note_change(tx, actor, channel, "remove", _shown(found), {})
    record(tx, actor, "camera.remove", Object("camera", channel), facts)
    tx.publish(CameraRemoved(channel, recordings))


def _check_streams(streams: list[StreamWish]) -> None:
    kinds = [stream.kind for stream in streams]
    if kinds.count("main") != 1 or len(set(kinds)) != len(kinds):
        raise MingjingError(MAIN_STREAM_MISSING)


def _change_streams(
    tx: Transaction, found: Registered, streams: list[StreamWish], site: CameraSite, *, password_given: bool
) -> CameraAddress:
    """Replace the streams; credentials never follow to a host that they were not entered for."""
    _check_streams(streams)
    addresses = {stream.kind: parse_address(stream.url, site) for stream in streams}
    hosts = {take_apart(stream.url).host for stream in found.streams.values()}
    foreign = {address.host for address in addresses.values()} - hosts
    main = addresses["main"]
    if foreign and found.row.sealed_password and not password_given and not main.password:
        raise MingjingError(PASSWORD_FOR_NEW_HOST)
    _refuse_double(tx, main.url, found.row.id)
    tx.session.execute(delete(CameraStreamRow).where(CameraStreamRow.camera == found.row.id))
    tx.session.expire_all()
    tx.session.execute(insert(CameraStreamRow), _rows(found.row.id, streams, addresses))
    return main


@dataclass(frozen=True, slots=True)
class Taken:
    """A wish taken apart: credentials out of its addresses, its streams as rows, the main one first."""

    family: str
    user: str | None
    password: str | None
    streams: list[dict[str, Any]]


def take_wish(channel: str, wish: CameraWish, site: CameraSite) -> Taken:
    """What a wish says of a camera's streams and credentials. Raises CAM-001, CAM-004."""
    _check_streams(wish.streams)
    addresses = {stream.kind: parse_address(stream.url, site) for stream in wish.streams}
    main = addresses["main"]
    password = wish.password.get_secret_value() if wish.password else main.password
    return Taken(RTSP, wish.user or main.user, password, _rows(channel, wish.streams, addresses))


def _rows(
    channel: str, streams: list[StreamWish], addresses: dict[Any, CameraAddress]
) -> list[dict[str, Any]]:
    return [
        {
            "camera": channel, "kind": stream.kind, "url": addresses[stream.kind].url, "transport": stream.transport,
            "audio": stream.audio, "purpose": stream.purpose or ("record" if stream.kind == "main" else "view"),
        }
        for stream in sorted(streams, key=lambda one: one.kind)
    ]  # fmt: skip


def _refuse_double(tx: Transaction, url: str, channel: str) -> None:
    name = tx.session.scalar(
        select(CameraRow.name)
        .join(CameraStreamRow, CameraStreamRow.camera == CameraRow.id)
        .where(
            CameraStreamRow.url == url,
            CameraStreamRow.kind == "main",
            CameraRow.removed_us.is_(None),
            CameraRow.id != channel,
        )
    )
    if name is not None:
        raise MingjingError(CAMERA_EXISTS, name=name)


def _name(row: CameraRow, name: str) -> None:
    row.name = name
    row.pinyin, row.initials = spoken(name)


def _place(tx: Transaction, scope: Scope, row: CameraRow, division: str, organisation: str) -> None:
    division_path = path_of(tx.session, division)
    unit_path = organisation_path(tx.session, organisation)
    if not scope.covers(division_path, unit_path):
        raise MingjingError(NOT_FOUND)
    row.division, row.division_path = division, division_path
    row.organisation, row.organisation_path = organisation, unit_path


def sealed(site: CameraSite, channel: str, password: str | None) -> str | None:
    """A camera's password as it is kept."""
    return site.sealer.seal(Secret(password), seal_purpose(channel)) if password else None


def _read(tx: Transaction, channel: str) -> Registered:
    row = tx.session.get_one(CameraRow, channel)
    streams = tx.session.scalars(select(CameraStreamRow).where(CameraStreamRow.camera == channel))
    return Registered(row, {stream.kind: stream for stream in streams})


def _shown(found: Registered) -> dict[str, Any]:
    streams = [vars(stream) for _, stream in sorted(found.streams.items())]
    return shown(vars(found.row), streams)


def shown(row: Mapping[str, Any], streams: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A camera as its history has it: no password, sealed or not."""
    members = ("name", "division", "organisation", "enabled", "address", "note", "user", "allow_basic")
    of_stream = ("kind", "url", "transport", "audio", "purpose")
    return {name: row[name] for name in members} | {
        "streams": [{name: stream[name] for name in of_stream} for stream in streams]
    }


def _note_change(
    tx: Transaction, actor: Actor, channel: str, what: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    kept_together(tx, actor, KIND, [(channel, what, before, after)])
