"""Names and addresses of a network, as they stand in headers and settings."""

from __future__ import annotations

import ipaddress
import re

_HOST_AND_PORT = re.compile(r"(\[[^\[\]@]*\]|[^\[\]:@/\s]*)(:[0-9]{1,5})?")


def split_list(text: str) -> tuple[str, ...]:
    """The parts of a comma-separated setting."""
    return tuple(part for piece in text.split(",") if (part := piece.strip()))


def canonical(name: str) -> str:
    """One spelling for each host: addresses without brackets and zone, IPv4 as such, names in lower case."""
    try:
        address = ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return name.lower()
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or ipaddress.IPv6Address(int(address))
    return str(address)


def is_loopback(name: str) -> bool:
    """Whether `name` can only mean this machine: `localhost`, 127.0.0.0/8, ::1."""
    try:
        return ipaddress.ip_address(canonical(name)).is_loopback
    except ValueError:
        return name.lower() == "localhost"


def is_any(name: str) -> bool:
    """Whether `name` means every address of this machine: 0.0.0.0, ::"""
    try:
        return ipaddress.ip_address(canonical(name)).is_unspecified
    except ValueError:
        return False


def host_of(header: str) -> str:
    """The host of a Host header, canonical and without its port; empty when there is none."""
    match = _HOST_AND_PORT.fullmatch(header)
    return canonical(match[1]) if match else ""
