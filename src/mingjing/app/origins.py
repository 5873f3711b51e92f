"""Which origins the console has, and where a browser reaches the media plane."""

import ipaddress
import socket

from mingjing.configuration import Settings


def console_origins(settings: Settings, port: int) -> list[str]:
    """Origins whose pages may open media: the console's own, under each name of this machine that it listens on."""
    scheme = "https" if settings.server.secure else "http"
    hosts = {"localhost", "127.0.0.1", "[::1]"}
    if settings.server.host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        hosts |= {socket.gethostname().lower(), *_own_addresses()}
    else:
        hosts.add(_shown(settings.server.host))
    found = [f"{scheme}://{host}:{port}" for host in sorted(hosts)]
    return [*found, *settings.server.public_origins]


def media_sources(host: str, port: int, settings: Settings) -> tuple[str, ...]:
    """The media plane's origins for a content security policy, as a browser that came by `host` reaches it."""
    if settings.media.public_base:
        base = settings.media.public_base
        return base, base.replace("http", "ws", 1)
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if not name or any(character in name for character in " ;,'\"\\"):
        return ()
    scheme = "s" if settings.server.secure else ""
    return f"http{scheme}://{name}:{port}", f"ws{scheme}://{name}:{port}"


def _own_addresses() -> set[str]:
    found = set()
    for family, *_, address in socket.getaddrinfo(socket.gethostname(), None):
        if family in {socket.AF_INET, socket.AF_INET6}:
            found.add(_shown(str(address[0])))
    return found


def _shown(host: str) -> str:
    try:
        return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host
    except ValueError:
        return host.lower()
