"""An engine where the user wants it: in this process, in one of its own, on another machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

from engine import config
from engine.client import EngineClient
from engine.errors import PeerFault
from engine.settings import Settings

Place = Literal["local", "child", "remote"]
PLACES: tuple[Place, ...] = get_args(Place)


def open_engine(env: Mapping[str, str], settings: Settings, place: Place) -> EngineClient:
    """An engine that is not started yet: `local` in this process and `child` in one of its own, over the
    user's data folder, or `remote` on the paired host that settings name. Raises CompanionError."""
    folder = config.data_dir(env)
    # Each is imported where used: nobody else shall wait for its libraries.
    match place:
        case "child":
            from engine.client.child import ChildEngine

            return ChildEngine(env)
        case "remote":
            return _remote(folder, settings.engine.host)
        case "local":
            from engine.client.local import LocalEngine
            from engine.runtime import Engine

            return LocalEngine(Engine(settings, folder))


def _remote(folder: Path, place: str) -> EngineClient:
    from engine.client.known_hosts import KnownHosts
    from engine.client.pinning import PinnedContext
    from engine.client.remote import RemoteEngine, url_of
    from engine.keyrings import system_keyring

    known = KnownHosts(folder, system_keyring())
    if not (hosts := [host for host in known.list() if place in ("", host.place)]):
        raise PeerFault(
            "unknown-host",
            f"The host {place} is not paired: run `companion-engine pair` there, and `companion-engine "
            "connect` here."
            if place
            else "No host is paired: run `companion-engine pair` there, and `companion-engine connect` here.",
        )
    host = hosts[-1]
    return RemoteEngine(url_of(host.place), known.token(host.place), ssl=PinnedContext(host.fingerprint))
