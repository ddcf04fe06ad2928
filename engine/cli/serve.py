"""Serves this engine to other programs and machines, until it is stopped.

It listens on this machine only, unless you set host.address; another address needs host.tls and a paired
device (`companion-engine pair`).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping

import msgspec

from engine import config
from engine.cli.opening import load_settings
from engine.log_file import start_log
from engine.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--address", help="listen there instead of host.address")
    parser.add_argument("--port", type=_port, help="listen there instead of host.port; 0 takes a free one")
    parser.add_argument("--tls", action="store_true", help="encrypt, as host.tls")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text} is not a port: use 0 to 65535")
    return int(text)


def run(arguments: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Returns 0 after a stop that was asked for. Raises EnvironmentFault when it cannot listen."""
    from engine.host.serving import serve  # not needed, and half a second, for every other command

    settings = _with_arguments(load_settings(env), arguments)
    folder = config.data_dir(env)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    start_log(folder, settings.general.log_level)
    serve(settings, folder, child=arguments.child)
    return 0


def _with_arguments(settings: Settings, arguments: argparse.Namespace) -> Settings:
    changes: dict[str, object] = {}
    if arguments.address is not None:
        changes["address"] = arguments.address
    if arguments.port is not None:
        changes["port"] = arguments.port
    if arguments.tls:
        changes["tls"] = True
    if arguments.child:
        # Without its parent nobody is left who could hear a reply to its end.
        changes |= {"address": "127.0.0.1", "port": 0, "tls": False, "allowed_origins": "", "drain_s": 0}
    return msgspec.structs.replace(settings, host=msgspec.structs.replace(settings.host, **changes))
