"""Probing an address: which legs hold, what the stream is, in words."""

from pydantic import SecretStr

from mingjing.audit.service import Actor, Object, record
from mingjing.devices.families import RTSP, source
from mingjing.devices.rtsp.address import take_apart
from mingjing.devices.source import Entry, Source
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.media.model import Probe
from mingjing.registry.errors import PROBE_IMPOSSIBLE
from mingjing.registry.present import legs_in_words, summary
from mingjing.registry.queries import Registered, camera, credentials_of
from mingjing.registry.schema import ProbeOut, ProbeWish
from mingjing.registry.service import parse_address
from mingjing.registry.site import CameraSite

PROBE_TIMEOUT_MS = 20_000


def probe(store: Database, actor: Actor, scope: Scope, wish: ProbeWish, site: CameraSite) -> ProbeOut:
    """Try an address that need not be registered. Blocks for up to 20 s. Raises CAM-001, CAM-020, REQ-404."""
    address = parse_address(wish.url, site)
    pasted = SecretStr(address.password) if address.password else None
    user, password = wish.user or address.user, wish.password or pasted
    if wish.camera and not password:
        with store.reading() as session:
            user, password = _known_credentials(camera(session, scope, wish.camera), address.host, site)
    entry = Entry(
        stream="probe.main",
        url=address.url,
        user=user,
        password=password,
        transport=wish.transport,
        allow_basic=wish.allow_basic,
    )
    with store.transaction() as tx:
        record(tx, actor, "camera.probe", Object("address", address.host), {"url": address.url})
    return in_words(run(site, source(RTSP, entry)))


def run(site: CameraSite, tried: Source) -> Probe:
    """Try a source. Raises CAM-020 where the plane refuses it at once."""
    try:
        return tried.describe(site.node, PROBE_TIMEOUT_MS)
    except ValueError as problem:
        raise MingjingError(PROBE_IMPOSSIBLE, problem=str(problem)) from problem


def in_words(found: Probe) -> ProbeOut:
    """A probe as people read it."""
    zh, en = summary(found.legs)
    return ProbeOut(
        legs=legs_in_words(found.legs),
        format=found.format,
        oddities=found.oddities,
        summary=zh,
        summary_en=en,
    )


def _known_credentials(found: Registered, host: str, site: CameraSite) -> tuple[str | None, SecretStr | None]:
    """The sealed credentials of a camera, for the host that they were entered for and no other."""
    main = found.streams.get("main")
    if main is None or take_apart(main.url).host != host:
        return None, None
    return credentials_of(found, site.sealer)
