"""What an RTSP camera's address may be: scheme, no credentials inside, and the site's camera networks.

Rules; the one fact they ask for is which addresses this machine has. The media plane checks the same networks again
for the address that the name resolved to, at the moment of connecting (a name may point elsewhere by then).
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

MOST_CHARACTERS = 1000
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressFault(StrEnum):
    """Why an address is refused."""

    NOT_RTSP = "not_rtsp"
    NO_HOST = "no_host"
    BAD_PORT = "bad_port"
    TOO_LONG = "too_long"
    BAD_CHARACTER = "bad_character"
    NEVER_CONTACTED = "never_contacted"
    OUTSIDE_NETWORKS = "outside_networks"
    OURSELVES = "ourselves"


class AddressRefusedError(ValueError):
    """The address breaks a rule; `fault` says which."""

    def __init__(self, fault: AddressFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class CameraAddress:
    """An address taken apart: `url` has no credentials in it."""

    url: str
    host: str
    port: int
    user: str | None
    password: str | None


def take_apart(text: str) -> CameraAddress:
    """Separate an address from the credentials that people paste with it. Raises AddressRefusedError."""
    url = text.strip()
    if len(url) > MOST_CHARACTERS:
        raise AddressRefusedError(AddressFault.TOO_LONG)
    if any(ord(character) <= 0x20 or ord(character) == 0x7F for character in url):
        raise AddressRefusedError(AddressFault.BAD_CHARACTER)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefusedError(AddressFault.BAD_PORT) from None
    if parts.scheme.lower() != "rtsp":
        raise AddressRefusedError(AddressFault.NOT_RTSP)
    if not parts.hostname:
        raise AddressRefusedError(AddressFault.NO_HOST)
    if port == 0:
        raise AddressRefusedError(AddressFault.BAD_PORT)
    # Passwords hold `@` more often than URLs allow: the last `@` before the path is the border.
    place = parts.netloc.rpartition("@")[2]
    clean = f"rtsp://{place}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")
    return CameraAddress(
        url=clean,
        host=parts.hostname,
        port=port or 554,
        user=unquote(parts.username) if parts.username is not None else None,
        password=unquote(parts.password) if parts.password is not None else None,
    )


def networks(texts: Iterable[str]) -> tuple[IpNetwork, ...]:
    """The site's camera networks. Raises ValueError naming the one that is none."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def is_of_this_machine(address: IpAddress) -> bool:
    """Whether an interface of this machine has the address: no other can be bound to."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            # A scope (RFC 4007) is whatever somebody typed behind a `%`; link-local addresses are refused anyway.
            probe.bind((str(address).partition("%")[0], 0))
        except OSError:
            return False
    return True


def check_host(
    host: str, allowed: Sequence[IpNetwork], ours: Callable[[IpAddress], bool] = is_of_this_machine
) -> None:
    """Refuse an address literal outside the camera networks; names are judged when they are resolved.

    A listed network opens even loopback (the demo lists its own); nothing opens multicast, broadcast or
    the unspecified address, and only an entry of its own opens another address of this machine (`ours`). Without
    any list, everything but the addresses that are never contacted goes.
    """
    address = _literal(host)
    if address is None:
        if host.lower() == "localhost" or host.lower().endswith(".localhost"):
            check_host("127.0.0.1", allowed, ours)
        return
    if address.is_multicast or address.is_unspecified or address == ipaddress.ip_address("255.255.255.255"):
        raise AddressRefusedError(AddressFault.NEVER_CONTACTED)
    listing = [one for one in allowed if address.version == one.version and address in one]
    by_itself = any(one.num_addresses == 1 for one in listing)
    if not by_itself and not address.is_loopback and ours(address):
        raise AddressRefusedError(AddressFault.OURSELVES)
    if listing:
        return
    if address.is_loopback or address.is_link_local:
        raise AddressRefusedError(AddressFault.NEVER_CONTACTED)
    if allowed:
        raise AddressRefusedError(AddressFault.OUTSIDE_NETWORKS)


def _literal(host: str) -> IpAddress | None:
    """The address that a host literal means, also where it is written as a number or mapped into IPv6."""
    try:
        address: IpAddress = ipaddress.ip_address(host)
    except ValueError:
        return _odd_literal(host)
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped if isinstance(mapped, ipaddress.IPv4Address) else address


def _odd_literal(host: str) -> IpAddress | None:
    """`2130706433`, `0x7f.1`, `0177.0.0.1`: forms that resolvers take for addresses (inet_aton)."""
    pieces = host.rstrip(".").split(".")
    if not 1 <= len(pieces) <= 4:
        return None
    values: list[int] = []
    for piece in pieces:
        number = _c_number(piece)
        if number is None:
            return None
        values.append(number)
    *head, last = values
    if any(value > 255 for value in head) or last >= 256 ** (4 - len(head)):
        return None
    total = last
    for place, value in enumerate(head):
        total += value << (8 * (3 - place))
    return ipaddress.IPv4Address(total)


def _c_number(piece: str) -> int | None:
    try:
        if piece.lower().startswith("0x"):
            return int(piece[2:] or "0", 16)
        if piece.startswith("0") and len(piece) > 1:
            return int(piece, 8)
        return int(piece, 10) if piece.isdecimal() else None
    except ValueError:
        return None
