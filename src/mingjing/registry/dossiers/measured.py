"""What the platform knows of a dossier's members by itself: offered beside what is filed, never written for anybody."""

from collections.abc import Mapping
from ipaddress import ip_address

from sqlalchemy.orm import Session

from mingjing.devices.rtsp.address import AddressRefusedError, take_apart
from mingjing.identity.queries import organisation_names
from mingjing.law.device_words import ENCODINGS
from mingjing.registry.dossiers.model import DossierRow
from mingjing.registry.dossiers.schema import Measured
from mingjing.registry.queries import Registered
from mingjing.registry.site import CameraSite
from mingjing.registry.systems.model import SystemRow


def measured(session: Session, site: CameraSite, found: Registered, row: DossierRow) -> dict[str, Measured]:
    """By member, what is known: of the stream as it comes in, of the register, of the recording plan, of the system."""
    told: dict[str, Measured] = {}
    told |= _of_stream(site, found.row.id)
    told |= _of_address(found)
    if found.row.address:
        told["address"] = Measured(value=found.row.address, source="register")
    plan = site.facts.plans([found.row.id]).get(found.row.id)
    if plan is not None:
        told["retention_days"] = Measured(value=plan.retention_days, source="plan")
    system = session.get(SystemRow, row.system) if row.system else None
    units = [found.row.organisation, *((system.building_unit, system.maintainer) if system else ())]
    names = organisation_names(session, [unit for unit in units if unit])
    told |= _unit("management_unit", "register", names, found.row.organisation)
    if system is not None:
        told |= _unit("owner", "system", names, system.building_unit)
        told |= _unit("maintenance_unit", "system", names, system.maintainer)
        if system.in_use is not None:
            told["in_use"] = Measured(value=system.in_use.isoformat(), source="system")
    return told


def _of_stream(site: CameraSite, channel: str) -> dict[str, Measured]:
    stats = site.facts.stats().get(f"{channel}.main")
    video = stats.format.video if stats is not None and stats.format is not None else None
    if video is None:
        return {}
    told = {"encoding": Measured(value=encoding(video.codec), source="stream")}
    if video.width and video.height:
        told["resolution"] = Measured(value=f"{video.width}x{video.height}", source="stream")
    return told


def encoding(codec: str) -> str:
    """The code of a codec as the plane names it."""
    plain = codec.lower().replace(".", "").replace("hevc", "h265").replace("avc", "h264")
    return plain if plain in ENCODINGS else "other"


def _of_address(found: Registered) -> dict[str, Measured]:
    main = found.streams.get("main")
    try:
        address = take_apart(main.url) if main is not None else None
    except AddressRefusedError:
        address = None
    if address is None:
        return {}
    told = {"port": Measured(value=address.port, source="address")}
    try:
        version = ip_address(address.host).version
    except ValueError:
        # A name: what it leads to is the network's to say.
        return told
    member = "ip_address" if version == 4 else "ipv6_address"
    return told | {member: Measured(value=address.host, source="address")}


def _unit(member: str, source: str, names: Mapping[str, str], unit: str | None) -> dict[str, Measured]:
    if unit is None or unit not in names:
        return {}
    return {member: Measured.model_validate({"value": names[unit], "source": source})}
