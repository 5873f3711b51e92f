"""Probing an address: which legs hold, what the stream is, in words."""

from mingjing.audit.service import Actor, Object, record
from mingjing.devices.rtsp.address import take_apart
from mingjing.identity.scope import Scope
from mingjing.kernel.db import Database
from mingjing.kernel.errors import MingjingError
from mingjing.media.model import Probe, RtspSource, StreamSpec
from mingjing.registry.errors import PROBE_IMPOSSIBLE
from mingjing.registry.present import legs_in_words, summary
from mingjing.registry.queries import Registered, camera, source_of
from mingjing.registry.schema import ProbeOut, ProbeWish
from mingjing.registry.service import parse_address
from mingjing.registry.site import CameraSite

PROBE_TIMEOUT_MS = 20_000


def probe(store: Database, actor: Actor, scope: Scope, wish: ProbeWish, site: CameraSite) -> ProbeOut:
    """Try an address that need not be registered. Blocks for up to 20 s. Raises CAM-001, CAM-020, REQ-404."""
    address = parse_address(wish.url, site)
    password = wish.password.get_secret_value() if wish.password else address.password
    user = wish.user or address.user
    if wish.camera and not password:
        with store.reading() as session:
            user, password = _known_credentials(camera(session, scope, wish.camera), address.host, site)
    source = RtspSource.model_validate(
        {
            "url": address.url,
            "user": user,
            "password": password,
            "transport": wish.transport,
            "allow_basic": wish.allow_basic,
        }
    )
    with store.transaction() as tx:
        record(tx, actor, "camera.probe", Object("address", address.host), {"url": address.url})
    return in_words(run(site, "probe.main", source))


def run(site: CameraSite, stream: str, source: RtspSource) -> Probe:
    """Try a source. Raises CAM-020 where the plane refuses it at once."""
    try:
        return site.node.probe(StreamSpec(stream=stream, source=source), PROBE_TIMEOUT_MS)
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


def _known_credentials(found: Registered, host: str, site: CameraSite) -> tuple[str | None, str | None]:
    """The sealed credentials of a camera, for the host that they were entered for and no other."""
    source = source_of(found, "main", site.sealer)
    if source is None or take_apart(source.url).host != host:
        return None, None
    return source.user, source.password.get_secret_value() if source.password else None
