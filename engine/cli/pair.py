"""Lets another device talk to this host: prints what to paste into its app.

It works beside a running host. The code in it is valid for five minutes, and once.
"""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Mapping

from engine import config
from engine.client import pairing_string
from engine.clock import SystemClock
from engine.errors import ConfigFault
from engine.fingerprint import in_groups
from engine.host.addresses import is_any, is_loopback, split_list
from engine.host.devices import Devices
from engine.settings import HostSettings

UNREACHABLE = """
Other machines cannot reach this host yet. Let it listen to them, encrypted, and start it again:

companion-engine config set host.tls true
companion-engine config set host.address 0.0.0.0
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="", help="what to call the device (default: what it calls itself)")
    parser.add_argument("--profile", default="", help="whose memories it meets (default: some of its own)")


def run(arguments: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Returns 0. Raises CompanionError."""
    from engine.host.tls import host_certificate  # slow to import

    settings = config.load(env, config.config_path(env)).host
    if settings.port == 0:
        raise ConfigFault(
            "port-not-fixed", "Paired devices must find the host again: set host.port to a fixed port first."
        )
    folder, clock = config.data_dir(env), SystemClock()
    certificate = host_certificate(folder, split_list(settings.names), clock)
    code = Devices(folder, clock).pair(arguments.name, arguments.profile)
    pairing = pairing_string.Pairing(_reachable(settings), settings.port, certificate.fingerprint, code)
    sys.stdout.write(
        "Paste this into the app on the other device. It works once, for five minutes; show it to nobody "
        f"else:\n\n{pairing_string.write(pairing)}\n\n"
        "The fingerprint of this host. Where the app shows one, it must be the same:\n\n"
        f"{in_groups(certificate.fingerprint)}\n"
    )
    if is_loopback(settings.address) or not settings.tls:
        sys.stdout.write(UNREACHABLE)
    return 0


def _reachable(settings: HostSettings) -> str:
    """Where clients find the host: by the first of its names, else by its address."""
    if names := split_list(settings.names):
        return names[0]
    return _outward_address() if is_any(settings.address) else settings.address


def _outward_address() -> str:
    """The address of this machine on its network. Connecting a UDP socket sends nothing: it only asks the
    system which way it would go (192.0.2.1 belongs to nobody, RFC 5737)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))
        except OSError:
            return socket.gethostname()
        return asking.getsockname()[0]
