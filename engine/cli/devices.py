"""Lists the paired devices, and revokes one. It works beside a running host."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine import config
from engine.clock import SystemClock
from engine.host.devices import Devices


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="every paired device, with its id")
    revoke = actions.add_parser("revoke", help="takes a device's access away, at once and for good")
    revoke.add_argument("id", metavar="ID", help="as `list` shows it")


def run(arguments: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Returns 0. Raises CompanionError."""
    devices = Devices(config.data_dir(env), SystemClock())
    if arguments.action == "revoke":
        devices.revoke(arguments.id)
        sys.stdout.write(f"Device {arguments.id} may not come in any more.\n")
        return 0
    table = Table("id", "name", "profile", "paired on", box=None)
    for device in devices.list():
        paired = datetime.datetime.fromtimestamp(device.paired_ms / 1000).astimezone()
        table.add_row(device.id, Text(device.name), Text(device.profile), f"{paired:%Y-%m-%d %H:%M}")
    if table.row_count:
        Console(highlight=False).print(table)
    else:
        sys.stdout.write("No device is paired; `companion-engine pair` pairs one.\n")
    return 0
